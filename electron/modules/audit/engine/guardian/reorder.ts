// Which records of a path stand elsewhere in the file than in the chain: the fewest whose moving back restores the order.
import type { Pieces } from './chain-pieces.ts';

/** Records of the file, `index` to `index + count - 1`. */
export interface Interval {
  readonly index: number;
  readonly count: number;
}

/**
 * One path as columns; a part is one of its pieces. Pieces are numbered in the order of the file, so sorting their
 * numbers gives the file order.
 */
interface Parts {
  /** Pieces in the order of the file. */
  readonly byFile: Int32Array;
  /** For each part in file order: its place among the parts in the chain, and the inverse. */
  readonly chainRank: Int32Array;
  readonly fileRank: Int32Array;
  /** For each part in file order: records, and the position of its first record in the chain and in the file. */
  readonly length: Int32Array;
  readonly inChain: Int32Array;
  readonly inFile: Int32Array;
}

/**
 * The displaced parts of one path (pieces in chain order). Keeps the parts of the longest series that stands in the
 * right order, by records; among equally long ones, those with more records at their own place.
 */
export const displacedIn = (
  pieces: Pieces,
  path: readonly number[],
): { readonly displaced: readonly Interval[]; readonly isReversed: boolean } => {
  const none = { displaced: [], isReversed: false };
  if (path.every((piece, i) => i === 0 || piece > (path[i - 1] as number))) return none;
  const isReversed = path.length > 2 && path.every((piece, i) => i === 0 || piece < (path[i - 1] as number));
  if (isReversed) return { displaced: mergeIntervals(intervalsOf(pieces, path.toReversed())), isReversed };
  const parts = partsOf(pieces, path);
  const moved = movedParts(parts);
  addSwapped(parts, moved);
  const displaced = parts.byFile.filter((_piece, i) => moved[i] === 1);
  return { displaced: mergeIntervals(intervalsOf(pieces, displaced)), isReversed };
};

function* intervalsOf(pieces: Pieces, chosen: Iterable<number>): Generator<Interval> {
  for (const piece of chosen) {
    const index = pieces.starts.at(piece);
    yield { index, count: pieces.ends.at(piece) - index + 1 };
  }
}

const partsOf = (pieces: Pieces, path: readonly number[]): Parts => {
  const count = path.length;
  const byFile = Int32Array.from(path).toSorted();
  const fileRank = new Int32Array(count);
  const chainRank = new Int32Array(count);
  const length = new Int32Array(count);
  const inChain = new Int32Array(count);
  const inFile = new Int32Array(count);
  let position = 0;
  for (let file = 0; file < count; file += 1) {
    const piece = byFile[file] as number;
    length[file] = pieces.ends.at(piece) - pieces.starts.at(piece) + 1;
    inFile[file] = position;
    position += length[file] as number;
  }
  position = 0;
  for (let chain = 0; chain < count; chain += 1) {
    const file = rankOf(byFile, path[chain] as number);
    fileRank[chain] = file;
    chainRank[file] = chain;
    inChain[file] = position;
    position += length[file] as number;
  }
  return { byFile, chainRank, fileRank, length, inChain, inFile };
};

/** Position of a value in an ascending array that holds it. */
const rankOf = (ascending: Int32Array, value: number): number => {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Marks (1) all parts but those of the heaviest series that increases in both orders; Fenwick tree over the file order. */
const movedParts = (parts: Parts): Uint8Array => {
  const count = parts.byFile.length;
  const unit = parts.length.reduce((sum, length) => sum + length, 1);
  const weight = new Float64Array(count);
  const before = new Int32Array(count).fill(-1);
  // Tree node -> the part with the heaviest series among the ranks it covers.
  const tree = new Int32Array(count + 1).fill(-1);
  const heavier = (a: number, b: number): number => {
    if (a < 0 || b < 0) return Math.max(a, b);
    return (weight[b] as number) > (weight[a] as number) ? b : a;
  };
  let best = -1;
  for (let chain = 0; chain < count; chain += 1) {
    const part = parts.fileRank[chain] as number;
    let previous = -1;
    for (let node = part; node > 0; node -= node & -node) previous = heavier(previous, tree[node] as number);
    const length = parts.length[part] as number;
    // Records at their own place break ties only: one more record in order outweighs all of them.
    const gain = length * unit + (parts.inChain[part] === parts.inFile[part] ? length : 0);
    weight[part] = gain + (previous < 0 ? 0 : (weight[previous] as number));
    before[part] = previous;
    for (let node = part + 1; node <= count; node += node & -node)
      tree[node] = heavier(tree[node] as number, part);
    best = heavier(best, part);
  }
  const moved = new Uint8Array(count).fill(1);
  for (let part = best; part >= 0; part = before[part] as number) moved[part] = 0;
  return moved;
};

/**
 * Where a moved series has merely changed places with an equally long one beside it, nothing says which of the two was
 * moved: both are named.
 */
const addSwapped = (parts: Parts, moved: Uint8Array): void => {
  const count = moved.length;
  const wasMoved = moved.slice();
  const shiftOf = (part: number): number => (parts.inChain[part] as number) - (parts.inFile[part] as number);
  let from = 0;
  while (from < count) {
    const shift = shiftOf(from);
    let to = from;
    let records = 0;
    while (to < count && wasMoved[to] === wasMoved[from] && shiftOf(to) === shift) {
      records += parts.length[to] as number;
      to += 1;
    }
    if (wasMoved[from] === 1 && Math.abs(shift) === records) {
      const step = shift > 0 ? 1 : -1;
      markPartner(step > 0 ? to : from - 1, step);
    }
    from = to;
  }

  /** Marks the kept parts from `part` on, in direction `step`, when together they are the other half of the swap. */
  function markPartner(part: number, step: number): void {
    const shift = shiftOf(part - step);
    let left = Math.abs(shift);
    let end = part;
    while (left > 0 && end >= 0 && end < count && wasMoved[end] === 0 && shiftOf(end) === -shift) {
      left -= parts.length[end] as number;
      end += step;
    }
    if (left !== 0) return;
    for (let at = part; at !== end; at += step) moved[at] = 1;
  }
};

/** Neighbouring intervals as one. */
export const mergeIntervals = (intervals: Iterable<Interval>): readonly Interval[] => {
  const merged: { index: number; count: number }[] = [];
  for (const { index, count } of intervals) {
    const last = merged.at(-1);
    if (last !== undefined && last.index + last.count === index) last.count += count;
    else merged.push({ index, count });
  }
  return merged;
};
