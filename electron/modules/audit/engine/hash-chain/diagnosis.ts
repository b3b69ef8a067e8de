// Judges a record whose own hash differs: another genesis or style, a harmless re-writing, an altered link, or altered content.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { shortList } from '../guardian/repair-variants.ts';
import { digestHex } from './digests.ts';
import { withField } from './fields.ts';
import { genesisRecipes } from './genesis-recipes.ts';
import { reproduced } from './reproduce.ts';
import type { ReadRecord } from './preimage.ts';
import type { Repairs } from './repair.ts';
import type { Hit } from './search.ts';

export interface Case {
  readonly record: ReadRecord;
  /** As stored. */
  readonly own: string;
  /** As recomputed; null where it can't be made. */
  readonly made: string | null;
  readonly prev: string | null;
  readonly lastOwn: string | null;
  readonly isRoot: boolean;
  /** false when the file ends before the record's line does. */
  readonly isComplete: boolean;
  readonly isLinked: boolean;
}

export interface Outcome {
  /** null: the record is genuine after all. */
  readonly finding: Finding | null;
  /** The parent with which the hash fits, where it isn't the stored one. */
  readonly parent?: string | null;
}

const GENUINE: Outcome = { finding: null };
const MAX_STEP = 500;
/** Attempts with other recipes on one file. */
const BUDGET = 100_000;

export class Diagnosis {
  readonly #hit: Hit;
  readonly #alternates: readonly Hit[];
  readonly #repairs: Repairs;
  #genesis: Hit | null = null;
  #left = BUDGET;

  constructor(hit: Hit, alternates: readonly Hit[], repairs: Repairs) {
    this.#hit = hit;
    this.#alternates = alternates;
    this.#repairs = repairs;
  }

  of(given: Case): Outcome {
    const { own, made, record, prev } = given;
    const { digest } = this.#hit.recipe;
    if (made !== null && digestHex(made, digest) === digestHex(own, digest)) {
      const message =
        'The hash stands in other letters (upper case, padding) than it is made; its value matches.';
      return { finding: { kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED', message } };
    }
    if (given.isRoot && this.#fitsGenesis(given)) return GENUINE;
    if (this.#left > 0) {
      this.#left -= this.#alternates.length;
      if (this.#alternates.some((hit) => this.#fits(hit, record, prev, own))) return GENUINE;
    }
    if (given.isLinked && given.lastOwn !== prev) {
      for (const parent of [given.lastOwn, null]) {
        if (parent === prev || !this.#fitsParent(record, parent, own)) continue;
        const message =
          'The stored previous hash was altered: the record’s own hash was made with the record before as parent.';
        return { finding: { kind: 'CHAIN_HASH_MISMATCH', verdict: 'TAMPERED', message }, parent };
      }
    }
    const steps = this.#repairs.explain(record, (changed, recipe) =>
      this.#fits({ ...this.#hit, recipe }, changed, prev, own),
    );
    if (steps !== null) {
      const message = `The stored hash is reproduced exactly with ${shortList(steps, '; ', MAX_STEP)}. The content is what was hashed; the file was re-written on its way.`;
      return { finding: { kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED', message } };
    }
    if (!given.isComplete && made !== null && made.startsWith(own)) {
      const message =
        'The file ends in the middle of this record’s hash: it is cut off here, and what followed is missing.';
      return { finding: { kind: 'TRUNCATED', verdict: 'GAP', message } };
    }
    const message = `The record’s content does not give its stored ${this.#hit.recipe.own ?? 'hash'}, and no harmless re-writing reproduces it: the content or the hash was altered.`;
    return { finding: { kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED', message } };
  }

  #fits(hit: Hit, record: ReadRecord, previous: string | null, own: string): boolean {
    return reproduced(hit, record, previous) === own;
  }

  /** The record with another parent in place of the stored one. */
  #fitsParent(record: ReadRecord, parent: string | null, own: string): boolean {
    const { prev } = this.#hit.recipe;
    if (prev === null) return false;
    return this.#fits(
      this.#hit,
      { dict: withField(record.dict, prev, parent), line: record.line },
      parent,
      own,
    );
  }

  #fitsGenesis({ record, own, prev }: Case): boolean {
    if (this.#genesis !== null && this.#fits(this.#genesis, record, null, own)) return true;
    if (this.#left <= 0) return false;
    for (const hit of [this.#hit, ...this.#alternates.slice(0, 4)]) {
      for (const recipe of genesisRecipes(hit.recipe)) {
        this.#left -= 1;
        const attempt = { ...hit, recipe };
        if (
          !this.#fits(attempt, record, null, own) &&
          !(recipe.first === null && this.#fits(attempt, record, prev, own))
        )
          continue;
        this.#genesis = attempt;
        return true;
      }
    }
    return false;
  }
}
