// Bounds the memory of columns: full pages beyond a limit wait, encrypted, in a temporary file that has no name any more.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../../../shared/errors/app-error.ts';

/** Bytes of pages that stay in memory: the columns of a million records. */
export const RESIDENT_BYTES = 24 * 1024 * 1024;

const AES_BLOCK = 16;

export interface Page {
  /** null while it waits in the file. */
  buffer: ArrayBuffer | null;
  readonly bytes: number;
  /** Where it stands in the file, -1 = not written yet. */
  at: number;
}

/** One per verification; `close` gives the file back. */
export class PagePool {
  readonly #limit: number;
  // In the order in which they came: columns are filled and scanned from front to back.
  readonly #resident = new Set<Page>();
  #residentBytes = 0;
  #descriptor: number | null = null;
  readonly #key = randomBytes(32);
  #staging = Buffer.alloc(0);
  #fileBytes = 0;

  /** `limit`: bytes of full pages kept in memory. */
  constructor(limit = RESIDENT_BYTES) {
    this.#limit = limit;
  }

  /** Bytes written to the temporary file so far. */
  get spilledBytes(): number {
    return this.#fileBytes;
  }

  /** Takes charge of a page that won't change any more. @throws AppError('file.cannot_write') */
  admit(page: Page): void {
    this.#resident.add(page);
    this.#residentBytes += page.bytes;
    for (const oldest of this.#resident) {
      if (this.#residentBytes <= this.#limit || oldest === page) return;
      this.#evict(oldest);
    }
  }

  /** The bytes of a page that was put away. @throws AppError('file.unreadable') */
  load(page: Page): ArrayBuffer {
    if (this.#staging.length < page.bytes) this.#staging = Buffer.alloc(page.bytes);
    const stored = this.#staging.subarray(0, page.bytes);
    if (
      this.#descriptor === null ||
      readSync(this.#descriptor, stored, 0, page.bytes, page.at) !== page.bytes
    ) {
      throw new AppError('file.unreadable', { name: 'temporary file', reason: 'it was cut' });
    }
    const plain = createDecipheriv('aes-256-ctr', this.#key, counterAt(page.at)).update(stored);
    const buffer = new ArrayBuffer(page.bytes);
    Buffer.from(buffer).set(plain);
    free(plain.buffer, plain.length);
    page.buffer = buffer;
    this.admit(page);
    return buffer;
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
    this.#resident.clear();
    this.#residentBytes = 0;
  }

  #evict(page: Page): void {
    if (page.at < 0 && page.buffer !== null) {
      page.at = this.#fileBytes;
      const sealed = createCipheriv('aes-256-ctr', this.#key, counterAt(page.at)).update(
        Buffer.from(page.buffer),
      );
      try {
        this.#descriptor ??= openNameless();
        writeSync(this.#descriptor, sealed, 0, sealed.length, page.at);
      } catch (error) {
        const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        throw new AppError('file.cannot_write', { name: 'temporary file', reason });
      }
      this.#fileBytes += page.bytes;
      free(sealed.buffer, sealed.length);
    }
    if (page.buffer !== null) free(page.buffer, page.bytes);
    page.buffer = null;
    this.#resident.delete(page);
    this.#residentBytes -= page.bytes;
  }
}

/**
 * Gives memory back at once: left to the collector, pages that come and go would pile up to many times the limit. Views
 * of the buffer have no length any more, by which their owners see that the page must be loaded again.
 */
const free = (buffer: ArrayBufferLike, bytes: number): void => {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes) buffer.transfer(0);
};

/** Each place of the file has its own counter blocks, so no two pages share any of the key stream. */
const counterAt = (at: number): Buffer => {
  const counter = Buffer.alloc(AES_BLOCK);
  counter.writeBigUInt64BE(BigInt(at / AES_BLOCK), 8);
  return counter;
};

/** Its name is gone before its first byte is written, so that nothing is left behind even by a crash. */
const openNameless = (): number => {
  const path = join(tmpdir(), `probity-${randomBytes(8).toString('hex')}.pages`);
  const descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return descriptor;
};
