// What must be known before a log streams by: its layout, its recipe (given or inferred), its keys, its signatures.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { isLinked, parseRecipe } from '../../../../../shared/chain/recipe.ts';
import type { Recipe } from '../../../../../shared/chain/recipe.ts';
import type { Source } from '../../../../ports/source.ts';
import type { VerifyOptions } from '../format.ts';
import { beginningOf } from './beginning.ts';
import type { Beginning } from './beginning.ts';
import type { PassSetup } from './chain-pass.ts';
import { chainKey, counterField } from './digest-fields.ts';
import { digestHex } from './digests.ts';
import { fieldAt } from './fields.ts';
import { infer } from './infer.ts';
import { reproduced } from './reproduce.ts';
import type { Links } from './infer.ts';
import { readKeys } from './keys.ts';
import type { Keys } from './keys.ts';
import type { ReadRecord } from './preimage.ts';
import { readRecord } from './record-reader.ts';
import type { Layout } from './record-reader.ts';
import type { Hit } from './search.ts';
import { findSignature } from './signatures.ts';

export const ID = 'hash-chain';

export interface Prepared extends PassSetup {
  /** Records of the beginning, in the form that the recipe works on. */
  readonly records: readonly ReadRecord[];
  readonly keys: Keys;
  /** A recipe was given and needs a key, or none was found: what the report has to say is missing. */
  readonly missing: 'none' | 'key' | 'recipe';
}

/** The beginning is looked at in this many bytes; a log of larger records than 64 KiB gets a second, larger look. */
const LOOKS = [64 * 1024, 4 * 1024 * 1024];
const ENOUGH = 8;

const begin = async (source: Source): Promise<Beginning | null> => {
  let found: Beginning | null = null;
  for (const bytes of LOOKS) {
    found = await beginningOf(source, bytes);
    if (found === null || found.records.length >= ENOUGH) return found;
  }
  return found;
};

const mismatch = (source: Source, reason: string): AppError =>
  new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });

/** Own hashes of the sample's records that its previous hashes name. */
const parentsOf = (records: readonly ReadRecord[], recipe: Recipe): readonly number[] => {
  const { own, prev } = recipe;
  if (own === null || prev === null) {
    const keys = records.map((record) => chainKey(record, recipe.chain));
    return keys.map((key, i) => keys.lastIndexOf(key, i - 1)).map((parent, i) => (i === 0 ? -1 : parent));
  }
  const hex = (record: ReadRecord, path: string): string | null => {
    const value = fieldAt(record.dict, path);
    return typeof value === 'string' ? digestHex(value, recipe.digest) : null;
  };
  const where = new Map(records.map((record, i) => [hex(record, own), i]));
  return records.map((record, i) => {
    const parent = hex(record, prev);
    const found = parent === null ? undefined : where.get(parent);
    return found === undefined || found === i ? -1 : found;
  });
};

/** A recipe that says only which fields link the records. */
const linksOnly = (links: Links): Recipe => ({
  version: 1,
  layout: 'json',
  cells: 'text',
  own: links.own.path,
  prev: links.prev.path,
  chain: [...links.chain],
  body: { kind: 'record', without: [links.own.path] },
  wrap: null,
  insert: null,
  text: { kind: 'raw' },
  template: '{body}',
  first: null,
  digest: { algorithm: 'sha256', keyed: 'none', ...links.own.shape },
  genesis: null,
  inner: [],
  signature: null,
});

/**
 * Throws AppError('audit.format_mismatch') where the records carry no hashes, AppError('audit.recipe_invalid'), and what
 * the source throws.
 */
export const prepare = async (source: Source, options: VerifyOptions): Promise<Prepared> => {
  const beginning = await begin(source);
  if (beginning === null)
    throw mismatch(source, 'it begins with neither JSON records nor a table with headings');
  const keys = readKeys(options.keys);
  if (options.recipe !== undefined) return byRecipe(beginning, parseRecipe(options.recipe), keys, source);
  const { inference, links } = infer(beginning, keys.secrets, true);
  if (inference === null && links === null)
    throw mismatch(
      source,
      'no field of its records holds a hash that can be reproduced, or that another record names',
    );
  if (inference === null) {
    const recipe = linksOnly(links as Links);
    const hit: Hit = { recipe, key: null };
    return finished(beginning, beginning.layout, hit, [], false, keys, 'recipe');
  }
  const layout: Layout = { ...beginning.layout, cells: inference.recipe.cells };
  const hit: Hit = { recipe: inference.recipe, key: inference.key };
  return finished(beginning, layout, hit, inference.alternates, true, keys, 'none');
};

const byRecipe = (beginning: Beginning, recipe: Recipe, keys: Keys, source: Source): Prepared => {
  if ((recipe.layout === 'csv') !== (beginning.layout.csv !== null))
    throw mismatch(source, `the recipe is for ${recipe.layout === 'csv' ? 'a CSV table' : 'JSON records'}`);
  const layout: Layout = { ...beginning.layout, cells: recipe.cells };
  if (recipe.digest.keyed === 'none')
    return finished(beginning, layout, { recipe, key: null }, [], true, keys, 'none');
  const records = again(beginning, layout);
  const key = keys.secrets.find((secret) =>
    records.some((record) => {
      const stored = recipe.own === null ? undefined : fieldAt(record.dict, recipe.own);
      const prev = recipe.prev === null ? undefined : fieldAt(record.dict, recipe.prev);
      return reproduced({ recipe, key: secret }, record, typeof prev === 'string' ? prev : null) === stored;
    }),
  );
  const chosen = key ?? keys.secrets[0] ?? null;
  return finished(
    beginning,
    layout,
    { recipe, key: chosen },
    [],
    key !== undefined,
    keys,
    key === undefined ? 'key' : 'none',
  );
};

const again = (beginning: Beginning, layout: Layout): readonly ReadRecord[] =>
  layout.cells === beginning.layout.cells
    ? beginning.records
    : beginning.records
        .map(({ line }) => readRecord(line, layout))
        .filter((record) => typeof record !== 'string');

const finished = (
  beginning: Beginning,
  layout: Layout,
  hit: Hit,
  alternates: readonly Hit[],
  isHashKnown: boolean,
  keys: Keys,
  missing: Prepared['missing'],
): Prepared => {
  const records = again(beginning, layout);
  const signature = findSignature(records, hit.recipe, isHashKnown, keys);
  const parents = isLinked(hit.recipe) || !isHashKnown ? parentsOf(records, hit.recipe) : [];
  const counter = counterField(records, parents);
  const recipe = signature?.form ? { ...hit.recipe, signature: signature.form } : hit.recipe;
  return {
    hit: { ...hit, recipe },
    alternates,
    isHashKnown,
    layout,
    counter,
    signature,
    records,
    keys,
    missing,
  };
};
