// First pass over one JSON record in bytes: checks the syntax and notes where every token stands, without decoding.
import { MAX_INT_DIGITS } from '../../../../../shared/chain/python-json.ts';

/** Ints per token on the tape: kind, first byte, byte after the last, tape position after the whole value. */
export const TOKEN = 4;

/** String of plain ASCII: its bytes (quotes excluded) are canonical as they stand. */
export const STRING_PLAIN = 1;
/** String with escapes, DEL or bytes beyond ASCII: must be decoded and written anew. */
export const STRING_CODED = 2;
/** Number or word that is canonical as it stands. */
export const VERBATIM = 3;
/** Number that Python would write otherwise. */
export const NUMBER_CODED = 4;
/** Dict whose keys stand in ascending order, each once; key and value tokens follow alternately. */
export const DICT_SORTED = 5;
export const DICT_UNSORTED = 6;
export const LIST = 7;

/** Deeper records, rare and never written by Guardian itself, take the reference path. */
export const MAX_FAST_DEPTH = 64;

// Byte classes inside a string: 0 = goes through unchanged.
const SPECIAL = new Uint8Array(256).fill(1);
SPECIAL.fill(0, 0x20, 0x7f);
SPECIAL[0x22] = 2;
SPECIAL[0x5c] = 3;
SPECIAL.fill(4, 0, 0x20);

const word = (text: string): Uint8Array => new TextEncoder().encode(text);
const NULL = word('null');
const TRUE = word('true');
const FALSE = word('false');
const NAN = word('NaN');
const INFINITY = word('Infinity');

/** true when `bytes` holds `wanted` at `at`. */
export const bytesAre = (bytes: Uint8Array, at: number, wanted: Uint8Array): boolean => {
  for (let i = 0; i < wanted.length; i += 1) if (bytes[at + i] !== wanted[i]) return false;
  return true;
};

/**
 * Order of two keys given as spans of raw UTF-8 without escapes; the order of UTF-8 bytes is that of code points.
 * Negative, zero or positive.
 */
export const compareSpans = (
  bytes: Uint8Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number,
): number => {
  let a = aStart;
  let b = bStart;
  while (a < aEnd && b < bEnd) {
    const difference = (bytes[a] as number) - (bytes[b] as number);
    if (difference !== 0) return difference;
    a += 1;
    b += 1;
  }
  return aEnd - a - (bEnd - b);
};

/**
 * Reusable scanner. A refusal (`false`) means only that the fast path can't be sure: the reference reader then decides
 * whether the record is exotic (escapes in keys, deep nesting) or not JSON.
 */
export class JsonScanner {
  tape = new Int32Array(4096);
  /** Ints used on the tape. */
  length = 0;
  readonly #containers = new Int32Array(MAX_FAST_DEPTH + 1);
  readonly #lastKeys = new Int32Array(MAX_FAST_DEPTH + 1);
  #numberEnd = 0;

  /**
   * Scans `bytes[start, end)`, which must hold one JSON value and nothing else but whitespace. The byte at `end` must
   * exist and be neither part of a token nor of a string (a line feed): it stops every inner loop.
   */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    let tape = this.tape;
    let t = 0;
    let p = start;
    let depth = 0;
    const containers = this.#containers;
    const lastKeys = this.#lastKeys;
    this.length = 0;
    for (;;) {
      // A value (or, in a dict, a key and its value) is expected here.
      if (t + 4 * TOKEN > tape.length) tape = this.#grow();
      while (p < end && isSpace(bytes[p] as number)) p += 1;
      if (p >= end) return false;
      if (depth > 0 && tape[containers[depth] as number] !== LIST) {
        if (bytes[p] !== 0x22) return false;
        const keyStart = p + 1;
        p = keyStart;
        let kind = STRING_PLAIN;
        for (;;) {
          while (SPECIAL[bytes[p] as number] === 0) p += 1;
          const special = SPECIAL[bytes[p] as number];
          if (special === 2) break;
          if (special !== 1) return false;
          kind = STRING_CODED;
          p += 1;
        }
        const container = containers[depth] as number;
        const last = lastKeys[depth] as number;
        if (
          last >= 0 &&
          tape[container] === DICT_SORTED &&
          compareSpans(bytes, tape[last + 1] as number, tape[last + 2] as number, keyStart, p) >= 0
        ) {
          tape[container] = DICT_UNSORTED;
        }
        lastKeys[depth] = t;
        tape[t] = kind;
        tape[t + 1] = keyStart;
        tape[t + 2] = p;
        tape[t + 3] = t + TOKEN;
        t += TOKEN;
        p += 1;
        while (p < end && isSpace(bytes[p] as number)) p += 1;
        if (bytes[p] !== 0x3a) return false;
        p += 1;
        while (p < end && isSpace(bytes[p] as number)) p += 1;
        if (p >= end) return false;
      }
      const first = bytes[p] as number;
      tape[t + 1] = p;
      if (first === 0x22) {
        p += 1;
        tape[t + 1] = p;
        let kind = STRING_PLAIN;
        for (;;) {
          while (SPECIAL[bytes[p] as number] === 0) p += 1;
          const special = SPECIAL[bytes[p] as number];
          if (special === 2) break;
          if (special === 4) return false;
          kind = STRING_CODED;
          // The byte after a backslash is never the closing quote; the escape itself is checked when written.
          p += special === 3 ? 2 : 1;
          if (p >= end) return false;
        }
        tape[t] = kind;
        tape[t + 2] = p;
        tape[t + 3] = t + TOKEN;
        t += TOKEN;
        p += 1;
      } else if (first === 0x7b || first === 0x5b) {
        if (depth === MAX_FAST_DEPTH) return false;
        p += 1;
        while (p < end && isSpace(bytes[p] as number)) p += 1;
        const isDict = first === 0x7b;
        tape[t] = isDict ? DICT_SORTED : LIST;
        if (bytes[p] === (isDict ? 0x7d : 0x5d)) {
          p += 1;
          tape[t + 2] = p;
          tape[t + 3] = t + TOKEN;
          t += TOKEN;
        } else {
          depth += 1;
          containers[depth] = t;
          lastKeys[depth] = -1;
          t += TOKEN;
          continue;
        }
      } else {
        let kind = 0;
        if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
          kind = this.#number(bytes, p);
          p = this.#numberEnd;
        } else if (first === 0x6e && bytesAre(bytes, p, NULL)) {
          kind = VERBATIM;
          p += 4;
        } else if (first === 0x74 && bytesAre(bytes, p, TRUE)) {
          kind = VERBATIM;
          p += 4;
        } else if (first === 0x66 && bytesAre(bytes, p, FALSE)) {
          kind = VERBATIM;
          p += 5;
        } else if (first === 0x4e && bytesAre(bytes, p, NAN)) {
          kind = VERBATIM;
          p += 3;
        } else if (first === 0x49 && bytesAre(bytes, p, INFINITY)) {
          kind = VERBATIM;
          p += 8;
        }
        if (kind === 0) return false;
        tape[t] = kind;
        tape[t + 2] = p;
        tape[t + 3] = t + TOKEN;
        t += TOKEN;
      }
      // After a value: close what ends here, then a comma or the end of the record.
      for (;;) {
        while (p < end && isSpace(bytes[p] as number)) p += 1;
        if (depth === 0) {
          this.length = t;
          return p >= end;
        }
        if (p >= end) return false;
        const container = containers[depth] as number;
        const closing = tape[container] === LIST ? 0x5d : 0x7d;
        const next = bytes[p] as number;
        p += 1;
        if (next === 0x2c) break;
        if (next !== closing) return false;
        tape[container + 2] = p;
        tape[container + 3] = t;
        depth -= 1;
      }
    }
  }

  /** Kind of the number at `at`, 0 for none; leaves its end in #numberEnd. */
  #number(bytes: Uint8Array, at: number): number {
    let p = at;
    if (bytes[p] === 0x2d) p += 1;
    const whole = p;
    if (bytes[p] === 0x30) p += 1;
    else while (isDigit(bytes[p] as number)) p += 1;
    const wholeDigits = p - whole;
    if (wholeDigits === 0) {
      if (!bytesAre(bytes, p, INFINITY)) return 0;
      this.#numberEnd = p + 8;
      return VERBATIM;
    }
    const isZero = bytes[whole] === 0x30;
    let next = bytes[p] as number;
    if (next !== 0x2e && next !== 0x65 && next !== 0x45) {
      this.#numberEnd = p;
      if (isZero) return whole === at ? VERBATIM : NUMBER_CODED;
      return wholeDigits > MAX_INT_DIGITS ? 0 : VERBATIM;
    }
    let kind = NUMBER_CODED;
    if (next === 0x2e) {
      p += 1;
      const fraction = p;
      while (isDigit(bytes[p] as number)) p += 1;
      const fractionDigits = p - fraction;
      if (fractionDigits === 0) return 0;
      next = bytes[p] as number;
      kind = isCanonicalFraction(bytes, fraction, fractionDigits, isZero ? 0 : wholeDigits)
        ? VERBATIM
        : NUMBER_CODED;
    }
    if (next === 0x65 || next === 0x45) {
      kind = isCanonicalExponent(bytes, whole, p) ? VERBATIM : NUMBER_CODED;
      p += 1;
      if (bytes[p] === 0x2b || bytes[p] === 0x2d) p += 1;
      const exponent = p;
      while (isDigit(bytes[p] as number)) p += 1;
      if (p === exponent) return 0;
    }
    this.#numberEnd = p;
    return kind;
  }

  #grow(): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(this.tape.length * 2);
    larger.set(this.tape);
    this.tape = larger;
    return larger;
  }
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/**
 * true when a decimal without exponent is surely its own `repr`: at most 15 significant digits (which every double
 * keeps), no needless zero at the end, and not so small that Python would use an exponent.
 */
const isCanonicalFraction = (
  bytes: Uint8Array,
  fraction: number,
  digits: number,
  wholeDigits: number,
): boolean => {
  if (wholeDigits + digits > 15) return false;
  if (bytes[fraction + digits - 1] === 0x30) return digits === 1;
  if (wholeDigits > 0) return true;
  let zeros = 0;
  while (bytes[fraction + zeros] === 0x30) zeros += 1;
  return zeros <= 3;
};

/**
 * true when a number in exponent form is surely its own `repr`: one digit before the point, at most 15 in all, none of
 * them a needless zero, and an exponent of two digits that Python writes so (below -4, or at least 16). `mark`: the e.
 */
const isCanonicalExponent = (bytes: Uint8Array, whole: number, mark: number): boolean => {
  const digits = mark - whole;
  if (bytes[mark] !== 0x65 || bytes[whole] === 0x30 || digits > 16) return false;
  if (digits > 1 && (bytes[whole + 1] !== 0x2e || bytes[mark - 1] === 0x30)) return false;
  const tens = bytes[mark + 2] as number;
  const ones = bytes[mark + 3] as number;
  if (!isDigit(tens) || !isDigit(ones) || isDigit(bytes[mark + 4] as number)) return false;
  const exponent = (tens - 0x30) * 10 + ones - 0x30;
  return bytes[mark + 1] === 0x2d ? exponent > 4 : bytes[mark + 1] === 0x2b && exponent > 15;
};
