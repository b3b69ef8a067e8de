// Makes the hash of a record anew by a recipe, and compares it with the stored one.
import { PythonJsonError } from '../../../../../shared/chain/python-json.ts';
import { isLinked } from '../../../../../shared/chain/recipe.ts';
import { digestHex, storedDigester } from './digests.ts';
import { fieldAt } from './fields.ts';
import { preimageOf } from './preimage.ts';
import type { ReadRecord } from './preimage.ts';
import type { Hit } from './search.ts';

/** A text field; null where there is none. */
export const textAt = (record: ReadRecord, path: string): string | null => {
  const value = fieldAt(record.dict, path);
  return typeof value === 'string' ? value : null;
};

/** The hash that a recipe gives for a record, as it would be stored; null where it can't be made. */
export const reproduced = (hit: Hit, record: ReadRecord, previous: string | null): string | null => {
  try {
    return storedDigester(
      hit.recipe.digest,
      hit.key?.bytes ?? null,
    )(preimageOf(hit.recipe, record, previous));
  } catch (error) {
    if (error instanceof PythonJsonError) return null;
    throw error;
  }
};

export const fits = (hit: Hit, record: ReadRecord, previous: string | null): boolean => {
  const { own, digest } = hit.recipe;
  const stored = own === null ? null : textAt(record, own);
  if (stored === null) return false;
  const made = reproduced(hit, record, previous);
  return made !== null && (made === stored || digestHex(made, digest) === digestHex(stored, digest));
};

export type Previous = (hit: Hit, index: number) => readonly (string | null)[];

/** What the previous hash of each record is: stored, or the own hash of a record shortly before. */
export const previousIn =
  (records: readonly ReadRecord[]): Previous =>
  ({ recipe }, index) => {
    const record = records[index];
    if (record === undefined) return [];
    if (recipe.prev !== null) return [textAt(record, recipe.prev)];
    const { own } = recipe;
    if (own === null || !isLinked(recipe)) return [null];
    const before = records.slice(Math.max(0, index - 6), index).toReversed();
    return [...before.map((each) => textAt(each, own)), null];
  };
