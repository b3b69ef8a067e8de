// Brings one journal file into memory, inflated where it is gzip or Zstandard as a whole, and digests its stored bytes.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createZstdDecompress } from 'node:zlib';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun } from '../format.ts';
import { asBuffer, ByteQueue } from '../lines/byte-queue.ts';
import { gunzip, isGzip } from '../lines/gunzip.ts';

/** Largest journal that is read, inflated: eight times what journald itself lets a file grow to by default. */
export const MAX_JOURNAL = 1024 * 1024 * 1024;

const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;
const isZstd = (bytes: Uint8Array): boolean => ZSTD_MAGIC.every((byte, i) => bytes[i] === byte);

export interface Loaded {
  readonly bytes: Buffer;
  readonly storedBytes: number;
  /** Of the stored bytes, lower-case hex. */
  readonly sha256: string;
  /** What is wrong with the compression around the journal, in plain words; null = nothing. */
  readonly trouble: string | null;
}

const TROUBLES = {
  truncated: 'the gzip file is cut off',
  damaged: 'the gzip file is damaged',
  trailing: 'bytes that are not gzip follow it',
  padding: null,
} as const;

async function* unzstd(input: ByteQueue, report: (trouble: string) => void): AsyncGenerator<Buffer> {
  const inflater = createZstdDecompress();
  const inflated: Buffer[] = [];
  const state = { ended: false, failed: false };
  inflater.on('data', (chunk: Buffer) => inflated.push(chunk));
  inflater.on('end', () => (state.ended = true));
  inflater.on('error', () => (state.failed = true));
  try {
    while (!state.ended && !state.failed) {
      const piece = await input.take(64 * 1024);
      if (piece.length === 0) {
        inflater.end();
        await once(inflater, 'close').catch(() => undefined);
      } else {
        await new Promise<void>((resolve) => {
          const settle = (): void => {
            inflater.off('error', settle);
            setImmediate(resolve);
          };
          inflater.once('error', settle);
          inflater.write(piece, settle);
        });
      }
      yield* inflated.splice(0);
      if (piece.length === 0) break;
    }
  } finally {
    inflater.destroy();
  }
  if (state.failed) report('the Zstandard file is cut off or damaged');
}

async function* inflate(input: ByteQueue, report: (trouble: string) => void): AsyncGenerator<Buffer> {
  const beginning = await input.peek(4);
  if (isGzip(beginning)) {
    yield* gunzip(input, ({ kind }) => {
      const words = TROUBLES[kind];
      if (words !== null) report(words);
    });
  } else if (isZstd(beginning)) yield* unzstd(input, report);
  else {
    for (;;) {
      const piece = await input.take(1 << 20);
      if (piece.length === 0) return;
      yield piece;
    }
  }
}

/** Grows by doubling, so that at most twice the size is held for a moment. */
class Growing {
  #bytes: Buffer;
  #length = 0;

  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(expected, 64 * 1024));
  }

  push(piece: Buffer): void {
    if (this.#length + piece.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(
        Math.min(MAX_JOURNAL, Math.max(this.#length + piece.length, this.#bytes.length * 2)),
      );
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#length);
    this.#length += piece.length;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

/**
 * `advanced` is told of stored bytes as they are read. Throws what the source throws, AppError('job.cancelled'), and
 * AppError('audit.format_mismatch') for a journal of more than {@link MAX_JOURNAL} bytes.
 */
export const loadJournal = async (
  file: SourceFile,
  format: string,
  signal: EngineRun['signal'],
  advanced: (storedBytes: number) => void,
): Promise<Loaded> => {
  const digest = createHash('sha256');
  let storedBytes = 0;
  async function* stored(): AsyncGenerator<Buffer> {
    for await (const chunk of file.open()) {
      throwIfCancelled(signal);
      digest.update(chunk);
      storedBytes += chunk.length;
      advanced(chunk.length);
      if (chunk.length > 0) yield asBuffer(chunk);
    }
  }
  const chunks = stored();
  const troubles: string[] = [];
  const tooLarge = (): AppError =>
    new AppError('audit.format_mismatch', {
      name: file.name,
      format,
      reason: 'journals of more than 1 GiB are not read',
    });
  const all = new Growing(Math.min(file.bytes, MAX_JOURNAL));
  try {
    const queue = new ByteQueue(chunks);
    for await (const piece of inflate(queue, (trouble) => troubles.push(trouble))) {
      if (all.length + piece.length > MAX_JOURNAL) throw tooLarge();
      all.push(piece);
    }
    // A reader of the inflated text may stop early; the digest is of the whole file.
    while ((await queue.take(1 << 20)).length > 0) throwIfCancelled(signal);
  } finally {
    await chunks.return(undefined);
  }
  return { bytes: all.bytes, storedBytes, sha256: digest.digest('hex'), trouble: troubles[0] ?? null };
};

/** The first inflated bytes, 4 KiB at most; looks at the first 64 KiB of the file only. */
export const beginningOf = async (file: SourceFile): Promise<Buffer> => {
  const chunks = file.open({ start: 0, end: Math.min(file.bytes, 64 * 1024) })[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of inflate(new ByteQueue(chunks), () => undefined)) {
      parts.push(piece);
      size += piece.length;
      if (size >= 4096) break;
    }
  } finally {
    await chunks.return?.();
  }
  return Buffer.concat(parts).subarray(0, 4096);
};
