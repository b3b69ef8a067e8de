// Scrolling a list of any length: every row can be reached, and small steps move by what they say.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawnRows,
  type Geometry,
  isScaled,
  MAX_SCROLL_HEIGHT,
  revealed,
  type Scroll,
  scrolled,
  scrollHeight,
  topFor,
  visibleRows,
} from '../../../renderer/ui/row-window.ts';

const geometry = fc.record({
  rowCount: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 100_000, max: 40_000_000 })),
  rowHeight: fc.constantFrom(24, 32),
  view: fc.integer({ min: 100, max: 2_000 }),
});
const START: Scroll = { top: 0, virtual: 0 };
const end = (g: Geometry): number => Math.max(0, scrollHeight(g) - g.view);

describe('a long list', () => {
  test('is never higher than a browser can scroll, and its ends are the ends of the bar', () => {
    fc.assert(
      fc.property(geometry, (g) => {
        expect(scrollHeight(g)).toBeLessThanOrEqual(MAX_SCROLL_HEIGHT);
        const last = scrolled(g, START, end(g));
        expect(visibleRows(g, START).first).toBe(0);
        if (end(g) >= g.view || !isScaled(g)) expect(visibleRows(g, last).last).toBe(g.rowCount - 1);
      }),
    );
  });

  test('shows any row that is asked for, whole, at a place that the bar can have', () => {
    fc.assert(
      fc.property(
        geometry,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (g, a, b) => {
          const row = Math.min(g.rowCount - 1, Math.floor(a * g.rowCount));
          const before = scrolled(g, START, b * end(g));
          const now = revealed(g, before, row);
          expect(now.top).toBeGreaterThanOrEqual(0);
          expect(now.top).toBeLessThanOrEqual(end(g) + 0.001);
          expect(row * g.rowHeight).toBeGreaterThanOrEqual(now.virtual - 0.001);
          expect((row + 1) * g.rowHeight).toBeLessThanOrEqual(
            now.virtual + Math.max(g.view, g.rowHeight) + 0.001,
          );
          expect(topFor(g, now.virtual)).toBeCloseTo(now.top, 3);
          // A row in view stays where it is.
          expect(revealed(g, now, row)).toBe(now);
        },
      ),
    );
  });

  test('moves by a small step exactly, by a long one to its share of the list', () => {
    const g = { rowCount: 10_000_000, rowHeight: 32, view: 800 };
    const middle = scrolled(g, START, MAX_SCROLL_HEIGHT / 2);
    expect(visibleRows(g, middle).first).toBeGreaterThan(4_900_000);
    expect(visibleRows(g, middle).first).toBeLessThan(5_100_000);
    expect(scrolled(g, middle, middle.top + 100).virtual - middle.virtual).toBeCloseTo(100, 6);
    expect(scrolled(g, START, -50).virtual).toBe(0);
  });

  test('draws what shows and the kept row, each inside the box, in order, once', () => {
    fc.assert(
      fc.property(
        geometry,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: -1, max: 40_000_000 }),
        (g, a, kept) => {
          const now = scrolled(g, START, a * end(g));
          const { first, last } = visibleRows(g, now);
          const rows = drawnRows(g, now, 8, kept);
          const indices = rows.map(({ index }) => index);
          expect(indices).toEqual([...new Set(indices)].toSorted((x, y) => x - y));
          for (let row = first; row <= last; row += 1) expect(indices).toContain(row);
          if (kept >= 0 && kept < g.rowCount) expect(indices).toContain(kept);
          for (const { index, start } of rows) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(start + g.rowHeight).toBeLessThanOrEqual(Math.max(scrollHeight(g), g.rowHeight));
            // What shows stands where the browser has scrolled to.
            if (index > first && index < last)
              expect(start - now.top).toBeCloseTo(index * g.rowHeight - now.virtual, 3);
          }
        },
      ),
    );
  });

  test('of no rows draws none', () => {
    const g = { rowCount: 0, rowHeight: 32, view: 500 };
    expect(drawnRows(g, START, 8, 0)).toEqual([]);
    expect(visibleRows(g, START).last).toBe(-1);
  });
});
