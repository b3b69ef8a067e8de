// The distinct values of one column, numbered in the order in which they come; number 0 stands for "none".
import { VALUE_LIMIT } from '../../../../shared/model/reading.ts';

export interface DictionaryLimits {
  /** Distinct values, "none" included. */
  readonly values: number;
  /** Characters of all values together. */
  readonly characters: number;
}

/** What a column says of a value that came after its dictionary was full. */
export const OVERFLOW = '(one of many more values)';

/** A longer value is cut, and says so. */
export const cutValue = (value: string): string =>
  value.length > VALUE_LIMIT ? `${value.slice(0, VALUE_LIMIT)}…` : value;

export class Dictionary {
  readonly #ids = new Map<string, number>();
  readonly #values: (string | null)[] = [null];
  readonly #counts: number[] = [0];
  readonly #limits: DictionaryLimits;
  #characters = 0;
  #overflow = -1;

  constructor(limits: DictionaryLimits) {
    this.#limits = limits;
  }

  get values(): readonly (string | null)[] {
    return this.#values;
  }

  get counts(): readonly number[] {
    return this.#counts;
  }

  /** The number of a value; counts it. */
  add(value: string | null): number {
    const id = this.#idOf(value);
    this.#counts[id] = (this.#counts[id] ?? 0) + 1;
    return id;
  }

  #idOf(value: string | null): number {
    if (value === null) return 0;
    const cut = cutValue(value);
    const known = this.#ids.get(cut);
    if (known !== undefined) return known;
    if (this.#overflow >= 0) return this.#overflow;
    const { values, characters } = this.#limits;
    // The last number is kept for all that come too late.
    const isFull = this.#values.length >= values - 1 || this.#characters + cut.length > characters;
    const id = this.#values.length;
    this.#values.push(isFull ? OVERFLOW : cut);
    this.#counts.push(0);
    if (isFull) {
      this.#overflow = id;
      return id;
    }
    this.#characters += cut.length;
    // A copy: a slice of a parsed record would hold the whole record in memory.
    this.#ids.set(Buffer.from(cut, 'utf8').toString('utf8'), id);
    return id;
  }
}
