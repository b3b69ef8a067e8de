// The text of one log file: inflates gzip on the way, digests the stored bytes, and notices when they are not all there.
import { createHash } from 'node:crypto';
import type { SourceFile } from '../../../../ports/source.ts';
import { asBuffer, ByteQueue } from './byte-queue.ts';
import { gunzip, isGzip } from './gunzip.ts';
import type { GzipTrouble } from './gunzip.ts';

export class TextStream {
  readonly #file: SourceFile;
  readonly #digest = createHash('sha256');
  readonly #troubles: GzipTrouble[] = [];
  /** Stored (compressed) bytes read so far. */
  storedBytes = 0;
  /** Known after the first chunk. */
  isCompressed = false;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  get troubles(): readonly GzipTrouble[] {
    return this.#troubles;
  }

  /** The plain text in chunks. Reads the file to its end even where inflating stops, so that the digest is whole. */
  async *chunks(): AsyncGenerator<Buffer> {
    const stored = this.#stored();
    try {
      const queue = new ByteQueue(stored);
      this.isCompressed = isGzip(await queue.peek(2));
      if (this.isCompressed) yield* gunzip(queue, (trouble) => this.#troubles.push(trouble));
      for (;;) {
        const chunk = await queue.take(1 << 20);
        if (chunk.length === 0) return;
        if (!this.isCompressed) yield chunk;
      }
    } finally {
      // The queue pulls by hand: a reader that stops early must still close the file.
      await stored.return(undefined);
    }
  }

  /** SHA-256 of the stored bytes, lower-case hex; call once, after the last chunk. */
  sha256(): string {
    return this.#digest.digest('hex');
  }

  async *#stored(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#file.open()) {
      this.#digest.update(chunk);
      this.storedBytes += chunk.length;
      if (chunk.length > 0) yield asBuffer(chunk);
    }
  }
}
