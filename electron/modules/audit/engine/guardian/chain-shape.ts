// What the links of a whole log amount to: duplicates, forks, breaks, restarts, moved records, and the head.
import { DigestColumn } from '../lines/columns.ts';
import { DigestLookup } from './digest-lookup.ts';
import { cutPieces } from './chain-pieces.ts';
import type { DuplicateBlock, Pieces } from './chain-pieces.ts';
import { beginsUnknown, findPaths } from './chain-paths.ts';
import type { ChainPath, ChainPaths } from './chain-paths.ts';
import type { LinkTracker, Run } from './link-tracker.ts';
import { displacedIn, mergeIntervals } from './reorder.ts';
import type { Interval } from './reorder.ts';
import { stepBetween } from './sequence.ts';

/** A record that names a parent which the log doesn't hold. */
export interface Break {
  readonly index: number;
  /**
   * removed: the ids jump. altered: they don't, so the record before was altered. unread: only lines that were too long
   * to be read lie between. unknown: either.
   */
  readonly cause: 'removed' | 'altered' | 'unread' | 'unknown';
  /** The record (or unreadable line) at whose place the chain is broken; null when none can be named. */
  readonly ofIndex: number | null;
  /** Ids of the last record before the break and of the first after it, where both have one. */
  readonly between: readonly [string, string] | null;
  readonly parentHex: string;
}

export interface ChainShape {
  readonly duplicates: readonly DuplicateBlock[];
  /** `index` is a second child of `parent`, off the longest way; `length` records hang on it. */
  readonly forks: readonly { readonly index: number; readonly parent: number; readonly length: number }[];
  readonly breaks: readonly Break[];
  /** First records of chains that begin anew. */
  readonly restarts: readonly number[];
  readonly displaced: readonly Interval[];
  readonly isReversed: boolean;
  /** The parent that the log's first record names, where the log is a window; null when it begins a chain. */
  readonly window: Run | null;
  /** The last record in chain order. */
  readonly head: number;
}

export const shapeOf = (tracker: LinkTracker, trustedHeads: readonly string[]): ChainShape => {
  const pieces = cutPieces(tracker);
  const step = tracker.sequence.step();
  const anchors = new Set(findHeads(tracker, trustedHeads).flatMap((found) => found ?? []));
  // Equally long branches: the trusted one, then the one whose id goes on counting.
  const rank = (piece: number): number => {
    if (anchors.has(pieces.ends.at(piece))) return 0;
    const jump = stepBetween(tracker.idOf(pieces.parents.at(piece)), tracker.idOf(pieces.starts.at(piece)));
    return step !== null && jump === step ? 1 : 2;
  };
  const paths = findPaths(pieces, (a, b) => rank(a) - rank(b));

  const [first, ...others] = paths.chains;
  const restarts: number[] = [];
  const unknown: ChainPath[] = [];
  for (const chain of others) {
    if (beginsUnknown(pieces, chain, paths)) unknown.push(chain);
    else restarts.push(startOf(pieces, chain));
  }
  const all = [...paths.chains, ...paths.branches];
  const orders = all.map(({ pieces: path }) => displacedIn(pieces, path));
  const last = paths.chains.at(-1);
  return {
    duplicates: pieces.duplicates,
    forks: paths.branches.map((branch) => ({
      index: startOf(pieces, branch),
      parent: branch.forkOf,
      length: branch.pieces.reduce(
        (sum, piece) => sum + pieces.ends.at(piece) - pieces.starts.at(piece) + 1,
        0,
      ),
    })),
    breaks: breaksOf(tracker, pieces, paths, unknown, step),
    restarts,
    displaced: mergeIntervals(
      orders.flatMap(({ displaced }) => displaced).toSorted((a, b) => a.index - b.index),
    ),
    isReversed: orders.some(({ isReversed }) => isReversed),
    window: first !== undefined && beginsUnknown(pieces, first, paths) ? runOf(tracker, pieces, first) : null,
    head: last === undefined ? 0 : endOf(pieces, last),
  };
};

const startOf = (pieces: Pieces, path: ChainPath): number => pieces.starts.at(path.pieces[0] ?? 0);

const endOf = (pieces: Pieces, path: ChainPath): number => pieces.ends.at(path.pieces.at(-1) ?? 0);

const runOf = (tracker: LinkTracker, pieces: Pieces, path: ChainPath): Run =>
  tracker.run(tracker.starts.floor(startOf(pieces, path)));

/** For each head: the records whose chain hash it is (several when duplicated), or null. */
export const findHeads = (
  tracker: LinkTracker,
  heads: readonly string[],
): readonly (readonly number[] | null)[] => {
  if (heads.length === 0) return [];
  const wanted = new DigestColumn();
  const lookup = new DigestLookup(heads.length);
  for (const head of heads) {
    wanted.push(head);
    lookup.want(wanted, wanted.length - 1);
  }
  lookup.scan(tracker.chains, (row) => row);
  lookup.scan(tracker.aliases, (row) => tracker.aliasOf[row] ?? 0);
  return heads.map((_head, row) => {
    const found = [...lookup.found(wanted, row)];
    return found.length === 0 ? null : found;
  });
};

const MAX_LEAVES = 1000;

/** Pairs each record without a parent with the path end after which it belongs. */
const breaksOf = (
  tracker: LinkTracker,
  pieces: Pieces,
  paths: ChainPaths,
  unknown: readonly ChainPath[],
  step: number | null,
): Break[] => {
  const leaves = new Set([...paths.chains, ...paths.branches].map((path) => endOf(pieces, path)));
  return unknown.flatMap((path): Break[] => {
    const run = runOf(tracker, pieces, path);
    const index = startOf(pieces, path);
    // A record whose own chain hash fits nothing is reported for that; what it names as parent means nothing.
    if (!run.isTrusted) return [];
    const before = lastRecordBefore(tracker, index);
    const isBeside = before !== null && leaves.has(before);
    const leaf = isBeside
      ? before
      : leaves.size <= MAX_LEAVES
        ? likeliestLeaf(tracker, leaves, path, pieces)
        : null;
    if (leaf !== null) leaves.delete(leaf);
    return [breakAt(tracker, run, leaf, isBeside, step)];
  });
};

const lastRecordBefore = (tracker: LinkTracker, index: number): number | null => {
  const run = tracker.starts.floor(index - 1);
  if (run < 0) return null;
  return Math.min(tracker.ends.at(run), index - 1);
};

/** The path end whose id comes closest before the record's, else the nearest before it in the file. */
const likeliestLeaf = (
  tracker: LinkTracker,
  leaves: ReadonlySet<number>,
  path: ChainPath,
  pieces: Pieces,
): number | null => {
  const index = startOf(pieces, path);
  const own = endOf(pieces, path);
  const id = tracker.idOf(index);
  let best: number | null = null;
  let bestStep = Number.POSITIVE_INFINITY;
  let nearest: number | null = null;
  for (const leaf of leaves) {
    if (leaf === own) continue;
    const step = stepBetween(tracker.idOf(leaf), id);
    if (step !== null && step > 0 && step < bestStep) {
      best = leaf;
      bestStep = step;
    }
    if (leaf < index && (nearest === null || leaf > nearest)) nearest = leaf;
  }
  return best ?? nearest;
};

const breakAt = (
  tracker: LinkTracker,
  run: Run,
  leaf: number | null,
  isBeside: boolean,
  step: number | null,
): Break => {
  const index = run.start;
  const leafId = leaf === null ? '' : tracker.idOf(leaf);
  const between = leafId !== '' && run.startId !== '' ? ([leafId, run.startId] as const) : null;
  const unreadable = isBeside ? run.unreadableBefore : 0;
  const destroyed = unreadable > 0 ? index - unreadable : leaf;
  const base = { index, between, parentHex: run.parentHex };
  const jump = leafId === '' ? null : stepBetween(leafId, run.startId);
  if (unreadable > 0 && run.isBeforeTooLong) return { ...base, cause: 'unread', ofIndex: destroyed };
  if (step !== null && jump !== null && jump !== 0) {
    if (unreadable > 0 && jump === step * (1 + unreadable))
      return { ...base, cause: 'altered', ofIndex: destroyed };
    if (jump === step) return { ...base, cause: 'altered', ofIndex: leaf };
    return { ...base, cause: 'removed', ofIndex: leaf };
  }
  // Where a line was emptied instead of removed, its line end is still there.
  if (run.hasBlanksBefore && unreadable === 0 && tracker.areBlanksRare) {
    return { ...base, cause: 'removed', ofIndex: leaf };
  }
  return { ...base, cause: 'unknown', ofIndex: destroyed };
};
