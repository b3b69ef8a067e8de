// Operations for reading a log: index it, page through a view of it, search, look at a row, bookmark and annotate.
import * as v from 'valibot';
import { BookmarkId, ImportId, JobId, RowSetId, SavedViewId, ViewId } from '../model/ids.ts';
import {
  Bookmark,
  Facet,
  FacetColumn,
  LogRow,
  NOTE_LIMIT,
  ReadingInfo,
  RowDetail,
  RowFilter,
  RowOrder,
  RowView,
  SavedView,
} from '../model/reading.ts';
import { op } from './define.ts';

const Index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const limit = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const SearchText = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000), v.regex(/^[^\r\n]*$/u));

export const readingContract = {
  /** What is known of a log before its rows are asked for; `absent` until reading.index has been run. */
  'reading.open': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: 'reading.open',
    input: v.strictObject({ importId: ImportId }),
    output: v.variant('state', [
      v.strictObject({ state: v.literal('absent'), jobId: v.nullable(JobId) }),
      v.strictObject({ state: v.literal('ready'), info: ReadingInfo }),
    ]),
  }),
  /** Starts the job that reads the log once and builds its index. Result: the ImportId. */
  'reading.index': op({
    kind: 'command',
    permission: 'audit.run',
    clearance: 'internal',
    journal: 'reading.index',
    input: v.strictObject({ importId: ImportId }),
    output: v.strictObject({ jobId: JobId }),
  }),
  /** A filter and an order, with the timeline of what it holds. Its journal entry stands for the pages that follow. */
  'reading.view': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: 'reading.view',
    input: v.strictObject({
      importId: ImportId,
      filter: RowFilter,
      order: RowOrder,
      buckets: v.optional(limit(400)),
    }),
    output: RowView,
  }),
  /** A page of an opened view. Scrolling asks many times a second: the view has its entry, its pages have none. */
  'reading.rows': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: null,
    input: v.strictObject({ view: ViewId, offset: Index, limit: limit(500) }),
    output: v.strictObject({ total: Index, rows: v.array(LogRow) }),
  }),
  /** Where a row stands in an opened view; null when the view doesn't hold it. */
  'reading.find': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: null,
    input: v.strictObject({ view: ViewId, row: Index }),
    output: v.strictObject({ position: v.nullable(Index) }),
  }),
  /** Values of a column that contain a text, most frequent first: what a filter offers while one types. */
  'reading.values': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: null,
    input: v.strictObject({
      importId: ImportId,
      column: FacetColumn,
      text: v.pipe(v.string(), v.maxLength(200)),
      limit: limit(200),
    }),
    output: v.array(Facet),
  }),
  /** Starts a full-text search over the raw records: ASCII letters of either case, all else exactly. Result: a RowSetId. */
  'reading.search': op({
    kind: 'command',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: 'reading.search',
    input: v.strictObject({ importId: ImportId, text: SearchText }),
    output: v.strictObject({ jobId: JobId }),
  }),
  'reading.found': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: null,
    input: v.strictObject({ id: RowSetId }),
    output: v.strictObject({ importId: ImportId, text: v.string(), rows: Index }),
  }),
  'reading.row': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: 'reading.row',
    input: v.strictObject({ importId: ImportId, row: Index }),
    output: RowDetail,
  }),
  /** Saves a view under a name; with `id`, in place of an earlier one. */
  'reading.saveView': op({
    kind: 'command',
    permission: 'case.write',
    clearance: 'confidential',
    journal: 'reading.saveView',
    input: v.strictObject({
      ...v.omit(SavedView, ['id', 'savedAt']).entries,
      id: v.optional(SavedViewId),
    }),
    output: SavedView,
  }),
  'reading.views': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: 'reading.views',
    input: v.strictObject({ importId: ImportId }),
    output: v.array(SavedView),
  }),
  'reading.deleteView': op({
    kind: 'command',
    permission: 'case.write',
    clearance: 'internal',
    journal: 'reading.deleteView',
    input: v.strictObject({ id: SavedViewId }),
    output: v.strictObject({ id: SavedViewId }),
  }),
  /** Bookmarks a row; a row that has one keeps it. */
  'reading.bookmark': op({
    kind: 'command',
    permission: 'case.write',
    clearance: 'internal',
    journal: 'reading.bookmark',
    input: v.strictObject({ importId: ImportId, row: Index }),
    output: Bookmark,
  }),
  /** Writes the note of a bookmark; '' takes it away. */
  'reading.note': op({
    kind: 'command',
    permission: 'case.write',
    clearance: 'confidential',
    journal: 'reading.note',
    input: v.strictObject({ id: BookmarkId, text: v.pipe(v.string(), v.maxLength(NOTE_LIMIT)) }),
    output: Bookmark,
  }),
  'reading.bookmarks': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: 'reading.bookmarks',
    input: v.strictObject({ importId: ImportId }),
    output: v.array(Bookmark),
  }),
  'reading.deleteBookmark': op({
    kind: 'command',
    permission: 'case.write',
    clearance: 'internal',
    journal: 'reading.deleteBookmark',
    input: v.strictObject({ id: BookmarkId }),
    output: v.strictObject({ id: BookmarkId }),
  }),
} as const;
