// Second pass: writes a scanned record as Python's json.dumps(sort_keys=True) would, from bytes to bytes.
import { pythonFloat } from '../../../../../shared/chain/python-text.ts';
import {
  bytesAre,
  DICT_SORTED,
  DICT_UNSORTED,
  JsonScanner,
  LIST,
  NUMBER_CODED,
  STRING_CODED,
  STRING_PLAIN,
  TOKEN,
  VERBATIM,
} from './json-bytes.ts';
import { KeyOrder } from './key-order.ts';

const HEX = new TextEncoder().encode('0123456789abcdef');

// What `\x` stands for, 0 = no such escape; \u is handled apart.
const ESCAPE_VALUE = new Uint8Array(256);
for (const [letter, value] of Object.entries({
  '"': 0x22,
  '\\': 0x5c,
  '/': 0x2f,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
})) {
  ESCAPE_VALUE[letter.charCodeAt(0)] = value;
}
// The letter of the two-character escape that Python writes for a byte, 0 = none.
const SHORT_ESCAPE = new Uint8Array(256);
for (const [value, letter] of Object.entries({
  0x22: '"',
  0x5c: '\\',
  8: 'b',
  12: 'f',
  10: 'n',
  13: 'r',
  9: 't',
})) {
  SHORT_ESCAPE[Number(value)] = letter.charCodeAt(0);
}

/** Where a top-level member that isn't hashed stands: token kind and span (a string's without quotes); kind 0 = absent. */
export interface MemberSpan {
  kind: number;
  start: number;
  end: number;
}

/** Writes the canonical form of one record at a time; {@link CanonicalWriter} says how. */
export type Canonicaliser = Pick<CanonicalWriter, 'spans' | 'watched' | 'read' | 'canonical'>;

/**
 * Writes the canonical form of one record at a time into a buffer of its own. `false` from {@link CanonicalWriter.read}
 * means "not sure": the caller asks the reference implementation (shared/chain), which also knows the reason.
 */
export class CanonicalWriter {
  readonly #scanner = new JsonScanner();
  readonly #excluded: readonly Uint8Array[];
  /** One per name given to the constructor, in that order. */
  readonly spans: readonly MemberSpan[];
  /** Where the value of {@link CanonicalWriter.watched} stands. */
  readonly watched: MemberSpan = { kind: 0, start: 0, end: 0 };
  readonly #watchedName: Uint8Array;
  #out = Buffer.allocUnsafe(1 << 16);
  #at = 0;
  readonly #order = new KeyOrder();
  #bytes: Buffer = Buffer.alloc(0);

  /** `excluded`: top-level names that the hash leaves out. `watched`: a hashed name whose place is wanted too. */
  constructor(excluded: readonly string[], watched: string) {
    this.#excluded = excluded.map((name) => new TextEncoder().encode(name));
    this.spans = excluded.map(() => ({ kind: 0, start: 0, end: 0 }));
    this.#watchedName = new TextEncoder().encode(watched);
  }

  /** The canonical bytes of the last record read; valid until the next one. */
  canonical(): Buffer {
    return this.#out.subarray(0, this.#at);
  }

  /**
   * Reads the record in `bytes[start, end)`; `bytes[end]` must exist and end any token (see JsonScanner.scan).
   * true only for a dict that was written completely.
   */
  read(bytes: Buffer, start: number, end: number): boolean {
    if (!this.#scanner.scan(bytes, start, end)) return false;
    const kind = this.#scanner.tape[0];
    if (kind !== DICT_SORTED && kind !== DICT_UNSORTED) return false;
    this.#bytes = bytes;
    this.#reserve(start, end);
    this.#at = 0;
    this.#order.begin(bytes, this.#scanner.tape);
    return this.#writeTop();
  }

  /** Room for the worst case, so that no writer below needs to check. */
  #reserve(start: number, end: number): void {
    const size = end - start;
    let room = size * 8 + 1024;
    if (size > 1 << 16) {
      room = 1024;
      for (let p = start; p < end; p += 1) room += EXPANSION[this.#bytes[p] as number] as number;
    }
    if (room > this.#out.length || (this.#out.length > 1 << 20 && room < 1 << 19)) {
      this.#out = Buffer.allocUnsafe(Math.max(room, 1 << 16));
    }
  }

  #writeTop(): boolean {
    const tape = this.#scanner.tape;
    const bytes = this.#bytes;
    for (const span of this.spans) span.kind = 0;
    this.watched.kind = 0;
    const order = this.#order;
    const base = order.top;
    const stop = tape[3] as number;
    let count = 0;
    for (let t = TOKEN; t < stop; t = tape[t + TOKEN + 3] as number) {
      const start = tape[t + 1] as number;
      const size = (tape[t + 2] as number) - start;
      const excluded = this.#findExcluded(start, size);
      if (excluded >= 0) {
        // Of equal names the last counts, as in Python.
        noteSpan(this.spans[excluded] as MemberSpan, tape, t + TOKEN);
        // Written only to see that it is valid.
        if (tape[t + TOKEN] !== STRING_PLAIN && !this.#writeValue(t + TOKEN)) return false;
        this.#at = 0;
        continue;
      }
      if (size === this.#watchedName.length && bytesAre(bytes, start, this.#watchedName)) {
        noteSpan(this.watched, tape, t + TOKEN);
      }
      order.push(t);
      count += 1;
    }
    order.sortLikeLast(base, count);
    return this.#writeMembers(base, count);
  }

  #findExcluded(start: number, size: number): number {
    for (let i = 0; i < this.#excluded.length; i += 1) {
      const name = this.#excluded[i] as Uint8Array;
      if (name.length === size && bytesAre(this.#bytes, start, name)) return i;
    }
    return -1;
  }

  /** The inner loop of the whole verifier: plain keys and values are copied here, without a call. */
  #writeMembers(base: number, count: number): boolean {
    const tape = this.#scanner.tape;
    const bytes = this.#bytes;
    const out = this.#out;
    const order = this.#order;
    let at = this.#at;
    out[at] = 0x7b;
    at += 1;
    let isFirst = true;
    for (let i = 0; i < count; i += 1) {
      const key = order.at(base + i);
      // Of equal keys the last counts, as in Python; the others must be valid all the same.
      if (i + 1 < count && order.compare(key, order.at(base + i + 1)) === 0) {
        this.#at = at;
        if (!this.#writeValue(key + TOKEN)) return false;
        continue;
      }
      if (!isFirst) {
        out[at] = 0x2c;
        out[at + 1] = 0x20;
        at += 2;
      }
      isFirst = false;
      if (tape[key] === STRING_PLAIN) {
        at = copyBytes(bytes, (tape[key + 1] as number) - 1, (tape[key + 2] as number) + 1, out, at);
      } else {
        this.#at = at;
        if (!this.#writeString(key)) return false;
        at = this.#at;
      }
      out[at] = 0x3a;
      out[at + 1] = 0x20;
      at += 2;
      const value = key + TOKEN;
      const kind = tape[value] as number;
      if (kind === STRING_PLAIN) {
        at = copyBytes(bytes, (tape[value + 1] as number) - 1, (tape[value + 2] as number) + 1, out, at);
      } else if (kind === VERBATIM) {
        at = copyBytes(bytes, tape[value + 1] as number, tape[value + 2] as number, out, at);
      } else {
        this.#at = at;
        if (!this.#writeValue(value)) return false;
        at = this.#at;
      }
    }
    order.top = base;
    out[at] = 0x7d;
    this.#at = at + 1;
    return true;
  }

  #separator(byte: number): void {
    const out = this.#out;
    out[this.#at] = byte;
    out[this.#at + 1] = 0x20;
    this.#at += 2;
  }

  #writeValue(t: number): boolean {
    const tape = this.#scanner.tape;
    const kind = tape[t] as number;
    if (kind === STRING_PLAIN || kind === STRING_CODED) return this.#writeString(t);
    if (kind === DICT_UNSORTED || kind === DICT_SORTED) return this.#writeDict(t, kind);
    if (kind === LIST) return this.#writeList(t);
    if (kind === NUMBER_CODED) this.#writeNumber(tape[t + 1] as number, tape[t + 2] as number);
    else this.#copy(tape[t + 1] as number, tape[t + 2] as number);
    return true;
  }

  #writeDict(t: number, kind: number): boolean {
    const tape = this.#scanner.tape;
    const stop = tape[t + 3] as number;
    const base = this.#order.top;
    let count = 0;
    for (let key = t + TOKEN; key < stop; key = tape[key + TOKEN + 3] as number) {
      this.#order.push(key);
      count += 1;
    }
    if (kind === DICT_UNSORTED) this.#order.sort(base, count);
    return this.#writeMembers(base, count);
  }

  #writeList(t: number): boolean {
    const tape = this.#scanner.tape;
    const stop = tape[t + 3] as number;
    this.#out[this.#at] = 0x5b;
    this.#at += 1;
    for (let item = t + TOKEN; item < stop; item = tape[item + 3] as number) {
      if (item > t + TOKEN) this.#separator(0x2c);
      if (!this.#writeValue(item)) return false;
    }
    this.#out[this.#at] = 0x5d;
    this.#at += 1;
    return true;
  }

  #copy(start: number, end: number): void {
    this.#at = copyBytes(this.#bytes, start, end, this.#out, this.#at);
  }

  #writeNumber(start: number, end: number): void {
    const text = numberText(this.#bytes.toString('latin1', start, end));
    for (let i = 0; i < text.length; i += 1) this.#out[this.#at + i] = text.charCodeAt(i);
    this.#at += text.length;
  }

  #writeString(t: number): boolean {
    const tape = this.#scanner.tape;
    const start = tape[t + 1] as number;
    const end = tape[t + 2] as number;
    if (tape[t] === STRING_PLAIN) {
      this.#copy(start - 1, end + 1);
      return true;
    }
    this.#out[this.#at] = 0x22;
    this.#at += 1;
    let p = start;
    while (p < end) {
      const byte = this.#bytes[p] as number;
      if (byte === 0x5c) p = this.#writeEscape(p, end);
      else if (byte >= 0x80) p = this.#writeMultibyte(p, end);
      else {
        this.#writeUnit(byte);
        p += 1;
      }
      if (p < 0) return false;
    }
    this.#out[this.#at] = 0x22;
    this.#at += 1;
    return true;
  }

  /** The position after the escape at `p`, or -1 when it is none. */
  #writeEscape(p: number, end: number): number {
    const letter = this.#bytes[p + 1] as number;
    if (letter !== 0x75) {
      const value = ESCAPE_VALUE[letter] as number;
      if (value === 0) return -1;
      this.#writeUnit(value);
      return p + 2;
    }
    if (p + 6 > end) return -1;
    let unit = 0;
    for (let i = p + 2; i < p + 6; i += 1) {
      const digit = hexValue(this.#bytes[i] as number);
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    this.#writeUnit(unit);
    return p + 6;
  }

  /** The position after the UTF-8 sequence at `p`, or -1 when it is not well-formed (Unicode 15, table 3-7). */
  #writeMultibyte(p: number, end: number): number {
    const bytes = this.#bytes;
    const lead = bytes[p] as number;
    const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || p + size > end) return -1;
    let point = lead & (0xff >> (size + 1));
    for (let i = 1; i < size; i += 1) {
      const next = bytes[p + i] as number;
      if ((next & 0xc0) !== 0x80) return -1;
      point = (point << 6) | (next & 0x3f);
    }
    if (size === 2) {
      this.#writeUnit(point);
      return p + 2;
    }
    if (size === 3) {
      if (point < 0x800 || (point & 0xf800) === 0xd800) return -1;
      this.#writeUnit(point);
      return p + 3;
    }
    if (point < 0x10000 || point > 0x10ffff) return -1;
    this.#writeUnit(0xd7c0 + (point >> 10));
    this.#writeUnit(0xdc00 | (point & 0x3ff));
    return p + 4;
  }

  /** One UTF-16 unit as ensure_ascii writes it. */
  #writeUnit(unit: number): void {
    const out = this.#out;
    const at = this.#at;
    if (unit >= 0x20 && unit < 0x7f && unit !== 0x22 && unit !== 0x5c) {
      out[at] = unit;
      this.#at = at + 1;
      return;
    }
    out[at] = 0x5c;
    const short = unit < 0x80 ? (SHORT_ESCAPE[unit] as number) : 0;
    if (short !== 0) {
      out[at + 1] = short;
      this.#at = at + 2;
      return;
    }
    out[at + 1] = 0x75;
    out[at + 2] = HEX[unit >> 12] as number;
    out[at + 3] = HEX[(unit >> 8) & 15] as number;
    out[at + 4] = HEX[(unit >> 4) & 15] as number;
    out[at + 5] = HEX[unit & 15] as number;
    this.#at = at + 6;
  }
}

/** A broken number as Python's repr writes it. */
export const numberText = (token: string): string => {
  const value = Number(token);
  const magnitude = Math.abs(value);
  // Between these bounds Python writes it as JavaScript does.
  if (magnitude > 1e-4 && magnitude < 1e15 && String(value) === token) return token;
  return token === '-0' ? '0' : pythonFloat(value);
};

/** The position after the copied bytes. */
const copyBytes = (from: Buffer, start: number, end: number, to: Buffer, at: number): number => {
  // A call into the runtime costs more than copying a short run by hand.
  if (end - start > 128) return at + from.copy(to, at, start, end);
  let target = at;
  for (let p = start; p < end; p += 1, target += 1) to[target] = from[p] as number;
  return target;
};

// The most bytes that one input byte can become: numbers in exponent form and escapes grow most.
const EXPANSION = new Uint8Array(256).fill(1);
EXPANSION.fill(3, 0x80);
EXPANSION[0x7f] = 6;
EXPANSION[0x2c] = 2;
EXPANSION[0x3a] = 2;
EXPANSION[0x2e] = 8;
EXPANSION[0x45] = 24;
EXPANSION[0x65] = 24;

const noteSpan = (span: MemberSpan, tape: Int32Array, t: number): void => {
  span.kind = tape[t] as number;
  span.start = tape[t + 1] as number;
  span.end = tape[t + 2] as number;
};

const hexValue = (byte: number): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
};
