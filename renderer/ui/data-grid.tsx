// A virtualised table (role=grid) for any number of rows: only what is visible is in the page, all of it is counted.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useCallback, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { announce } from './announcer.tsx';
import { copyText } from './clipboard.ts';
import type { GridColumn, GridSort } from './grid-column.ts';
import { moveInGrid, type GridPosition } from './grid-keys.ts';
import { GridRow } from './grid-row.tsx';
import { UI_TEXT } from './text.ts';
import { useRowHeight } from './use-row-height.ts';
import { useRowWindow } from './use-row-window.ts';

export type { GridColumn, GridSort };

export interface DataGridProps<Row> {
  readonly label: string;
  readonly columns: readonly GridColumn<Row>[];
  /** How many rows there are in all, loaded or not. */
  readonly rowCount: number;
  /** undefined: not loaded yet; the grid shows a placeholder row. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly rowKey?: (row: Row) => string;
  /** Asks for the rows that are visible (both ends included). */
  readonly onVisible?: (first: number, last: number) => void;
  readonly selectedIndex?: number | null;
  /** The active row changed by key or click. */
  readonly onSelect?: (index: number, row: Row | undefined) => void;
  /** Enter or double click. */
  readonly onOpen?: (index: number, row: Row | undefined) => void;
  readonly sort?: GridSort | undefined;
  readonly onSort?: (sort: GridSort) => void;
  /** A tone at the start of a row, e.g. for failures; the state must also be in a cell as a word. */
  readonly rowTone?: (row: Row) => 'pass' | 'attention' | 'fail' | undefined;
  /** Shown instead of rows when there are none. */
  readonly empty?: ReactNode;
}

export const DataGrid = <Row,>(props: DataGridProps<Row>) => {
  const { columns, rowCount, rowAt, onVisible, onSelect, onOpen } = props;
  const id = useId();
  const rowHeight = useRowHeight();
  const hasHeader = columns.some((column) => column.isSortable === true);
  const [active, setActive] = useState<GridPosition>({
    row: Math.max(0, props.selectedIndex ?? 0),
    column: 0,
  });
  const wantsFocus = useRef(false);

  // The selection may be moved from outside (a link to a record); the active cell follows it.
  const { selectedIndex } = props;
  const [seen, setSeen] = useState(selectedIndex);
  if (seen !== selectedIndex) {
    setSeen(selectedIndex);
    if (selectedIndex !== undefined && selectedIndex !== null)
      setActive((now) => ({ ...now, row: selectedIndex }));
  }
  const activeRow = Math.min(active.row, Math.max(hasHeader ? -1 : 0, rowCount - 1));

  const shown = useRowWindow(rowCount, rowHeight, activeRow);
  const { frame, first, last, reveal } = shown;
  useEffect(() => {
    if (rowCount > 0) onVisible?.(first, last);
  }, [first, last, rowCount, onVisible]);

  useEffect(() => {
    if (selectedIndex !== undefined && selectedIndex !== null && selectedIndex < rowCount)
      reveal(selectedIndex);
  }, [selectedIndex, rowCount, reveal]);

  const cellId = useCallback((row: number, column: number) => `${id}-${row}-${column}`, [id]);
  useEffect(() => {
    if (!wantsFocus.current) return;
    const cell = document.getElementById(cellId(activeRow, active.column));
    if (cell === null) return;
    wantsFocus.current = false;
    cell.focus({ preventScroll: true });
    // The window has brought the row; this brings the column.
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });

  const goTo = (to: GridPosition): void => {
    wantsFocus.current = true;
    setActive(to);
    if (to.row >= 0) {
      reveal(to.row);
      if (to.row !== activeRow) onSelect?.(to.row, rowAt(to.row));
    }
  };
  const sortBy = (column: GridColumn<Row>): void => {
    if (column.isSortable !== true) return;
    const isSame = props.sort?.column === column.id;
    props.onSort?.({
      column: column.id,
      direction: isSame && props.sort?.direction === 'ascending' ? 'descending' : 'ascending',
    });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const column = columns[active.column];
    if ((event.key === 'Enter' || event.key === ' ') && activeRow < 0) {
      event.preventDefault();
      if (column !== undefined) sortBy(column);
      return;
    }
    if (event.key === 'Enter' && rowCount > 0) {
      event.preventDefault();
      onOpen?.(activeRow, rowAt(activeRow));
      return;
    }
    if (
      event.key.toLowerCase() === 'c' &&
      (event.ctrlKey || event.metaKey) &&
      String(getSelection()) === ''
    ) {
      const row = rowAt(activeRow);
      if (row === undefined || column?.text === undefined) return;
      event.preventDefault();
      void copyText(column.text(row)).then((ok) => announce(ok ? UI_TEXT.copied : UI_TEXT.copyFailed));
      return;
    }
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? rowHeight) / rowHeight) - 2);
    const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const to = moveInGrid(
      { row: activeRow, column: active.column },
      { key: event.key, ctrlKey: event.ctrlKey, metaKey: event.metaKey, isRtl },
      { rows: rowCount, columns: columns.length, page, hasHeader },
    );
    if (to === null) return;
    event.preventDefault();
    goTo(to);
  };

  // Rows keep one and the same handler, so that they need not be drawn again; it reads what is current when it runs.
  const current = useRef({ onSelect, onOpen, rowAt });
  useEffect(() => {
    current.current = { onSelect, onOpen, rowAt };
  });
  const onCell = useCallback((row: number, column: number, how: 'focus' | 'click' | 'open'): void => {
    setActive({ row, column });
    const now = current.current;
    if (how === 'click') now.onSelect?.(row, now.rowAt(row));
    if (how === 'open') now.onOpen?.(row, now.rowAt(row));
  }, []);

  const tracks = columns.map((column) => column.width).join(' ');
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the focus lives on its cells (roving tabindex)
    <div
      ref={frame}
      className="grid"
      role="grid"
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      onKeyDown={onKeyDown}
      onScroll={shown.onScroll}
      onScrollEnd={shown.onScrollEnd}
    >
      <div className="grid-body" role="presentation" style={{ gridTemplateColumns: tracks }}>
        <div
          className="grid-head grid-row"
          role="row"
          aria-rowindex={1}
          style={{ gridTemplateColumns: tracks }}
        >
          {columns.map((column, at) => {
            const sorted = props.sort?.column === column.id ? props.sort.direction : undefined;
            const isTabStop = hasHeader && activeRow < 0 && active.column === at;
            return (
              <div
                key={column.id}
                id={cellId(-1, at)}
                className="grid-cell"
                role="columnheader"
                aria-colindex={at + 1}
                {...(column.isSortable === true
                  ? { 'aria-sort': sorted ?? ('none' as const), onClick: () => sortBy(column) }
                  : {})}
                {...(hasHeader || rowCount === 0
                  ? { tabIndex: isTabStop || (rowCount === 0 && at === 0) ? 0 : -1 }
                  : {})}
                data-align={column.align ?? 'start'}
                data-sortable={column.isSortable === true ? '' : undefined}
              >
                {column.header}
                {sorted === 'ascending' ? <ArrowUp className="icon" aria-hidden /> : null}
                {sorted === 'descending' ? <ArrowDown className="icon" aria-hidden /> : null}
              </div>
            );
          })}
        </div>
        {rowCount === 0 ? (
          <div className="grid-empty" role="row" aria-rowindex={2}>
            <div role="gridcell" aria-colspan={columns.length}>
              {props.empty}
            </div>
          </div>
        ) : (
          <div className="grid-rows" role="rowgroup" style={{ blockSize: `${shown.height}px` }}>
            {shown.rows.map((item) => {
              const row = rowAt(item.index);
              return (
                <GridRow
                  key={item.index}
                  index={item.index}
                  row={row}
                  columns={columns}
                  tracks={tracks}
                  height={rowHeight}
                  start={item.start}
                  isSelected={selectedIndex === item.index}
                  activeColumn={activeRow === item.index ? active.column : null}
                  tone={row === undefined ? undefined : props.rowTone?.(row)}
                  cellId={cellId}
                  onCell={onCell}
                />
              );
            })}
          </div>
        )}
      </div>
    </div>
  );
};
