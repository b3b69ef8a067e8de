// Which tiles and bundles a log of a given size must have, and which of them are not there.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { WIDTH } from './layout.ts';
import type { TileFile, TileLog } from './layout.ts';

/** More holes than this are counted in the last one. */
const MOST_HOLES = 1000;

const holesOf = (present: ReadonlyMap<number, unknown>, count: number): (readonly [number, number])[] => {
  const holes: (readonly [number, number])[] = [];
  let next = 0;
  for (const index of [...present.keys()].toSorted((a, b) => a - b)) {
    if (index >= count) break;
    if (index > next) holes.push([next, index]);
    next = index + 1;
  }
  if (next < count) holes.push([next, count]);
  return holes.slice(0, MOST_HOLES);
};

const isEmpty = (map: ReadonlyMap<number, readonly TileFile[]> | undefined): boolean =>
  map === undefined || map.size === 0;

const finding = (
  log: TileLog,
  level: number | 'entries',
  [from, to]: readonly [number, number],
  size: number,
  firstIndex: number,
): Finding => {
  const span = level === 'entries' ? WIDTH : WIDTH ** (level + 1);
  const nodes = level === 'entries' ? size : Math.floor(size / WIDTH ** level);
  const widthAt = (index: number): number => Math.min(WIDTH, nodes - index * WIDTH);
  const pathAt = (index: number): string => log.prefix + log.style.pathOf(level, index, widthAt(index));
  const first = from * span;
  const last = Math.min(size, to * span) - 1;
  const what = level === 'entries' ? 'bundle of entries' : `hash tile of level ${level}`;
  const many = to - from > 1 ? `${to - from} files, up to ${pathAt(to - 1)}: ` : '';
  const message = `${pathAt(from)} is missing (${many}${what}), for the entries ${firstIndex + first} to ${firstIndex + last}.`;
  const at = { index: firstIndex + first, count: last - first + 1, path: pathAt(from) };
  return {
    kind: 'GAP',
    verdict: 'GAP',
    ...at,
    between: [String(firstIndex + first), String(firstIndex + last)],
    message,
  };
};

/** One finding for each run of missing files; one for all entries where none was handed over. */
export const missingTiles = (log: TileLog, size: number, firstIndex: number): Finding[] => {
  const findings: Finding[] = [];
  if (size === 0) return findings;
  if (isEmpty(log.entries)) {
    const path = `${log.prefix}${log.style.pathOf('entries', 0, WIDTH)}`;
    const message =
      'The entries themselves were not handed over, only their hashes: what they say can not be checked.';
    findings.push({ kind: 'GAP', verdict: 'UNVERIFIABLE', path, message });
  } else {
    const holes = holesOf(log.entries, Math.ceil(size / WIDTH));
    findings.push(...holes.map((hole) => finding(log, 'entries', hole, size, firstIndex)));
  }
  if (log.tiles.every(isEmpty)) {
    const path = `${log.prefix}${log.style.pathOf(0, 0, WIDTH)}`;
    const message =
      'No hash tiles were handed over: the tree was built from the entries alone, which is enough where a checkpoint covers them.';
    return [...findings, { kind: 'GAP', path, message }];
  }
  for (let level = 0; WIDTH ** level <= size; level += 1) {
    const tiles = Math.ceil(Math.floor(size / WIDTH ** level) / WIDTH);
    const holes = holesOf(log.tiles[level] ?? new Map<number, unknown>(), tiles);
    findings.push(...holes.map((hole) => finding(log, level, hole, size, firstIndex)));
  }
  return findings;
};
