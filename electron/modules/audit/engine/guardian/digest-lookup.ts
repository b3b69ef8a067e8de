// Finds which records carry given digests, in one pass over the column, with memory for the wanted ones only.
import { randomBytes } from 'node:crypto';
import { DigestColumn, IntColumn } from '../lines/columns.ts';

export class DigestLookup {
  readonly #table: Int32Array;
  readonly #mask: number;
  // Unpredictable, so that a file can't be made to fill one slot.
  readonly #seeds = Array.from({ length: 4 }, () => randomBytes(4).readUInt32LE() | 1);
  readonly #wanted = new DigestColumn();
  // Matches of each wanted digest as a linked list in ascending order.
  readonly #first = new IntColumn();
  readonly #last = new IntColumn();
  readonly #matches = new IntColumn();
  readonly #next = new IntColumn();

  /** `capacity`: how many digests will be asked for at most. */
  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 2)));
    this.#table = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** Asks for the digest in that row. An empty row is never found. */
  want(column: DigestColumn, row: number): void {
    const slot = this.#slot(column, row);
    if (this.#table[slot] !== 0 || column.isEmpty(row)) return;
    this.#wanted.copyFrom(column, row);
    this.#first.push(-1);
    this.#last.push(-1);
    this.#table[slot] = this.#wanted.length;
  }

  /** Notes where a wanted digest occurs: `index(row)` names the record of a row. */
  scan(column: DigestColumn, index: (row: number) => number): void {
    for (let row = 0; row < column.length; row += 1) {
      const entry = (this.#table[this.#slot(column, row)] as number) - 1;
      if (entry < 0 || column.isEmpty(row)) continue;
      const match = this.#matches.push(index(row));
      this.#next.push(-1);
      const last = this.#last.at(entry);
      if (last < 0) this.#first.set(entry, match);
      else this.#next.set(last, match);
      this.#last.set(entry, match);
    }
  }

  /** The records with that digest, in the order of the scans. */
  *found(column: DigestColumn, row: number): Generator<number> {
    if (column.isEmpty(row)) return;
    const entry = (this.#table[this.#slot(column, row)] as number) - 1;
    if (entry < 0) return;
    for (let match = this.#first.at(entry); match >= 0; match = this.#next.at(match)) {
      yield this.#matches.at(match);
    }
  }

  /** The slot that holds the digest, or the free one where it would go. */
  #slot(column: DigestColumn, row: number): number {
    let mixed = 0;
    for (let word = 0; word < 4; word += 1) {
      mixed = Math.imul(mixed ^ column.word(row, word), this.#seeds[word] as number);
      mixed ^= mixed >>> 15;
    }
    let slot = mixed & this.#mask;
    for (;;) {
      const entry = (this.#table[slot] as number) - 1;
      if (entry < 0) return slot;
      if (this.#wanted.equals(entry, column, row)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}
