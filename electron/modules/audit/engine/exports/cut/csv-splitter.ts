// Cuts CSV into rows: a line feed inside a quoted field does not end a row (RFC 4180).
import { Carry, MAX_RECORD_BYTES } from '../../lines/splitter.ts';
import type { PieceSink, Splitter } from '../../lines/splitter.ts';

const FEED = 0x0a;
const QUOTE = 0x22;

type State = 'start' | 'plain' | 'quoted' | 'after-quote';

export class CsvSplitter implements Splitter {
  readonly #sink: PieceSink;
  readonly #delimiter: number;
  readonly #carry = new Carry();
  #offset: number;
  #line: number;
  #rowOffset: number;
  #rowLine: number;
  #state: State = 'start';

  /** `delimiter`: one ASCII character. */
  constructor(sink: PieceSink, delimiter: string, offset = 0, line = 1) {
    this.#sink = sink;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#offset = offset;
    this.#line = line;
    this.#rowOffset = offset;
    this.#rowLine = line;
  }

  push(chunk: Buffer): void {
    let from = 0;
    let quote = chunk.indexOf(QUOTE);
    let at = 0;
    while (at < chunk.length) {
      // Rows without a quote need no look at each byte.
      if (this.#state !== 'quoted') {
        if (quote >= 0 && quote < at) quote = chunk.indexOf(QUOTE, at);
        const feed = chunk.indexOf(FEED, at);
        if (feed < 0 && quote < 0) break;
        if (feed >= 0 && (quote < 0 || feed < quote)) {
          this.#row(chunk, from, feed);
          at = feed + 1;
          from = at;
          continue;
        }
      }
      at = this.#scan(chunk, at);
      if (at < chunk.length) {
        this.#row(chunk, from, at);
        at += 1;
        from = at;
      }
    }
    // A row that goes on in the next chunk: its last byte decides whether a quote may open a field there.
    if (at < chunk.length || from < chunk.length) {
      if (at < chunk.length) this.#scan(chunk, at);
      this.#carry.append(chunk, from, chunk.length);
    }
    this.#offset += chunk.length;
  }

  end(): void {
    if (this.#carry.length > 0) this.#emit(this.#carry.finished(), 0, this.#carry.length, false);
  }

  /** Goes on to the line feed that ends the row, or to the end of the chunk. */
  #scan(chunk: Buffer, start: number): number {
    let state = this.#state;
    let at = start;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (state === 'quoted') {
        if (byte === QUOTE) state = 'after-quote';
        else if (byte === FEED) this.#line += 1;
      } else if (byte === FEED) break;
      else if (byte === QUOTE) {
        if (state !== 'plain') state = 'quoted';
      } else state = byte === this.#delimiter ? 'start' : 'plain';
    }
    this.#state = state;
    return at;
  }

  #row(chunk: Buffer, from: number, feed: number): void {
    if (this.#carry.length > 0) {
      this.#carry.append(chunk, from, feed);
      this.#emit(this.#carry.finished(), 0, this.#carry.length, true);
    } else this.#emit(chunk, from, feed, true);
    this.#state = 'start';
    this.#line += 1;
    this.#rowLine = this.#line;
    this.#rowOffset = this.#offset + feed + 1;
  }

  #emit(bytes: Buffer, from: number, to: number, complete: boolean): void {
    const length = to - from;
    if (length > MAX_RECORD_BYTES || this.#carry.isTooLong)
      this.#sink.tooLong(this.#rowOffset, this.#rowLine, length);
    else this.#sink.piece(bytes, from, to, this.#rowOffset, this.#rowLine, complete);
    this.#carry.clear();
  }
}
