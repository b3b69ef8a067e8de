// Cuts a JSON array `[ {...}, {...} ]` into its elements without holding it.
import { Carry } from './splitter.ts';
import type { PieceSink, Splitter } from './splitter.ts';

// What a byte means for the bounds of an element: 0 = nothing.
const OPEN = 1;
const CLOSE = 2;
const QUOTE = 3;
const COMMA = 4;
const FEED = 5;
const CLASS = new Uint8Array(256);
CLASS[0x7b] = OPEN;
CLASS[0x5b] = OPEN;
CLASS[0x7d] = CLOSE;
CLASS[0x5d] = CLOSE;
CLASS[0x22] = QUOTE;
CLASS[0x2c] = COMMA;
CLASS[0x0a] = FEED;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Element bounds only; whether an element is JSON is for its reader to say. */
export class ArraySplitter implements Splitter {
  readonly #sink: PieceSink;
  readonly #carry = new Carry();
  readonly #trailing: (offset: number, bytes: number) => void;
  #offset: number;
  #line: number;
  #state: 'before' | 'between' | 'element' | 'after';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #elementOffset = 0;
  #elementLine = 0;
  #junkAt = -1;
  #isClosed = false;

  /**
   * `start` null: the text begins before the array. Else the splitter begins at an element, at that offset and line.
   * `trailing` is told of bytes after the array that aren't whitespace.
   */
  constructor(
    sink: PieceSink,
    start: { readonly offset: number; readonly line: number } | null,
    trailing: (offset: number, bytes: number) => void,
  ) {
    this.#sink = sink;
    this.#trailing = trailing;
    this.#offset = start?.offset ?? 0;
    this.#line = start?.line ?? 1;
    this.#state = start === null ? 'before' : 'between';
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#state === 'element' ? this.#scanElement(chunk, at) : this.#scanOutside(chunk, at);
    }
    this.#offset += chunk.length;
  }

  end(): void {
    if (this.#state === 'element') this.#emit(this.#carry.length, false);
    if (this.#junkAt >= 0) this.#trailing(this.#junkAt, this.#offset - this.#junkAt);
  }

  #scanOutside(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length) {
      const byte = chunk[at] as number;
      if (byte === 0x0a) this.#line += 1;
      if (this.#state === 'between' && !isSpace(byte) && byte !== 0x2c && byte !== 0x5d) {
        this.#state = 'element';
        this.#elementOffset = this.#offset + at;
        this.#elementLine = this.#line;
        return at;
      }
      if (this.#state === 'after' && !isSpace(byte) && this.#junkAt < 0) this.#junkAt = this.#offset + at;
      if (this.#state === 'before' && byte === 0x5b) this.#state = 'between';
      else if (this.#state === 'between' && byte === 0x5d) {
        this.#state = 'after';
        this.#isClosed = true;
      }
      at += 1;
    }
    return at;
  }

  #scanElement(chunk: Buffer, start: number): number {
    let at = start;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === 0x5c) this.#escaped = true;
        else if (byte === 0x22) this.#inString = false;
        else if (byte === 0x0a) this.#line += 1;
        continue;
      }
      const kind = CLASS[byte];
      if (kind === 0) continue;
      if (kind === FEED) this.#line += 1;
      else if (kind === QUOTE) this.#inString = true;
      else if (kind === OPEN) this.#depth += 1;
      else if (this.#depth > 0) this.#depth -= kind === CLOSE ? 1 : 0;
      // A stray `}` belongs to the (malformed) element.
      else if (byte !== 0x7d) break;
    }
    this.#carry.append(chunk, start, at);
    if (at === chunk.length) return at;
    // A comma or the closing bracket of the array ends the element; it is worked off outside.
    this.#emit(this.#carry.length, true);
    return at;
  }

  #emit(length: number, complete: boolean): void {
    const carry = this.#carry;
    if (carry.isTooLong) this.#sink.tooLong(this.#elementOffset, this.#elementLine, length);
    else {
      const bytes = carry.finished();
      let end = length;
      while (end > 0 && isSpace(bytes[end - 1] as number)) end -= 1;
      this.#sink.piece(bytes, 0, end, this.#elementOffset, this.#elementLine, complete);
    }
    carry.clear();
    this.#state = 'between';
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
  }
}
