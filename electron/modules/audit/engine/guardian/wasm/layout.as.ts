// AssemblyScript: where everything lies in the module's memory, and how it is read. Nothing is allocated.

export const NAMES: i32 = 1024; // 16 names of at most 60 bytes: length, then bytes
export const NAME_SIZE: i32 = 64;
export const SPANS: i32 = 2048; // kind, start, end of each name's value
export const CONTAINERS: i32 = 4096;
export const LAST_KEYS: i32 = 6144;
export const INPUT: i32 = 8192;
export const INPUT_CAPACITY: i32 = 131072;
export const TAPE: i32 = INPUT + INPUT_CAPACITY + 64;
export const TAPE_CAPACITY: i32 = 1048576;
export const ORDER: i32 = TAPE + TAPE_CAPACITY;
export const ORDER_CAPACITY: i32 = 262144;
export const OUT: i32 = ORDER + ORDER_CAPACITY;

export const TOKEN: i32 = 16;
export const STRING_PLAIN: i32 = 1;
export const STRING_CODED: i32 = 2;
export const VERBATIM: i32 = 3;
export const NUMBER_CODED: i32 = 4;
export const DICT_SORTED: i32 = 5;
export const DICT_UNSORTED: i32 = 6;
export const LIST: i32 = 7;
export const MAX_FAST_DEPTH: i32 = 64;
export const MAX_INT_DIGITS: i32 = 4300;
export const MAX_INSERTION_SORT: i32 = 24;

// @ts-ignore: decorator
@inline
export function byteAt(p: i32): i32 { return <i32>load<u8>(p); }
// @ts-ignore: decorator
@inline
export function kindOf(t: i32): i32 { return load<i32>(t); }
// @ts-ignore: decorator
@inline
export function startOf(t: i32): i32 { return load<i32>(t, 4); }
// @ts-ignore: decorator
@inline
export function endOf(t: i32): i32 { return load<i32>(t, 8); }
// @ts-ignore: decorator
@inline
export function nextOf(t: i32): i32 { return load<i32>(t, 12); }
// @ts-ignore: decorator
@inline
export function put(t: i32, kind: i32, start: i32, end: i32, next: i32): void {
  store<i32>(t, kind);
  store<i32>(t, start, 4);
  store<i32>(t, end, 8);
  store<i32>(t, next, 12);
}
// @ts-ignore: decorator
@inline
export function isSpace(byte: i32): bool { return byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09; }
// @ts-ignore: decorator
@inline
export function isDigit(byte: i32): bool { return byte - 0x30 <= 9 && byte >= 0x30; }

/** The next byte that is a quote, a backslash, a control character, or not printable ASCII. */
// @ts-ignore: decorator
@inline
export function skipPlain(from: i32): i32 {
  let p = from;
  while (true) {
    const v = v128.load(p);
    const special = v128.or(
      v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
      v128.or(i8x16.lt_s(v, i8x16.splat(0x20)), i8x16.eq(v, i8x16.splat(0x7f))),
    );
    const mask = i8x16.bitmask(special);
    if (mask != 0) return p + ctz(mask);
    p += 16;
  }
}

export function compareSpans(aStart: i32, aEnd: i32, bStart: i32, bEnd: i32): i32 {
  let a = aStart;
  let b = bStart;
  while (a < aEnd && b < bEnd) {
    const difference = byteAt(a) - byteAt(b);
    if (difference != 0) return difference;
    a += 1;
    b += 1;
  }
  return aEnd - a - (bEnd - b);
}

// @ts-ignore: decorator
@inline
export function compareKeys(a: i32, b: i32): i32 { return compareSpans(startOf(a), endOf(a), startOf(b), endOf(b)); }
