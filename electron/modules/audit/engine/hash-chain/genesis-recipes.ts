// How the first record of a chain is hashed, which has no previous one: the ways of loggers, tried on it.
import { isLinked } from '../../../../../shared/chain/recipe.ts';
import type { Recipe } from '../../../../../shared/chain/recipe.ts';
import { digester } from './digests.ts';
import { GENESIS_TEXTS, isGenesis } from './genesis.ts';
import type { Inference } from './infer.ts';
import type { ReadRecord } from './preimage.ts';
import { fits, previousIn, textAt } from './reproduce.ts';

/** The value that stands for the previous hash of records that name none, where the log doesn't show it. */
export const withGenesis = (inference: Inference, records: readonly ReadRecord[]): Inference => {
  const { recipe, key } = inference;
  if (recipe.own === null || !isLinked(recipe)) return inference;
  const previous = previousIn(records);
  const first = records.findIndex((record, i) => {
    if (recipe.prev === null) return i === 0;
    const text = textAt(record, recipe.prev);
    return text === null || isGenesis(text) || text === textAt(record, recipe.own ?? '');
  });
  const record = records[first];
  if (record === undefined) return inference;
  if (previous({ recipe, key }, first).some((each) => fits({ recipe, key }, record, each))) return inference;
  for (const candidate of genesisRecipes(recipe)) {
    if (fits({ recipe: candidate, key }, record, null)) {
      const alternates = inference.alternates.map((hit) => ({
        ...hit,
        recipe: { ...hit.recipe, genesis: candidate.genesis, first: candidate.first },
      }));
      return { ...inference, recipe: candidate, alternates };
    }
  }
  return inference;
};

/** The recipe with each of the ways in which a first record is hashed. */
export const genesisRecipes = (recipe: Recipe): readonly Recipe[] => {
  const { bytes } = recipe.digest;
  const zeros = recipe.digest.encoding.startsWith('base64')
    ? Buffer.alloc(bytes).toString(recipe.digest.encoding === 'base64' ? 'base64' : 'base64url')
    : '0'.repeat(bytes * 2);
  const constants = GENESIS_TEXTS.map((text) =>
    digester(recipe.digest.algorithm, 'none', null)(text).subarray(0, bytes).toString('hex'),
  );
  const texts = [
    null,
    '',
    ...GENESIS_TEXTS,
    zeros,
    recipe.digest.prefix + zeros,
    '0'.repeat(64),
    '0'.repeat(32),
    ...constants,
  ];
  return [
    ...texts.map((genesis) => ({ ...recipe, genesis, first: null })),
    ...['{body}', '{body:hex}', '{body:bytes}'].map((first) => ({ ...recipe, genesis: null, first })),
  ];
};
