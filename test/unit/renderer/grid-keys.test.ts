// Keys move through a grid by index, whatever is on the screen.
import { describe, expect, test } from 'vitest';
import { moveInGrid, type GridPosition, type GridShape } from '../../../renderer/ui/grid-keys.ts';
import { fc } from './property.ts';

const SHAPE: GridShape = { rows: 48_211, columns: 6, page: 17, hasHeader: false };
const press = (
  key: string,
  from: GridPosition,
  ctrlKey = false,
  shape: GridShape = SHAPE,
  isRtl = false,
): GridPosition | null => moveInGrid(from, { key, ctrlKey, metaKey: false, isRtl }, shape);

describe('grid keys', () => {
  test('page keys move by whole pages and stop at the ends', () => {
    expect(press('PageDown', { row: 10, column: 2 })).toEqual({ row: 27, column: 2 });
    expect(press('PageUp', { row: 10, column: 2 })).toEqual({ row: 0, column: 2 });
    expect(press('PageDown', { row: 48_205, column: 2 })).toEqual({ row: 48_210, column: 2 });
  });

  test('Home and End stay in the row; with Control they go to the corners', () => {
    expect(press('Home', { row: 9, column: 3 })).toEqual({ row: 9, column: 0 });
    expect(press('End', { row: 9, column: 3 })).toEqual({ row: 9, column: 5 });
    expect(press('Home', { row: 9, column: 3 }, true)).toEqual({ row: 0, column: 0 });
    expect(press('End', { row: 9, column: 3 }, true)).toEqual({ row: 48_210, column: 5 });
  });

  test('the header row can be reached only where it does something', () => {
    expect(press('ArrowUp', { row: 0, column: 1 })).toEqual({ row: 0, column: 1 });
    expect(press('ArrowUp', { row: 0, column: 1 }, false, { ...SHAPE, hasHeader: true })).toEqual({
      row: -1,
      column: 1,
    });
    expect(press('PageUp', { row: 3, column: 1 }, false, { ...SHAPE, hasHeader: true })).toEqual({
      row: 0,
      column: 1,
    });
  });

  test('left and right follow the writing direction', () => {
    expect(press('ArrowRight', { row: 0, column: 1 })?.column).toBe(2);
    expect(press('ArrowRight', { row: 0, column: 1 }, false, SHAPE, true)?.column).toBe(0);
  });

  test('other keys and an empty grid do not move', () => {
    expect(press('a', { row: 0, column: 0 })).toBeNull();
    expect(press('ArrowDown', { row: 0, column: 0 }, false, { ...SHAPE, columns: 0 })).toBeNull();
    expect(press('ArrowDown', { row: 0, column: 0 }, false, { ...SHAPE, rows: 0 })).toEqual({
      row: 0,
      column: 0,
    });
  });

  test('no sequence of keys leaves the grid', () => {
    const keys = fc.constantFrom(
      'ArrowUp',
      'ArrowDown',
      'ArrowLeft',
      'ArrowRight',
      'PageUp',
      'PageDown',
      'Home',
      'End',
    );
    const shape = fc.record({
      rows: fc.integer({ min: 1, max: 90 }),
      columns: fc.integer({ min: 1, max: 8 }),
      page: fc.integer({ min: 1, max: 30 }),
      hasHeader: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, fc.array(fc.tuple(keys, fc.boolean(), fc.boolean())), (grid, strokes) => {
        let at: GridPosition = { row: 0, column: 0 };
        for (const [key, ctrlKey, isRtl] of strokes)
          at = moveInGrid(at, { key, ctrlKey, metaKey: false, isRtl }, grid) ?? at;
        return (
          at.row >= (grid.hasHeader ? -1 : 0) &&
          at.row < grid.rows &&
          at.column >= 0 &&
          at.column < grid.columns
        );
      }),
    );
  });
});
