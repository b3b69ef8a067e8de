// Which rows of a long list are in view, also where the list is higher than a browser can scroll: then the bar is scaled.

/** CSS pixels; Chromium stops at 33,554,428, Firefox at 17,895,697. */
export const MAX_SCROLL_HEIGHT = 15_000_000;

export interface Geometry {
  readonly rowCount: number;
  /** CSS pixels, as are all lengths here. */
  readonly rowHeight: number;
  /** Height in which rows show: the frame without its sticky header. */
  readonly view: number;
}

/** `top` is where the browser has scrolled to, `virtual` the place in the list that shows there. */
export interface Scroll {
  readonly top: number;
  readonly virtual: number;
}

export const listHeight = ({ rowCount, rowHeight }: Geometry): number => rowCount * rowHeight;

/** The height that the browser is given to scroll in. */
export const scrollHeight = (geometry: Geometry): number => Math.min(listHeight(geometry), MAX_SCROLL_HEIGHT);

export const isScaled = (geometry: Geometry): boolean => listHeight(geometry) > MAX_SCROLL_HEIGHT;

/** How many pixels of the list one pixel of the bar stands for; 1 for lists that fit. */
const ratioOf = (geometry: Geometry): number =>
  isScaled(geometry) ? (listHeight(geometry) - geometry.view) / (scrollHeight(geometry) - geometry.view) : 1;

const lastVirtual = (geometry: Geometry): number => Math.max(0, listHeight(geometry) - geometry.view);

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Where the bar belongs for a place in the list. */
export const topFor = (geometry: Geometry, virtual: number): number => virtual / ratioOf(geometry);

/**
 * The place in the list after the browser has scrolled. A step shorter than the view (wheel, touch) moves the rows by
 * just so much; a longer one (the bar was dragged) goes to that share of the list.
 */
export const scrolled = (geometry: Geometry, before: Scroll, top: number): Scroll => {
  if (!isScaled(geometry)) return { top, virtual: top };
  const step = top - before.top;
  const virtual = Math.abs(step) < geometry.view ? before.virtual + step : top * ratioOf(geometry);
  return { top, virtual: clamp(virtual, 0, lastVirtual(geometry)) };
};

/** The least movement that brings a row into view; one that is far away comes into the middle. */
export const revealed = (geometry: Geometry, now: Scroll, row: number): Scroll => {
  const start = row * geometry.rowHeight;
  const end = start + geometry.rowHeight - geometry.view;
  const isFar = start < now.virtual - geometry.view || end > now.virtual + geometry.view;
  const wanted = isFar ? (start + end) / 2 : start < now.virtual ? start : Math.max(end, now.virtual);
  const virtual = clamp(wanted, 0, lastVirtual(geometry));
  return virtual === now.virtual ? now : { virtual, top: topFor(geometry, virtual) };
};

export interface WindowRow {
  readonly index: number;
  /** From the start of the scrolled box. */
  readonly start: number;
}

/** The rows that show, both ends included; `last` is -1 for an empty list. */
export const visibleRows = (geometry: Geometry, { virtual }: Scroll): { first: number; last: number } => {
  const { rowCount, rowHeight, view } = geometry;
  const first = clamp(Math.floor(virtual / rowHeight), 0, Math.max(0, rowCount - 1));
  return { first, last: Math.min(rowCount - 1, Math.floor((virtual + Math.max(view, 1) - 1) / rowHeight)) };
};

/** The rows to draw: what shows, some more on both sides, and one row that must stay in the page (it has the focus). */
export const drawnRows = (
  geometry: Geometry,
  scroll: Scroll,
  overscan: number,
  kept: number,
): readonly WindowRow[] => {
  const { first, last } = visibleRows(geometry, scroll);
  const from = Math.max(0, first - overscan);
  const to = Math.min(geometry.rowCount - 1, last + overscan);
  const rows = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
  if (kept >= 0 && kept < geometry.rowCount && (kept < from || kept > to)) rows.push(kept);
  rows.sort((a, b) => a - b);
  const shift = scroll.top - scroll.virtual;
  const lowest = scrollHeight(geometry) - geometry.rowHeight;
  return rows.map((index) => ({
    index,
    // A kept row far away must not make the box longer.
    start: clamp(index * geometry.rowHeight + shift, 0, Math.max(0, lowest)),
  }));
};
