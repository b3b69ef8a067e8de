// AssemblyScript: the second pass, the twin of ../byte-canonical.ts: one JSON record as Python's json.dumps(sort_keys=True)
// writes it, inside the module's own memory. scripts/build-wasm.mjs compiles it.
import {
  DICT_SORTED,
  DICT_UNSORTED,
  INPUT,
  INPUT_CAPACITY,
  LIST,
  MAX_INSERTION_SORT,
  NAMES,
  NAME_SIZE,
  NUMBER_CODED,
  ORDER,
  ORDER_CAPACITY,
  OUT,
  SPANS,
  STRING_CODED,
  STRING_PLAIN,
  TAPE,
  TOKEN,
  VERBATIM,
  byteAt,
  compareKeys,
  endOf,
  isDigit,
  kindOf,
  nextOf,
  startOf,
} from './layout.as';
import { scan } from './scan.as';

/** Python's repr of the number token in [start, end), written at `to` by the host; answers its length. */
@external("host", "number")
declare function hostNumber(start: i32, end: i32, to: i32): i32;

let names: i32 = 0;
let excluded: i32 = 0;
let orderTop: i32 = ORDER;
let at: i32 = OUT;

export function inputAt(): i32 { return INPUT; }
export function inputCapacity(): i32 { return INPUT_CAPACITY; }
export function outputAt(): i32 { return OUT; }
export function spansAt(): i32 { return SPANS; }
export function nameAt(i: i32): i32 { return NAMES + i * NAME_SIZE + 4; }

/** Before the first record: the lengths of the names, and how many of them the hash leaves out; the rest is watched. */
export function setName(i: i32, length: i32): void { store<i32>(NAMES + i * NAME_SIZE, length); }
export function setNames(all: i32, left: i32): void { names = all; excluded = left; }

/** Copies at least `size` bytes: up to 15 more are written, over room that is written again or never read. */
// @ts-ignore: decorator
@inline
function copy(from: i32, size: i32): void {
  if (size > 256) {
    memory.copy(at, from, size);
  } else {
    for (let i = 0; i < size; i += 16) v128.store(at + i, v128.load(from + i));
  }
  at += size;
}

// @ts-ignore: decorator
@inline
function pushKey(key: i32): bool {
  if (orderTop >= ORDER + ORDER_CAPACITY) return false;
  store<i32>(orderTop, key);
  orderTop += 4;
  return true;
}

/** By code point; of equal keys the one that stands last comes last. Many unsorted keys are left to the twin. */
function sortKeys(base: i32, count: i32): bool {
  if (count > MAX_INSERTION_SORT) return false;
  for (let i = 1; i < count; i += 1) {
    const moving = load<i32>(base + (i << 2));
    let j = i - 1;
    while (j >= 0 && compareKeys(load<i32>(base + (j << 2)), moving) > 0) {
      store<i32>(base + ((j + 1) << 2), load<i32>(base + (j << 2)));
      j -= 1;
    }
    store<i32>(base + ((j + 1) << 2), moving);
  }
  return true;
}

// @ts-ignore: decorator
@inline
function hexDigit(value: i32): i32 { return value < 10 ? 0x30 + value : 0x57 + value; }

// @ts-ignore: decorator
@inline
function shortEscape(unit: i32): i32 {
  switch (unit) {
    case 0x22: return 0x22;
    case 0x5c: return 0x5c;
    case 8: return 0x62;
    case 12: return 0x66;
    case 10: return 0x6e;
    case 13: return 0x72;
    case 9: return 0x74;
  }
  return 0;
}

/** One UTF-16 unit as ensure_ascii writes it. */
function writeUnit(unit: i32): void {
  if (unit >= 0x20 && unit < 0x7f && unit != 0x22 && unit != 0x5c) {
    store<u8>(at, <u8>unit);
    at += 1;
    return;
  }
  store<u8>(at, 0x5c);
  const short = shortEscape(unit);
  if (short != 0) {
    store<u8>(at, <u8>short, 1);
    at += 2;
    return;
  }
  store<u8>(at, 0x75, 1);
  store<u8>(at, <u8>hexDigit(unit >> 12), 2);
  store<u8>(at, <u8>hexDigit((unit >> 8) & 15), 3);
  store<u8>(at, <u8>hexDigit((unit >> 4) & 15), 4);
  store<u8>(at, <u8>hexDigit(unit & 15), 5);
  at += 6;
}

/** The position after the escape at `p`, or -1 when it is none. */
function writeEscape(p: i32, end: i32): i32 {
  const letter = byteAt(p + 1);
  if (letter != 0x75) {
    let value = 0;
    switch (letter) {
      case 0x22: value = 0x22; break;
      case 0x5c: value = 0x5c; break;
      case 0x2f: value = 0x2f; break;
      case 0x62: value = 8; break;
      case 0x66: value = 12; break;
      case 0x6e: value = 10; break;
      case 0x72: value = 13; break;
      case 0x74: value = 9; break;
    }
    if (value == 0) return -1;
    writeUnit(value);
    return p + 2;
  }
  if (p + 6 > end) return -1;
  let unit = 0;
  for (let i = p + 2; i < p + 6; i += 1) {
    const byte = byteAt(i);
    const lower = byte | 0x20;
    let digit = -1;
    if (isDigit(byte)) digit = byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) digit = lower - 0x57;
    if (digit < 0) return -1;
    unit = (unit << 4) + digit;
  }
  writeUnit(unit);
  return p + 6;
}

/** The position after the UTF-8 sequence at `p`, or -1 when it is not well-formed (Unicode 15, table 3-7). */
function writeMultibyte(p: i32, end: i32): i32 {
  const lead = byteAt(p);
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || p + size > end) return -1;
  let point = lead & (0xff >> (size + 1));
  for (let i = 1; i < size; i += 1) {
    const next = byteAt(p + i);
    if ((next & 0xc0) != 0x80) return -1;
    point = (point << 6) | (next & 0x3f);
  }
  if (size == 2) {
    writeUnit(point);
    return p + 2;
  }
  if (size == 3) {
    if (point < 0x800 || (point & 0xf800) == 0xd800) return -1;
    writeUnit(point);
    return p + 3;
  }
  if (point < 0x10000 || point > 0x10ffff) return -1;
  writeUnit(0xd7c0 + (point >> 10));
  writeUnit(0xdc00 | (point & 0x3ff));
  return p + 4;
}

function writeString(t: i32): bool {
  const start = startOf(t);
  const end = endOf(t);
  if (kindOf(t) == STRING_PLAIN) {
    copy(start - 1, end - start + 2);
    return true;
  }
  store<u8>(at, 0x22);
  at += 1;
  let p = start;
  while (p < end) {
    const byte = byteAt(p);
    if (byte == 0x5c) p = writeEscape(p, end);
    else if (byte >= 0x80) p = writeMultibyte(p, end);
    else {
      writeUnit(byte);
      p += 1;
    }
    if (p < 0) return false;
  }
  store<u8>(at, 0x22);
  at += 1;
  return true;
}

function writeValue(t: i32): bool {
  const kind = kindOf(t);
  if (kind == STRING_PLAIN || kind == STRING_CODED) return writeString(t);
  if (kind == VERBATIM) {
    copy(startOf(t), endOf(t) - startOf(t));
    return true;
  }
  if (kind == NUMBER_CODED) {
    at += hostNumber(startOf(t), endOf(t), at);
    return true;
  }
  if (kind == LIST) {
    const stop = nextOf(t);
    store<u8>(at, 0x5b);
    at += 1;
    for (let item = t + TOKEN; item < stop; item = nextOf(item)) {
      if (item > t + TOKEN) {
        store<u16>(at, 0x202c);
        at += 2;
      }
      if (!writeValue(item)) return false;
    }
    store<u8>(at, 0x5d);
    at += 1;
    return true;
  }
  const base = orderTop;
  const stop = nextOf(t);
  let count = 0;
  for (let key = t + TOKEN; key < stop; key = nextOf(key + TOKEN)) {
    if (!pushKey(key)) return false;
    count += 1;
  }
  if (kind == DICT_UNSORTED && !sortKeys(base, count)) return false;
  return writeMembers(base, count);
}

function writeMembers(base: i32, count: i32): bool {
  store<u8>(at, 0x7b);
  at += 1;
  let isFirst = true;
  for (let i = 0; i < count; i += 1) {
    const key = load<i32>(base + (i << 2));
    if (i + 1 < count && compareKeys(key, load<i32>(base + ((i + 1) << 2))) == 0) {
      // Of equal keys the last counts, as in Python; the others must be valid all the same.
      const before = at;
      if (!writeValue(key + TOKEN)) return false;
      at = before;
      continue;
    }
    if (!isFirst) {
      store<u16>(at, 0x202c);
      at += 2;
    }
    isFirst = false;
    if (!writeString(key)) return false;
    store<u16>(at, 0x203a);
    at += 2;
    if (!writeValue(key + TOKEN)) return false;
  }
  orderTop = base;
  store<u8>(at, 0x7d);
  at += 1;
  return true;
}

/** Which of the names the key is, -1 for none. */
function nameOf(start: i32, size: i32): i32 {
  for (let i = 0; i < names; i += 1) {
    const name = NAMES + i * NAME_SIZE;
    if (load<i32>(name) != size) continue;
    let p = 0;
    while (p < size && load<u8>(name + 4 + p) == load<u8>(start + p)) p += 1;
    if (p == size) return i;
  }
  return -1;
}

/** Bytes written for the record in the first `size` bytes of the input, or -1 = not sure: the twin decides. */
export function read(size: i32): i32 {
  // Ends any token, and gives the readers of words and vectors something to read.
  store<u8>(INPUT + size, 0x0a);
  v128.store(INPUT + size + 1, i8x16.splat(0x0a));
  v128.store(INPUT + size + 17, i8x16.splat(0x0a));
  for (let i = 0; i < names; i += 1) store<i32>(SPANS + i * 12, 0);
  if (!scan(INPUT, INPUT + size)) return -1;
  const kind = kindOf(TAPE);
  if (kind != DICT_SORTED && kind != DICT_UNSORTED) return -1;
  at = OUT;
  orderTop = ORDER;
  const stop = nextOf(TAPE);
  let count = 0;
  for (let t = TAPE + TOKEN; t < stop; t = nextOf(t + TOKEN)) {
    const name = nameOf(startOf(t), endOf(t) - startOf(t));
    if (name >= 0) {
      const value = t + TOKEN;
      const span = SPANS + name * 12;
      store<i32>(span, kindOf(value));
      store<i32>(span, startOf(value) - INPUT, 4);
      store<i32>(span, endOf(value) - INPUT, 8);
      if (name < excluded) {
        // Written only to see that it is valid.
        if (kindOf(value) != STRING_PLAIN && !writeValue(value)) return -1;
        at = OUT;
        orderTop = ORDER + (count << 2);
        continue;
      }
    }
    if (!pushKey(t)) return -1;
    count += 1;
  }
  if (kind == DICT_UNSORTED && !sortKeys(ORDER, count)) return -1;
  return writeMembers(ORDER, count) ? at - OUT : -1;
}
