// Compact columns that grow by chunks: what a verification keeps of every record, a few bytes each.

const CHUNK = 1 << 16;
const MASK = CHUNK - 1;
const WORDS = 4;

/**
 * The first 128 bits of one SHA-256 digest a row. Enough to tell digests apart: finding a second record with the same
 * 128 bits takes 2^128 attempts. All zero stands for "no digest".
 */
export class DigestColumn {
  readonly #chunks: Uint32Array[] = [];
  length = 0;

  /** `hex`: at least 32 lower-case hex digits, or '' for none. */
  push(hex: string): void {
    const row = this.length;
    if ((row & MASK) === 0) this.#chunks.push(new Uint32Array(CHUNK * WORDS));
    this.length = row + 1;
    if (hex !== '') this.set(row, hex);
  }

  set(row: number, hex: string): void {
    const chunk = this.#chunks[row >>> 16] as Uint32Array;
    const at = (row & MASK) * WORDS;
    for (let word = 0; word < WORDS; word += 1) {
      let value = 0;
      for (let i = word * 8; i < word * 8 + 8; i += 1) {
        const code = hex.charCodeAt(i);
        value = (value << 4) | (code < 0x3a ? code - 0x30 : code - 0x57);
      }
      chunk[at + word] = value;
    }
  }

  copyFrom(other: DigestColumn, otherRow: number): void {
    this.push('');
    const chunk = this.#chunks[(this.length - 1) >>> 16] as Uint32Array;
    const at = ((this.length - 1) & MASK) * WORDS;
    for (let word = 0; word < WORDS; word += 1) chunk[at + word] = other.word(otherRow, word);
  }

  word(row: number, word: number): number {
    return (this.#chunks[row >>> 16] as Uint32Array)[(row & MASK) * WORDS + word] as number;
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
}

/** Where every record stands in the text: byte offset and line. */
export class PlaceColumn {
  readonly #offsets: Float64Array[] = [];
  // Lines mostly count up by one: only the rows where they don't are kept.
  readonly #jumpRows: number[] = [];
  readonly #jumpLines: number[] = [];
  #nextLine = 0;
  length = 0;

  push(offset: number, line: number): void {
    const row = this.length;
    if ((row & MASK) === 0) this.#offsets.push(new Float64Array(CHUNK));
    (this.#offsets[row >>> 16] as Float64Array)[row & MASK] = offset;
    if (line !== this.#nextLine) {
      this.#jumpRows.push(row);
      this.#jumpLines.push(line);
    }
    this.#nextLine = line + 1;
    this.length = row + 1;
  }

  offset(row: number): number {
    return (this.#offsets[row >>> 16] as Float64Array)[row & MASK] as number;
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
