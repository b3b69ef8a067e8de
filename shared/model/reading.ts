// Reading a log: rows, filters, views, bookmarks and the timeline.
import * as v from 'valibot';
import { BookmarkId, ImportId, Instant, RowSetId, SavedViewId, ViewId } from './ids.ts';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Longer values are cut in the index; the whole value stands in the row's raw text. */
export const VALUE_LIMIT = 512;
/** A value of a column, or null for rows that have none. */
const Value = v.nullable(v.pipe(v.string(), v.maxLength(VALUE_LIMIT + 1)));
const Values = v.pipe(v.array(Value), v.minLength(1), v.maxLength(200));

export const FACET_COLUMNS = ['actor', 'action', 'result'] as const;
export const FacetColumn = v.picklist(FACET_COLUMNS);
export type FacetColumn = v.InferOutput<typeof FacetColumn>;

/** All parts must hold. `from` is included, `to` is not; rows without a time never lie in a time range. */
export const RowFilter = v.strictObject({
  from: v.optional(Instant),
  to: v.optional(Instant),
  actor: v.optional(Values),
  action: v.optional(Values),
  result: v.optional(Values),
  /** Only the rows that a search found. */
  found: v.optional(RowSetId),
  /** Only these rows, e.g. the bookmarked ones. */
  rows: v.optional(v.pipe(v.array(Count), v.maxLength(20_000))),
});
export type RowFilter = v.InferOutput<typeof RowFilter>;

export const RowOrder = v.strictObject({
  by: v.picklist(['position', 'time']),
  direction: v.picklist(['ascending', 'descending']),
});
export type RowOrder = v.InferOutput<typeof RowOrder>;

/** One row of the grid. `row` counts all records of the log from zero, unreadable ones too. */
export const LogRow = v.strictObject({
  row: Count,
  time: v.nullable(Instant),
  actor: v.nullable(v.string()),
  action: v.nullable(v.string()),
  target: v.nullable(v.string()),
  result: v.nullable(v.string()),
  ip: v.nullable(v.string()),
  /** The file inside a folder. */
  file: v.nullable(v.string()),
  isReadable: v.boolean(),
});
export type LogRow = v.InferOutput<typeof LogRow>;

/** Rows per bucket; `from` is the start of the first bucket. Empty when no row has a time. */
export const Timeline = v.strictObject({
  from: v.nullable(Instant),
  /** Seconds per bucket, may be a fraction. */
  bucketSeconds: v.number(),
  counts: v.array(Count),
  withoutTime: Count,
});
export type Timeline = v.InferOutput<typeof Timeline>;

export const Facet = v.strictObject({ value: v.nullable(v.string()), count: Count });
export type Facet = v.InferOutput<typeof Facet>;

export const ReadingInfo = v.strictObject({
  importId: ImportId,
  format: v.nullable(v.string()),
  rows: Count,
  unreadable: Count,
  /** The first and last time in the log; null when no row has one. */
  from: v.nullable(Instant),
  to: v.nullable(Instant),
  /** Rows stand in the order of their times. */
  isOrdered: v.boolean(),
  /** The 200 most frequent values of each column, and how many different ones there are. */
  facets: v.strictObject({
    actor: v.strictObject({ distinct: Count, top: v.array(Facet) }),
    action: v.strictObject({ distinct: Count, top: v.array(Facet) }),
    result: v.strictObject({ distinct: Count, top: v.array(Facet) }),
  }),
});
export type ReadingInfo = v.InferOutput<typeof ReadingInfo>;

export const RowView = v.strictObject({ id: ViewId, total: Count, timeline: Timeline });
export type RowView = v.InferOutput<typeof RowView>;

/** One row whole: its text as it stands in the log, cut at 64 KiB, and its fields. */
export const RowDetail = v.strictObject({
  row: Count,
  file: v.nullable(v.string()),
  /** In the (uncompressed) file; null where the row was cut out of a document. */
  byteOffset: v.nullable(Count),
  bytes: Count,
  summary: LogRow,
  raw: v.string(),
  rawTruncated: v.boolean(),
  fields: v.array(v.strictObject({ name: v.string(), value: v.string() })),
});
export type RowDetail = v.InferOutput<typeof RowDetail>;

export const NOTE_LIMIT = 10_000;
export const Bookmark = v.strictObject({
  id: BookmarkId,
  importId: ImportId,
  row: Count,
  createdAt: Instant,
  updatedAt: Instant,
  /** '' when there is none. */
  note: v.pipe(v.string(), v.maxLength(NOTE_LIMIT)),
});
export type Bookmark = v.InferOutput<typeof Bookmark>;

export const SavedView = v.strictObject({
  id: SavedViewId,
  importId: ImportId,
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120)),
  filter: RowFilter,
  order: RowOrder,
  /** The text that was searched for; run anew when the view is opened. */
  search: v.nullable(v.pipe(v.string(), v.maxLength(1_000))),
  savedAt: Instant,
});
export type SavedView = v.InferOutput<typeof SavedView>;
