// The entries of a journal in file order: which DATA objects they use, and whether numbers and times run on.
import { DATA, ENTRY, ENTRY_ITEMS_AT } from './layout.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import type { ObjectList } from './object-walk.ts';

/** Rows of entries and DATA objects, both counted from 0 in file order, and the fields that join them. */
export interface EntryTable {
  /** Object number of each entry and each DATA object. */
  readonly entryObjects: Uint32Array;
  readonly dataObjects: Uint32Array;
  /** Items of entry e: `items[itemStart[e]] … items[itemStart[e + 1] - 1]`, rows of DATA objects; NONE where there is none. */
  readonly itemStart: Uint32Array;
  readonly items: Uint32Array;
  /** Entries that use data d: `users[userStart[d]] … users[userStart[d + 1] - 1]`, ascending. */
  readonly userStart: Uint32Array;
  readonly users: Uint32Array;
}

export const NONE = 0xffff_ffff;

const objectsOf = (objects: ObjectList, type: number): Uint32Array => {
  let count = 0;
  for (let i = 0; i < objects.length; i += 1) if (objects.type(i) === type) count += 1;
  const found = new Uint32Array(count);
  let row = 0;
  for (let i = 0; i < objects.length; i += 1) {
    if (objects.type(i) === type) {
      found[row] = i;
      row += 1;
    }
  }
  return found;
};

/** Whether an offset is the beginning of a whole object of a type, answered without a search. */
export class OffsetIndex {
  readonly #bits: Uint32Array;
  readonly #before: Uint32Array;

  /** `rows`: object numbers, ascending. `length`: bytes of the file. */
  constructor(objects: ObjectList, rows: Uint32Array, length: number) {
    const words = Math.ceil(length / 256) + 1;
    this.#bits = new Uint32Array(words);
    this.#before = new Uint32Array(words);
    for (const row of rows) {
      const slot = objects.at(row) / 8;
      this.#bits[slot >>> 5] = (this.#bits[slot >>> 5] as number) | (1 << (slot & 31));
      this.#before[slot >>> 5] = (this.#before[slot >>> 5] as number) + 1;
    }
    let sum = 0;
    for (let word = 0; word < words; word += 1) {
      const here = this.#before[word] as number;
      this.#before[word] = sum;
      sum += here;
    }
  }

  /** The row of the object at that offset, or NONE. */
  row(offset: number): number {
    if (offset % 8 !== 0) return NONE;
    const slot = offset / 8;
    const word = Math.floor(slot / 32);
    const bits = this.#bits[word];
    if (bits === undefined || ((bits >>> (slot % 32)) & 1) === 0) return NONE;
    let below = slot % 32 === 0 ? 0 : bits & (0xffff_ffff >>> (32 - (slot % 32)));
    below -= (below >>> 1) & 0x5555_5555;
    below = (below & 0x3333_3333) + ((below >>> 2) & 0x3333_3333);
    below = (((below + (below >>> 4)) & 0x0f0f_0f0f) * 0x0101_0101) >>> 24;
    return (this.#before[word] as number) + below;
  }
}

export const readEntries = (
  bytes: JournalBytes,
  header: JournalHeader,
  objects: ObjectList,
): EntryTable & { readonly dataIndex: OffsetIndex; readonly entryIndex: OffsetIndex } => {
  const entryObjects = objectsOf(objects, ENTRY);
  const dataObjects = objectsOf(objects, DATA);
  const dataIndex = new OffsetIndex(objects, dataObjects, bytes.length);
  const entryIndex = new OffsetIndex(objects, entryObjects, bytes.length);
  const itemBytes = header.isCompact ? 4 : 16;
  const itemStart = new Uint32Array(entryObjects.length + 1);
  for (const [e, object] of entryObjects.entries()) {
    const count = Math.max(0, Math.floor((objects.size(object) - ENTRY_ITEMS_AT) / itemBytes));
    itemStart[e + 1] = (itemStart[e] as number) + count;
  }
  const items = new Uint32Array(itemStart[entryObjects.length] as number);
  const userStart = new Uint32Array(dataObjects.length + 1);
  for (const [e, object] of entryObjects.entries()) {
    const at = objects.at(object) + ENTRY_ITEMS_AT;
    const first = itemStart[e] as number;
    const count = (itemStart[e + 1] as number) - first;
    for (let k = 0; k < count; k += 1) {
      const offset = header.isCompact ? bytes.u32(at + k * 4) : bytes.u64(at + k * 16);
      const data = dataIndex.row(offset);
      items[first + k] = data;
      if (data !== NONE) userStart[data + 1] = (userStart[data + 1] as number) + 1;
    }
  }
  for (let d = 0; d < dataObjects.length; d += 1) {
    userStart[d + 1] = (userStart[d + 1] as number) + (userStart[d] as number);
  }
  const users = new Uint32Array(userStart[dataObjects.length] as number);
  const next = userStart.slice();
  for (let e = 0; e < entryObjects.length; e += 1) {
    for (let k = itemStart[e] as number; k < (itemStart[e + 1] as number); k += 1) {
      const data = items[k] as number;
      if (data === NONE) continue;
      users[next[data] as number] = e;
      next[data] = (next[data] as number) + 1;
    }
  }
  return { entryObjects, dataObjects, itemStart, items, userStart, users, dataIndex, entryIndex };
};

/** What stands in an ENTRY object beside its items. Times in microseconds. */
export interface EntryHead {
  readonly seqnum: number;
  readonly realtime: number;
  readonly monotonic: number;
  readonly bootId: string;
}

export const entryHead = (bytes: JournalBytes, at: number): EntryHead => ({
  seqnum: bytes.u64(at + 16),
  realtime: bytes.u64(at + 24),
  monotonic: bytes.u64(at + 32),
  bootId: bytes.hex(at + 40, 16),
});

/** Consecutive numbers as runs. `rows` ascending, repeats allowed. */
export const runsOf = (rows: Iterable<number>): { readonly index: number; readonly count: number }[] => {
  const runs: { index: number; count: number }[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last !== undefined && row < last.index + last.count) continue;
    if (last !== undefined && row === last.index + last.count) last.count += 1;
    else runs.push({ index: row, count: 1 });
  }
  return runs;
};
