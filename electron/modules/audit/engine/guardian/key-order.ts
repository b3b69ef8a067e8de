// Puts the members of a scanned dict in Python's order: a stack of tape positions, so that nested dicts share it.
import { compareSpans } from './json-bytes.ts';

const MAX_INSERTION_SORT = 24;

export class KeyOrder {
  #keys = new Int32Array(1024);
  /** Where the next dict's members go. */
  top = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #tape = new Int32Array(0);
  // The permutation that sorted the last record's members.
  readonly #shape = new Int32Array(MAX_INSERTION_SORT);
  #shapeLength = 0;

  begin(bytes: Uint8Array, tape: Int32Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#tape = tape;
    this.top = 0;
  }

  /** `key`: the tape position of a member's key. */
  push(key: number): void {
    if (this.top === this.#keys.length) {
      const larger = new Int32Array(this.#keys.length * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    this.#keys[this.top] = key;
    this.top += 1;
  }

  at(position: number): number {
    return this.#keys[position] as number;
  }

  /** Order of two keys by code point. */
  compare(a: number, b: number): number {
    const tape = this.#tape;
    return compareSpans(
      this.#bytes,
      tape[a + 1] as number,
      tape[a + 2] as number,
      tape[b + 1] as number,
      tape[b + 2] as number,
    );
  }

  /** Sorts `count` keys from `base` on; of equal keys the one that stands last in the record comes last. */
  sort(base: number, count: number): void {
    const keys = this.#keys;
    if (count > MAX_INSERTION_SORT) {
      keys.subarray(base, base + count).sort((a, b) => this.compare(a, b) || a - b);
      return;
    }
    for (let i = base + 1; i < base + count; i += 1) {
      const moving = keys[i] as number;
      let j = i - 1;
      while (j >= base && this.compare(keys[j] as number, moving) > 0) {
        keys[j + 1] = keys[j] as number;
        j -= 1;
      }
      keys[j + 1] = moving;
    }
  }

  /** The same, trying the permutation of the last call first: the records of one log have the same fields. */
  sortLikeLast(base: number, count: number): void {
    if (count > MAX_INSERTION_SORT) {
      this.sort(base, count);
      return;
    }
    const copy = base + count;
    for (let i = 0; i < count; i += 1) this.push(this.at(base + i));
    this.top = copy;
    const keys = this.#keys;
    if (count === this.#shapeLength) {
      for (let i = 0; i < count; i += 1) keys[base + i] = keys[copy + (this.#shape[i] as number)] as number;
      if (this.#isAscending(base, count)) return;
      keys.copyWithin(base, copy, copy + count);
    }
    this.sort(base, count);
    this.#shapeLength = count;
    const original = keys.subarray(copy, copy + count);
    for (let i = 0; i < count; i += 1) this.#shape[i] = original.indexOf(keys[base + i] as number);
  }

  /** false for equal neighbours too. */
  #isAscending(base: number, count: number): boolean {
    for (let i = 1; i < count; i += 1) {
      if (this.compare(this.at(base + i - 1), this.at(base + i)) >= 0) return false;
    }
    return true;
  }
}
