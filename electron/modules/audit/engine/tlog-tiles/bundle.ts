// Reads entry bundles and hash tiles: entries become leaf hashes, and what doesn't fit is said.
import { leafHash } from '../../../../../shared/chain/merkle.ts';
import { readSmall } from '../merkle/small-file.ts';
import { sha256 } from '../merkle/sha256.ts';
import { tilePath, WIDTH } from './layout.ts';
import type { Leaves, TileFile, TileStyle } from './layout.ts';

export const HASH_BYTES = 32;
/** 256 entries of at most 65,535 bytes with their lengths. */
const BUNDLE_BYTES = WIDTH * (2 + 65_535);

/** Bytes [start, end) of each entry in a bundle; stops where a length runs past the end. */
export const entryBounds = (bundle: Buffer): readonly (readonly [start: number, end: number])[] => {
  const bounds: (readonly [number, number])[] = [];
  let at = 0;
  while (at + 2 <= bundle.length) {
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length) break;
    bounds.push([at + 2, end]);
    at = end;
  }
  return bounds;
};

/** The leaf hashes of a bundle. @throws AppError('audit.format_mismatch') for an impossible size. */
export const readBundle = async ({ file, width }: TileFile): Promise<Leaves> => {
  const bytes = await readSmall(file, 'tlog-tiles', BUNDLE_BYTES + 1);
  const bounds = entryBounds(bytes);
  const hashes = bounds.map(([start, end]) => Buffer.from(leafHash(sha256, bytes.subarray(start, end))));
  const end = bounds.at(-1)?.[1] ?? 0;
  const path = file.name;
  if (end < bytes.length && hashes.length >= width) {
    const words = `${bytes.length - end} bytes follow its ${hashes.length} entries`;
    return { path, hashes, problem: { kind: 'TRAILING_DATA', words } };
  }
  if (end < bytes.length) {
    const words = `the entry after the ${hashes.length} whole ones is cut off`;
    return { path, hashes, problem: { kind: 'TRUNCATED', words } };
  }
  if (hashes.length === width) return { path, hashes, problem: null };
  const words = `it holds ${hashes.length} entries, and its name says ${width}`;
  return { path, hashes, problem: { kind: hashes.length < width ? 'TRUNCATED' : 'TRAILING_DATA', words } };
};

/** The hashes of a tile. @throws AppError('audit.format_mismatch') for an impossible size. */
export const readTile = async ({ file, width }: TileFile, format: string): Promise<Leaves> => {
  const bytes = await readSmall(file, format, WIDTH * HASH_BYTES * 4);
  const hashes: Buffer[] = [];
  for (let at = 0; at + HASH_BYTES <= bytes.length && hashes.length < width; at += HASH_BYTES)
    hashes.push(bytes.subarray(at, at + HASH_BYTES));
  const path = file.name;
  if (bytes.length === width * HASH_BYTES) return { path, hashes, problem: null };
  const words = `it holds ${bytes.length} bytes, and ${width} hashes are ${width * HASH_BYTES}`;
  const kind = bytes.length < width * HASH_BYTES ? 'TRUNCATED' : 'TRAILING_DATA';
  return { path, hashes, problem: { kind, words } };
};

/** c2sp.org/tlog-tiles. */
export const C2SP_TILES: TileStyle = { format: 'tlog-tiles', pathOf: tilePath, readEntries: readBundle };
