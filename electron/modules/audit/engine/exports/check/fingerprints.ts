// Finds records that may stand twice among millions: 64 bits of each, sorted in parts, so that memory stays at 8 bytes a record.
import { hash } from 'node:crypto';

const CHUNK = 1 << 16;
const PARTS = 32;

export class Fingerprints {
  readonly #chunks: Uint32Array<ArrayBuffer>[] = [];
  length = 0;

  /** The next record has none: it can't be read. */
  skip(): void {
    this.#put(0, 0);
  }

  /** `digest`: a SHA-256. */
  add(digest: Uint8Array): void {
    const view = new DataView(digest.buffer, digest.byteOffset, 8);
    // All zero stands for "none".
    this.#put(view.getUint32(0) | 1, view.getUint32(4));
  }

  addText(text: string): void {
    this.add(hash('sha256', text, 'buffer'));
  }

  #put(high: number, low: number): void {
    const row = this.length % CHUNK;
    if (row === 0) this.#chunks.push(new Uint32Array(2 * CHUNK));
    const chunk = this.#chunks[this.#chunks.length - 1] as Uint32Array;
    chunk[2 * row] = low;
    chunk[2 * row + 1] = high;
    this.length += 1;
  }

  #each(use: (row: number, low: number, high: number) => void): void {
    for (let row = 0; row < this.length; row += 1) {
      const chunk = this.#chunks[Math.floor(row / CHUNK)] as Uint32Array;
      const at = (row % CHUNK) * 2;
      const high = chunk[at + 1] as number;
      if (high !== 0) use(row, chunk[at] as number, high);
    }
  }

  /**
   * Groups of rows with the same 64 bits, each in order; at most `limit` rows are named, `count` counts the rows after
   * the first of each group.
   */
  repeated(limit: number): { readonly groups: readonly (readonly number[])[]; readonly count: number } {
    const keys = this.#repeatedKeys();
    if (keys.size === 0) return { groups: [], count: 0 };
    const lows = new Set([...keys].map((key) => Number(key & 0xffff_ffffn)));
    const groups = new Map<bigint, number[]>();
    let [named, all] = [0, 0];
    this.#each((row, low, high) => {
      if (!lows.has(low)) return;
      const key = (BigInt(high >>> 0) << 32n) | BigInt(low);
      if (!keys.has(key)) return;
      all += 1;
      if (named >= limit) return;
      named += 1;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    });
    return { groups: [...groups.values()].filter((group) => group.length > 1), count: all - keys.size };
  }

  #repeatedKeys(): Set<bigint> {
    const keys = new Set<bigint>();
    const sizes = new Uint32Array(PARTS);
    const partOf = (low: number): number => low >>> 27;
    this.#each((_, low) => {
      const part = partOf(low);
      sizes[part] = (sizes[part] as number) + 1;
    });
    for (let part = 0; part < PARTS; part += 1) {
      const words = new Uint32Array(2 * (sizes[part] as number));
      let at = 0;
      this.#each((_, low, high) => {
        if (partOf(low) !== part) return;
        words[at] = low;
        words[at + 1] = high;
        at += 2;
      });
      // Numbers of 64 bits sort as numbers on little-endian machines, which all are that Electron runs on.
      const sorted = new BigUint64Array(words.buffer).toSorted();
      for (let i = 1; i < sorted.length; i += 1) {
        if (sorted[i] === sorted[i - 1]) keys.add(sorted[i] as bigint);
      }
    }
    return keys;
  }
}
