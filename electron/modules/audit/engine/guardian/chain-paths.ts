// Joins pieces into a forest by their parents and takes it apart into paths: the longest way first, branches after.
import { IntColumn } from '../lines/columns.ts';
import type { Pieces } from './chain-pieces.ts';
import { UNKNOWN_PARENT } from './chain-pieces.ts';

/** Pieces in chain order. */
export interface ChainPath {
  readonly pieces: readonly number[];
  /** The record that the path hangs off as a second child; -1 for a path that begins a chain. */
  readonly forkOf: number;
}

export interface ChainPaths {
  /** Paths that begin a chain, in the order of the file. */
  readonly chains: readonly ChainPath[];
  readonly branches: readonly ChainPath[];
  /** Pieces whose parents form a circle: only stored hashes that fit nothing can do that. */
  readonly brokenCircles: ReadonlySet<number>;
}

/** Which of two children continues the chain when both branches are equally long: negative for the first. */
export type Preference = (a: number, b: number) => number;

export const findPaths = (pieces: Pieces, prefer: Preference): ChainPaths => {
  const count = pieces.starts.length;
  const parentPiece = new Int32Array(count).fill(-1);
  const firstChild = new Int32Array(count).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  const roots = new IntColumn();
  // From the back, so that children are listed in the order of the file.
  for (let piece = count - 1; piece >= 0; piece -= 1) {
    const parent = pieces.parents.at(piece);
    const parentAt = parent < 0 ? -1 : pieces.starts.floor(parent);
    if (parentAt < 0) continue;
    parentPiece[piece] = parentAt;
    nextSibling[piece] = firstChild[parentAt] as number;
    firstChild[parentAt] = piece;
  }
  for (let piece = 0; piece < count; piece += 1) if (parentPiece[piece] === -1) roots.push(piece);

  const visited = new Uint8Array(count);
  const order = new IntColumn();
  const visit = (root: number): void => {
    const stack = [root];
    for (let piece = stack.pop(); piece !== undefined; piece = stack.pop()) {
      if (visited[piece] === 1) continue;
      visited[piece] = 1;
      order.push(piece);
      for (let child = firstChild[piece] as number; child >= 0; child = nextSibling[child] as number)
        stack.push(child);
    }
  };
  for (let i = 0; i < roots.length; i += 1) visit(roots.at(i));
  const brokenCircles = new Set<number>();
  for (let piece = 0; piece < count; piece += 1) {
    if (visited[piece] === 1) continue;
    brokenCircles.add(piece);
    parentPiece[piece] = -1;
    roots.push(piece);
    visit(piece);
  }

  // Records on the longest way down from each piece, and the child it goes through.
  const longest = new Float64Array(count);
  const through = new Int32Array(count).fill(-1);
  for (let i = order.length - 1; i >= 0; i -= 1) {
    const piece = order.at(i);
    let best = -1;
    for (let child = firstChild[piece] as number; child >= 0; child = nextSibling[child] as number) {
      if (parentPiece[child] !== piece) continue;
      const gain = best < 0 ? 1 : (longest[child] as number) - (longest[best] as number);
      if (gain > 0 || (gain === 0 && prefer(child, best) < 0)) best = child;
    }
    through[piece] = best;
    longest[piece] =
      pieces.ends.at(piece) - pieces.starts.at(piece) + 1 + (best < 0 ? 0 : (longest[best] as number));
  }

  const chains: ChainPath[] = [];
  const branches: ChainPath[] = [];
  const follow = (start: number): number[] => {
    const path: number[] = [];
    for (let piece = start; piece >= 0; piece = through[piece] as number) path.push(piece);
    return path;
  };
  for (let i = 0; i < order.length; i += 1) {
    const piece = order.at(i);
    const parent = parentPiece[piece] as number;
    if (parent < 0) chains.push({ pieces: follow(piece), forkOf: -1 });
    else if (through[parent] !== piece)
      branches.push({ pieces: follow(piece), forkOf: pieces.parents.at(piece) });
  }
  const startOf = (path: ChainPath): number => pieces.starts.at(path.pieces[0] ?? 0);
  return {
    chains: chains.toSorted((a, b) => startOf(a) - startOf(b)),
    branches: branches.toSorted((a, b) => startOf(a) - startOf(b)),
    brokenCircles,
  };
};

/** Whether a path's first piece names a parent that the log doesn't hold. */
export const beginsUnknown = (pieces: Pieces, path: ChainPath, paths: ChainPaths): boolean => {
  const first = path.pieces[0] ?? 0;
  return pieces.parents.at(first) === UNKNOWN_PARENT || paths.brokenCircles.has(first);
};
