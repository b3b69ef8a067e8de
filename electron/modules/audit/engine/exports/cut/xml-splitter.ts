// Cuts XML into its events, the elements of one name, without holding more than one; what stands between is looked at too.
import { Carry } from '../../lines/splitter.ts';
import type { PieceSink, Splitter } from '../../lines/splitter.ts';

/** A tag longer than this is no tag. */
const MAX_TAG = 1 << 20;
const CDATA = '<![CDATA[';
const LONGEST_OPENING = CDATA.length;
const FEED = 0x0a;
const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;

/** Offset of the `>` that ends a tag; one inside an attribute value doesn't. -1 when it has not come. */
const endOfTag = (bytes: Buffer, from: number): number => {
  let quote = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === 0x22 || byte === 0x27) quote = byte;
    else if (byte === GT) return at;
  }
  return -1;
};

/** A document type may hold declarations in brackets. -1 when its end has not come. */
const endOfDeclaration = (bytes: Buffer, lt: number): number => {
  const end = bytes.indexOf(GT, lt);
  const bracket = bytes.indexOf(0x5b, lt);
  if (end < 0 || bracket < 0 || bracket > end) return end;
  const close = bytes.indexOf(0x5d, bracket);
  return close < 0 ? -1 : bytes.indexOf(GT, close);
};

/** Whether a tag is of the element `name`, whatever its prefix. */
const isNamed = (bytes: Buffer, lt: number, name: Buffer): boolean => {
  let from = lt + (bytes[lt + 1] === SLASH ? 2 : 1);
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0x3a) from = at + 1;
    else if (byte <= 0x20 || byte === SLASH || byte === GT) break;
  }
  if (at - from !== name.length) return false;
  for (let i = 0; i < name.length; i += 1) if (bytes[from + i] !== name[i]) return false;
  return true;
};

type TagKind = 'open' | 'close' | 'empty';

const kindOf = (bytes: Buffer, lt: number, end: number): TagKind =>
  bytes[lt + 1] === SLASH ? 'close' : bytes[end - 1] === SLASH ? 'empty' : 'open';

export class XmlSplitter implements Splitter {
  readonly #sink: PieceSink;
  readonly #item: Buffer;
  readonly #carry = new Carry();
  #pending: Buffer = Buffer.alloc(0);
  /** Of the first byte that is not worked off. */
  #offset: number;
  #line: number;
  #pieceOffset = 0;
  #pieceLine = 0;
  /** Where the piece begins in the data at hand; what came before is carried. -1 outside of a piece. */
  #start = -1;
  #nextFeed = -1;
  #depth = 0;
  #container = 0;
  /** What ends the comment, instruction or CDATA section that is being passed. */
  #until: string | null = null;
  #startTag = '';

  /** `item`: the name of the elements to cut out, without prefix. */
  constructor(sink: PieceSink, item: string, offset = 0, line = 1) {
    this.#sink = sink;
    this.#item = Buffer.from(item);
    this.#offset = offset;
    this.#line = line;
  }

  /** Whether every element that was opened around the events was closed. */
  get isClosed(): boolean {
    return this.#container <= 0;
  }

  push(chunk: Buffer): void {
    this.#work(this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]), false);
  }

  end(): void {
    const data = this.#pending;
    this.#work(data, true);
    this.#flush(data, data.length, false);
  }

  #work(data: Buffer, isLast: boolean): void {
    this.#nextFeed = data.indexOf(FEED);
    let at = 0;
    while (at < data.length) {
      const next =
        this.#until === null ? this.#tag(data, at, isLast) : this.#pass(data, at, this.#until, isLast);
      if (next < 0) break;
      at = next;
    }
    if (isLast) return;
    if (this.#start >= 0) {
      this.#carry.append(data, this.#start, at);
      this.#start = 0;
    }
    this.#pending = Buffer.from(data.subarray(at));
  }

  /** Passes what no tag can stand in. -1 when its end has not come. */
  #pass(data: Buffer, at: number, until: string, isLast: boolean): number {
    const found = data.indexOf(until, at);
    const end = found >= 0 ? found + until.length : isLast ? data.length : data.length - until.length + 1;
    if (end <= at) return -1;
    this.#note(data, at, end);
    if (found >= 0) this.#until = null;
    return end;
  }

  #tag(data: Buffer, at: number, isLast: boolean): number {
    const lt = data.indexOf(LT, at);
    const before = lt < 0 ? data.length : lt;
    if (before > at) {
      this.#text(data, at, before);
      return before;
    }
    if (data.length - lt < LONGEST_OPENING && !isLast) return -1;
    const second = data[lt + 1];
    if (second === 0x21 || second === 0x3f) return this.#special(data, lt, isLast);
    const end = endOfTag(data, lt);
    if (end < 0) return this.#unended(data, lt, isLast);
    this.#element(data, lt, end);
    return end + 1;
  }

  /** Comments, CDATA sections, instructions and declarations. */
  #special(data: Buffer, lt: number, isLast: boolean): number {
    const opening = data.toString('latin1', lt, lt + LONGEST_OPENING);
    if (opening.startsWith('<!--')) return this.#enter(data, lt, 4, '-->');
    if (opening.startsWith('<?')) return this.#enter(data, lt, 2, '?>');
    if (opening === CDATA) {
      if (this.#depth > 0) return this.#enter(data, lt, LONGEST_OPENING, ']]>');
      this.#text(data, lt, lt + 1);
      return lt + 1;
    }
    const end = endOfDeclaration(data, lt);
    if (end < 0) return this.#unended(data, lt, isLast);
    // A piece of its own, which its reader refuses.
    if (this.#depth === 0) this.#flush(data, lt, true);
    this.#keep(data, lt, end + 1);
    if (this.#depth === 0) this.#flush(data, end + 1, true);
    return end + 1;
  }

  /** A tag whose end has not come; one that is longer than any tag is text. */
  #unended(data: Buffer, lt: number, isLast: boolean): number {
    if (!isLast && data.length - lt <= MAX_TAG) return -1;
    this.#text(data, lt, lt + 1);
    return lt + 1;
  }

  #enter(data: Buffer, lt: number, length: number, until: string): number {
    this.#note(data, lt, lt + length);
    this.#until = until;
    return lt + length;
  }

  #element(data: Buffer, lt: number, end: number): void {
    const isItem = isNamed(data, lt, this.#item);
    if (this.#depth > 0 && !isItem) {
      this.#keep(data, lt, end + 1);
      return;
    }
    const kind = kindOf(data, lt, end);
    if (this.#depth === 0) this.#outside(data, lt, end, isItem, kind);
    else this.#inside(data, lt, end, kind);
  }

  #outside(data: Buffer, lt: number, end: number, isItem: boolean, kind: TagKind): void {
    this.#flush(data, lt, true);
    if (!isItem || kind === 'close') {
      this.#container += kind === 'open' ? 1 : kind === 'close' ? -1 : 0;
      this.#leave(data, lt, end + 1);
      return;
    }
    this.#startTag = data.toString('latin1', lt, end + 1);
    this.#keep(data, lt, end + 1);
    if (kind === 'empty') this.#flush(data, end + 1, true);
    else this.#depth = 1;
  }

  /** A tag of the item's name inside an item. */
  #inside(data: Buffer, lt: number, end: number, kind: TagKind): void {
    if (
      kind === 'open' &&
      this.#startTag.includes('xmlns') &&
      data.toString('latin1', lt, end + 1) === this.#startTag
    ) {
      // The same tag with its namespace again: the event before it was never closed.
      this.#depth = 0;
      this.#flush(data, lt, true);
      this.#keep(data, lt, end + 1);
      this.#depth = 1;
      return;
    }
    this.#keep(data, lt, end + 1);
    this.#depth += kind === 'open' ? 1 : kind === 'close' ? -1 : 0;
    if (this.#depth === 0) this.#flush(data, end + 1, true);
  }

  /** Text: inside an event a part of it, outside nothing unless it is more than blanks; then it is a piece of its own. */
  #text(data: Buffer, from: number, to: number): void {
    const isOpen = this.#start >= 0 || this.#depth > 0;
    if (!isOpen && data.toString('latin1', from, to).trim() === '') this.#leave(data, from, to);
    else this.#keep(data, from, to);
  }

  /** A comment, instruction or CDATA section: part of an event, nothing between events. */
  #note(data: Buffer, from: number, to: number): void {
    if (this.#depth > 0) this.#keep(data, from, to);
    else {
      this.#flush(data, from, true);
      this.#leave(data, from, to);
    }
  }

  #keep(data: Buffer, from: number, to: number): void {
    if (this.#start < 0) {
      this.#start = from;
      this.#pieceOffset = this.#offset;
      this.#pieceLine = this.#line;
    }
    this.#leave(data, from, to);
  }

  #leave(data: Buffer, from: number, to: number): void {
    this.#offset += to - from;
    while (this.#nextFeed >= 0 && this.#nextFeed < to) {
      this.#line += 1;
      this.#nextFeed = data.indexOf(FEED, this.#nextFeed + 1);
    }
  }

  #flush(data: Buffer, to: number, complete: boolean): void {
    if (this.#start < 0) return;
    const carry = this.#carry;
    carry.append(data, this.#start, to);
    this.#start = -1;
    if (carry.isTooLong) this.#sink.tooLong(this.#pieceOffset, this.#pieceLine, carry.length);
    else this.#sink.piece(carry.finished(), 0, carry.length, this.#pieceOffset, this.#pieceLine, complete);
    carry.clear();
  }
}
