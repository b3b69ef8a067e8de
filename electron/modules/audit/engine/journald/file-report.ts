// What one journal file has to report: findings by the rows of its own entries, and the facts for the sentences.
import type { Finding, Stretch, Verdict } from '../../../../../shared/model/verdict.ts';
import type { JournalHeader } from './layout.ts';

export interface SealFacts {
  /** Name of the key file whose key fits; null = none given or none fits. */
  readonly keyName: string | null;
  readonly tags: number;
  readonly goodTags: number;
  /** Number of the last tag up to which every tag is good, 0 = none. */
  readonly provenTag: number;
  /** Microseconds since 1970: first entry, and end of the epoch of the last good tag; null without a key. */
  readonly validatedTo: number | null;
  /** Entries after the last tag. */
  readonly unsealed: number;
}

/** Findings and marks have rows of this file as their index. */
export interface FileReport {
  readonly header: JournalHeader;
  readonly entries: number;
  readonly findings: readonly Finding[];
  readonly marks: readonly {
    readonly index: number;
    readonly count: number;
    readonly state: Stretch['state'];
  }[];
  readonly base: Verdict;
  /** null for a journal that is not sealed. */
  readonly seal: SealFacts | null;
  /** HMAC of the last good tag, else null. */
  readonly head: string | null;
  readonly weaknesses: readonly string[];
  readonly firstSeqnum: number;
  readonly lastSeqnum: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Gaps in the sequence numbers inside the file: [after, before] each, at most 1,000. */
  readonly seqnumGaps: readonly (readonly [number, number])[];
  readonly isTruncated: boolean;
}

/** Microseconds since 1970 as RFC 3339 UTC; the number itself where it is no time. */
export const timeText = (microseconds: number): string => {
  const date = new Date(microseconds / 1000);
  return Number.isNaN(date.getTime()) ? `${microseconds} µs` : date.toISOString();
};

/** The end of every message about something that no honest writer leaves. */
export const ALTERED = 'The file was altered or damaged after it was written.';
