// Lists the ways in which loggers hash chosen fields: joined by a sign, or as an object that holds only them.
import type { JoinedStyle, JsonStyle } from '../../../../../shared/chain/recipe.ts';
import { JSON_STYLES } from '../../../../../shared/chain/canonical-json.ts';
import type { BodyChoice } from './candidates.ts';
import { fieldAt } from './fields.ts';
import { bodyOf } from './preimage.ts';
import { recipeOf } from './search.ts';
import type { Draft, Target } from './search.ts';

const JOINERS = [
  '|',
  ':',
  ',',
  '',
  '\n',
  ';',
  '-',
  ' ',
  '||',
  '\t',
  '.',
  '_',
  '::',
  '#',
  '\0',
  '&',
  '~',
  '/',
  '|\n',
];
const FEW_JOINERS = ['|', ':', ',', '', '\n', ';'];
const MAX_FIELDS = 10;
const MAX_ORDERED = 7;
const MAX_PICKED = 6;

/** Members that a logger may have chosen: not the digests themselves. */
const namesOf = (target: Target): readonly string[] => {
  const { own, prev, digests } = target.roles;
  const left = new Set([own, prev, ...digests]);
  const names = [...target.record.dict.members.keys()].filter((name) => !left.has(name));
  const others = digests.filter((path) => path !== own && path !== prev && !path.includes('.'));
  return [...names, ...others];
};

/** Subsets in the order of the names, those that leave out few first. */
function* subsets(names: readonly string[]): Generator<readonly string[]> {
  const used = names.slice(0, MAX_FIELDS);
  const masks = Array.from({ length: 2 ** used.length - 1 }, (_, i) => i + 1);
  const bits = (mask: number): number => {
    let count = 0;
    for (let rest = mask; rest > 0; rest &= rest - 1) count += 1;
    return count;
  };
  masks.sort((a, b) => bits(b) - bits(a));
  if (names.length > used.length) yield names;
  for (const mask of masks) yield used.filter((_name, bit) => ((mask >> bit) & 1) === 1);
}

function* orders(names: readonly string[], length: number): Generator<readonly string[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (const name of names) {
    for (const rest of orders(
      names.filter((other) => other !== name),
      length - 1,
    ))
      yield [name, ...rest];
  }
}

/** The places that the previous hash takes in a list; '' stands for one that isn't stored. */
function* withPrevious(
  fields: readonly string[],
  all: readonly string[],
  prev: string | null,
): Generator<readonly string[]> {
  if (prev === null) {
    yield fields;
    return;
  }
  yield [prev, ...fields];
  yield [...fields, prev];
  const inPlace = all.filter((name) => name === prev || fields.includes(name));
  if (inPlace[0] !== prev && inPlace.at(-1) !== prev) yield inPlace;
  yield fields;
}

const WORDS: readonly Pick<JoinedStyle, 'none' | 'booleans'>[] = [
  { none: '', booleans: 'json' },
  { none: 'None', booleans: 'python' },
  { none: 'null', booleans: 'json' },
];

/** One way of writing values, with every field's value written so. */
interface Way {
  readonly style: Omit<JoinedStyle, 'by'>;
  readonly pieces: ReadonlyMap<string, string>;
}

/** The ways that differ for this record: with no nulls, words and nested values there is one. */
const waysOf = (target: Target, names: readonly string[]): readonly Way[] => {
  const isNested = names.some((name) => {
    const value = fieldAt(target.record.dict, name);
    return typeof value === 'object' && value !== null;
  });
  const ways = new Map<string, Way>();
  for (const words of WORDS) {
    for (const nested of JSON_STYLES.slice(0, isNested ? 13 : 1)) {
      const style = { kind: 'joined', ...words, nested } as const;
      const pieces = new Map(
        names.map((name) => {
          const choice: BodyChoice = { body: { kind: 'fields', fields: [name] }, wrap: null, insert: null };
          return [name, String(bodyOf(recipeOf(target, choice, { ...style, by: '' }), target.record, null))];
        }),
      );
      const key = [...pieces.values()].join('\0');
      if (!ways.has(key)) ways.set(key, { style, pieces });
    }
  }
  return [...ways.values()];
};

/** `usual`: all fields or nearly all, in their order; `subsets`: any of them; `orders`: a few in any order. */
export function* joinedChoices(target: Target, reach: 'usual' | 'subsets' | 'orders'): Generator<Draft> {
  const names = namesOf(target);
  const all = [...target.record.dict.members.keys()];
  const { prev } = target.roles;
  const ways = waysOf(target, prev === null ? names : [...names, prev]);
  const lists = function* lists(): Generator<readonly string[]> {
    if (reach === 'orders') {
      const few = names.slice(0, MAX_ORDERED);
      for (let length = 2; length <= Math.min(few.length, MAX_PICKED); length += 1)
        yield* orders(few, length);
      return;
    }
    const least = reach === 'usual' ? Math.min(names.length, MAX_FIELDS) - (names.length > 8 ? 2 : 3) : 1;
    for (const subset of subsets(names)) {
      if (subset.length < least) break;
      yield subset;
    }
    if (reach === 'usual') yield names.toSorted();
  };
  const joiners = reach === 'orders' ? FEW_JOINERS : reach === 'usual' ? JOINERS.slice(0, 9) : JOINERS;
  for (const list of lists()) {
    for (const fields of withPrevious(list, all, prev)) yield* drafts(target, fields, joiners, ways);
  }
}

function* drafts(
  target: Target,
  fields: readonly string[],
  joiners: readonly string[],
  ways: readonly Way[],
): Generator<Draft> {
  const seen = new Set<string>();
  const choice: BodyChoice = { body: { kind: 'fields', fields: [...fields] }, wrap: null, insert: null };
  for (const { style, pieces } of ways) {
    const values = fields.map((field) => pieces.get(field) ?? '');
    const key = values.join('\0');
    if (seen.has(key)) continue;
    seen.add(key);
    for (const by of joiners) {
      const text: JoinedStyle = { ...style, by };
      const body = values.join(by);
      yield { choice, text, template: null, body, previous: null };
      if (target.roles.prev !== null) continue;
      for (const previous of target.previous) {
        if (previous === null) continue;
        yield { choice, text, template: `{prev}${by}{body}`, body, previous };
        yield { choice, text, template: `{body}${by}{prev}`, body, previous };
      }
    }
  }
}

/** Objects that hold only some of the fields; at most `leftOut` are missing. */
export function* subsetChoices(
  target: Target,
  styles: readonly JsonStyle[],
  leftOut = Number.POSITIVE_INFINITY,
): Generator<Draft> {
  const names = namesOf(target);
  const { prev } = target.roles;
  let count = 0;
  const least = Math.min(names.length, MAX_FIELDS) - leftOut;
  for (const subset of subsets(names)) {
    if (subset.length < least) return;
    count += 1;
    // Few left out is likely; of the many others only the usual styles are tried.
    const tried = count < 100 ? styles.slice(0, 12) : styles.slice(0, 4);
    for (const fields of prev === null ? [subset] : [[...subset, prev], [prev, ...subset], subset]) {
      const seen = new Set<string>();
      const choice: BodyChoice = { body: { kind: 'fields', fields: [...fields] }, wrap: null, insert: null };
      for (const text of tried) {
        const body = String(bodyOf(recipeOf(target, choice, text), target.record, null));
        if (seen.has(body)) continue;
        seen.add(body);
        for (const previous of target.previous) yield { choice, text, template: null, body, previous };
      }
    }
    if (count > 600) return;
  }
}
