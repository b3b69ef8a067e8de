// A checkpoint on disk: one receipt a line, appended and synchronised, so that a kill costs at most the line being written.
import { createReadStream } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { randomBytes } from 'node:crypto';
import { AppError, isAppError } from '../../../../../shared/errors/app-error.ts';
import { readReceipt } from './receipt.ts';
import type { Receipt } from './receipt.ts';
import type { Checkpoint } from './verify-from.ts';

/** A receipt of one part is a few MiB; nothing longer is held in memory. */
const MAX_LINE = 1 << 29;

/** The lines of a file that end in a line feed; none when there is no file. @throws AppError('file.unreadable') */
export async function* linesOfFile(path: string): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
      let chunk = piece as Buffer;
      for (let feed = chunk.indexOf(0x0a); feed >= 0; feed = chunk.indexOf(0x0a)) {
        parts.push(chunk.subarray(0, feed));
        yield Buffer.concat(parts).toString('utf8');
        parts = [];
        size = 0;
        chunk = chunk.subarray(feed + 1);
      }
      size += chunk.length;
      if (size > MAX_LINE)
        throw new AppError('audit.receipt_invalid', { name: basename(path), reason: 'a line is too long' });
      parts.push(chunk);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
}

/** `trusted`: see readReceipt. */
export const openCheckpoint = (path: string, trusted: readonly string[]): Checkpoint => {
  const name = basename(path);
  async function* receipts(): AsyncGenerator<Receipt> {
    for await (const line of linesOfFile(path)) {
      let receipt: Receipt;
      try {
        receipt = readReceipt(name, line, trusted);
      } catch (error) {
        // What was damaged, or written by another version, is verified anew from there on.
        if (isAppError(error) && error.code === 'audit.receipt_invalid') return;
        throw error;
      }
      yield receipt;
    }
  }
  const cannotWrite = (error: unknown): AppError => {
    if (isAppError(error)) return error;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return new AppError('file.cannot_write', { name, reason });
  };
  const write = async (to: string, flags: 'a' | 'wx', lines: AsyncIterable<string>): Promise<void> => {
    const file = await open(to, flags, 0o600);
    try {
      for await (const line of lines) await file.writeFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  };
  return {
    receipts,
    append: async (line) => {
      await write(path, 'a', only(line)).catch((error: unknown) => {
        throw cannotWrite(error);
      });
    },
    keep: async (count) => {
      const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
      try {
        await write(partial, 'wx', first(linesOfFile(path), count));
        await rename(partial, path);
      } catch (error) {
        await unlink(partial).catch(() => undefined);
        throw cannotWrite(error);
      }
    },
  };
};

async function* only(line: string): AsyncGenerator<string> {
  yield line;
}

async function* first(lines: AsyncIterable<string>, count: number): AsyncGenerator<string> {
  let taken = 0;
  if (count === 0) return;
  for await (const line of lines) {
    yield line;
    taken += 1;
    if (taken === count) return;
  }
}
