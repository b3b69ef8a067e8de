// Event ids that count (evt-00041, evt-00042): what tells a removed record from an altered one.

const MAX_DIGITS = 15;
/** Different steps counted in one cell. */
const MAX_STEPS = 64;
/** Share of linked pairs that must have the same step for the ids to count as a sequence. */
const REGULAR = 0.9;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

const digitsFrom = (id: string): number => {
  let at = id.length;
  while (at > 0 && id.length - at < MAX_DIGITS && isDigit(id.charCodeAt(at - 1))) at -= 1;
  return at;
};

/** The number at the end of `b` minus that of `a`; null when they have no number there or differ in what is before it. */
export const stepBetween = (a: string, b: string): number | null => {
  const from = digitsFrom(a);
  if (from === a.length || digitsFrom(b) !== from) return null;
  for (let i = 0; i < from; i += 1) if (a.charCodeAt(i) !== b.charCodeAt(i)) return null;
  return Number(b.slice(from)) - Number(a.slice(from));
};

/** What a {@link Sequence} has counted: linked pairs, and how often each step occurred. */
export interface SequenceCounts {
  readonly pairs: number;
  readonly steps: readonly (readonly [number, number])[];
}

/**
 * Learns the step of a log's ids from pairs of records that the chain links. Counts are kept by cell (see CELL_BYTES),
 * each with a bound of its own, so that the counts of a log's parts add up to those of the whole.
 */
export class Sequence {
  readonly #total = new Map<number, number>();
  readonly #cell = new Map<number, number>();
  #pairs = 0;

  add(before: string, after: string): void {
    this.#pairs += 1;
    const step = stepBetween(before, after);
    if (step === null || step === 0) return;
    const count = this.#cell.get(step);
    if (count !== undefined) this.#cell.set(step, count + 1);
    else if (this.#cell.size < MAX_STEPS) this.#cell.set(step, 1);
  }

  /** A pair that lies across the border of two cells. */
  addAcross(before: string, after: string): void {
    this.#pairs += 1;
    const step = stepBetween(before, after);
    if (step !== null && step !== 0) this.#total.set(step, (this.#total.get(step) ?? 0) + 1);
  }

  endCell(): void {
    for (const [step, count] of this.#cell) this.#total.set(step, (this.#total.get(step) ?? 0) + count);
    this.#cell.clear();
  }

  counts(): SequenceCounts {
    this.endCell();
    return { pairs: this.#pairs, steps: [...this.#total] };
  }

  addCounts({ pairs, steps }: SequenceCounts): void {
    this.#pairs += pairs;
    for (const [step, count] of steps) this.#total.set(step, (this.#total.get(step) ?? 0) + count);
  }

  /** The regular step, or null. Without any linked pair ids that count up are taken at their word: 1. */
  step(): number | null {
    if (this.#pairs === 0) return 1;
    const { pairs, steps } = this.counts();
    for (const [step, count] of steps) if (count >= pairs * REGULAR) return step;
    return null;
  }
}
