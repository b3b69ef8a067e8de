// Reads small pieces all over a large file in pages, keeps the last pages, and refuses pages that are not what they were.
import { AppError } from '../../../../shared/errors/app-error.ts';
import { blockDigest } from './block-digests.ts';
import { BLOCK_DIGEST_BYTES } from './index-format.ts';

export interface PagedParts {
  readonly bytes: number;
  /** 1 MiB for encrypted files, whose chunks are of that size; `BLOCK_BYTES` for files with digests. */
  readonly pageBytes: number;
  open(start: number, end: number): AsyncIterable<Uint8Array>;
  /** Digests of the pages one after another; null where the file authenticates itself. */
  readonly digests: Buffer | null;
  /** For the error. */
  readonly name: string;
}

const KEPT_BYTES = 12_582_912;

export class PagedFile {
  readonly #parts: PagedParts;
  readonly #pages = new Map<number, Buffer>();

  constructor(parts: PagedParts) {
    this.#parts = parts;
  }

  get bytes(): number {
    return this.#parts.bytes;
  }

  /** @throws AppError file.digest_differs, and what the file throws. */
  async read(start: number, end: number): Promise<Buffer> {
    const { pageBytes, bytes } = this.#parts;
    const stop = Math.min(end, bytes);
    const pieces: Buffer[] = [];
    for (let at = start; at < stop;) {
      const page = Math.floor(at / pageBytes);
      const content = await this.#page(page);
      const from = at - page * pageBytes;
      const to = Math.min(content.length, stop - page * pageBytes);
      if (to <= from) break;
      pieces.push(content.subarray(from, to));
      at = page * pageBytes + to;
    }
    const [only, ...others] = pieces;
    return only !== undefined && others.length === 0 ? only : Buffer.concat(pieces);
  }

  async #page(page: number): Promise<Buffer> {
    const known = this.#pages.get(page);
    if (known !== undefined) {
      this.#pages.delete(page);
      this.#pages.set(page, known);
      return known;
    }
    const { pageBytes, bytes, digests, name } = this.#parts;
    const parts: Uint8Array[] = [];
    const start = page * pageBytes;
    for await (const chunk of this.#parts.open(start, Math.min(bytes, start + pageBytes))) parts.push(chunk);
    const content = Buffer.concat(parts);
    if (digests !== null) {
      const at = page * BLOCK_DIGEST_BYTES;
      if (!blockDigest(content).equals(digests.subarray(at, at + BLOCK_DIGEST_BYTES)))
        throw new AppError('file.digest_differs', { name });
    }
    this.#pages.set(page, content);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size * pageBytes > KEPT_BYTES && oldest !== undefined) this.#pages.delete(oldest);
    return content;
  }
}

/** An encrypted file in pages of its own chunks. */
export const BLOB_PAGE = 1_048_576;
