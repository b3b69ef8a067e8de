// The XOR of its fields' hashes that each entry carries: without a seal the only thing that ties an entry to its fields.
import { ENTRY_ITEMS_AT } from './layout.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import { NONE } from './entries.ts';
import type { EntryTable } from './entries.ts';
import { jenkinsHash } from './object-hash.ts';
import type { ObjectChecker } from './objects.ts';
import type { ObjectList } from './object-walk.ts';

/** More fields than that are not searched for a repeated one. */
const MAX_SEARCHED = 256;

/** systemd journal_file_append_entry: Jenkins hashes of the contents, in files with keyed hashes too. */
export class XorCheck {
  readonly #bytes: JournalBytes;
  readonly #header: JournalHeader;
  readonly #objects: ObjectList;
  readonly #table: EntryTable;
  readonly #checker: ObjectChecker;
  readonly #lo: Uint32Array;
  readonly #hi: Uint32Array;
  readonly #known: Uint8Array;

  constructor(
    bytes: JournalBytes,
    header: JournalHeader,
    objects: ObjectList,
    table: EntryTable,
    checker: ObjectChecker,
  ) {
    this.#bytes = bytes;
    this.#header = header;
    this.#objects = objects;
    this.#table = table;
    this.#checker = checker;
    this.#lo = new Uint32Array(table.dataObjects.length);
    this.#hi = new Uint32Array(table.dataObjects.length);
    this.#known = new Uint8Array(table.dataObjects.length);
  }

  /** false when the entry's XOR is not that of its fields; true too where a field can't be read. */
  isRight(row: number): boolean {
    const at = this.#objects.at(this.#table.entryObjects[row] as number);
    if (at + ENTRY_ITEMS_AT > this.#bytes.length) return true;
    let lo = this.#bytes.u32(at + 56);
    let hi = this.#bytes.u32(at + 60);
    const from = this.#table.itemStart[row] as number;
    const to = this.#table.itemStart[row + 1] as number;
    for (let k = from; k < to; k += 1) {
      const data = this.#table.items[k] as number;
      if (data === NONE || !this.#learn(data)) return true;
      lo = (lo ^ (this.#lo[data] as number)) >>> 0;
      hi = (hi ^ (this.#hi[data] as number)) >>> 0;
    }
    if (lo === 0 && hi === 0) return true;
    // A field that was logged twice is XORed twice and listed once.
    if (to - from > MAX_SEARCHED) return true;
    for (let k = from; k < to; k += 1) {
      for (let m = k; m < to; m += 1) {
        const a = this.#table.items[k] as number;
        const b = this.#table.items[m] as number;
        const xl = m === k ? 0 : (this.#lo[b] as number);
        const xh = m === k ? 0 : (this.#hi[b] as number);
        if (((this.#lo[a] as number) ^ xl) >>> 0 === lo && ((this.#hi[a] as number) ^ xh) >>> 0 === hi)
          return true;
      }
    }
    return false;
  }

  #learn(data: number): boolean {
    if (this.#known[data] === 1) return true;
    const object = this.#table.dataObjects[data] as number;
    const at = this.#objects.at(object);
    if (!this.#header.isKeyed) {
      this.#lo[data] = this.#bytes.u32(at + 16);
      this.#hi[data] = this.#bytes.u32(at + 20);
    } else {
      const content = this.#checker.content(object);
      if (content === null) return false;
      const hash = { lo: 0, hi: 0 };
      jenkinsHash(content, 0, content.length, hash);
      this.#lo[data] = hash.lo;
      this.#hi[data] = hash.hi;
    }
    this.#known[data] = 1;
    return true;
  }
}
