// One row of a DataGrid, drawn again only when something of its own changes: scrolling then costs the new rows only.
import { memo } from 'react';
import type { GridColumn } from './grid-column.ts';
import { UI_TEXT } from './text.ts';

export interface GridRowProps<Row> {
  readonly index: number;
  readonly row: Row | undefined;
  readonly columns: readonly GridColumn<Row>[];
  readonly tracks: string;
  /** CSS pixels. */
  readonly height: number;
  readonly start: number;
  readonly isSelected: boolean;
  /** The column of the tab stop, if it is in this row. */
  readonly activeColumn: number | null;
  readonly tone: 'pass' | 'attention' | 'fail' | undefined;
  readonly cellId: (row: number, column: number) => string;
  readonly onCell: (row: number, column: number, how: 'focus' | 'click' | 'open') => void;
}

const Row = <R,>(props: GridRowProps<R>) => {
  const { index, row, columns, cellId, onCell } = props;
  return (
    <div
      className="grid-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.isSelected}
      data-tone={props.tone}
      style={{
        gridTemplateColumns: props.tracks,
        blockSize: `${props.height}px`,
        transform: `translateY(${props.start}px)`,
      }}
    >
      {columns.map((column, at) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the role is there, the keys are handled on the grid
        <div
          key={column.id}
          id={cellId(index, at)}
          className="grid-cell"
          role={column.isRowHeader === true ? 'rowheader' : 'gridcell'}
          aria-colindex={at + 1}
          tabIndex={props.activeColumn === at ? 0 : -1}
          data-align={column.align ?? 'start'}
          title={row === undefined ? undefined : column.text?.(row)}
          onFocus={() => onCell(index, at, 'focus')}
          onClick={() => onCell(index, at, 'click')}
          onDoubleClick={() => onCell(index, at, 'open')}
        >
          {row !== undefined ? (
            column.cell(row, index)
          ) : at === 0 ? (
            <span className="grid-loading">{UI_TEXT.rowLoading}</span>
          ) : null}
        </div>
      ))}
    </div>
  );
};

// `memo` forgets type parameters; the cast gives them back.
export const GridRow = memo(Row) as typeof Row;
