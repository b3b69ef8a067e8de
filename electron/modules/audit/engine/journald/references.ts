// Follows what the objects of a journal refer to: entry arrays and hash tables must reach everything, in order, once.
import { NONE, OffsetIndex } from './entries.ts';
import type { readEntries } from './entries.ts';
import {
  ARRAY_ITEMS_AT,
  DATA_TABLE,
  ENTRY_ARRAY,
  FIELD,
  FIELD_TABLE,
  TABLE_ITEMS_AT,
  TYPE_NAMES,
} from './layout.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import { hashModulo } from './object-hash.ts';
import type { ObjectList } from './object-walk.ts';

export interface ReferenceFault {
  /** Rows of the entries concerned, ascending; [] = none in particular. */
  readonly entries: readonly number[];
  /** Offset in the file, or null. */
  readonly at: number | null;
  readonly why: string;
  /** It leads to a place where no whole object is: where the file is damaged or cut, that is a consequence. */
  readonly isDangling: boolean;
}

type Entries = ReturnType<typeof readEntries>;

/** Entries that one fault names. */
const NAMED = 1000;
/** A hostile file could hold one fault for every few bytes. */
const MAX_FAULTS = 50_000;

export class ReferenceChecker {
  readonly faults: ReferenceFault[] = [];
  /** Faults beyond those that are kept. */
  omitted = 0;
  readonly #bytes: JournalBytes;
  readonly #header: JournalHeader;
  readonly #objects: ObjectList;
  readonly #entries: Entries;
  readonly #arrays: OffsetIndex;
  readonly #arrayObjects: Uint32Array;
  readonly #pause: () => Promise<void>;

  constructor(
    bytes: JournalBytes,
    header: JournalHeader,
    objects: ObjectList,
    entries: Entries,
    pause: () => Promise<void>,
  ) {
    this.#bytes = bytes;
    this.#header = header;
    this.#objects = objects;
    this.#entries = entries;
    this.#pause = pause;
    this.#arrayObjects = this.#objectsOf(ENTRY_ARRAY);
    this.#arrays = new OffsetIndex(objects, this.#arrayObjects, bytes.length);
  }

  async check(): Promise<void> {
    await this.#items();
    this.#mainArray();
    await this.#dataArrays();
    this.#table(DATA_TABLE, this.#header.dataTable, this.#entries.dataObjects, this.#entries.dataIndex);
    const fields = this.#objectsOf(FIELD);
    const index = new OffsetIndex(this.#objects, fields, this.#bytes.length);
    this.#table(FIELD_TABLE, this.#header.fieldTable, fields, index);
  }

  #objectsOf(type: number): Uint32Array {
    const found: number[] = [];
    for (let i = 0; i < this.#objects.length; i += 1) if (this.#objects.type(i) === type) found.push(i);
    return Uint32Array.from(found);
  }

  #fault(entries: readonly number[], at: number | null, why: string, isDangling = false): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ entries, at, why, isDangling });
    else this.omitted += 1;
  }

  /** Every item of every entry is a DATA object, and has its hash. */
  async #items(): Promise<void> {
    const { entryObjects, dataObjects, itemStart, items } = this.#entries;
    for (const [e, object] of entryObjects.entries()) {
      if (e % 20_000 === 0) await this.#pause();
      const at = this.#objects.at(object);
      const first = itemStart[e] as number;
      for (let k = first; k < (itemStart[e + 1] as number); k += 1) {
        const data = items[k] as number;
        if (data === NONE) {
          this.#fault([e], at, `field ${k - first} of the entry is no DATA object`, true);
          continue;
        }
        if (this.#header.isCompact) continue;
        const stored = at + 64 + (k - first) * 16 + 8;
        const own = this.#objects.at(dataObjects[data] as number) + 16;
        if (
          this.#bytes.u32(stored) === this.#bytes.u32(own) &&
          this.#bytes.u32(stored + 4) === this.#bytes.u32(own + 4)
        )
          continue;
        this.#fault([e], at, `the entry names another hash for its field ${k - first} than that field has`);
      }
    }
  }

  /** Offsets in a chain of entry arrays, in order, without the empty ends. */
  *#chain(first: number): Generator<{ readonly offset: number; readonly array: number } | null> {
    const itemBytes = this.#header.isCompact ? 4 : 8;
    let array = first;
    while (array !== 0) {
      const row = this.#arrays.row(array);
      if (row === NONE) {
        yield null;
        return;
      }
      const size = this.#objects.size(this.#arrayObjects[row] as number);
      const count = Math.floor((size - ARRAY_ITEMS_AT) / itemBytes);
      for (let i = 0; i < count; i += 1) {
        const at = array + ARRAY_ITEMS_AT + i * itemBytes;
        const offset = this.#header.isCompact ? this.#bytes.u32(at) : this.#bytes.u64(at);
        if (offset !== 0) yield { offset, array };
      }
      const next = this.#bytes.u64(array + 16);
      // Chains lead forward only, so that none has a cycle.
      if (next !== 0 && next <= array) {
        yield null;
        return;
      }
      array = next;
    }
  }

  #mainArray(): void {
    const { entryObjects, entryIndex } = this.#entries;
    const listed = new Uint8Array(entryObjects.length);
    let last = -1;
    for (const item of this.#chain(this.#header.entryArray)) {
      if (item === null) {
        this.#fault([], null, 'the list of all entries is broken off: its next part can not be found', true);
        break;
      }
      const row = entryIndex.row(item.offset);
      if (row === NONE) {
        this.#fault(
          [],
          item.array,
          `the list of all entries leads to 0x${item.offset.toString(16)}, where no entry is`,
          true,
        );
        continue;
      }
      if (row <= last)
        this.#fault([row], item.array, 'the list of all entries is not in the order of the file');
      listed[row] = 1;
      last = row;
    }
    for (let e = 0; e < listed.length; e += 1) {
      if (listed[e] === 1) continue;
      this.#fault([e], this.#objects.at(entryObjects[e] as number), UNLISTED);
    }
  }

  /** Each DATA object leads to exactly the entries that use it. */
  async #dataArrays(): Promise<void> {
    const { dataObjects, entryObjects, userStart, users, entryIndex } = this.#entries;
    const lastEntry = entryObjects.length - 1;
    for (const [d, object] of dataObjects.entries()) {
      if (d % 20_000 === 0) await this.#pause();
      const at = this.#objects.at(object);
      const from = userStart[d] as number;
      const to = userStart[d + 1] as number;
      const found: number[] = [];
      let isBroken = false;
      const take = (offset: number): void => {
        const row = entryIndex.row(offset);
        if (row === NONE) isBroken = true;
        else found.push(row);
      };
      const first = this.#bytes.u64(at + 40);
      const count = this.#bytes.u64(at + 56);
      if (first !== 0) take(first);
      if (count > 1 && !isBroken) {
        for (const item of this.#chain(this.#bytes.u64(at + 48))) {
          if (item === null) isBroken = true;
          else take(item.offset);
          // More than its users are: wrong in any case, and a hostile file could make this very long.
          if (isBroken || found.length > to - from || found.length === count) break;
        }
      }
      if (this.#agrees(found, from, to, lastEntry) && (found.length === count || to === from)) continue;
      const listed = new Set(found);
      const missing: number[] = [];
      for (let k = from; k < to && missing.length < NAMED; k += 1) {
        const e = users[k] as number;
        if (!listed.has(e)) missing.push(e);
      }
      const why =
        missing.length > 0
          ? 'a field of the entry does not lead back to the entry, so that a search by it misses the entry'
          : 'a field leads to other entries, or to more or fewer, than those that use it';
      this.#fault(missing, at, why, isBroken);
    }
  }

  /** An interrupted writer leaves the last entry unlinked; a copy of an entry's field counts once. */
  #agrees(found: readonly number[], from: number, to: number, lastEntry: number): boolean {
    const { users } = this.#entries;
    let k = from;
    for (const row of found) {
      if (users[k] !== row) return false;
      while (k < to && users[k] === row) k += 1;
    }
    return k === to || (users[k] === lastEntry && users[to - 1] === lastEntry);
  }

  #table(
    type: number,
    named: { readonly offset: number; readonly size: number },
    rows: Uint32Array,
    index: OffsetIndex,
  ): void {
    const name = TYPE_NAMES[type] ?? '';
    const [table, ...others] = this.#objectsOf(type);
    if (table === undefined) {
      if (rows.length > 0) this.#fault([], null, `there is no ${name}`, true);
      return;
    }
    const at = this.#objects.at(table) + TABLE_ITEMS_AT;
    const size = this.#objects.size(table) - TABLE_ITEMS_AT;
    if (others.length > 0) this.#fault([], at, `there is more than one ${name}`);
    if (named.offset !== at || named.size !== size)
      this.#fault([], at, `the header names another place or size for the ${name}`);
    const buckets = Math.floor(size / 16);
    const reached = new Uint8Array(rows.length);
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      let here = this.#bytes.u64(at + bucket * 16);
      let last = 0;
      let isWhole = true;
      while (here !== 0) {
        const row = index.row(here);
        if (row === NONE) {
          this.#fault(
            [],
            at + bucket * 16,
            `bucket ${bucket} of the ${name} leads to a place where nothing of it is`,
            true,
          );
          isWhole = false;
          break;
        }
        if (hashModulo(this.#bytes.u32(here + 16), this.#bytes.u32(here + 20), buckets) !== bucket) {
          this.#fault([], here, `an object stands in bucket ${bucket} of the ${name} and belongs to another`);
          isWhole = false;
          break;
        }
        reached[row] = 1;
        last = here;
        const next = this.#bytes.u64(here + 24);
        if (next !== 0 && next <= here) {
          this.#fault([], here, `bucket ${bucket} of the ${name} runs in a circle`);
          isWhole = false;
          break;
        }
        here = next;
      }
      if (isWhole && last !== this.#bytes.u64(at + bucket * 16 + 8))
        this.#fault([], at + bucket * 16, `bucket ${bucket} of the ${name} ends elsewhere than it says`);
    }
    for (const [row, value] of reached.entries()) {
      if (value === 1) continue;
      this.#fault(
        [],
        this.#objects.at(rows[row] as number),
        `an object is not in the ${name}, so that no search finds it`,
      );
    }
  }
}

export const UNLISTED =
  'the entry is in the file but not in the list by which readers find entries: it is hidden from them';
