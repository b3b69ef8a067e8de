// The content of a DATA object: as it stands, or inflated where journald compressed it (LZ4 block, Zstandard; XZ is not read).
import { zstdDecompressSync } from 'node:zlib';

const XZ = 1;
const LZ4 = 2;
const ZSTD = 4;

/** Largest content that is inflated, in bytes; journald's own limit for one field is 768 MiB. */
export const MAX_INFLATED = 64 * 1024 * 1024;

export type Payload =
  | { readonly bytes: Buffer }
  /** damaged: it can't be what journald wrote. unread: it may be, but can't be inflated here; `why` in plain words. */
  | { readonly problem: 'damaged' | 'unread'; readonly why: string };

/**
 * One LZ4 block (lz4_Block_format.md) of exactly `size` bytes; null when it is none.
 */
export const inflateLz4 = (block: Buffer, size: number): Buffer | null => {
  const out = Buffer.alloc(size);
  let at = 0;
  let to = 0;
  const length = (nibble: number): number => {
    let value = nibble;
    if (nibble !== 15) return value;
    for (;;) {
      const more = block[at];
      if (more === undefined) return Number.POSITIVE_INFINITY;
      at += 1;
      value += more;
      if (more !== 255) return value;
    }
  };
  while (at < block.length) {
    const token = block[at] as number;
    at += 1;
    const literals = length(token >> 4);
    if (at + literals > block.length || to + literals > size) return null;
    block.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at === block.length) break;
    if (at + 2 > block.length) return null;
    const distance = block.readUInt16LE(at);
    at += 2;
    const match = length(token & 15) + 4;
    if (distance === 0 || distance > to || to + match > size) return null;
    for (let i = 0; i < match; i += 1, to += 1) out[to] = out[to - distance] as number;
  }
  return to === size ? out : null;
};

const lz4 = (stored: Buffer): Payload => {
  if (stored.length < 9) return { problem: 'damaged', why: 'it is too short for LZ4' };
  const size = Number(stored.readBigUInt64LE(0));
  // A byte of LZ4 stands for 255 bytes at most.
  if (size > stored.length * 256) return { problem: 'damaged', why: 'its LZ4 size can not be true' };
  if (size > MAX_INFLATED) return { problem: 'unread', why: 'it would inflate to more than 64 MiB' };
  const bytes = inflateLz4(stored.subarray(8), size);
  return bytes === null ? { problem: 'damaged', why: 'it is no whole LZ4 block' } : { bytes };
};

const zstd = (stored: Buffer): Payload => {
  try {
    return { bytes: zstdDecompressSync(stored, { maxOutputLength: MAX_INFLATED }) };
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    return isTooLarge
      ? { problem: 'unread', why: 'it would inflate to more than 64 MiB' }
      : { problem: 'damaged', why: 'it can not be inflated as Zstandard' };
  }
};

/** `flags`: of the object, one compression at most. */
export const inflatePayload = (stored: Buffer, flags: number): Payload => {
  if (flags === 0) return { bytes: stored };
  if (flags === LZ4) return lz4(stored);
  if (flags === ZSTD) return zstd(stored);
  if (flags === XZ) return { problem: 'unread', why: 'it is compressed with XZ, which is not read here' };
  return { problem: 'damaged', why: 'its flags name no single compression' };
};
