// Event ids that count (evt-00041, evt-00042): what tells a removed record from an altered one.

const MAX_DIGITS = 15;
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

/** Learns the step of a log's ids from pairs of records that the chain links. */
export class Sequence {
  readonly #counts = new Map<number, number>();
  #pairs = 0;

  add(before: string, after: string): void {
    this.#pairs += 1;
    const step = stepBetween(before, after);
    if (step === null || step === 0) return;
    const count = this.#counts.get(step);
    if (count !== undefined) this.#counts.set(step, count + 1);
    else if (this.#counts.size < MAX_STEPS) this.#counts.set(step, 1);
  }

  /** The regular step, or null. Without any linked pair ids that count up are taken at their word: 1. */
  step(): number | null {
    if (this.#pairs === 0) return 1;
    for (const [step, count] of this.#counts) if (count >= this.#pairs * REGULAR) return step;
    return null;
  }
}
