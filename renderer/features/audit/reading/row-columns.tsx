// The columns of the record grid.
import { Bookmark as BookmarkIcon, StickyNote, TriangleAlert } from 'lucide-react';
import { FINDING_TEXT } from '../../../../shared/model/verdict-text.ts';
import type { Bookmark, LogRow } from '../../../../shared/model/reading.ts';
import type { GridColumn } from '../../../ui/data-grid.tsx';
import { formatCount, formatInstant } from '../../../ui/format.ts';
import type { RowMark } from './row-marks.ts';
import { READING_TEXT } from './text.ts';

export interface Marks {
  readonly findings: ReadonlyMap<number, RowMark>;
  readonly bookmarks: ReadonlyMap<number, Bookmark>;
}

/** What stands in the last column, in words. */
export const markWords = (row: LogRow, { findings, bookmarks }: Marks): readonly string[] => {
  const bookmark = bookmarks.get(row.row);
  return [
    ...(row.isReadable ? [] : [READING_TEXT.unreadableRow]),
    ...(findings.get(row.row)?.kinds.map((kind) => FINDING_TEXT[kind].title) ?? []),
    ...(bookmark === undefined
      ? []
      : [bookmark.note === '' ? READING_TEXT.bookmarked : READING_TEXT.withNote]),
  ];
};

const Value = ({ value }: { readonly value: string | null }) =>
  value === null ? <span className="muted">–</span> : <>{value}</>;

const MarkCell = ({ row, marks }: { readonly row: LogRow; readonly marks: Marks }) => {
  const mark = marks.findings.get(row.row);
  const bookmark = marks.bookmarks.get(row.row);
  const words = markWords(row, marks);
  if (words.length === 0) return null;
  return (
    <span className="finding-kind" data-tone={mark?.tone ?? (row.isReadable ? 'neutral' : 'attention')}>
      {mark === undefined && row.isReadable ? null : <TriangleAlert className="icon" aria-hidden />}
      {bookmark === undefined ? null : bookmark.note === '' ? (
        <BookmarkIcon className="icon reading-bookmark" aria-hidden />
      ) : (
        <StickyNote className="icon reading-bookmark" aria-hidden />
      )}
      <span>{words.join(', ')}</span>
    </span>
  );
};

export const rowColumns = (marks: Marks, hasFiles: boolean): readonly GridColumn<LogRow>[] => {
  const plain = (id: 'actor' | 'action' | 'target' | 'result' | 'ip', width: string): GridColumn<LogRow> => ({
    id,
    header: READING_TEXT.columns[id],
    width,
    cell: (row) => <Value value={row[id]} />,
    text: (row) => row[id] ?? '',
  });
  return [
    {
      id: 'position',
      header: READING_TEXT.columns.row,
      width: '6.5rem',
      align: 'end',
      isSortable: true,
      isRowHeader: true,
      cell: (row) => formatCount(row.row),
      text: (row) => String(row.row),
    },
    {
      id: 'time',
      header: READING_TEXT.columns.time,
      width: '10.5rem',
      isSortable: true,
      cell: (row) => <Value value={row.time === null ? null : formatInstant(row.time)} />,
      text: (row) => row.time ?? '',
    },
    plain('actor', 'minmax(8rem, 1.2fr)'),
    plain('action', 'minmax(8rem, 1fr)'),
    plain('result', 'minmax(5.5rem, 0.5fr)'),
    {
      id: 'marks',
      header: READING_TEXT.columns.marks,
      width: 'minmax(9.5rem, 1fr)',
      cell: (row) => <MarkCell row={row} marks={marks} />,
      text: (row) => markWords(row, marks).join(', '),
    },
    plain('target', 'minmax(9rem, 1.4fr)'),
    plain('ip', '9rem'),
    ...(hasFiles
      ? [
          {
            id: 'file',
            header: READING_TEXT.columns.file,
            width: 'minmax(9rem, 1fr)',
            cell: (row: LogRow) => <Value value={row.file} />,
            text: (row: LogRow) => row.file ?? '',
          },
        ]
      : []),
  ];
};
