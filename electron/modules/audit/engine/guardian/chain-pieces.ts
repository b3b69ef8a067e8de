// Cuts the runs of a log into pieces that are joined only at their ends, after setting exact duplicates aside.
import { IntColumn } from '../lines/columns.ts';
import { DigestLookup } from './digest-lookup.ts';
import type { LinkTracker } from './link-tracker.ts';

/** `count` records from `index` on stand a second time: they equal those from `ofIndex` on. */
export interface DuplicateBlock {
  readonly index: number;
  readonly count: number;
  readonly ofIndex: number;
}

/** Instead of a parent: the record is the first of a chain, or names a parent that the log doesn't hold. */
export const NO_PARENT = -1;
export const UNKNOWN_PARENT = -2;

/** Pieces in the order of the file. Every parent is the end of a piece. */
export interface Pieces {
  readonly starts: IntColumn;
  readonly ends: IntColumn;
  /** Index of the parent record, NO_PARENT or UNKNOWN_PARENT. */
  readonly parents: IntColumn;
  /** The run that begins where the piece begins, -1 when it begins inside one. */
  readonly runs: IntColumn;
  readonly duplicates: readonly DuplicateBlock[];
}

export const cutPieces = (tracker: LinkTracker): Pieces => {
  const lookup = lookupOf(tracker);
  const duplicates = findDuplicates(tracker, lookup);
  const whole = keptPieces(tracker, lookup, duplicates);
  return { ...splitAtParents(tracker, whole), duplicates: duplicates.blocks() };
};

/** Where the parent that each run names, and each run's own first record, occur in the log. */
const lookupOf = (tracker: LinkTracker): DigestLookup => {
  const lookup = new DigestLookup(tracker.runCount * 2);
  for (let run = 0; run < tracker.runCount; run += 1) {
    lookup.want(tracker.parents, run);
    lookup.want(tracker.chains, tracker.starts.at(run));
  }
  // One chain from its first record on names nothing that would have to be looked for, and equals nothing.
  if (tracker.runCount === 1 && !tracker.hasParent(0)) return lookup;
  lookup.scan(tracker.chains, (row) => row);
  lookup.scan(tracker.aliases, (row) => tracker.aliasOf[row] ?? 0);
  return lookup;
};

/** Duplicate blocks in the order of the file, and which record a duplicate stands for. */
class Duplicates {
  readonly #starts = new IntColumn();
  readonly #counts = new IntColumn();
  readonly #of = new IntColumn();

  add(index: number, count: number, ofIndex: number): void {
    this.#starts.push(index);
    this.#counts.push(count);
    this.#of.push(ofIndex);
  }

  /** The block that holds the record, or -1. */
  blockOf(index: number): number {
    const block = this.#starts.floor(index);
    return block >= 0 && index < this.#starts.at(block) + this.#counts.at(block) ? block : -1;
  }

  /** The kept record that a record is or stands for; UNKNOWN_PARENT where altered hashes make copies of each other. */
  keptOf(index: number): number {
    let kept = index;
    // A copy of a copy of a copy: each step leads to another block, so their number bounds the walk.
    for (let step = 0; step <= this.#starts.length; step += 1) {
      const block = this.blockOf(kept);
      if (block < 0) return kept;
      kept = this.#of.at(block) + kept - this.#starts.at(block);
    }
    return UNKNOWN_PARENT;
  }

  /** How many duplicates begin with this record. */
  countAt(index: number): number {
    const block = this.blockOf(index);
    return block >= 0 && this.#starts.at(block) === index ? this.#counts.at(block) : 0;
  }

  blocks(): readonly DuplicateBlock[] {
    return Array.from({ length: this.#starts.length }, (_, i) => ({
      index: this.#starts.at(i),
      count: this.#counts.at(i),
      ofIndex: this.#of.at(i),
    }));
  }
}

/**
 * A record's chain hash stands for all records before it, so equal chain hashes mean equal parents: a block of
 * duplicates can only begin where a run begins.
 */
const findDuplicates = (tracker: LinkTracker, lookup: DigestLookup): Duplicates => {
  const duplicates = new Duplicates();
  for (let run = 0; run < tracker.runCount; run += 1) {
    const start = tracker.starts.at(run);
    const original = originalOf(tracker, lookup, duplicates, start);
    if (original < 0) continue;
    // Up to the other copy, or the end of the run.
    const limit = original < start ? start - original : original - start;
    let count = 1;
    while (
      count < limit &&
      start + count <= tracker.ends.at(run) &&
      isCopy(tracker, start + count, original + count)
    ) {
      count += 1;
    }
    duplicates.add(start, count, original);
  }
  return duplicates;
};

/** The copy of a run's first record that stands in its place, or -1. */
const originalOf = (
  tracker: LinkTracker,
  lookup: DigestLookup,
  duplicates: Duplicates,
  start: number,
): number => {
  for (const other of lookup.found(tracker.chains, start)) {
    if (other === start || !isCopy(tracker, start, other)) continue;
    if (other < start) {
      if (duplicates.blockOf(other) < 0) return other;
      continue;
    }
    // A later copy is the original only when it follows its parent there and this one doesn't.
    const run = tracker.starts.floor(other);
    if (tracker.starts.at(run) !== other) return other;
  }
  return -1;
};

const isCopy = (tracker: LinkTracker, a: number, b: number): boolean =>
  b < tracker.chains.length && !tracker.chains.isEmpty(a) && tracker.chains.equals(a, tracker.chains, b);

type Columns = Omit<Pieces, 'duplicates'>;

const emptyColumns = (): Columns => ({
  starts: new IntColumn(),
  ends: new IntColumn(),
  parents: new IntColumn(),
  runs: new IntColumn(),
});

const pushPiece = (columns: Columns, start: number, end: number, parent: number, run: number): void => {
  columns.starts.push(start);
  columns.ends.push(end);
  columns.parents.push(parent);
  columns.runs.push(run);
};

/** What is left of each run without its duplicates. */
const keptPieces = (tracker: LinkTracker, lookup: DigestLookup, duplicates: Duplicates): Columns => {
  const columns = emptyColumns();
  for (let run = 0; run < tracker.runCount; run += 1) {
    const start = tracker.starts.at(run);
    const end = tracker.ends.at(run);
    const skipped = duplicates.countAt(start);
    if (skipped === 0) {
      pushPiece(columns, start, end, parentOf(tracker, lookup, duplicates, run), run);
      continue;
    }
    const rest = nextRecord(tracker, start + skipped - 1);
    if (rest <= end) pushPiece(columns, rest, end, duplicates.keptOf(start + skipped - 1), -1);
  }
  return columns;
};

const parentOf = (
  tracker: LinkTracker,
  lookup: DigestLookup,
  duplicates: Duplicates,
  run: number,
): number => {
  if (!tracker.hasParent(run)) return NO_PARENT;
  let copy = UNKNOWN_PARENT;
  for (const found of lookup.found(tracker.parents, run)) {
    if (found === tracker.starts.at(run)) continue;
    if (duplicates.blockOf(found) < 0) return found;
    copy = found;
  }
  return copy < 0 ? copy : duplicates.keptOf(copy);
};

/** The first record after `index`, unreadable lines passed over. */
const nextRecord = (tracker: LinkTracker, index: number): number => {
  let next = index + 1;
  while (next < tracker.chains.length && tracker.chains.isEmpty(next)) next += 1;
  return next;
};

/** Cuts pieces behind every record that is a parent, so that branches begin at piece ends only. */
const splitAtParents = (tracker: LinkTracker, whole: Columns): Columns => {
  const inner = new Set<number>();
  for (let i = 0; i < whole.starts.length; i += 1) {
    const parent = whole.parents.at(i);
    if (parent < 0) continue;
    const piece = whole.starts.floor(parent);
    if (piece >= 0 && parent < whole.ends.at(piece)) inner.add(parent);
  }
  if (inner.size === 0) return whole;
  const cuts = Int32Array.from(inner).toSorted();
  const columns = emptyColumns();
  let c = 0;
  for (let i = 0; i < whole.starts.length; i += 1) {
    let start = whole.starts.at(i);
    let parent = whole.parents.at(i);
    let run = whole.runs.at(i);
    const end = whole.ends.at(i);
    while (c < cuts.length && (cuts[c] as number) < start) c += 1;
    for (; c < cuts.length && (cuts[c] as number) < end; c += 1) {
      const cut = cuts[c] as number;
      pushPiece(columns, start, cut, parent, run);
      parent = cut;
      start = nextRecord(tracker, cut);
      run = -1;
    }
    pushPiece(columns, start, end, parent, run);
  }
  return columns;
};
