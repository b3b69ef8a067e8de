// A short, plain table: for a handful of rows that need no keyboard grid.
import type { ReactNode } from 'react';
import { ScrollArea } from './scroll-area.tsx';

export interface SimpleColumn<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'start' | 'end';
  /** The column that names the row. */
  readonly isRowHeader?: boolean;
}

export interface SimpleTableProps<Row> {
  /** Spoken as the table's name. */
  readonly label: string;
  readonly columns: readonly SimpleColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

export const SimpleTable = <Row,>({ label, columns, rows, rowKey }: SimpleTableProps<Row>) => (
  <ScrollArea className="table-scroll" label={label}>
    <table className="simple-table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" data-align={column.align ?? 'start'}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) =>
              column.isRowHeader === true ? (
                <th key={column.id} scope="row" data-align={column.align ?? 'start'}>
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.id} data-align={column.align ?? 'start'}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollArea>
);
