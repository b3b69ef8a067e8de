// Which rows of a log a filter lets through, and in which order: plain loops over the columns.
import type { FacetColumn, RowFilter, RowOrder } from '../../../../shared/model/reading.ts';
import type { FactColumns, IndexFooter } from './index-format.ts';
import { NO_TIME, storedTime } from './index-format.ts';

/** What filtering needs of an index. */
export interface Facts {
  readonly footer: Pick<IndexFooter, 'rows' | 'isOrdered' | 'withoutTime' | FacetColumn>;
  readonly columns: FactColumns;
}

export const timeAt = ({ timeLow, timeHigh }: FactColumns, row: number): number =>
  (timeHigh[row] ?? 0) * 2 ** 32 + (timeLow[row] ?? 0);

/** 1 for every dictionary number that is wanted; null when the column isn't filtered. */
const wantedIds = (values: readonly (string | null)[], wanted: RowFilter[FacetColumn]): Uint8Array | null => {
  if (wanted === undefined) return null;
  const set = new Set(wanted);
  const ids = new Uint8Array(values.length);
  values.forEach((value, id) => {
    if (set.has(value)) ids[id] = 1;
  });
  return ids;
};

const bitsOf = (rows: readonly number[], total: number): Uint8Array => {
  const bits = new Uint8Array(Math.ceil(total / 8));
  for (const row of rows) if (row < total) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  return bits;
};

const hasBit = (bits: Uint8Array, row: number): boolean => ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;

/**
 * The rows that pass, in the order of their positions; null = all of them.
 * @param found One bit a row, from a search; null when the filter names none.
 */
export const filterRows = (
  { footer, columns }: Facts,
  filter: RowFilter,
  found: Uint8Array | null,
): Uint32Array | null => {
  const actor = wantedIds(footer.actor.values, filter.actor);
  const action = wantedIds(footer.action.values, filter.action);
  const result = wantedIds(footer.result.values, filter.result);
  const from = filter.from === undefined ? null : storedTime(Date.parse(filter.from));
  const to = filter.to === undefined ? null : storedTime(Date.parse(filter.to));
  const hasTime = from !== null || to !== null;
  const [low, high] = [from ?? 0, to ?? NO_TIME];
  const picked = filter.rows === undefined ? null : bitsOf(filter.rows, footer.rows);
  if (!hasTime && ![actor, action, result, picked, found].some((part) => part !== null)) return null;
  let rows = new Uint32Array(1024);
  let count = 0;
  for (let row = 0; row < footer.rows; row += 1) {
    if (action !== null && action[columns.action[row] ?? 0] !== 1) continue;
    if (result !== null && result[columns.result[row] ?? 0] !== 1) continue;
    if (actor !== null && actor[columns.actor[row] ?? 0] !== 1) continue;
    if (found !== null && !hasBit(found, row)) continue;
    if (picked !== null && !hasBit(picked, row)) continue;
    if (hasTime) {
      const time = timeAt(columns, row);
      if (time < low || time >= high) continue;
    }
    if (count === rows.length) {
      const larger = new Uint32Array(Math.min(footer.rows, rows.length * 2));
      larger.set(rows);
      rows = larger;
    }
    rows[count] = row;
    count += 1;
  }
  // A copy, so that what is not needed is given back.
  return rows.slice(0, count);
};

const DIGIT = 65_536;

/** Sorts rows by time, those without one last; stable. Three passes of a radix sort over 48 bits. */
export const sortByTime = (columns: FactColumns, rows: Uint32Array): Uint32Array => {
  const { timeLow, timeHigh } = columns;
  const digits = [
    (row: number): number => (timeLow[row] ?? 0) & 0xff_ff,
    (row: number): number => (timeLow[row] ?? 0) >>> 16,
    (row: number): number => timeHigh[row] ?? 0,
  ];
  let from = rows;
  let to: Uint32Array = new Uint32Array(rows.length);
  for (const digit of digits) {
    const starts = new Uint32Array(DIGIT + 1);
    for (const row of from) starts[digit(row) + 1] = (starts[digit(row) + 1] ?? 0) + 1;
    for (let at = 0; at < DIGIT; at += 1) starts[at + 1] = (starts[at + 1] ?? 0) + (starts[at] ?? 0);
    for (const row of from) {
      const at = digit(row);
      const place = starts[at] ?? 0;
      to[place] = row;
      starts[at] = place + 1;
    }
    [from, to] = [to, from === rows ? new Uint32Array(rows.length) : from];
  }
  return from;
};

/** Rows in an order: `rows` null = all by position. */
export interface RowList {
  readonly rows: Uint32Array | null;
  readonly total: number;
  readonly isReversed: boolean;
  /** Rows rise with their place in the list (before reversal). */
  readonly isByPosition: boolean;
}

const allRows = (total: number): Uint32Array => {
  const rows = new Uint32Array(total);
  for (let row = 0; row < total; row += 1) rows[row] = row;
  return rows;
};

export const orderRows = (facts: Facts, rows: Uint32Array | null, order: RowOrder): RowList => {
  const { footer, columns } = facts;
  const total = rows === null ? footer.rows : rows.length;
  const isReversed = order.direction === 'descending';
  const isByPosition = order.by === 'position' || (footer.isOrdered && footer.withoutTime === 0);
  if (isByPosition) return { rows, total, isReversed, isByPosition };
  return { rows: sortByTime(columns, rows ?? allRows(total)), total, isReversed, isByPosition };
};

/** The row at a place of the list. */
export const rowAt = ({ rows, total, isReversed }: RowList, place: number): number => {
  const at = isReversed ? total - 1 - place : place;
  return rows === null ? at : (rows[at] ?? 0);
};

/** The place of a row in the list; null when it is not in it. */
export const placeOf = ({ rows, total, isReversed, isByPosition }: RowList, row: number): number | null => {
  let at = -1;
  if (rows === null) at = row < total ? row : -1;
  else if (!isByPosition) at = rows.indexOf(row);
  else {
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((rows[middle] ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    at = rows[low] === row ? low : -1;
  }
  if (at < 0) return null;
  return isReversed ? total - 1 - at : at;
};
