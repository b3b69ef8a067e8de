// The variants of one record made ready for trying: its canonical text with holes, and which holes belong together.
import type { PyDict } from '../../../../../shared/chain/python-json.ts';
import { templateOf } from './repair-template.ts';
import type { Template } from './repair-template.ts';
import { Variants } from './repair-variants.ts';
import type { Choice, RepairShape, Variant } from './repair-variants.ts';

const MAX_VARIANTS_OF_LARGE = 6;
const LARGE = 1 << 16;

export interface Trial {
  readonly variant: Variant;
  readonly template: Template;
  /** Positions of the atoms of one pattern that have another form, by pattern. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
}

/** The variants of one record as trials, made when asked for, and kept only where that is cheap. */
export class Trials {
  readonly #variants: Variants;
  readonly #isLarge: boolean;
  readonly #made: Trial[] = [];
  readonly #rest: Generator<Variant>;

  constructor(body: PyDict, shape: RepairShape, size: number) {
    this.#variants = new Variants(body, shape);
    this.#rest = this.#variants.all();
    this.#isLarge = size > LARGE;
  }

  chosen(choices: readonly Choice[]): Trial | undefined {
    if (choices.length === 0) return this.#at(0);
    const variant = this.#variants.chosen(choices);
    return variant === undefined ? undefined : trialOf(variant);
  }

  /** At most `limit` trials; of a large record only the first few, made anew each time. */
  *all(limit: number): Generator<Trial> {
    if (this.#isLarge) {
      let count = Math.min(limit, MAX_VARIANTS_OF_LARGE);
      for (const variant of this.#variants.all()) {
        if (count === 0) return;
        count -= 1;
        yield trialOf(variant);
      }
      return;
    }
    for (let i = 0; i < limit; i += 1) {
      const trial = this.#at(i);
      if (trial === undefined) return;
      yield trial;
    }
  }

  #at(i: number): Trial | undefined {
    while (this.#made.length <= i) {
      const next = this.#rest.next();
      if (next.done === true) return undefined;
      this.#made.push(trialOf(next.value));
    }
    return this.#made[i];
  }
}

const trialOf = (variant: Variant): Trial => {
  const template = templateOf(variant);
  const groups = new Map<string, number[]>();
  for (const [i, atom] of template.atoms.entries()) {
    if (atom.alternatives.length === 0) continue;
    const group = groups.get(atom.pattern);
    if (group === undefined) groups.set(atom.pattern, [i]);
    else group.push(i);
  }
  return { variant, template, groups };
};

/** What stands in each hole when the numbers of these patterns take their other form. */
export const fillerOf = (trial: Trial, patterns: readonly string[]): ((i: number) => string) => {
  const chosen = new Set(patterns);
  return (i) => {
    const atom = trial.template.atoms[i];
    if (atom === undefined) return '';
    return chosen.has(atom.pattern) ? (atom.alternatives[0] ?? atom.asWritten) : atom.asWritten;
  };
};

export const formOf = (trial: Trial, pattern: string): string => {
  const written = trial.template.atoms.find((atom) => atom.pattern === pattern)?.asWritten ?? '';
  return /^-?\d+$/.test(written) ? 'as a float (1 was 1.0)' : 'as an integer (1.0 was 1)';
};
