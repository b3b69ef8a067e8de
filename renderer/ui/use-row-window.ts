// Follows a scrolling frame and says which rows of a list to draw, and where.
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import {
  drawnRows,
  type Geometry,
  isScaled,
  revealed,
  type Scroll,
  scrolled,
  scrollHeight,
  topFor,
  visibleRows,
  type WindowRow,
} from './row-window.ts';

const OVERSCAN = 8;

export interface RowWindow {
  /** For the element that scrolls. */
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly rows: readonly WindowRow[];
  readonly height: number;
  readonly first: number;
  readonly last: number;
  /** Brings a row into view with the least movement. */
  readonly reveal: (row: number) => void;
  /** For the frame's onScroll and onScrollEnd. */
  readonly onScroll: () => void;
  readonly onScrollEnd: () => void;
}

/** @param kept A row that stays in the page wherever it is; -1 = none. */
export const useRowWindow = (rowCount: number, rowHeight: number, kept: number): RowWindow => {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(0);
  const [scroll, setScroll] = useState<Scroll>({ top: 0, virtual: 0 });
  const isMeasured = view > 0;
  const geometry: Geometry = { rowCount, rowHeight, view };
  // Events come between renders: they see what was drawn last.
  const current = useRef({ geometry, scroll });
  useLayoutEffect(() => {
    current.current = { geometry, scroll };
  });

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = (): void => setView(Math.max(0, element.clientHeight - rowHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight]);

  const settle = useCallback((next: Scroll): void => {
    current.current = { ...current.current, scroll: next };
    setScroll(next);
  }, []);

  const put = useCallback(
    (next: Scroll): void => {
      const element = frame.current;
      if (element === null) return;
      element.scrollTo({ top: next.top, behavior: 'instant' });
      // The browser rounds, and may not have the new height yet: what it says is where it is.
      settle({ virtual: next.virtual, top: element.scrollTop });
    },
    [settle],
  );

  const onScroll = useCallback((): void => {
    const element = frame.current;
    if (element === null) return;
    const now = current.current;
    if (element.scrollTop !== now.scroll.top) settle(scrolled(now.geometry, now.scroll, element.scrollTop));
  }, [settle]);

  const onScrollEnd = useCallback((): void => {
    const now = current.current;
    // After many small steps the bar is not where it belongs: near its end it could go no further.
    if (isScaled(now.geometry))
      put({ virtual: now.scroll.virtual, top: topFor(now.geometry, now.scroll.virtual) });
  }, [put]);

  const reveal = useCallback(
    (row: number): void => {
      const now = current.current;
      // Before the frame was measured nothing can be brought into it; `reveal` is a new function once it was.
      if (!isMeasured || now.geometry.view === 0) return;
      const next = revealed(now.geometry, now.scroll, row);
      if (next !== now.scroll) put(next);
    },
    [put, isMeasured],
  );

  // A list that got shorter leaves the browser at its end.
  useEffect(onScroll, [rowCount, rowHeight, onScroll]);

  return {
    frame,
    rows: drawnRows(geometry, scroll, OVERSCAN, kept),
    height: scrollHeight(geometry),
    ...visibleRows(geometry, scroll),
    reveal,
    onScroll,
    onScrollEnd,
  };
};
