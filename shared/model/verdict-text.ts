// Verdicts and finding kinds in plain words: the one place from which the window, the report and the CLI take them.
import type { FindingKind, Verdict, VerdictClass } from './verdict.ts';

/** One verdict for people. Every text is a whole sentence, except `word`. */
export interface VerdictWords {
  /** The verdict as words, e.g. `Intact but unanchored`. */
  readonly word: string;
  /** What it says about the log, in one sentence. */
  readonly meaning: string;
  /** What a reader may conclude from it. */
  readonly proves: string;
  /** What a reader must not conclude from it. */
  readonly doesNotProve: string;
  /** What the auditor does next. */
  readonly next: string;
}

export const VERDICT_TEXT: Readonly<Record<Verdict, VerdictWords>> = {
  TAMPERED: {
    word: 'Tampered',
    meaning:
      'The log is not the one that was written: content, a hash or its end was altered, at the places named in the findings.',
    proves: 'At the named places the log as given is not what its writer sealed.',
    doesNotProve: 'It does not show who altered it, when, or for what reason.',
    next: 'Keep this copy unchanged, ask for the original from its source or a backup, and compare the named places.',
  },
  FORK: {
    word: 'Fork',
    meaning: 'Two records claim the same predecessor, or two heads of one log contradict each other.',
    proves: 'The log has two histories that cannot both be the one that was written.',
    doesNotProve: 'It does not show which of the two histories is the true one.',
    next: 'Ask the operator for a head that was recorded outside the log at the time, and verify both branches against it.',
  },
  GAP: {
    word: 'Gap',
    meaning: 'Records or files are missing at the places named in the findings.',
    proves: 'Something that the log itself refers to is not there.',
    doesNotProve: 'It does not show what was missing, or whether it was removed or never exported.',
    next: 'Ask for the missing records or files by the names given, import them together with the rest, and verify again.',
  },
  UNVERIFIABLE: {
    word: 'Unverifiable',
    meaning: 'Something that verification needs is absent or cannot be read; it is named in the findings.',
    proves: 'Nothing about the part that could not be verified.',
    doesNotProve: 'It does not show that the log is genuine, and it does not show that it was altered.',
    next: 'Obtain what is named (a key, a file, a readable copy) and verify again.',
  },
  NOT_TAMPER_EVIDENT: {
    word: 'Not tamper-evident',
    meaning: 'Each record carries a hash, but without a key and without a link to its neighbours.',
    proves: 'The records agree with their own hashes: careless edits would show.',
    doesNotProve:
      'Deleting, inserting or reordering records, or editing one and hashing it again, would leave no trace.',
    next: 'Do not rely on this log alone; look for a second source, and have it sealed from now on.',
  },
  MISMATCH_EXPLAINED: {
    word: 'Mismatch explained',
    meaning: 'Some hashes differ, and a harmless change of notation, named in the findings, accounts for it.',
    proves: 'Where a repair is named, the stored hash is reproduced by undoing a change of notation.',
    doesNotProve:
      'A value that the change of notation destroyed, such as a rounded large number, cannot be recovered from this file.',
    next: 'Ask for an export that did not pass through the tool named in the findings, and verify that one.',
  },
  REORDERED: {
    word: 'Reordered',
    meaning: 'Lines stand in another order than they were written; the links still give the original order.',
    proves: 'Every record is present and unaltered, and the original order can be restored from the links.',
    doesNotProve: 'It does not show who moved the lines, or that nothing followed the last record.',
    next: 'Read the records in chain order, and ask which tool sorted the export.',
  },
  DUPLICATE: {
    word: 'Duplicate',
    meaning: 'At least one record stands in the log twice; nothing else is wrong.',
    proves: 'Without the repeated lines the chain is complete and every record is unaltered.',
    doesNotProve:
      'It does not show where the repetition comes from, or that nothing followed the last record.',
    next: 'Count each repeated record once, and ask how the export was made.',
  },
  SEGMENTED: {
    word: 'Segmented',
    meaning: 'The log consists of several chains, as a logger leaves after a restart; each of them verifies.',
    proves: 'Inside each segment no record was altered, removed or inserted.',
    doesNotProve:
      'Nothing links the segments: records at the end of one, or a whole segment, may be missing, and their order is not proven.',
    next: 'Compare the start of each segment with the restarts in the operating records of the system.',
  },
  PARTIAL_INTACT: {
    word: 'Partially intact',
    meaning: 'What was given verifies within itself, but it is not the whole log.',
    proves: 'Within the verified part, no record was altered, removed or inserted.',
    doesNotProve: 'Nothing is said about what came before it or after it.',
    next: 'Ask for the missing part, or for a record from outside of the hashes at both ends.',
  },
  INTACT_BUT_UNANCHORED: {
    word: 'Intact but unanchored',
    meaning: 'Every record verifies from the first one on, but nothing from outside the log covers its end.',
    proves: 'Within the log as given, no single record was altered, removed or inserted.',
    doesNotProve: 'A cut-off end, or a complete rewrite by someone with write access, would look the same.',
    next: 'Obtain the last hash from a place that the operator of the log cannot change, and verify again with it as trusted head.',
  },
  INTACT: {
    word: 'Intact',
    meaning: 'Every record verifies, and an anchor from outside the log covers the last one.',
    proves: 'From the first record to the anchored one, no record was altered, removed, inserted or moved.',
    doesNotProve:
      'It does not show that what was written was true when it was written, or that everything was logged.',
    next: 'Keep the anchor and where it came from with the case: the verdict rests on it.',
  },
};

/** The class of a verdict in words, for readers who can't see its colour or shape. */
export const VERDICT_CLASS_TEXT: Readonly<Record<VerdictClass, string>> = {
  pass: 'Pass',
  attention: 'Needs attention',
  fail: 'Fail',
};

export const FINDING_TEXT: Readonly<
  Record<FindingKind, { readonly title: string; readonly meaning: string }>
> = {
  EVENT_HASH_MISMATCH: {
    title: 'Content does not match its hash',
    meaning: 'The hash recomputed from the content of the record is not the one stored with it.',
  },
  CHAIN_HASH_MISMATCH: {
    title: 'Chain hash does not match',
    meaning:
      'The chain hash recomputed from the previous hash and the hash of the record is not the one stored.',
  },
  LINK_BREAK: {
    title: 'Broken link',
    meaning: 'The record names a predecessor whose hash is not that of the record before it.',
  },
  GAP: { title: 'Missing records', meaning: 'Records between two named neighbours are not in the log.' },
  DUPLICATE: { title: 'Repeated record', meaning: 'The same record stands in the log more than once.' },
  FORK: { title: 'Two successors', meaning: 'Two different records claim the same predecessor.' },
  REORDERED: { title: 'Moved records', meaning: 'Records stand in another place than their links say.' },
  SEGMENT_START: { title: 'New chain starts', meaning: 'A record inside the log starts a chain of its own.' },
  TRUNCATED: { title: 'Cut off', meaning: 'The data ends before it should.' },
  MALFORMED: {
    title: 'Unreadable record',
    meaning:
      'A line or file is not in the form that the format prescribes; it was counted, not skipped in silence.',
  },
  SIGNATURE_INVALID: {
    title: 'Signature does not verify',
    meaning: 'A signature does not fit the signed bytes under the key given.',
  },
  DIGEST_MISSING: {
    title: 'Digest file missing',
    meaning: 'A digest file that a later one names is not there.',
  },
  DIGEST_INVALID: {
    title: 'Digest file not valid',
    meaning: 'A digest file is unreadable, or is not the one its successor names.',
  },
  DIGEST_MOVED: {
    title: 'Digest file out of place',
    meaning: 'A digest file does not stand where it says it was delivered.',
  },
  LOG_MISSING: { title: 'Log file missing', meaning: 'A log file that a digest file names is not there.' },
  LOG_HASH_MISMATCH: {
    title: 'Log file does not match its digest',
    meaning: 'The content of a log file has another hash than the digest file recorded for it.',
  },
  LOG_UNREFERENCED: {
    title: 'Log file not covered',
    meaning: 'A log file is there that no digest file names: nothing vouches for it.',
  },
  TRAILING_DATA: {
    title: 'Data after the end',
    meaning: 'Bytes follow the end of the compressed data; no hash covers them.',
  },
  UNCOVERED_TIME: { title: 'Time not covered', meaning: 'No valid digest file covers a stretch of time.' },
  HEAD_MISMATCH: {
    title: 'Trusted head not reached',
    meaning: 'The head that is known from outside the log is not the last hash of the log.',
  },
  REPAIRED: {
    title: 'Explained difference',
    meaning: 'A hash differs as stored, and undoing a harmless change of notation reproduces it.',
  },
  KEY_MISSING: {
    title: 'Key missing',
    meaning: 'A check could not be done because the key or file that it needs was not given.',
  },
  CLOCK_REGRESSION: {
    title: 'Clock runs backwards',
    meaning: 'A record carries an earlier time than the one before it.',
  },
  ZONE_JUMP: {
    title: 'Time zone changes',
    meaning: 'From one record to the next the time zone or clock offset changes.',
  },
  UNPROTECTED_FIELD: {
    title: 'Field not protected',
    meaning: 'The hash does not cover this field: it could be changed without a trace.',
  },
  UNPROTECTED_RECORD: {
    title: 'Record not protected',
    meaning: 'No hash covers this record: it could be changed without a trace.',
  },
  WEAK_DIGEST: {
    title: 'Weak digest',
    meaning: 'The stored hash is too short or of an outdated kind, so that a match proves less.',
  },
};
