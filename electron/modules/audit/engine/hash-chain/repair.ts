// Looks for the smallest benign re-writing of a record that reproduces its stored hash: a hit proves what was hashed.
import { JSON_STYLES } from '../../../../../shared/chain/canonical-json.ts';
import type { PyDict, PyNode } from '../../../../../shared/chain/python-json.ts';
import type { Recipe } from '../../../../../shared/chain/recipe.ts';
import { isDict } from '../guardian/hashed-record.ts';
import { shortList, Variants } from '../guardian/repair-variants.ts';
import type { ReadRecord } from './preimage.ts';

/** Answers whether a record with this content has the stored hash. */
export type Check = (record: ReadRecord, recipe: Recipe) => boolean;

const MAX_VARIANTS = 64;
const MAX_PATTERNS = 8;
const MAX_ORDERS = 8;
/** Attempts on one file; after that only what worked before is tried. */
const FILE_BUDGET = 200_000;

/** Where a number stands; places of the same kind in lists count as one. */
const numberPaths = (node: PyNode, path: string, into: Set<string>): void => {
  if (typeof node !== 'object' || node === null) return;
  if (node.type === 'int' || node.type === 'float') into.add(path);
  else if (node.type === 'list') for (const item of node.items) numberPaths(item, `${path}[]`, into);
  else
    for (const [key, value] of node.members) numberPaths(value, path === '' ? key : `${path}.${key}`, into);
};

/** Whole numbers as floats and the other way round, at the chosen places. */
const withNumbers = (node: PyNode, path: string, chosen: ReadonlySet<string>): PyNode => {
  if (typeof node !== 'object' || node === null) return node;
  if (node.type === 'int')
    return chosen.has(path) ? { type: 'float', value: Number(node.text), text: `${node.text}.0` } : node;
  if (node.type === 'float') {
    const isWhole = chosen.has(path) && Number.isSafeInteger(node.value);
    return isWhole ? { type: 'int', text: String(node.value) } : node;
  }
  if (node.type === 'list')
    return { type: 'list', items: node.items.map((item) => withNumbers(item, `${path}[]`, chosen)) };
  return {
    type: 'dict',
    members: new Map(
      [...node.members].map(([key, value]) => [
        key,
        withNumbers(value, path === '' ? key : `${path}.${key}`, chosen),
      ]),
    ),
  };
};

/** Keys in the order of a like record, at every depth: undoes a tool or database that sorts keys. */
const inOrderOf = (node: PyNode, like: PyNode | undefined): PyNode => {
  if (typeof node !== 'object' || node === null || typeof like !== 'object' || like === null) return node;
  if (node.type === 'list' && like.type === 'list')
    return {
      type: 'list',
      items: node.items.map((item, i) => inOrderOf(item, like.items[i] ?? like.items[0])),
    };
  if (node.type !== 'dict' || like.type !== 'dict') return node;
  const known = [...like.members.keys()].filter((name) => node.members.has(name));
  const rest = [...node.members.keys()].filter((name) => !like.members.has(name));
  const members = [...known, ...rest].map(
    (name) => [name, inOrderOf(node.members.get(name) ?? null, like.members.get(name))] as const,
  );
  return { type: 'dict', members: new Map(members) };
};

/** The names of a record and of the objects in it, in their order. */
const orderOf = (node: PyNode): string => {
  if (typeof node !== 'object' || node === null) return '';
  if (node.type === 'list') return `[${node.items.map(orderOf).join(',')}]`;
  return node.type === 'dict'
    ? `{${[...node.members].map(([key, value]) => `${key}:${orderOf(value)}`).join(',')}}`
    : '';
};

export class Repairs {
  readonly #recipe: Recipe;
  #fields: readonly string[] = [];
  readonly #orders = new Map<string, PyDict>();
  #left = FILE_BUDGET;
  #last: ((record: ReadRecord) => ReadRecord) | null = null;
  #lastSteps: readonly string[] = [];

  constructor(recipe: Recipe) {
    this.#recipe = recipe;
  }

  /** Learns from a record whose hash fits: which fields a record has, and in which order. */
  learn(record: ReadRecord): void {
    const names = [...record.dict.members.keys()];
    if (this.#fields.length === 0) this.#fields = names;
    const order = orderOf(record.dict);
    if (this.#orders.size < MAX_ORDERS && !this.#orders.has(order)) this.#orders.set(order, record.dict);
  }

  /** The steps in plain words, or null where nothing benign explains the difference. */
  explain(record: ReadRecord, check: Check): readonly string[] | null {
    if (this.#last !== null && check(this.#last(record), this.#recipe)) return this.#lastSteps;
    if (this.#left <= 0) return null;
    for (const { steps, apply } of this.#attempts(record)) {
      this.#left -= 1;
      if (this.#left <= 0) return null;
      if (!check(apply(record), this.#recipe)) continue;
      this.#last = apply;
      this.#lastSteps = steps;
      return steps;
    }
    return this.#otherStyle(record, check);
  }

  *#attempts(
    record: ReadRecord,
  ): Generator<{ readonly steps: readonly string[]; readonly apply: (record: ReadRecord) => ReadRecord }> {
    for (const like of this.#orders.values()) {
      yield {
        steps: ['its fields in the order of the other records'],
        apply: ({ dict, line }) => {
          const ordered = inOrderOf(dict, like);
          return { dict: isDict(ordered) ? ordered : dict, line };
        },
      };
    }
    const shape = {
      fields: this.#fields.length > 0 ? this.#fields : [...record.dict.members.keys()],
      dictField: '',
      timestampField: this.#timestamp(record),
    };
    let count = 0;
    for (const variant of new Variants(record.dict, shape).all()) {
      count += 1;
      if (count > MAX_VARIANTS) return;
      const choices = variant.choices;
      const steps = choices.map(({ step }) => step);
      const changed = (given: ReadRecord): ReadRecord => ({
        dict: new Variants(given.dict, shape).chosen(choices)?.body ?? given.dict,
        line: given.line,
      });
      if (choices.length > 0) yield { steps, apply: changed };
      for (const chosen of this.#numberChoices(variant.body)) {
        yield {
          steps: [
            ...steps,
            `${shortList([...chosen], ', ')} with whole numbers as ${this.#form(variant.body, chosen)}`,
          ],
          apply: (given) => {
            const node = withNumbers(changed(given).dict, '', chosen);
            return { dict: isDict(node) ? node : given.dict, line: given.line };
          },
        };
      }
    }
  }

  #form(body: PyDict, chosen: ReadonlySet<string>): string {
    const floats = new Set<string>();
    numberPaths(withNumbers(body, '', new Set()), '', floats);
    return [...chosen].some((path) => floats.has(path)) ? 'floats (1.0), or the other way round' : 'floats';
  }

  *#numberChoices(body: PyDict): Generator<ReadonlySet<string>> {
    if (
      this.#recipe.text.kind === 'json' &&
      this.#recipe.text.numbers !== 'python' &&
      this.#recipe.text.numbers !== 'token'
    )
      return;
    const paths = new Set<string>();
    numberPaths(body, '', paths);
    const all = [...paths];
    if (all.length === 0) return;
    for (const path of all) yield new Set([path]);
    if (all.length > 1) yield new Set(all);
    const few = all.slice(0, MAX_PATTERNS);
    for (let mask = 1; mask < 2 ** few.length - 1; mask += 1) {
      const chosen = few.filter((_path, bit) => ((mask >> bit) & 1) === 1);
      if (chosen.length > 1) yield new Set(chosen);
    }
  }

  #timestamp(record: ReadRecord): string {
    const names = [...record.dict.members.keys()];
    return names.find((name) => /^(?:timestamp|ts|time|created_?at|at|date)$/i.test(name)) ?? '';
  }

  /** The same record written by another logger, or by the same one in another way. */
  #otherStyle(record: ReadRecord, check: Check): readonly string[] | null {
    const { text } = this.#recipe;
    if (text.kind !== 'json') return null;
    for (const style of JSON_STYLES) {
      this.#left -= 1;
      if (check(record, { ...this.#recipe, text: style }))
        return ['the record written as JSON in another style'];
    }
    return null;
  }
}
