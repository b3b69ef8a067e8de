// What the two ways of cutting a text into records have in common.

/** Longer lines are skipped without being held in memory: no logger writes them, and they could fill it. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

export interface PieceSink {
  /**
   * One line or array element: `bytes[start, end)`, valid only during the call. The byte at `end` exists and ends any
   * JSON token. `offset` counts bytes from the start of the text, `line` from 1. `complete` is false for a last line
   * without line feed, or an element that the end of the file cuts off.
   */
  piece(bytes: Buffer, start: number, end: number, offset: number, line: number, complete: boolean): void;
  /** A piece longer than {@link MAX_RECORD_BYTES}; `length` in bytes. */
  tooLong(offset: number, line: number, length: number): void;
}

export interface Splitter {
  push(chunk: Buffer): void;
  end(): void;
}

const LINE_FEED = 0x0a;

/** Collects a piece that is spread over chunks; forgets its bytes, not its length, once it is too long. */
export class Carry {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 16);
  /** Length of the piece so far, counted on when too long. */
  length = 0;

  get isTooLong(): boolean {
    return this.length > MAX_RECORD_BYTES;
  }

  append(chunk: Buffer, start: number, end: number): void {
    const before = this.length;
    this.length += end - start;
    if (this.isTooLong) return;
    if (this.length + 1 > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length + 1, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, before);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, before, start, end);
  }

  /** The collected bytes followed by a line feed; `length` is without it. */
  finished(): Buffer {
    this.#bytes[this.length] = LINE_FEED;
    return this.#bytes;
  }

  clear(): void {
    this.length = 0;
    if (this.#bytes.length > 1 << 20) this.#bytes = Buffer.allocUnsafe(1 << 16);
  }
}
