// Inflates a gzip file member by member, giving everything before a cut or damaged place, and says what was wrong.
import { once } from 'node:events';
import { crc32, createInflateRaw } from 'node:zlib';
import type { InflateRaw } from 'node:zlib';
import type { ByteQueue } from './byte-queue.ts';

/** What is wrong with a compressed file; `at` is an offset in the compressed bytes. */
export interface GzipTrouble {
  /**
   * truncated: the file ends inside a member. damaged: a member can't be inflated further, or its checksum differs.
   * trailing: bytes that are no gzip member follow the last one. padding: the same, but only zero bytes.
   */
  readonly kind: 'truncated' | 'damaged' | 'trailing' | 'padding';
  readonly at: number;
  /** How many bytes follow, for trailing and padding. */
  readonly bytes: number;
}

// Small pieces: what zlib had inflated of the piece that turns out to be damaged is lost.
const PIECE = 16 * 1024;
const MAX_HEADER = 1 << 17;

/**
 * Concatenated members are one text (RFC 1952 section 2.2: rotated logs are often made so). Yields inflated chunks;
 * ends after the first trouble, which `report` is told.
 */
export async function* gunzip(
  input: ByteQueue,
  report: (trouble: GzipTrouble) => void,
): AsyncGenerator<Buffer> {
  for (let member = 0; ; member += 1) {
    const ahead = await input.peek(2);
    if (member > 0 && !isGzip(ahead)) {
      if (ahead.length > 0) report(await measureTrailing(input));
      return;
    }
    const header = await skipHeader(input);
    if (header !== null) {
      report({ kind: header, at: input.position, bytes: 0 });
      return;
    }
    const trouble = yield* inflateMember(input);
    if (trouble !== null) {
      report({ kind: trouble, at: input.position, bytes: 0 });
      return;
    }
  }
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Moves past a member's header (RFC 1952 section 2.3). */
const skipHeader = async (input: ByteQueue): Promise<'truncated' | 'damaged' | null> => {
  for (let want = 10; ; want *= 2) {
    const bytes = await input.peek(want);
    const size = headerSize(bytes);
    if (size === -1) return 'damaged';
    if (size > 0) {
      input.skip(size);
      return null;
    }
    if (bytes.length < want) return 'truncated';
    if (want > MAX_HEADER) return 'damaged';
  }
};

/** Bytes of the header, 0 when more is needed to tell, -1 when it is none. */
const headerSize = (bytes: Buffer): number => {
  if (bytes.length < 10) return 0;
  if (!isGzip(bytes) || bytes[2] !== 8) return -1;
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) {
    if (bytes.length < at + 2) return 0;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const zero = bytes.indexOf(0, at);
    if (zero < 0) return 0;
    at = zero + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  return at > bytes.length ? 0 : at;
};

/** Inflates one member and checks its trailer. */
async function* inflateMember(input: ByteQueue): AsyncGenerator<Buffer, 'truncated' | 'damaged' | null> {
  const inflater = createInflateRaw({ chunkSize: 1 << 18 });
  const inflated: Buffer[] = [];
  const state = { ended: false, failed: false };
  inflater.on('data', (chunk: Buffer) => inflated.push(chunk));
  inflater.on('end', () => (state.ended = true));
  inflater.on('error', () => (state.failed = true));
  let checksum = 0;
  let size = 0;
  let given = 0;
  try {
    while (!state.ended && !state.failed) {
      const piece = await input.take(PIECE);
      given += piece.length;
      if (piece.length > 0) await feed(inflater, piece);
      else await finish(inflater);
      for (const chunk of inflated.splice(0)) {
        checksum = crc32(chunk, checksum);
        size = (size + chunk.length) % 2 ** 32;
        yield chunk;
      }
      // Bytes that the inflater left alone lie after the end of the member.
      const unused = given - inflater.bytesWritten;
      if (!state.failed && (state.ended || (unused > 0 && piece.length > 0))) {
        state.ended = true;
        if (unused > 0) input.unread(piece.subarray(piece.length - unused));
      } else if (piece.length === 0) {
        return 'truncated';
      }
    }
  } finally {
    inflater.destroy();
  }
  if (state.failed) return 'damaged';
  const trailer = await input.peek(8);
  if (trailer.length < 8) return 'truncated';
  const matches = trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === size;
  input.skip(8);
  return matches ? null : 'damaged';
}

/** Resolves when the piece has been worked off, or has failed. */
const feed = (inflater: InflateRaw, piece: Buffer): Promise<void> =>
  new Promise((resolve) => {
    const settle = (): void => {
      inflater.off('error', settle);
      // One turn more, so that 'end' is known when the piece completed the member.
      setImmediate(resolve);
    };
    inflater.once('error', settle);
    inflater.write(piece, settle);
  });

const finish = async (inflater: InflateRaw): Promise<void> => {
  inflater.end();
  // Both outcomes end the stream; which one it was, the listeners have noted.
  await once(inflater, 'close').catch(() => undefined);
};

const measureTrailing = async (input: ByteQueue): Promise<GzipTrouble> => {
  const at = input.position;
  let isPadding = true;
  for (;;) {
    const piece = await input.take(1 << 20);
    if (piece.length === 0) break;
    isPadding &&= piece.every((byte) => byte === 0);
  }
  return { kind: isPadding ? 'padding' : 'trailing', at, bytes: input.position - at };
};
