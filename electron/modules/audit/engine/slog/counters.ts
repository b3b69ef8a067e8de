// The numbers of all lines, before any is decrypted: which of them can be true, and which keys will be needed late.

/** Entries that may be missing in one place and still be bridged: each costs one derivation of a key. */
export const MAX_JUMP = 1_000_000;
/** Stands for a number that can't be read, or can't be true. */
export const NO_NUMBER = -1;

export interface CounterPlan {
  /** What each line says, or NO_NUMBER. */
  readonly numbers: Float64Array;
  /** What each line should be by the line before it, where that number stands nowhere else; else NO_NUMBER. */
  readonly instead: Float64Array;
  /** Smallest and largest believable number. */
  readonly first: number;
  readonly last: number;
  readonly late: Float64Array;
  /** Numbers that more than one line has. */
  readonly repeated: ReadonlySet<number>;
}

/** `counters`: null where a line's counter can't be read. `from`: number of the first key. */
export const planCounters = (counters: readonly (number | null)[], from: number): CounterPlan => {
  const known = Float64Array.from(counters.filter((value) => value !== null)).toSorted();
  // A flipped bit makes a number that is far away from all others.
  const begin = known.findIndex((value) => value >= from);
  let first = begin < 0 ? from : (known[begin] as number);
  const middle = known[known.length >> 1] ?? first;
  let limit = middle;
  for (let i = known.length >> 1; i < known.length && (known[i] as number) - limit <= MAX_JUMP; i += 1)
    limit = known[i] as number;
  let low = middle;
  for (let i = known.length >> 1; i >= 0 && low - (known[i] as number) <= MAX_JUMP; i -= 1)
    low = known[i] as number;
  first = Math.max(first, low);
  const numbers = Float64Array.from(counters, (value) =>
    value !== null && value >= first && value <= limit ? value : NO_NUMBER,
  );
  const present = new Set(numbers);
  const instead = new Float64Array(numbers.length).fill(NO_NUMBER);
  let before = first - 1;
  for (const [i, number] of numbers.entries()) {
    const expected = before + 1;
    if (
      number !== expected &&
      !present.has(expected) &&
      (numbers[i + 1] === expected + 1 || number === NO_NUMBER || i === numbers.length - 1)
    )
      instead[i] = expected;
    before = instead[i] === NO_NUMBER ? (number === NO_NUMBER ? before + 1 : number) : (instead[i] as number);
  }
  const late = new Set<number>();
  let highest = -1;
  for (const [i, number] of numbers.entries()) {
    for (const wanted of [number, instead[i] as number]) {
      if (wanted === NO_NUMBER) continue;
      if (wanted < highest) late.add(wanted);
      else highest = wanted;
    }
  }
  const repeated = new Set<number>();
  for (let i = 1; i < known.length; i += 1) if (known[i] === known[i - 1]) repeated.add(known[i] as number);
  return { numbers, instead, first, last: limit, late: Float64Array.from(late).toSorted(), repeated };
};
