// What one piece of evidence from outside states, once it is read and checked by itself, before any log is looked at.
import type { AnchorCheck } from '../../../../../shared/model/verdict.ts';

/** A digest that a timestamp is over. */
export interface StampedDigest {
  readonly hex: string;
  /** Name that candidates are hashed with. */
  readonly algorithm: string;
  digest(bytes: Uint8Array): string;
}

export interface Evidence {
  readonly name: string;
  readonly kind: AnchorCheck['kind'];
  /** Nothing is wrong with it and nothing is missing to check it: it may vouch for a log. */
  readonly verified: boolean;
  /** Why not, as a sentence; '' where it is verified. */
  readonly why: string;
  /** Chain hashes, roots or digests that it states to be the end of a log; lower-case hex. */
  readonly heads: readonly string[];
  /** What a timestamp is over; null for evidence without one. */
  readonly stamped: StampedDigest | null;
  /** Name of the file at hand that the timestamp is over; null where none is. */
  readonly over: string | null;
  /** Of an earlier report: digest of the file that it is about. */
  readonly file: string | null;
  /** The time that it proves, RFC 3339 UTC. */
  readonly time: string | null;
  /** What it is, for sentences: `The timestamp of CN=…`. */
  readonly who: string;
}

const NONE = { verified: false, why: '', heads: [], stamped: null, over: null, file: null, time: null };

export const evidence = (
  name: string,
  kind: Evidence['kind'],
  who: string,
  stated: Partial<Omit<Evidence, 'name' | 'kind' | 'who'>>,
): Evidence => ({ ...NONE, name, kind, who, ...stated });

/** Formats that hold checkpoints against their own, and answer them in `report.anchors` themselves. */
export const COMPARES_CHECKPOINTS: ReadonlySet<string> = new Set([
  'tlog-tiles',
  'tlog-proof',
  'signed-note',
  'merkle-proof',
  'ct-tree-head',
  'fork-proof',
  'rekor',
  'go-sumdb',
  'ccf-receipt',
]);
