// Where a key press takes the active cell of a grid: exact, by index, whatever is rendered.

export interface GridPosition {
  /** −1 is the header row. */
  readonly row: number;
  readonly column: number;
}

export interface GridShape {
  readonly rows: number;
  readonly columns: number;
  /** Whole rows that fit into the window: what PageUp and PageDown move by. */
  readonly page: number;
  /** Sortable headers can be reached by the keyboard. */
  readonly hasHeader: boolean;
}

export interface GridKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly isRtl: boolean;
}

/** The new position, or null for a key that doesn't move. */
export const moveInGrid = (at: GridPosition, stroke: GridKey, shape: GridShape): GridPosition | null => {
  if (shape.columns === 0) return null;
  const firstRow = shape.hasHeader ? -1 : 0;
  const lastRow = Math.max(firstRow, shape.rows - 1);
  const lastColumn = shape.columns - 1;
  const clamp = (row: number, column: number): GridPosition => ({
    row: Math.min(Math.max(row, firstRow), lastRow),
    column: Math.min(Math.max(column, 0), lastColumn),
  });
  const jump = stroke.ctrlKey || stroke.metaKey;
  switch (stroke.key) {
    case 'ArrowDown':
      return clamp(jump ? lastRow : at.row + 1, at.column);
    case 'ArrowUp':
      return clamp(jump ? 0 : at.row - 1, at.column);
    case 'ArrowRight':
      return clamp(at.row, at.column + (stroke.isRtl ? -1 : 1));
    case 'ArrowLeft':
      return clamp(at.row, at.column + (stroke.isRtl ? 1 : -1));
    case 'PageDown':
      return clamp(at.row + shape.page, at.column);
    case 'PageUp':
      return clamp(Math.max(0, at.row - shape.page), at.column);
    case 'Home':
      return jump ? clamp(0, 0) : clamp(at.row, 0);
    case 'End':
      return jump ? clamp(lastRow, lastColumn) : clamp(at.row, lastColumn);
    default:
      return null;
  }
};
