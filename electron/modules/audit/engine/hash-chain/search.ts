// Searches for the recipe that turns one record into its stored hash: a hit on a whole digest cannot be chance.
import { writeJson } from '../../../../../shared/chain/canonical-json.ts';
import { PythonJsonError } from '../../../../../shared/chain/python-json.ts';
import type {
  Algorithm,
  DigestForm,
  JsonStyle,
  Recipe,
  TextStyle,
} from '../../../../../shared/chain/recipe.ts';
import {
  ALL_STYLES,
  bodyChoices,
  COMMON_TEMPLATES,
  RARE_TEMPLATES,
  stylesFor,
  textStyles,
  withoutPrefix,
  wrappedChoices,
} from './candidates.ts';
import type { BodyChoice, Roles } from './candidates.ts';
import { algorithmsFor, hexDigester, isNative } from './digests.ts';
import type { DigestShape, Preimage } from './digests.ts';
import { joinedChoices, subsetChoices } from './field-lists.ts';
import { bodyOf, combine } from './preimage.ts';
import type { ReadRecord } from './preimage.ts';

export interface LogKey {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Hit {
  readonly recipe: Recipe;
  readonly key: LogKey | null;
}

/** One record whose hash is to be reproduced. */
export interface Target {
  readonly record: ReadRecord;
  readonly roles: Roles;
  /** Lower-case hex of its stored hash. */
  readonly hash: string;
  readonly shape: DigestShape;
  /** What its previous hash may be, as stored; null = none. */
  readonly previous: readonly (string | null)[];
}

type Keyed = { readonly keyed: DigestForm['keyed']; readonly key: LogKey | null };
const KEYLESS: Keyed = { keyed: 'none', key: null };

export const recipeOf = (target: Target, choice: BodyChoice, text: TextStyle): Recipe => ({
  version: 1,
  layout: 'json',
  cells: 'text',
  own: target.roles.own,
  prev: target.roles.prev,
  chain: [],
  ...choice,
  text,
  template: '{body}',
  first: null,
  digest: { algorithm: 'sha256', keyed: 'none', ...target.shape },
  genesis: null,
  inner: [],
  signature: null,
});

/** One text that may have been hashed. */
export interface Draft {
  readonly choice: BodyChoice;
  readonly text: TextStyle;
  /** null: any of the templates may go with it. */
  readonly template: string | null;
  readonly body: Preimage;
  readonly previous: string | null;
}

type Parts = Map<BodyChoice['body'], Map<TextStyle, string | null>>;

/** The different texts of the bodies, each with the first way that gives it. */
export const draftsOf = (
  target: Target,
  choices: readonly BodyChoice[],
  styles: readonly JsonStyle[],
): readonly Draft[] => {
  const drafts: Draft[] = [];
  const parts: Parts = new Map();
  for (const choice of choices) {
    const isWrapped = choice.wrap !== null || choice.insert !== null;
    for (const previous of isWrapped ? target.previous : [null]) {
      const seen = new Set<string>();
      for (const text of textStyles(target.record, choice, styles)) {
        const body =
          choice.wrap === null
            ? written(recipeOf(target, choice, text), target.record, previous)
            : wrapped(target, choice, text, previous, parts);
        if (body === null || seen.has(body)) continue;
        seen.add(body);
        const draft = { choice, text, template: null, body };
        if (isWrapped) drafts.push({ ...draft, previous });
        else for (const each of target.previous) drafts.push({ ...draft, previous: each });
      }
    }
  }
  return drafts;
};

/** The text of a wrapped body, put together from the text of the body itself, which many wrappers share. */
const wrapped = (
  target: Target,
  choice: BodyChoice,
  text: TextStyle,
  previous: string | null,
  parts: Parts,
): string | null => {
  const { wrap } = choice;
  if (wrap === null || text.kind !== 'json' || text.nulls !== 'keep')
    return written(recipeOf(target, choice, text), target.record, previous);
  const known = parts.get(choice.body) ?? new Map<TextStyle, string | null>();
  parts.set(choice.body, known);
  let body = known.get(text);
  if (body === undefined) {
    body = written(recipeOf(target, { ...choice, wrap: null }, text), target.record, null);
    known.set(text, body);
  }
  if (body === null || text.order === 'allow-list') return null;
  const [comma, colon] = text.separators === 'compact' ? [',', ':'] : [', ', ': '];
  const before = `"${wrap.prev}"${colon}${previous === null ? 'null' : writeJson(previous, text)}`;
  const after = `"${wrap.body}"${colon}${body}`;
  const isPrevFirst = text.order === 'insertion' || wrap.prev < wrap.body;
  return isPrevFirst ? `{${before}${comma}${after}}` : `{${after}${comma}${before}}`;
};

const written = (recipe: Recipe, record: ReadRecord, previous: string | null): string | null => {
  try {
    const body = bodyOf(recipe, record, previous);
    return typeof body === 'string' ? body : null;
  } catch (error) {
    if (error instanceof PythonJsonError) return null;
    throw error;
  }
};

const WHOLE: BodyChoice = { body: { kind: 'line' }, wrap: null, insert: null };
const RAW: TextStyle = { kind: 'raw' };

/** Hashes that may still be tried, in units of one SHA-256. */
export interface Budget {
  left: number;
}

/** How many fields a quick look leaves out. */
const FEW_LEFT_OUT = 2;

/** What a digest that the runtime doesn't have costs beside SHA-256. */
const SLOW_COST = 8;

/** The drafts whose digest, by one algorithm, is the target's. */
export const tryDrafts = (
  target: Target,
  drafts: Iterable<Draft>,
  templates: readonly string[],
  algorithm: Algorithm,
  keyed: Keyed,
  budget: Budget = { left: Number.POSITIVE_INFINITY },
): readonly Hit[] => {
  const hits: Hit[] = [];
  const cost = isNative(algorithm) ? 1 : SLOW_COST;
  const digest = hexDigester(algorithm, keyed.keyed, keyed.key?.bytes ?? null);
  const form: DigestForm = { algorithm, keyed: keyed.keyed, ...target.shape };
  const made = { ...recipeOf(target, WHOLE, RAW), digest: form };
  for (const { choice, text, template: own, body, previous } of drafts) {
    if (budget.left <= 0) break;
    for (const template of own === null ? templates : [own]) {
      budget.left -= cost;
      if (!digest(combine(template, made, previous, body)).startsWith(target.hash)) continue;
      hits.push({ recipe: { ...recipeOf(target, choice, text), template, digest: form }, key: keyed.key });
    }
  }
  return hits;
};

/** All that is looked for, cheapest and likeliest first; the first step that hits answers all its hits. */
export function* searchSteps(target: Target, keys: readonly LogKey[]): Generator<readonly Hit[]> {
  const { record, roles, shape } = target;
  const styles = stylesFor(record);
  const [first, ...others] = algorithmsFor(shape.bytes);
  if (first === undefined) return;
  const keyings: Keyed[] = keys.map((key) => ({ keyed: 'hmac', key }));
  const choices = bodyChoices(record, roles);
  const prefixed = shape.prefix === '' ? [] : withoutPrefix(COMMON_TEMPLATES);
  const common = [...COMMON_TEMPLATES, ...prefixed];
  const plain = draftsOf(target, choices, styles);
  yield tryDrafts(target, plain, common, first, KEYLESS);
  for (const keyed of keyings) yield tryDrafts(target, plain, common, first, keyed);
  const few = draftsOf(target, choices.slice(0, 4), styles);
  for (const algorithm of others) yield tryDrafts(target, few, common.slice(0, 4), algorithm, KEYLESS);
  yield tryDrafts(
    target,
    subsetChoices(target, styles.slice(0, 6), FEW_LEFT_OUT),
    common.slice(0, 5),
    first,
    KEYLESS,
  );
  const wrapped = draftsOf(target, wrappedChoices(record, roles), styles.slice(0, 12));
  yield tryDrafts(target, wrapped, ['{body}'], first, KEYLESS);
  for (const keyed of keyings) yield tryDrafts(target, wrapped, ['{body}'], first, keyed);
  yield tryDrafts(target, joinedChoices(target, 'usual'), ['{body}'], first, KEYLESS);
  const rare = [...RARE_TEMPLATES, ...(shape.prefix === '' ? [] : withoutPrefix(RARE_TEMPLATES))];
  yield tryDrafts(target, few, rare, first, KEYLESS);
  for (const keyed of keyings) {
    yield tryDrafts(target, few, rare, first, keyed);
    yield tryDrafts(target, joinedChoices(target, 'usual'), ['{body}'], first, keyed);
    for (const algorithm of others) yield tryDrafts(target, few, common, algorithm, keyed);
    for (const form of ['prefix', 'suffix'] as const)
      yield tryDrafts(target, few, common, first, { keyed: form, key: keyed.key });
  }
}

/** What takes longer than a look: tried when a log is verified, or nothing else worked. */
export function* deepSteps(
  target: Target,
  keys: readonly LogKey[],
  budget: Budget,
): Generator<readonly Hit[]> {
  const { record, roles, shape } = target;
  const styles = stylesFor(record);
  const [first, ...others] = algorithmsFor(shape.bytes);
  if (first === undefined) return;
  const keyings: Keyed[] = [KEYLESS, ...keys.map((key): Keyed => ({ keyed: 'hmac', key }))];
  const choices = bodyChoices(record, roles);
  const rare = [...RARE_TEMPLATES, ...(shape.prefix === '' ? [] : withoutPrefix(RARE_TEMPLATES))];
  for (const keyed of keyings) {
    yield tryDrafts(
      target,
      subsetChoices(target, styles),
      COMMON_TEMPLATES.slice(0, 7),
      first,
      keyed,
      budget,
    );
    yield tryDrafts(target, joinedChoices(target, 'subsets'), ['{body}'], first, keyed, budget);
    yield tryDrafts(target, draftsOf(target, choices, styles), rare, first, keyed, budget);
    yield tryDrafts(target, joinedChoices(target, 'orders'), ['{body}'], first, keyed, budget);
  }
  const wrapped = draftsOf(target, wrappedChoices(record, roles).slice(0, 100), styles.slice(0, 6));
  for (const algorithm of others) {
    yield tryDrafts(target, joinedChoices(target, 'usual'), ['{body}'], algorithm, KEYLESS, budget);
    yield tryDrafts(
      target,
      draftsOf(target, choices.slice(0, 4), styles),
      [...COMMON_TEMPLATES, ...rare],
      algorithm,
      KEYLESS,
      budget,
    );
    yield tryDrafts(target, wrapped, ['{body}'], algorithm, KEYLESS, budget);
  }
}

/** The same recipe in every other style that gives the same text for this record: one record can't tell them apart. */
export const stylesLike = (hit: Hit, target: Target): readonly Hit[] => {
  const { recipe } = hit;
  const { text } = recipe;
  if (text.kind === 'raw') return [hit];
  const previous = target.previous;
  const alike: Hit[] = [hit];
  for (const style of ALL_STYLES) {
    const changed: TextStyle = text.kind === 'json' ? style : { ...text, nested: style };
    const other = { ...recipe, text: changed };
    const isSame = previous.some(
      (each) => written(other, target.record, each) === written(recipe, target.record, each),
    );
    if (isSame && JSON.stringify(changed) !== JSON.stringify(text)) alike.push({ ...hit, recipe: other });
  }
  return alike;
};
