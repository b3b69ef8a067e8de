// Cuts JSON objects that are written over several lines, one after the other, as `jq` and evtx_dump print them.
import { Carry } from '../../lines/splitter.ts';
import type { PieceSink, Splitter } from '../../lines/splitter.ts';

const FEED = 0x0a;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === FEED || byte === 0x0d || byte === 0x09;

/** A line of evtx_dump between two records. */
const RECORD_LINE = /^Record \d+\s*$/u;

export class ObjectSplitter implements Splitter {
  readonly #sink: PieceSink;
  readonly #carry = new Carry();
  #offset: number;
  #line: number;
  #state: 'between' | 'object' | 'stray' = 'between';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #isLineStart = true;
  #pieceOffset = 0;
  #pieceLine = 0;

  constructor(sink: PieceSink, offset = 0, line = 1) {
    this.#sink = sink;
    this.#offset = offset;
    this.#line = line;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#state === 'between') {
        if (!isSpace(byte) && byte !== 0x2c) {
          this.#begin(byte === 0x7b ? 'object' : 'stray', this.#offset + at);
          from = at;
          if (byte === 0x7b) this.#depth = 1;
        }
      } else if (this.#state === 'stray') {
        if (byte === FEED) this.#finish(chunk, from, at, true);
      } else if (byte === 0x7b && this.#isLineStart && this.#depth > 0) {
        // Printers indent what is inside: an object at the margin is the next one, and this one was never closed.
        this.#finish(chunk, from, at, true);
        this.#begin('object', this.#offset + at);
        from = at;
        this.#depth = 1;
      } else if (this.#inObject(byte)) {
        this.#finish(chunk, from, at + 1, true);
      }
      if (byte === FEED) this.#line += 1;
      this.#isLineStart = byte === FEED;
    }
    if (this.#state !== 'between') this.#carry.append(chunk, from, chunk.length);
    this.#offset += chunk.length;
  }

  end(): void {
    if (this.#state !== 'between') this.#emit(this.#state === 'stray');
  }

  /** true when the byte closes the object. A line break ends any string: JSON has none inside. */
  #inObject(byte: number): boolean {
    if (this.#inString) {
      if (byte === FEED) this.#inString = false;
      else if (this.#escaped) this.#escaped = false;
      else if (byte === 0x5c) this.#escaped = true;
      else if (byte === 0x22) this.#inString = false;
      return false;
    }
    if (byte === 0x22) {
      this.#inString = true;
      this.#escaped = false;
    } else if (byte === 0x7b || byte === 0x5b) this.#depth += 1;
    else if (byte === 0x7d || byte === 0x5d) this.#depth -= 1;
    return this.#depth === 0;
  }

  #begin(state: 'object' | 'stray', offset: number): void {
    this.#state = state;
    this.#pieceOffset = offset;
    this.#pieceLine = this.#line;
    this.#inString = false;
  }

  #finish(chunk: Buffer, from: number, to: number, complete: boolean): void {
    this.#carry.append(chunk, from, to);
    this.#emit(complete);
  }

  #emit(complete: boolean): void {
    const carry = this.#carry;
    if (carry.isTooLong) this.#sink.tooLong(this.#pieceOffset, this.#pieceLine, carry.length);
    else {
      const bytes = carry.finished();
      const isNote =
        this.#state === 'stray' && RECORD_LINE.test(bytes.toString('latin1', 0, Math.min(carry.length, 64)));
      if (!isNote) this.#sink.piece(bytes, 0, carry.length, this.#pieceOffset, this.#pieceLine, complete);
    }
    carry.clear();
    this.#state = 'between';
    this.#depth = 0;
  }
}
