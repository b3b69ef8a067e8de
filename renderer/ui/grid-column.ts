// What a column of a DataGrid is.
import type { ReactNode } from 'react';

export interface GridColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** A CSS grid track: `8rem`, `minmax(12rem, 1fr)`. */
  readonly width: string;
  readonly align?: 'start' | 'end';
  readonly cell: (row: Row, index: number) => ReactNode;
  /** What Ctrl+C copies of this cell, and what a tooltip shows where the cell is cut off. */
  readonly text?: (row: Row) => string;
  readonly isSortable?: boolean;
  /** The column that names the row to screen readers. */
  readonly isRowHeader?: boolean;
}

export interface GridSort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}
