// Inflates exactly one gzip member (RFC 1952) and says what stands after it, how many bytes it took, and what is wrong.
import { createHash, hash } from 'node:crypto';
import { once } from 'node:events';
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { InflateRaw } from 'node:zlib';
import type { SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import { gzipHeaderLength, looksLikeJson } from './gzip-header.ts';

/** A file no larger than this is inflated in one call, four times as fast as a stream. Bytes, compressed. */
const WHOLE_BYTES = 1024 * 1024;
/** Inflated bytes up to which one call may go; beyond, the stream takes over. */
const WHOLE_INFLATED_BYTES = 16 * 1024 * 1024;
const TRAILER_BYTES = 8;
/** A gzip header with its optional file name and comment is short; this much of it is looked at. */
const HEADER_BYTES = 64 * 1024;

/**
 * truncated = the data ends before it should; corrupt = not deflate data, or its checksum differs; too-large = inflates
 * beyond the cap and was given up; not-gzip = neither gzip nor JSON text.
 */
export type GzipProblem = 'truncated' | 'corrupt' | 'too-large' | 'not-gzip';

export interface Inflated {
  /** SHA-256 of the file as stored, lower-case hex. */
  readonly storedSha256: string;
  readonly storedBytes: number;
  /** SHA-256 of the inflated bytes, lower-case hex; null when they could not be had to the end. */
  readonly sha256: string | null;
  readonly inflatedBytes: number;
  /** Bytes after the end of the first gzip member: 0 in a genuine object. */
  readonly trailing: number;
  /** True when the file is not compressed: a browser or an unpacking tool inflated it already. */
  readonly plain: boolean;
  readonly problem: GzipProblem | null;
}

export interface InflateOptions {
  /** Inflated bytes beyond which the file is given up. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Gets the inflated bytes in pieces, in order. */
  readonly onData?: (piece: Uint8Array) => void;
  /** Gets the size of each stored piece that was read. */
  readonly onRead?: (bytes: number) => void;
}

const trailerFits = (trailer: Uint8Array, crc: number, inflatedBytes: number): boolean => {
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER_BYTES);
  return view.getUint32(0, true) === crc && view.getUint32(4, true) === inflatedBytes % 2 ** 32;
};

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const inflateProblem = (error: unknown): GzipProblem => {
  const code = errorCode(error);
  if (code === 'Z_BUF_ERROR') return 'truncated';
  if (code.startsWith('Z_')) return 'corrupt';
  throw error;
};

type Outcome = Omit<Inflated, 'storedSha256' | 'storedBytes'>;
const failed = (problem: GzipProblem, inflatedBytes = 0): Outcome => ({
  sha256: null,
  inflatedBytes,
  trailing: 0,
  plain: false,
  problem,
});

/** Checks the trailer of a member that inflated to the end; `after` is everything behind the deflate data. */
const finished = (
  sha256: string,
  inflatedBytes: number,
  crc: number,
  trailer: Uint8Array,
  afterBytes: number,
): Outcome => {
  if (afterBytes < TRAILER_BYTES) return failed('truncated', inflatedBytes);
  const problem = trailerFits(trailer, crc, inflatedBytes) ? null : 'corrupt';
  return { sha256, inflatedBytes, trailing: afterBytes - TRAILER_BYTES, plain: false, problem };
};

/** With `info` zlib also gives its engine, which knows how many input bytes the member took; Node's typings don't say so. */
const isWithEngine = (result: unknown): result is { readonly buffer: Buffer; readonly engine: InflateRaw } =>
  typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result;

/** Null = larger than one call may inflate. */
const inflateWhole = (stored: Buffer, options: InflateOptions): Outcome | null => {
  const header = gzipHeaderLength(stored);
  if (header < 0) {
    if (!looksLikeJson(stored)) return failed('not-gzip');
    options.onData?.(stored);
    return {
      sha256: hash('sha256', stored, 'hex'),
      inflatedBytes: stored.length,
      trailing: 0,
      plain: true,
      problem: null,
    };
  }
  if (header === 0) return failed('truncated');
  const body = stored.subarray(header);
  // The trailer's size field is only a hint for the output buffer: a wrong one costs time, never correctness.
  const hint = stored.length >= 4 ? stored.readUInt32LE(stored.length - 4) : 0;
  const maxOutputLength = Math.min(options.maxBytes, WHOLE_INFLATED_BYTES);
  const chunkSize = Math.max(4096, Math.min(hint + 64, maxOutputLength, body.length * 1032));
  let inflated: Buffer;
  let used: number;
  try {
    const result: unknown = inflateRawSync(body, { chunkSize, maxOutputLength, info: true });
    if (!isWithEngine(result)) throw new TypeError('zlib gave no engine');
    inflated = result.buffer;
    used = result.engine.bytesWritten;
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') return null;
    return failed(inflateProblem(error));
  }
  options.onData?.(inflated);
  return finished(
    hash('sha256', inflated, 'hex'),
    inflated.length,
    crc32(inflated),
    body.subarray(used),
    body.length - used,
  );
};

const readWhole = async (file: SourceFile, options: InflateOptions): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.open()) {
    throwIfCancelled(options.signal);
    options.onRead?.(piece.length);
    pieces.push(piece);
  }
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined
    ? Buffer.from(only.buffer, only.byteOffset, only.length)
    : Buffer.concat(pieces);
};

/** Collects what comes out of the inflater. */
class Sink {
  readonly digest = createHash('sha256');
  bytes = 0;
  crc = 0;
  tooLarge = false;
  readonly options: InflateOptions;
  constructor(options: InflateOptions) {
    this.options = options;
  }
  take(piece: Uint8Array): void {
    if (this.tooLarge) return;
    this.bytes += piece.length;
    if (this.bytes > this.options.maxBytes) {
      this.tooLarge = true;
      return;
    }
    this.digest.update(piece);
    this.crc = crc32(piece, this.crc);
    this.options.onData?.(piece);
  }
}

const feed = async (inflater: InflateRaw, piece: Uint8Array, ended: Promise<void>): Promise<void> => {
  if (!inflater.write(piece)) await Promise.race([once(inflater, 'drain'), ended]);
};

const inflateStream = async (file: SourceFile, options: InflateOptions): Promise<Inflated> => {
  const stored = createHash('sha256');
  let storedBytes = 0;
  const sink = new Sink(options);
  const inflater = createInflateRaw({ chunkSize: 256 * 1024, finishFlush: constants.Z_FINISH });
  let problem: GzipProblem | null = null;
  let memberEnded = false;
  const ended = new Promise<void>((done) => {
    inflater.on('data', (piece: Buffer) => {
      sink.take(piece);
      if (sink.tooLarge) inflater.destroy();
    });
    inflater.once('end', () => {
      memberEnded = true;
      done();
    });
    inflater.once('error', (error) => {
      problem = inflateProblem(error);
      done();
    });
    inflater.once('close', done);
  });
  const live = (): boolean => !memberEnded && problem === null && !sink.tooLarge;

  let start: Buffer | null = Buffer.alloc(0);
  let header = 0;
  let plain = false;
  for await (const piece of file.open()) {
    throwIfCancelled(options.signal);
    options.onRead?.(piece.length);
    stored.update(piece);
    storedBytes += piece.length;
    if (start !== null) {
      start = Buffer.concat([start, piece]);
      header = gzipHeaderLength(start);
      if (header === 0 && start.length < HEADER_BYTES) continue;
      plain = header < 0 && looksLikeJson(start);
      if (header > 0) await feed(inflater, start.subarray(header), ended);
      else if (plain) sink.take(start);
      else problem = header < 0 ? 'not-gzip' : 'corrupt';
      start = null;
    } else if (plain) {
      sink.take(piece);
    } else if (live()) {
      await feed(inflater, piece, ended);
    }
  }
  const files = { storedSha256: stored.digest('hex'), storedBytes };
  if (start !== null) problem = 'truncated';
  if (header > 0 && live()) {
    inflater.end();
    await ended;
  }
  inflater.destroy();
  if (sink.tooLarge) return { ...files, ...failed('too-large', sink.bytes) };
  if (problem !== null) return { ...files, ...failed(problem, sink.bytes) };
  const sha256 = sink.digest.digest('hex');
  if (plain) return { ...files, sha256, inflatedBytes: sink.bytes, trailing: 0, plain: true, problem: null };
  const after = header + inflater.bytesWritten;
  const trailer = Buffer.concat(
    await Array.fromAsync(file.open({ start: after, end: after + TRAILER_BYTES })),
  );
  return { ...files, ...finished(sha256, sink.bytes, sink.crc, trailer, storedBytes - after) };
};

/**
 * Reads one object, plain or gzip, once. Never holds more than 16 MiB of it; gives up beyond `maxBytes` inflated.
 * There is no separate check of the compression ratio: deflate can't exceed 1032:1, so the cap alone bounds the work.
 * @throws whatever the source throws (AppError file.*), and AppError('job.cancelled').
 */
export const inflateObject = async (file: SourceFile, options: InflateOptions): Promise<Inflated> => {
  if (file.bytes > WHOLE_BYTES) return inflateStream(file, options);
  const stored = await readWhole(file, options);
  const outcome = inflateWhole(stored, options);
  if (outcome === null) return inflateStream(file, { ...options, onRead: () => undefined });
  return { storedSha256: hash('sha256', stored, 'hex'), storedBytes: stored.length, ...outcome };
};
