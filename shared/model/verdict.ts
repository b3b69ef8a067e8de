// The verdict vocabulary: what a verification may conclude, what each conclusion proves, and how findings rank.
import * as v from 'valibot';

/** One word for the whole log, worst first where several findings compete (see {@link verdictOf}). */
export const VERDICTS = [
  'TAMPERED',
  'FORK',
  'GAP',
  'UNVERIFIABLE',
  'NOT_TAMPER_EVIDENT',
  'MISMATCH_EXPLAINED',
  'REORDERED',
  'DUPLICATE',
  'SEGMENTED',
  'PARTIAL_INTACT',
  'INTACT_BUT_UNANCHORED',
  'INTACT',
] as const;
export const Verdict = v.picklist(VERDICTS);
export type Verdict = v.InferOutput<typeof Verdict>;

/** pass = nothing wrong and anchored; attention = a person must read the reason; fail = altered, forked or missing. */
export type VerdictClass = 'pass' | 'attention' | 'fail';

const FAILING: ReadonlySet<Verdict> = new Set<Verdict>(['TAMPERED', 'FORK', 'GAP']);

export const verdictClass = (verdict: Verdict): VerdictClass =>
  verdict === 'INTACT' ? 'pass' : FAILING.has(verdict) ? 'fail' : 'attention';

/** The worse of two verdicts, by the order of {@link VERDICTS}. */
export const worse = (a: Verdict, b: Verdict): Verdict =>
  VERDICTS.indexOf(a) <= VERDICTS.indexOf(b) ? a : b;

export const FINDING_KINDS = [
  'EVENT_HASH_MISMATCH',
  'CHAIN_HASH_MISMATCH',
  'LINK_BREAK',
  'GAP',
  'DUPLICATE',
  'FORK',
  'REORDERED',
  'SEGMENT_START',
  'TRUNCATED',
  'MALFORMED',
  'SIGNATURE_INVALID',
  'DIGEST_MISSING',
  'DIGEST_INVALID',
  'DIGEST_MOVED',
  'LOG_MISSING',
  'LOG_HASH_MISMATCH',
  'LOG_UNREFERENCED',
  'TRAILING_DATA',
  'UNCOVERED_TIME',
  'HEAD_MISMATCH',
  'REPAIRED',
  'KEY_MISSING',
  'CLOCK_REGRESSION',
  'ZONE_JUMP',
  'UNPROTECTED_FIELD',
  'UNPROTECTED_RECORD',
  'WEAK_DIGEST',
] as const;
export const FindingKind = v.picklist(FINDING_KINDS);
export type FindingKind = v.InferOutput<typeof FindingKind>;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * One thing found. `index` is zero-based in the file as given, `line` one-based, `byteOffset` in bytes of the
 * (uncompressed) file. `between` names the two neighbours of a gap; `ofIndex` the record a duplicate or fork refers to;
 * `count` says how many consecutive records the finding stands for (absent = 1). `verdict` is what this finding alone
 * would make of the log; absent means that it is a remark that doesn't change the verdict.
 */
export const Finding = v.strictObject({
  kind: FindingKind,
  verdict: v.optional(Verdict),
  index: v.optional(Count),
  count: v.optional(Count),
  line: v.optional(Count),
  byteOffset: v.optional(Count),
  path: v.optional(v.string()),
  ofIndex: v.optional(Count),
  between: v.optional(v.tuple([v.string(), v.string()])),
  expected: v.optional(v.string()),
  actual: v.optional(v.string()),
  message: v.string(),
});
export type Finding = v.InferOutput<typeof Finding>;

/** A stretch of the log in one state, for the chain strip. Positions are records, or seconds for time-based formats. */
export const SEGMENT_STATES = ['verified', 'attention', 'failed', 'uncovered', 'unanchored'] as const;
export const Stretch = v.strictObject({
  from: Count,
  to: Count,
  state: v.picklist(SEGMENT_STATES),
  label: v.optional(v.string()),
});
export type Stretch = v.InferOutput<typeof Stretch>;

/** What one piece of evidence from outside says of the log. */
export const AnchorCheck = v.strictObject({
  /** File name, or `trusted head` for a pasted one. */
  name: v.string(),
  kind: v.picklist(['head', 'checkpoint', 'rfc3161', 'opentimestamps', 'report', 'unknown']),
  /**
   * covers = it vouches for the last record; covers-part = for the records up to `index`; conflicts = the log is not what
   * it vouches for; unrelated = it speaks of something else; unverified = it could not be checked itself.
   */
  outcome: v.picklist(['covers', 'covers-part', 'conflicts', 'unrelated', 'unverified']),
  index: v.optional(Count),
  /** The time that it proves, RFC 3339 UTC; null where it proves none. */
  time: v.nullable(v.string()),
  /** One or two sentences: what it adds, or why it adds nothing. */
  adds: v.string(),
});
export type AnchorCheck = v.InferOutput<typeof AnchorCheck>;

/** The whole answer of one verification: what `probity audit verify --json` prints. */
export const VerificationReport = v.strictObject({
  verdict: Verdict,
  format: v.string(),
  dialect: v.optional(v.string()),
  records: Count,
  anchored: v.boolean(),
  findings: v.array(Finding),
  /** How many findings were counted but not listed, because a hostile file would fill the memory; 0 normally. */
  findingsOmitted: Count,
  coverage: v.strictObject({
    unprotectedFields: v.array(v.string()),
    uncovered: v.array(v.strictObject({ from: v.string(), to: v.string() })),
    unreferenced: v.array(v.string()),
    /** What weakens the protection in general: truncated digests, a last record that nothing covers. Absent = none. */
    weaknesses: v.optional(v.array(v.string())),
  }),
  /** How a hash-chained log was hashed, where that was inferred or given: the machine form and plain words. */
  recipe: v.optional(v.strictObject({ words: v.string(), json: v.string() })),
  /** Evidence from outside that was held against the log, in the order given. Absent = none was given. */
  anchors: v.optional(v.array(AnchorCheck)),
  /** RFC 6962 root (SHA-256) over the records as they stand, made at intake of logs that carry no hashes. */
  seal: v.optional(v.strictObject({ root: v.string(), leaves: Count })),
  /** A self-contained document that proves two conflicting histories, to be handed to anyone (JSON or text). */
  forkProof: v.optional(v.string()),
  /** The last chain hash (or newest digest hash), lower-case hex; null when there is none. */
  head: v.nullable(v.string()),
  /** For a window: the previous hash that its first record names. */
  startsAfter: v.nullable(v.string()),
  proves: v.array(v.string()),
  doesNotProve: v.array(v.string()),
  source: v.strictObject({
    name: v.string(),
    kind: v.picklist(['file', 'folder']),
    bytes: Count,
    sha256: v.string(),
  }),
  strip: v.strictObject({
    unit: v.picklist(['record', 'second']),
    length: Count,
    origin: v.nullable(v.string()),
    stretches: v.array(Stretch),
  }),
  throughput: v.strictObject({ records: Count, bytes: Count, seconds: v.number() }),
});
export type VerificationReport = v.InferOutput<typeof VerificationReport>;

/** The verdict of a set of findings over a base verdict that holds when nothing was found. */
export const verdictOf = (base: Verdict, findings: readonly Finding[]): Verdict =>
  findings.reduce<Verdict>((worst, f) => (f.verdict === undefined ? worst : worse(worst, f.verdict)), base);

/** One record under the lens: what is stored, what was recomputed, and the exact bytes that were hashed. */
export const RecordView = v.strictObject({
  index: Count,
  line: v.nullable(Count),
  byteOffset: v.nullable(Count),
  path: v.nullable(v.string()),
  /** The record as it stands in the file, cut at 64 KiB (`rawTruncated`). */
  raw: v.string(),
  rawTruncated: v.boolean(),
  fields: v.array(v.strictObject({ name: v.string(), value: v.string() })),
  checks: v.array(
    v.strictObject({
      name: v.string(),
      stored: v.nullable(v.string()),
      recomputed: v.nullable(v.string()),
      ok: v.boolean(),
      /** The text that was hashed, cut at 64 KiB; null where the input is binary or too large to show. */
      hashed: v.nullable(v.string()),
    }),
  ),
  findings: v.array(Finding),
});
export type RecordView = v.InferOutput<typeof RecordView>;
