// AssemblyScript: the first pass over one JSON record, line for line the scanner in ../json-bytes.ts.
import {
  CONTAINERS,
  DICT_SORTED,
  DICT_UNSORTED,
  LAST_KEYS,
  LIST,
  MAX_FAST_DEPTH,
  MAX_INT_DIGITS,
  NUMBER_CODED,
  STRING_CODED,
  STRING_PLAIN,
  TAPE,
  TAPE_CAPACITY,
  TOKEN,
  VERBATIM,
  byteAt,
  compareSpans,
  endOf,
  isDigit,
  isSpace,
  kindOf,
  put,
  skipPlain,
  startOf,
} from './layout.as';

/** End of the last number that was scanned. */
let numberEnd: i32 = 0;

/** null, true, false, NaN, Infinity as little-endian words; the record is followed by at least 16 bytes. */
// @ts-ignore: decorator
@inline
function isNull(p: i32): bool { return load<u32>(p) == 0x6c6c756e; }
// @ts-ignore: decorator
@inline
function isTrue(p: i32): bool { return load<u32>(p) == 0x65757274; }
// @ts-ignore: decorator
@inline
function isFalse(p: i32): bool { return load<u32>(p) == 0x736c6166 && byteAt(p + 4) == 0x65; }
// @ts-ignore: decorator
@inline
function isNaNWord(p: i32): bool { return (load<u32>(p) & 0xffffff) == 0x4e614e; }
// @ts-ignore: decorator
@inline
function isInfinity(p: i32): bool { return load<u64>(p) == 0x7974696e69666e49; }

function fractionIsCanonical(fraction: i32, digits: i32, wholeDigits: i32): bool {
  if (wholeDigits + digits > 15) return false;
  if (byteAt(fraction + digits - 1) == 0x30) return digits == 1;
  if (wholeDigits > 0) return true;
  let zeros = 0;
  while (byteAt(fraction + zeros) == 0x30) zeros += 1;
  return zeros <= 3;
}

function exponentIsCanonical(whole: i32, mark: i32): bool {
  const digits = mark - whole;
  if (byteAt(mark) != 0x65 || byteAt(whole) == 0x30 || digits > 16) return false;
  if (digits > 1 && (byteAt(whole + 1) != 0x2e || byteAt(mark - 1) == 0x30)) return false;
  const tens = byteAt(mark + 2);
  const ones = byteAt(mark + 3);
  if (!isDigit(tens) || !isDigit(ones) || isDigit(byteAt(mark + 4))) return false;
  const exponent = (tens - 0x30) * 10 + ones - 0x30;
  return byteAt(mark + 1) == 0x2d ? exponent > 4 : byteAt(mark + 1) == 0x2b && exponent > 15;
}

/** Kind of the number at `from`, 0 for none; leaves its end in numberEnd. */
function scanNumber(from: i32): i32 {
  let p = from;
  if (byteAt(p) == 0x2d) p += 1;
  const whole = p;
  if (byteAt(p) == 0x30) p += 1;
  else while (isDigit(byteAt(p))) p += 1;
  const wholeDigits = p - whole;
  if (wholeDigits == 0) {
    if (!isInfinity(p)) return 0;
    numberEnd = p + 8;
    return VERBATIM;
  }
  const isZero = byteAt(whole) == 0x30;
  let next = byteAt(p);
  if (next != 0x2e && next != 0x65 && next != 0x45) {
    numberEnd = p;
    if (isZero) return whole == from ? VERBATIM : NUMBER_CODED;
    return wholeDigits > MAX_INT_DIGITS ? 0 : VERBATIM;
  }
  let kind = NUMBER_CODED;
  if (next == 0x2e) {
    p += 1;
    const fraction = p;
    while (isDigit(byteAt(p))) p += 1;
    const fractionDigits = p - fraction;
    if (fractionDigits == 0) return 0;
    next = byteAt(p);
    if (fractionIsCanonical(fraction, fractionDigits, isZero ? 0 : wholeDigits)) kind = VERBATIM;
  }
  if (next == 0x65 || next == 0x45) {
    kind = exponentIsCanonical(whole, p) ? VERBATIM : NUMBER_CODED;
    p += 1;
    if (byteAt(p) == 0x2b || byteAt(p) == 0x2d) p += 1;
    const exponent = p;
    while (isDigit(byteAt(p))) p += 1;
    if (p == exponent) return 0;
  }
  numberEnd = p;
  return kind;
}

/** Fills the tape; false = not sure. Line for line the scanner in ../json-bytes.ts. */
export function scan(start: i32, end: i32): bool {
  let t = TAPE;
  let p = start;
  let depth = 0;
  const tapeEnd = TAPE + TAPE_CAPACITY - 4 * TOKEN;
  while (true) {
    if (t > tapeEnd) return false;
    while (p < end && isSpace(byteAt(p))) p += 1;
    if (p >= end) return false;
    if (depth > 0) {
      const container = load<i32>(CONTAINERS + (depth << 2));
      if (kindOf(container) != LIST) {
        if (byteAt(p) != 0x22) return false;
        const keyStart = p + 1;
        p = keyStart;
        let kind = STRING_PLAIN;
        while (true) {
          p = skipPlain(p);
          const special = byteAt(p);
          if (special == 0x22) break;
          if (special == 0x5c || special < 0x20) return false;
          kind = STRING_CODED;
          p += 1;
        }
        if (p >= end) return false;
        const lastAt = LAST_KEYS + (depth << 2);
        const last = load<i32>(lastAt);
        if (
          last != 0 &&
          kindOf(container) == DICT_SORTED &&
          compareSpans(startOf(last), endOf(last), keyStart, p) >= 0
        ) {
          store<i32>(container, DICT_UNSORTED);
        }
        store<i32>(lastAt, t);
        put(t, kind, keyStart, p, t + TOKEN);
        t += TOKEN;
        p += 1;
        while (p < end && isSpace(byteAt(p))) p += 1;
        if (byteAt(p) != 0x3a) return false;
        p += 1;
        while (p < end && isSpace(byteAt(p))) p += 1;
        if (p >= end) return false;
      }
    }
    const first = byteAt(p);
    if (first == 0x22) {
      p += 1;
      const from = p;
      let kind = STRING_PLAIN;
      while (true) {
        p = skipPlain(p);
        const special = byteAt(p);
        if (special == 0x22) break;
        if (special < 0x20) return false;
        kind = STRING_CODED;
        p += special == 0x5c ? 2 : 1;
        if (p >= end) return false;
      }
      if (p >= end) return false;
      put(t, kind, from, p, t + TOKEN);
      t += TOKEN;
      p += 1;
    } else if (first == 0x7b || first == 0x5b) {
      if (depth == MAX_FAST_DEPTH) return false;
      const from = p;
      p += 1;
      while (p < end && isSpace(byteAt(p))) p += 1;
      const isDict = first == 0x7b;
      put(t, isDict ? DICT_SORTED : LIST, from, 0, 0);
      if (byteAt(p) == (isDict ? 0x7d : 0x5d)) {
        p += 1;
        store<i32>(t, p, 8);
        store<i32>(t, t + TOKEN, 12);
        t += TOKEN;
      } else {
        depth += 1;
        store<i32>(CONTAINERS + (depth << 2), t);
        store<i32>(LAST_KEYS + (depth << 2), 0);
        t += TOKEN;
        continue;
      }
    } else {
      let kind = 0;
      const from = p;
      if (first == 0x2d || isDigit(first)) {
        kind = scanNumber(p);
        p = numberEnd;
      } else if (isNull(p) || isTrue(p)) {
        kind = VERBATIM;
        p += 4;
      } else if (isFalse(p)) {
        kind = VERBATIM;
        p += 5;
      } else if (isNaNWord(p)) {
        kind = VERBATIM;
        p += 3;
      } else if (isInfinity(p)) {
        kind = VERBATIM;
        p += 8;
      }
      if (kind == 0) return false;
      put(t, kind, from, p, t + TOKEN);
      t += TOKEN;
    }
    while (true) {
      while (p < end && isSpace(byteAt(p))) p += 1;
      if (depth == 0) return p == end;
      if (p >= end) return false;
      const container = load<i32>(CONTAINERS + (depth << 2));
      const closing = kindOf(container) == LIST ? 0x5d : 0x7d;
      const next = byteAt(p);
      p += 1;
      if (next == 0x2c) break;
      if (next != closing) return false;
      store<i32>(container, p, 8);
      store<i32>(container, t, 12);
      depth -= 1;
    }
  }
}
