// The links of one part of a log as plain columns: what crosses the border between threads, and stands in a receipt.
import type { SequenceCounts } from './sequence.ts';

/** What is left open of a part's first record, because its neighbour lies in the part before. */
export interface OpenBorder {
  /** As the record states them. */
  readonly event: string;
  readonly chain: string;
  readonly computed: string;
}

/** The links of one part of a log, to be added to those of the parts before it. Rows and indexes count from its start. */
export interface PackedLinks {
  readonly chains: Uint32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly flags: Int32Array;
  readonly parents: Uint32Array;
  readonly parentTails: Uint32Array;
  /** One for each run but the last. */
  readonly endTails: Uint32Array;
  readonly oddParents: readonly (readonly [number, string])[];
  readonly startIds: readonly string[];
  readonly endIds: readonly string[];
  readonly unreadableBefore: readonly (readonly [number, number])[];
  readonly aliases: Uint32Array;
  readonly aliasOf: readonly number[];
  readonly sequence: SequenceCounts;
  readonly recentIds: readonly string[];
  readonly lastId: string;
  readonly lastChain: string;
  readonly lastComputed: string | null;
  /** Blank lines before the first record or unreadable line. */
  readonly firstBlanks: number;
  readonly blankPlaces: number;
  /** Unreadable lines before the first record, and after the last one with the blank lines there. */
  readonly unreadableFirst: number;
  readonly isFirstTooLongOnly: boolean;
  readonly unreadableLast: number;
  readonly isLastTooLongOnly: boolean;
  readonly blanksFirst: number;
  readonly blanksLast: number;
  readonly border: OpenBorder | null;
}
