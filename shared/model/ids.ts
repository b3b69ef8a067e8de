// Branded identifiers: an id of one kind can't be passed where another is meant.
import * as v from 'valibot';

const idSchema = <const P extends string>(prefix: P) =>
  v.pipe(v.string(), v.regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`, 'u')), v.brand(prefix));

/** `case_` + 32 hex digits. Ids are random (128 bit) and carry no personal data. */
export const CaseId = idSchema('case');
export type CaseId = v.InferOutput<typeof CaseId>;

/** `imp_` + 32 hex digits: one imported log (a file or a folder). */
export const ImportId = idSchema('imp');
export type ImportId = v.InferOutput<typeof ImportId>;

/** `ver_` + 32 hex digits: one finished verification of an import. */
export const VerificationId = idSchema('ver');
export type VerificationId = v.InferOutput<typeof VerificationId>;

/** `rep_` + 32 hex digits: one report (HTML and PDF of one verification). */
export const ReportId = idSchema('rep');
export type ReportId = v.InferOutput<typeof ReportId>;

/** `pack_` + 32 hex digits: one evidence pack built here. */
export const PackId = idSchema('pack');
export type PackId = v.InferOutput<typeof PackId>;

/** `job_` + 32 hex digits. */
export const JobId = idSchema('job');
export type JobId = v.InferOutput<typeof JobId>;

/** `file_` + 32 hex digits: an opaque handle for a path that the user chose. The page never sees paths. */
export const FileHandle = idSchema('file');
export type FileHandle = v.InferOutput<typeof FileHandle>;

/** `set_` + 32 hex digits: the rows that one full-text search found; lives until the lock. */
export const RowSetId = idSchema('set');
export type RowSetId = v.InferOutput<typeof RowSetId>;

/** `view_` + 32 hex digits: one filter and order of a log's rows that is being paged through; lives until the lock. */
export const ViewId = idSchema('view');
export type ViewId = v.InferOutput<typeof ViewId>;

/** `sview_` + 32 hex digits: a view that was saved under a name. */
export const SavedViewId = idSchema('sview');
export type SavedViewId = v.InferOutput<typeof SavedViewId>;

/** `bm_` + 32 hex digits: a bookmark on one row of a log, with its note. */
export const BookmarkId = idSchema('bm');
export type BookmarkId = v.InferOutput<typeof BookmarkId>;

/** SHA-256 as 64 lower-case hex digits. */
export const Sha256Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));

/** RFC 3339 instant in UTC, e.g. `2026-11-21T09:30:00.000Z`. */
export const Instant = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/u));

/** `rcp_` + 32 hex digits: one saved recipe of a hash chain. */
export const RecipeId = idSchema('rcp');
export type RecipeId = v.InferOutput<typeof RecipeId>;
