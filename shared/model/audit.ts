// Imported logs and their verifications, as records of the workspace.
import * as v from 'valibot';
import { CaseId, ImportId, Instant, RecipeId, Sha256Hex, VerificationId } from './ids.ts';
import { FindingKind, Verdict } from './verdict.ts';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const Detection = v.strictObject({
  format: v.string(),
  title: v.string(),
  /** 0..1; the highest wins. */
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** Plain words: what in the data says so. */
  reason: v.string(),
});
export type Detection = v.InferOutput<typeof Detection>;

export const SourceEntry = v.strictObject({ name: v.string(), bytes: Count, sha256: Sha256Hex });
export type SourceEntry = v.InferOutput<typeof SourceEntry>;

/** A log taken in: its digest and size were recorded before anything else read it. */
export const ImportedLog = v.strictObject({
  id: ImportId,
  caseId: CaseId,
  name: v.string(),
  kind: v.picklist(['file', 'folder']),
  bytes: Count,
  files: Count,
  /** A file: SHA-256 of its bytes. A folder: SHA-256 of its sorted `sha256  name\n` listing. */
  sha256: Sha256Hex,
  importedAt: Instant,
  /** copied = an encrypted copy is in the workspace; referenced = it stays where it was, its digest is checked at each use. */
  custody: v.picklist(['copied', 'referenced']),
  detections: v.array(Detection),
  format: v.nullable(v.string()),
});
export type ImportedLog = v.InferOutput<typeof ImportedLog>;

/** What a list shows of a verification; the whole report is fetched by id. */
export const VerificationSummary = v.strictObject({
  id: VerificationId,
  importId: ImportId,
  caseId: CaseId,
  finishedAt: Instant,
  verdict: Verdict,
  format: v.string(),
  records: Count,
  anchored: v.boolean(),
  head: v.nullable(v.string()),
  trustedHead: v.nullable(v.string()),
  findings: v.array(v.strictObject({ kind: FindingKind, count: Count })),
  seconds: v.number(),
});
export type VerificationSummary = v.InferOutput<typeof VerificationSummary>;

/** How a dialect of hash chains is hashed, kept for other logs of the same kind. */
export const SavedRecipe = v.strictObject({
  id: RecipeId,
  name: v.string(),
  /** Plain words, made from the recipe. */
  words: v.string(),
  json: v.string(),
  savedAt: Instant,
});
export type SavedRecipe = v.InferOutput<typeof SavedRecipe>;
