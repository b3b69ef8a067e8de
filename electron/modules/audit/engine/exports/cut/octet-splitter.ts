// Cuts octet-counted syslog (RFC 6587 section 3.4.1): `LENGTH SP MESSAGE`, one directly behind the other.
import { Carry } from '../../lines/splitter.ts';
import type { PieceSink, Splitter } from '../../lines/splitter.ts';

const FEED = 0x0a;
const SPACE = 0x20;
const MAX_DIGITS = 8;

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

export class OctetSplitter implements Splitter {
  readonly #sink: PieceSink;
  readonly #carry = new Carry();
  #offset: number;
  #line: number;
  #state: 'count' | 'message' | 'stray' = 'count';
  #digits = '';
  #left = 0;
  #pieceOffset: number;
  #pieceLine: number;

  constructor(sink: PieceSink, offset = 0, line = 1) {
    this.#sink = sink;
    this.#offset = offset;
    this.#line = line;
    this.#pieceOffset = offset;
    this.#pieceLine = line;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
    this.#offset += chunk.length;
  }

  end(): void {
    // A count without its message, or a message shorter than its count: the file ends too early.
    if (this.#carry.length > 0) this.#emit(false);
  }

  #step(chunk: Buffer, at: number): number {
    if (this.#state === 'message') return this.#take(chunk, at);
    if (this.#state === 'stray') return this.#stray(chunk, at);
    const byte = chunk[at] as number;
    if (this.#digits === '') {
      this.#pieceOffset = this.#offset + at;
      this.#pieceLine = this.#line;
    }
    if (this.#digits === '' && (byte === FEED || byte === 0x0d || byte === SPACE)) {
      if (byte === FEED) this.#line += 1;
      return at + 1;
    }
    if (isDigit(byte) && this.#digits.length < MAX_DIGITS) {
      this.#digits += String.fromCharCode(byte);
      this.#carry.append(chunk, at, at + 1);
      return at + 1;
    }
    if (byte === SPACE && Number(this.#digits) > 0) {
      this.#left = Number(this.#digits);
      this.#state = 'message';
      // The count is no part of the message, though the place of the message is where it begins.
      this.#carry.clear();
      return at + 1;
    }
    this.#state = 'stray';
    return at;
  }

  #take(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#carry.append(chunk, at, end);
    for (let feed = chunk.indexOf(FEED, at); feed >= 0 && feed < end; feed = chunk.indexOf(FEED, feed + 1))
      this.#line += 1;
    this.#left -= end - at;
    if (this.#left === 0) this.#emit(true);
    return end;
  }

  /** What has no count goes on to the end of its line. */
  #stray(chunk: Buffer, at: number): number {
    const feed = chunk.indexOf(FEED, at);
    const end = feed < 0 ? chunk.length : feed;
    this.#carry.append(chunk, at, end);
    if (feed < 0) return end;
    this.#line += 1;
    this.#emit(true);
    return feed + 1;
  }

  #emit(complete: boolean): void {
    const carry = this.#carry;
    if (carry.isTooLong) this.#sink.tooLong(this.#pieceOffset, this.#pieceLine, carry.length);
    else this.#sink.piece(carry.finished(), 0, carry.length, this.#pieceOffset, this.#pieceLine, complete);
    carry.clear();
    this.#state = 'count';
    this.#digits = '';
  }
}
