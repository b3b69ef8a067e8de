// Which records of a path stand elsewhere in the file than in the chain: the fewest whose moving back restores the order.
import type { Pieces } from './chain-pieces.ts';

/** Records of the file, `index` to `index + count - 1`. */
export interface Interval {
  readonly index: number;
  readonly count: number;
}

interface Part {
  readonly piece: number;
  readonly length: number;
  /** Position of its first record among the path's records: in the chain, and in the file. */
  readonly inChain: number;
  inFile: number;
}

/**
 * The displaced parts of one path (pieces in chain order). Keeps the parts of the longest series that stands in the
 * right order, by records; among equally long ones, those with more records at their own place.
 */
export const displacedIn = (pieces: Pieces, path: readonly number[]): { displaced: Interval[]; isReversed: boolean } => {
  const none = { displaced: [], isReversed: false };
  if (path.every((piece, i) => i === 0 || pieces.starts.at(piece) > pieces.starts.at(path[i - 1] ?? 0))) return none;
  const parts = partsOf(pieces, path);
  const byFile = parts.toSorted((a, b) => pieces.starts.at(a.piece) - pieces.starts.at(b.piece));
  let position = 0;
  for (const part of byFile) {
    part.inFile = position;
    position += part.length;
  }
  const isReversed = parts.length > 2 && byFile.every((part, i) => part === parts[parts.length - 1 - i]);
  const moved = isReversed ? new Set(parts) : movedParts(parts, byFile);
  if (!isReversed) addSwapped(byFile, moved);
  const displaced = byFile
    .filter((part) => moved.has(part))
    .map(({ piece, length }) => ({ index: pieces.starts.at(piece), count: length }));
  return { displaced, isReversed };
};

const partsOf = (pieces: Pieces, path: readonly number[]): Part[] => {
  let position = 0;
  return path.map((piece) => {
    const length = pieces.ends.at(piece) - pieces.starts.at(piece) + 1;
    const part = { piece, length, inChain: position, inFile: 0 };
    position += length;
    return part;
  });
};

/** All parts but those of the heaviest series that increases in both orders (Fenwick tree over the file order). */
const movedParts = (parts: readonly Part[], byFile: readonly Part[]): Set<Part> => {
  const rank = new Map(byFile.map((part, i) => [part, i + 1]));
  const unit = parts.reduce((sum, part) => sum + part.length, 1);
  const weight = new Float64Array(parts.length);
  const before = new Int32Array(parts.length).fill(-1);
  // Tree node -> the part with the heaviest series among the ranks it covers.
  const tree = new Int32Array(parts.length + 1).fill(-1);
  const heavier = (a: number, b: number): number => {
    if (a < 0 || b < 0) return Math.max(a, b);
    return (weight[b] as number) > (weight[a] as number) ? b : a;
  };
  let best = -1;
  for (const [i, part] of parts.entries()) {
    const own = rank.get(part) ?? 1;
    let previous = -1;
    for (let node = own - 1; node > 0; node -= node & -node) previous = heavier(previous, tree[node] as number);
    // Records at their own place break ties only: one more record in order outweighs all of them.
    const gain = part.length * unit + (part.inChain === part.inFile ? part.length : 0);
    weight[i] = gain + (previous < 0 ? 0 : (weight[previous] as number));
    before[i] = previous;
    for (let node = own; node <= parts.length; node += node & -node) tree[node] = heavier(tree[node] as number, i);
    best = heavier(best, i);
  }
  const moved = new Set(parts);
  for (let i = best; i >= 0; i = before[i] as number) moved.delete(parts[i] as Part);
  return moved;
};

/**
 * Where a moved series has merely changed places with an equally long one beside it, nothing says which of the two was
 * moved: both are named.
 */
const addSwapped = (byFile: readonly Part[], moved: Set<Part>): void => {
  const series = inSeries(byFile, moved);
  for (const [i, one] of series.entries()) {
    if (!one.isMoved || one.shift === null) continue;
    for (const other of [series[i - 1], series[i + 1]]) {
      if (other === undefined || other.isMoved) continue;
      const near = partsBeside(one, other);
      if (near === null) continue;
      for (const part of near) moved.add(part);
    }
  }
};

interface Series {
  readonly parts: Part[];
  readonly isMoved: boolean;
  length: number;
  /** How far its records would move, the same for all; null when it differs. */
  shift: number | null;
}

/** Neighbouring parts that are alike: kept ones together, moved ones together where they move equally far. */
const inSeries = (byFile: readonly Part[], moved: ReadonlySet<Part>): Series[] => {
  const series: Series[] = [];
  for (const part of byFile) {
    const isMoved = moved.has(part);
    const shift = part.inChain - part.inFile;
    const last = series.at(-1);
    if (last !== undefined && last.isMoved === isMoved && (!isMoved || last.shift === shift)) {
      last.parts.push(part);
      last.length += part.length;
      if (last.shift !== shift) last.shift = null;
    } else {
      series.push({ parts: [part], isMoved, length: part.length, shift });
    }
  }
  return series;
};

/** The parts of the kept neighbour that changed places with the moved series, or null. */
const partsBeside = (one: Series, other: Series): readonly Part[] | null => {
  const shift = one.shift ?? 0;
  if (Math.abs(shift) !== one.length) return null;
  const first = one.parts[0];
  const neighbour = other.parts[0];
  if (first === undefined || neighbour === undefined) return null;
  const isAfter = neighbour.inFile > first.inFile;
  if (isAfter !== shift > 0) return null;
  const parts = isAfter ? other.parts : other.parts.toReversed();
  const taken: Part[] = [];
  let length = 0;
  for (const part of parts) {
    if (part.inChain - part.inFile !== -shift || length + part.length > one.length) return null;
    taken.push(part);
    length += part.length;
    if (length === one.length) return taken;
  }
  return null;
};

/** Neighbouring intervals as one. */
export const mergeIntervals = (intervals: readonly Interval[]): Interval[] => {
  const merged: Interval[] = [];
  for (const { index, count } of intervals.toSorted((a, b) => a.index - b.index)) {
    const last = merged.at(-1);
    if (last !== undefined && last.index + last.count === index) {
      merged[merged.length - 1] = { index: last.index, count: last.count + count };
    } else {
      merged.push({ index, count });
    }
  }
  return merged;
};
