// Cuts a text at line feeds, and only there: U+2028, NEL and the like stay inside their line as in Python's file reading.
import { Carry, MAX_RECORD_BYTES } from './splitter.ts';
import type { PieceSink, Splitter } from './splitter.ts';

const LINE_FEED = 0x0a;

export class LineSplitter implements Splitter {
  readonly #sink: PieceSink;
  readonly #carry = new Carry();
  #offset: number;
  #line: number;

  /** `offset` and `line`: where the first byte pushed stands in the text. */
  constructor(sink: PieceSink, offset = 0, line = 1) {
    this.#sink = sink;
    this.#offset = offset;
    this.#line = line;
  }

  /** The line of the next byte. */
  get line(): number {
    return this.#line;
  }

  push(chunk: Buffer): void {
    let at = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, at);
      if (end < 0) break;
      if (this.#carry.length > 0) {
        this.#carry.append(chunk, at, end);
        this.#flush(true);
      } else {
        this.#emit(chunk, at, end);
      }
      at = end + 1;
      this.#offset += 1;
      this.#line += 1;
    }
    if (at < chunk.length) this.#carry.append(chunk, at, chunk.length);
  }

  end(): void {
    if (this.#carry.length > 0) this.#flush(false);
  }

  #emit(chunk: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length > MAX_RECORD_BYTES) this.#sink.tooLong(this.#offset, this.#line, length);
    else this.#sink.piece(chunk, start, end, this.#offset, this.#line, true);
    this.#offset += length;
  }

  #flush(complete: boolean): void {
    const carry = this.#carry;
    if (carry.isTooLong) this.#sink.tooLong(this.#offset, this.#line, carry.length);
    else this.#sink.piece(carry.finished(), 0, carry.length, this.#offset, this.#line, complete);
    this.#offset += carry.length;
    carry.clear();
  }
}
