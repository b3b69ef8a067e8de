// Infers how a log was hashed from its first records: which fields, which recipe, confirmed on other records.
import { JSON_STYLES } from '../../../../../shared/chain/canonical-json.ts';
import { isLinked } from '../../../../../shared/chain/recipe.ts';
import type { InnerHash, Recipe } from '../../../../../shared/chain/recipe.ts';
import type { Beginning } from './beginning.ts';
import { chainFields, digestFields, linkingPairs, ownRank } from './digest-fields.ts';
import type { DigestField, Pair } from './digest-fields.ts';
import { digestHex, digestShape } from './digests.ts';
import { fieldAt, leavesOf } from './fields.ts';
import { withGenesis } from './genesis-recipes.ts';
import { isGenesis } from './genesis.ts';
import { inferWhole } from './infer-whole.ts';
import type { ReadRecord } from './preimage.ts';
import { readRecord } from './record-reader.ts';
import { fits, previousIn, textAt } from './reproduce.ts';
import type { Previous } from './reproduce.ts';
import { deepSteps, searchSteps, stylesLike } from './search.ts';
import type { Hit, LogKey, Target } from './search.ts';

export interface Inference {
  readonly recipe: Recipe;
  readonly key: LogKey | null;
  /** Recipes that the sample can't tell from the chosen one, and those that fit some of its records. */
  readonly alternates: readonly Hit[];
  /** How many records of the sample it reproduces. */
  readonly confirmed: number;
}

/** What is known of a log whose recipe wasn't found: the fields that link its records. */
export interface Links {
  readonly own: DigestField;
  readonly prev: DigestField;
  readonly chain: readonly string[];
  readonly count: number;
}

export interface Findings {
  readonly inference: Inference | null;
  readonly links: Links | null;
}

const MAX_TARGETS = 6;
const MAX_INNER = 6;
/** Hashes spent on one record in a deep search: about half a second. */
const DEEP_BUDGET = 250_000;
/** Steps that try one algorithm only. */
const CHEAP_STEPS = 1;
const DEAR_TARGETS = 2;
const MAX_HITS = 40;
const CONFIRM = 24;
/** Below this a single hit may be chance. */
const SURE_BYTES = 16;

/** Targets from different places, those whose parent is known first: the first records may be damaged. */
const targetsOf = (
  records: readonly ReadRecord[],
  own: DigestField,
  pair: Pair | null,
  digests: readonly string[],
): readonly Target[] => {
  const usable = records.map((_record, i) => i).filter((i) => own.values[i] !== null);
  const linked =
    pair === null || pair.links === 0
      ? usable.filter((i) => i > 0)
      : usable.filter((i) => (pair.parents[i] ?? -1) >= 0);
  // The dear steps look at the first two of these only, so they come from different places.
  const spread = [
    ...spaced(linked.slice(Math.floor(linked.length / 3)), 2),
    ...linked.slice(0, 2),
    ...spaced(linked, MAX_TARGETS),
    ...usable,
  ];
  const chosen = [...new Set(spread)].slice(0, MAX_TARGETS);
  return chosen.flatMap((i): Target[] => {
    const record = records[i];
    const hash = own.values[i];
    if (record === undefined || hash === undefined || hash === null) return [];
    const before = [i - 1, i - 2, i - 3, i - 4, i - 5, i - 6]
      .map((at) => (at < 0 ? undefined : records[at]))
      .flatMap((each) => (each === undefined ? [] : [textAt(each, own.path)]));
    const previous =
      pair === null ? (before.length === 0 ? [null] : before) : [textAt(record, pair.prev.path)];
    const roles = { own: own.path, prev: pair?.prev.path ?? null, digests };
    return [{ record, roles, hash, shape: own.shape, previous }];
  });
};

const spaced = (items: readonly number[], count: number): readonly number[] =>
  Array.from(
    { length: Math.min(count, items.length) },
    (_, i) => items[Math.floor((i * items.length) / count)] ?? 0,
  );

const scoreOf = (
  hit: Hit,
  records: readonly ReadRecord[],
  previous: Previous,
  at: readonly number[],
): number =>
  at.filter((i) => {
    const record = records[i];
    return record !== undefined && previous(hit, i).some((each) => fits(hit, record, each));
  }).length;

/** The best of the hits on one record, judged by the others. */
const chosen = (hits: readonly Hit[], target: Target, records: readonly ReadRecord[]): Inference | null => {
  const previous = previousIn(records);
  const at = [
    ...new Set([...records.keys()].slice(0, CONFIRM / 2).concat(spaced([...records.keys()], CONFIRM / 2))),
  ];
  const seen = new Set<string>();
  const all = hits
    .slice(0, MAX_HITS)
    .flatMap((hit) => stylesLike(hit, target))
    .filter(({ recipe }) => {
      const key = JSON.stringify(recipe);
      return !seen.has(key) && seen.add(key);
    });
  const scored = all.map((hit) => ({ hit, score: scoreOf(hit, records, previous, at) }));
  const ranked = scored.toSorted((a, b) => b.score - a.score || prefer(a.hit) - prefer(b.hit));
  const [best] = ranked;
  if (best === undefined) return null;
  const isSure = target.shape.bytes >= SURE_BYTES || best.score > 1;
  if (!isSure) return null;
  return {
    recipe: best.hit.recipe,
    key: best.hit.key,
    alternates: ranked
      .slice(1)
      .map(({ hit }) => hit)
      .filter((hit) => isOtherStyle(hit.recipe, best.hit.recipe))
      .slice(0, MAX_HITS),
    confirmed: best.score,
  };
};

/**
 * Whether two recipes hash the same parts and differ only in how they are written: any other recipe that fits too may
 * cover less of the record.
 */
const isOtherStyle = (a: Recipe, b: Recipe): boolean => {
  const kind = (recipe: Recipe): string =>
    recipe.text.kind === 'json' ? recipe.text.order : recipe.text.kind;
  const coversLess = kind(a) === 'allow-list' && kind(b) !== 'allow-list';
  const parts = ({ body, wrap, insert, template, digest, text }: Recipe): string =>
    JSON.stringify([body, wrap, insert, template, digest, text.kind === 'joined' ? text.by : text.kind]);
  return !coversLess && parts(a) === parts(b);
};

/** Among equals: a recipe that is linked, then the likelier style, then the simpler form. */
const prefer = ({ recipe }: Hit): number => {
  const { text, wrap, insert, body } = recipe;
  const style =
    text.kind === 'json' ? JSON_STYLES.findIndex((each) => JSON.stringify(each) === JSON.stringify(text)) : 0;
  const without = body.kind === 'record' ? body.without.length : 0;
  // A text member that is hashed may itself be a hash of the rest: the recipe that says so says more.
  const isMember = body.kind === 'member' && text.kind === 'raw' ? 60 : 0;
  return (
    isMember +
    (isLinked(recipe) ? 0 : 1000) +
    (style < 0 ? 30 : style) +
    (wrap === null && insert === null ? 0 : 40) +
    without / 10
  );
};

/** Looks at the steps of the search for one own field, over several records. */
const searched = (
  records: readonly ReadRecord[],
  own: DigestField,
  pair: Pair | null,
  digests: readonly string[],
  keys: readonly LogKey[],
  isDeep: boolean,
  steps = Number.POSITIVE_INFINITY,
): Inference | null => {
  const targets = targetsOf(records, own, pair, digests);
  const look = (target: Target): Generator<readonly Hit[]> =>
    isDeep ? deepSteps(target, keys, { left: DEEP_BUDGET }) : searchSteps(target, keys);
  for (const target of targets.slice(0, DEAR_TARGETS)) {
    let step = 0;
    for (const hits of look(target)) {
      step += 1;
      if (step > steps + keys.length) break;
      const found = hits.length === 0 ? null : chosen(hits, target, records);
      if (found !== null) return found;
    }
  }
  if (isDeep) return null;
  // Both may be damaged: the cheap steps look at others too.
  for (const target of targets.slice(DEAR_TARGETS)) {
    const hits = searchSteps(target, keys);
    for (let step = 0; step < CHEAP_STEPS + keys.length; step += 1) {
      const next = hits.next();
      const found =
        next.done === true || next.value.length === 0 ? null : chosen(next.value, target, records);
      if (found !== null) return found;
    }
  }
  return null;
};

/** Digest fields that hold the hash of a part of their own record. */
const withInner = (
  inference: Inference,
  records: readonly ReadRecord[],
  fields: readonly DigestField[],
): Inference => {
  const { recipe } = inference;
  const paths = fields.map(({ path }) => path);
  const inner: InnerHash[] = [];
  for (const field of fields.slice(0, MAX_INNER)) {
    if (field.path === recipe.own || field.path === recipe.prev) continue;
    const targets = targetsOf(records, field, null, paths).slice(0, 2);
    for (const target of targets) {
      const alone = { ...target, previous: [null], roles: { ...target.roles, digests: paths } };
      const [hits = []] = searchSteps(alone, []);
      const usable = hits.filter((hit) => hit.recipe.template === '{body}');
      const found = usable.length === 0 ? null : chosen(usable, alone, records);
      if (found === null) continue;
      const { body, text, digest } = found.recipe;
      inner.push({ field: field.path, body, text, digest });
      break;
    }
  }
  return { ...inference, recipe: { ...recipe, inner } };
};

/** The parents of the sample's records by the recipe itself, where they aren't stored. */
const parentsBy = (inference: Inference, records: readonly ReadRecord[]): readonly number[] => {
  const { recipe, key } = inference;
  return records.map((record, i) => {
    const { own } = recipe;
    if (own === null) return i - 1;
    for (let at = i - 1; at >= Math.max(0, i - 12); at -= 1) {
      const before = records[at];
      if (before !== undefined && fits({ recipe, key }, record, textAt(before, own))) return at;
    }
    return -1;
  });
};

/** Infers everything from the beginning of a log. `isDeep` allows a second or two where nothing else works. */
export const infer = (beginning: Beginning, keys: readonly LogKey[], isDeep: boolean): Findings => {
  const text = inferIn(beginning.records, keys, false);
  const { csv } = beginning.layout;
  const typed =
    csv === null || text.inference !== null
      ? null
      : beginning.records
          .map(({ line }) => readRecord(line, { csv, cells: 'typed' }))
          .filter((record) => typeof record !== 'string');
  const asTyped = typed === null ? null : inferIn(typed, keys, false);
  const found = asTyped?.inference ? asTyped : text;
  if (found.inference !== null || !isDeep) return laidOut(found, csv !== null, found === asTyped);
  const deep = inferIn(beginning.records, keys, true);
  return laidOut(deep, csv !== null, false);
};

const laidOut = (found: Findings, isCsv: boolean, isTyped: boolean): Findings => {
  if (found.inference === null || !isCsv) return found;
  const placed = (recipe: Recipe): Recipe => ({
    ...recipe,
    layout: 'csv',
    cells: isTyped ? 'typed' : 'text',
  });
  const { inference } = found;
  return {
    ...found,
    inference: {
      ...inference,
      recipe: placed(inference.recipe),
      alternates: inference.alternates.map((hit) => ({ ...hit, recipe: placed(hit.recipe) })),
    },
  };
};

const MAX_PAIRS = 3;
const MAX_OWN = 4;

/** A previous hash that never names a record of the sample: known by its name, and by holding digests or nothing. */
const pairByName = (records: readonly ReadRecord[], fields: readonly DigestField[]): Pair | null => {
  const own = fields
    .filter(({ path }) => ownRank(path) < 2)
    .toSorted((a, b) => ownRank(a.path) - ownRank(b.path))[0];
  if (own === undefined) return null;
  const names = new Set(records.flatMap(({ dict }) => [...leavesOf(dict, 3)].map(([path]) => path)));
  for (const path of names) {
    if (path === own.path || !PREVIOUS_NAME.test(path)) continue;
    const values = records.map(({ dict }) => fieldAt(dict, path));
    const isPrevious = values.every(
      (value) =>
        value === undefined ||
        value === null ||
        (typeof value === 'string' && (isGenesis(value) || digestShape(value) !== null)),
    );
    if (!isPrevious) continue;
    const texts = values.map((value) => (typeof value === 'string' ? digestHex(value, own.shape) : null));
    const prev: DigestField = { path, shape: own.shape, values: texts, distinct: new Set(texts).size };
    return { own, prev, parents: records.map(() => -1), links: 0 };
  }
  return null;
};

const PREVIOUS_NAME = /(?:^|[._])(?:prev|parent|last|prior)/i;

const inferIn = (records: readonly ReadRecord[], keys: readonly LogKey[], isDeep: boolean): Findings => {
  const fields = digestFields(records).filter(({ distinct }) => distinct > 1 || records.length < 3);
  const paths = fields.map(({ path }) => path);
  const pairs = linkingPairs(fields);
  const [strongest] = pairs;
  const hashPaths = new Set(paths);
  const links: Links | null =
    strongest === undefined
      ? null
      : {
          own: strongest.own,
          prev: strongest.prev,
          chain: chainFields(records, strongest.parents, hashPaths),
          count: strongest.links,
        };
  const finished = (found: Inference, parents: readonly number[]): Findings => {
    const inner = withInner(found, records, fields);
    const chain = isLinked(inner.recipe) ? chainFields(records, parents, hashPaths) : [];
    const recipe = { ...inner.recipe, chain: [...chain] };
    const alternates = inner.alternates.map((hit) => ({
      ...hit,
      recipe: { ...hit.recipe, chain: [...chain] },
    }));
    return { inference: withGenesis({ ...inner, recipe, alternates }, records), links };
  };
  for (const pair of pairs.slice(0, MAX_PAIRS)) {
    const found = searched(records, pair.own, pair, paths, keys, isDeep);
    if (found !== null) return finished(found, pair.parents);
  }
  if (!isDeep) {
    const whole = inferWhole(records, fields, keys);
    if (whole !== null) return finished(whole, parentsBy(whole, records));
  }
  const named = isDeep ? null : pairByName(records, fields);
  const byName = named === null ? null : searched(records, named.own, named, paths, keys, isDeep);
  if (named !== null && byName !== null) return finished(byName, named.parents);
  const owns = fields
    .filter(({ path }) => ownRank(path) < 3 && !pairs.some(({ own }) => own.path === path))
    .toSorted((a, b) => ownRank(a.path) - ownRank(b.path))
    .slice(0, MAX_OWN);
  for (const own of owns) {
    // A digest that isn't called a hash is mostly something else: it gets a quick look only.
    const steps = ownRank(own.path) < 2 ? Number.POSITIVE_INFINITY : CHEAP_STEPS;
    const found = searched(records, own, null, paths, keys, isDeep, steps);
    if (found !== null) return finished(found, parentsBy(found, records));
  }
  return { inference: null, links };
};
