// Compact columns that grow by pages: what a verification keeps of every record, a few bytes each.
import type { Page, PagePool } from './page-pool.ts';

/** Rows of a page. */
const ROWS = 1 << 14;
const SHIFT = 14;
const MASK = ROWS - 1;
const WORDS = 4;
/** See {@link PlaceColumn.sparse}. */
export const SPARSE = 256;

/** One of many digests in a row, as {@link DigestColumn.hex} gives it. */
export const packedHex = (all: Uint32Array, row: number): string => {
  const words = all.subarray(row * WORDS, row * WORDS + WORDS);
  if (words.every((word) => word === 0)) return '';
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
};

/** The pages of one column; with a pool, all but the last may be put away. */
class Pages {
  readonly #pages: Page[] = [];
  readonly #bytes: number;
  readonly #pool: PagePool | null;

  constructor(bytes: number, pool: PagePool | null) {
    this.#bytes = bytes;
    this.#pool = pool;
  }

  /** A new last page; the one before it is complete. */
  add(): ArrayBuffer {
    const full = this.#pages.at(-1);
    const buffer = new ArrayBuffer(this.#bytes);
    this.#pages.push({ buffer, bytes: this.#bytes, at: -1 });
    if (full !== undefined) this.#pool?.admit(full);
    return buffer;
  }

  at(page: number): ArrayBuffer {
    const found = this.#pages[page] as Page;
    return found.buffer ?? (this.#pool as PagePool).load(found);
  }
}

/**
 * The first 128 bits of one SHA-256 digest a row. Enough to tell digests apart: finding a second record with the same
 * 128 bits takes 2^128 attempts. All zero stands for "no digest".
 */
export class DigestColumn {
  readonly #pages: Pages;
  // The page used last: rows are mostly asked for one after the other.
  #page = -1;
  #words = new Uint32Array(0);
  length = 0;

  constructor(pool: PagePool | null = null) {
    this.#pages = new Pages(ROWS * WORDS * 4, pool);
  }

  /** `hex`: at least 32 lower-case hex digits, or '' for none. */
  push(hex: string): void {
    const row = this.#append();
    if (hex !== '') this.set(row, hex);
  }

  /** Rows of the page that is being filled only. */
  set(row: number, hex: string): void {
    const words = this.#wordsOf(row);
    const at = (row & MASK) * WORDS;
    for (let word = 0; word < WORDS; word += 1) {
      let value = 0;
      for (let i = word * 8; i < word * 8 + 8; i += 1) {
        const code = hex.charCodeAt(i);
        value = (value << 4) | (code < 0x3a ? code - 0x30 : code - 0x57);
      }
      words[at + word] = value;
    }
  }

  copyFrom(other: DigestColumn, otherRow: number): void {
    const row = this.#append();
    const words = this.#wordsOf(row);
    const at = (row & MASK) * WORDS;
    for (let word = 0; word < WORDS; word += 1) words[at + word] = other.word(otherRow, word);
  }

  word(row: number, word: number): number {
    return this.#wordsOf(row)[(row & MASK) * WORDS + word] as number;
  }

  /** 32 lower-case hex digits; '' for an empty row. */
  hex(row: number): string {
    return packedHex(this.#wordsOf(row), row & MASK);
  }

  isEmpty(row: number): boolean {
    return (
      this.word(row, 0) === 0 && this.word(row, 1) === 0 && this.word(row, 2) === 0 && this.word(row, 3) === 0
    );
  }

  equals(row: number, other: DigestColumn, otherRow: number): boolean {
    for (let i = 0; i < WORDS; i += 1) if (this.word(row, i) !== other.word(otherRow, i)) return false;
    return true;
  }

  /** All rows, four words each, first row first. */
  packed(): Uint32Array<ArrayBuffer> {
    const all = new Uint32Array(this.length * WORDS);
    for (let row = 0; row < this.length; row += ROWS) {
      const words = this.#wordsOf(row);
      all.set(words.subarray(0, Math.min(ROWS, this.length - row) * WORDS), row * WORDS);
    }
    return all;
  }

  /** Adds rows that {@link packed} gave. */
  pushPacked(all: Uint32Array): void {
    let at = 0;
    while (at < all.length) {
      const row = this.#append();
      const to = (row & MASK) * WORDS;
      const part = all.subarray(at, at + ROWS * WORDS - to);
      this.#wordsOf(row).set(part, to);
      this.length = row + part.length / WORDS;
      at += part.length;
    }
  }

  #append(): number {
    const row = this.length;
    if ((row & MASK) === 0) {
      this.#words = new Uint32Array(this.#pages.add());
      this.#page = row >>> SHIFT;
    }
    this.length = row + 1;
    return row;
  }

  #wordsOf(row: number): Uint32Array {
    const page = row >>> SHIFT;
    if (page !== this.#page || this.#words.length === 0) {
      this.#words = new Uint32Array(this.#pages.at(page));
      this.#page = page;
    }
    return this.#words;
  }
}

export interface PackedPlaces {
  readonly steps: Float64Array;
  readonly jumpRows: readonly number[];
  readonly jumpLines: readonly number[];
}

/** Where every record stands in the text: byte offset and line. */
export class PlaceColumn {
  readonly #pages: Pages;
  #page = -1;
  #offsets = new Float64Array(0);
  // Lines mostly count up by one: only the rows where they don't are kept.
  readonly #jumpRows: number[] = [];
  readonly #jumpLines: number[] = [];
  #nextLine = 0;
  /** Offset of each 256th row: what is kept to find records again. */
  readonly sparse: number[] = [];
  length = 0;

  constructor(pool: PagePool | null = null) {
    this.#pages = new Pages(ROWS * 8, pool);
  }

  push(offset: number, line: number): void {
    const row = this.length;
    if ((row & MASK) === 0) {
      this.#offsets = new Float64Array(this.#pages.add());
      this.#page = row >>> SHIFT;
    } else this.#turnTo(row);
    this.#offsets[row & MASK] = offset;
    if (row % SPARSE === 0) this.sparse.push(offset);
    if (line !== this.#nextLine) {
      this.#jumpRows.push(row);
      this.#jumpLines.push(line);
    }
    this.#nextLine = line + 1;
    this.length = row + 1;
  }

  offset(row: number): number {
    this.#turnTo(row);
    return this.#offsets[row & MASK] as number;
  }

  /** Rows as steps from one offset to the next (the first from `from` on), and where the lines don't count up by one. */
  packed(from: number): PackedPlaces {
    const steps = new Float64Array(this.length);
    let before = from;
    for (let row = 0; row < this.length; row += 1) {
      const offset = this.offset(row);
      steps[row] = offset - before;
      before = offset;
    }
    return { steps, jumpRows: this.#jumpRows, jumpLines: this.#jumpLines };
  }

  /** Adds rows that {@link packed} gave; `lines` come before them. */
  pushPacked({ steps, jumpRows, jumpLines }: PackedPlaces, from: number, lines: number): void {
    let offset = from;
    let jump = 0;
    let line = 0;
    for (let row = 0; row < steps.length; row += 1) {
      offset += steps[row] as number;
      if (jumpRows[jump] === row) {
        line = jumpLines[jump] as number;
        jump += 1;
      }
      this.push(offset, line + lines);
      line += 1;
    }
  }

  line(row: number): number {
    let low = 0;
    let high = this.#jumpRows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#jumpRows[middle] as number) <= row) low = middle;
      else high = middle - 1;
    }
    return (this.#jumpLines[low] as number) + row - (this.#jumpRows[low] as number);
  }

  #turnTo(row: number): void {
    const page = row >>> SHIFT;
    if (page === this.#page && this.#offsets.length > 0) return;
    this.#offsets = new Float64Array(this.#pages.at(page));
    this.#page = page;
  }
}

/** Whole numbers up to 2^31 - 1, four bytes each. */
export class IntColumn {
  #values = new Int32Array(64);
  length = 0;

  push(value: number): number {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
    return this.length - 1;
  }

  packed(): Int32Array<ArrayBuffer> {
    return this.#values.slice(0, this.length);
  }

  at(row: number): number {
    return this.#values[row] as number;
  }

  set(row: number, value: number): void {
    this.#values[row] = value;
  }

  /** The last row whose value is at most `value`, in an ascending column; -1 when there is none. */
  floor(value: number): number {
    let low = -1;
    let high = this.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.at(middle) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const TEXT_CHUNK = 1 << 20;

/** Short texts, stored as UTF-8. */
export class TextColumn {
  readonly #chunks: Buffer[] = [];
  readonly #from = new IntColumn();
  readonly #size = new IntColumn();
  #used = 0;

  /** Answers the row. `text`: at most 1 MiB in UTF-8. */
  push(text: string): number {
    const size = Buffer.byteLength(text);
    if (this.#chunks.length === 0 || this.#used + size > TEXT_CHUNK) {
      this.#chunks.push(Buffer.allocUnsafe(TEXT_CHUNK));
      this.#used = 0;
    }
    const chunk = this.#chunks.length - 1;
    (this.#chunks[chunk] as Buffer).write(text, this.#used);
    this.#size.push(size);
    const row = this.#from.push(chunk * TEXT_CHUNK + this.#used);
    this.#used += size;
    return row;
  }

  at(row: number): string {
    const from = this.#from.at(row);
    const start = from % TEXT_CHUNK;
    return (this.#chunks[(from - start) / TEXT_CHUNK] as Buffer).toString(
      'utf8',
      start,
      start + this.#size.at(row),
    );
  }
}
