// Digests of the blocks of a file that stays outside of the workspace: whatever is read of it later is checked against them.
import { hash } from 'node:crypto';
import type { SourceFile } from '../../../ports/source.ts';
import { BLOCK_BYTES, BLOCK_DIGEST_BYTES } from './index-format.ts';

/** The first 16 bytes of SHA-256. */
export const blockDigest = (block: Uint8Array): Buffer =>
  hash('sha256', block, 'buffer').subarray(0, BLOCK_DIGEST_BYTES);

/** Cuts what streams by into blocks and keeps the digest of each. */
export class BlockDigests {
  readonly #digests: Buffer[] = [];
  readonly #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #filled = 0;
  #bytes = 0;

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      // Whole blocks, which are nearly all, are not copied.
      if (this.#filled === 0 && chunk.length - at >= BLOCK_BYTES) {
        this.#digests.push(Buffer.from(blockDigest(chunk.subarray(at, at + BLOCK_BYTES))));
        at += BLOCK_BYTES;
        continue;
      }
      const length = Math.min(chunk.length - at, BLOCK_BYTES - this.#filled);
      this.#block.set(chunk.subarray(at, at + length), this.#filled);
      this.#filled += length;
      at += length;
      if (this.#filled === BLOCK_BYTES) this.#flush();
    }
  }

  #flush(): void {
    this.#digests.push(Buffer.from(blockDigest(this.#block.subarray(0, this.#filled))));
    this.#filled = 0;
  }

  finish(): { bytes: number; digests: string } {
    if (this.#filled > 0) this.#flush();
    return { bytes: this.#bytes, digests: Buffer.concat(this.#digests).toString('base64') };
  }
}

/** The same file; all that is read of it also goes through the digests. Meant for one reading from the start. */
export const watchedFile = (file: SourceFile, blocks: BlockDigests): SourceFile => ({
  ...file,
  open: async function* open() {
    for await (const chunk of file.open()) {
      blocks.push(chunk);
      yield chunk;
    }
  },
});
