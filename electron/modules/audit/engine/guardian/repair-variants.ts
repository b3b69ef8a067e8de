// The ways in which a tool may have changed the shape of a record without touching its content.
import type { PyDict, PyNode } from '../../../../../shared/chain/python-json.ts';
import { isDict } from './hashed-record.ts';

/** What the search must know of a format. */
export interface RepairShape {
  /** The fields that the logger writes. */
  readonly fields: readonly string[];
  /** The field that is an empty dict rather than null when there is nothing to say. */
  readonly dictField: string;
  readonly timestampField: string;
}

/** One assumption about the record as it was when it was hashed. */
export interface Variant {
  /** The changes, each in plain words; empty for the record as it stands. */
  readonly choices: readonly Choice[];
  readonly body: PyDict;
  /** Dicts with whole-number keys are ordered by number: they were int keys when hashed. */
  readonly numericKeys: boolean;
}

type Change = { readonly step: string; readonly apply: (variant: Variant) => Variant };

const MAX_SUBSET_COLUMNS = 4;
const MAX_LISTED = 8;
const MAX_NAME = 80;

/** Names for a message: the first few, none of them long, whatever a record holds. */
export const shortList = (names: readonly string[], separator: string, longest = MAX_NAME): string => {
  const cut = (name: string): string => (name.length > longest ? `${name.slice(0, longest)}…` : name);
  const shown = names.slice(0, MAX_LISTED).map(cut);
  const more = names.length - shown.length;
  return shown.join(separator) + (more > 0 ? `${separator}and ${more} more` : '');
};

/** Changes of one kind exclude each other. */
type Dimension = (body: PyDict, shape: RepairShape) => readonly Change[];

/** Which change of which dimension: what worked on one record is tried on the next by these. */
export interface Choice {
  readonly dimension: number;
  readonly step: string;
}

/** The variants of one record; each kind of change is looked for only when it is its turn. */
export class Variants {
  readonly #body: PyDict;
  readonly #shape: RepairShape;
  readonly #changes: (readonly Change[] | undefined)[] = [];
  readonly asItStands: Variant;

  constructor(body: PyDict, shape: RepairShape) {
    this.#body = body;
    this.#shape = shape;
    this.asItStands = { choices: [], body, numericKeys: false };
  }

  /** The record as it stands, then its variants, fewest changes first. */
  *all(): Generator<Variant> {
    for (let changes = 0; changes <= DIMENSIONS.length; changes += 1)
      yield* this.#changed(this.asItStands, 0, changes);
  }

  /** The variant with just these changes; undefined where the record doesn't allow one of them. */
  chosen(choices: readonly Choice[]): Variant | undefined {
    let variant = this.asItStands;
    for (const { dimension, step } of choices) {
      const change = this.#changesOf(dimension).find((candidate) => candidate.step === step);
      if (change === undefined) return undefined;
      variant = withChange(variant, dimension, change);
    }
    return variant;
  }

  *#changed(variant: Variant, from: number, changes: number): Generator<Variant> {
    if (changes === 0) {
      yield variant;
      return;
    }
    for (let dimension = from; dimension < DIMENSIONS.length; dimension += 1) {
      for (const change of this.#changesOf(dimension)) {
        yield* this.#changed(withChange(variant, dimension, change), dimension + 1, changes - 1);
      }
    }
  }

  #changesOf(dimension: number): readonly Change[] {
    this.#changes[dimension] ??= DIMENSIONS[dimension]?.(this.#body, this.#shape) ?? [];
    return this.#changes[dimension] ?? [];
  }
}

const withChange = (variant: Variant, dimension: number, { step, apply }: Change): Variant => ({
  ...apply(variant),
  choices: [...variant.choices, { dimension, step }],
});

/** All non-empty subsets, the whole first, then by size; only the whole when there are too many members. */
const subsets = (names: readonly string[]): readonly (readonly string[])[] => {
  if (names.length === 0) return [];
  if (names.length > MAX_SUBSET_COLUMNS) return [names];
  const all = Array.from({ length: 2 ** names.length - 1 }, (_, i) =>
    names.filter((_name, bit) => ((i + 1) >> bit) & 1),
  );
  return [names, ...all.filter((part) => part.length < names.length).toSorted((a, b) => a.length - b.length)];
};

const withMembers = (variant: Variant, edit: (members: Map<string, PyNode>) => void): Variant => {
  const members = new Map(variant.body.members);
  edit(members);
  return { ...variant, body: { type: 'dict', members } };
};

const columnChanges: Dimension = (body, shape) =>
  subsets([...body.members.keys()].filter((name) => !shape.fields.includes(name))).map((names) => ({
    step: `the added ${names.length === 1 ? 'field' : 'fields'} ${shortList(names, ', ')} left out`,
    apply: (variant) =>
      withMembers(variant, (members) => {
        for (const name of names) members.delete(name);
      }),
  }));

const missingChanges: Dimension = (body, shape) =>
  subsets(shape.fields.filter((name) => !body.members.has(name))).map((names) => ({
    step: `${shortList(names, ', ')} put back as null`,
    apply: (variant) =>
      withMembers(variant, (members) => {
        for (const name of names) members.set(name, null);
      }),
  }));

const emptyDictChanges: Dimension = (body, shape) => {
  const value = body.members.get(shape.dictField);
  if (value !== undefined && value !== null) return [];
  return [
    {
      step: `${shape.dictField} put back as an empty object`,
      apply: (variant) =>
        withMembers(variant, (m) => m.set(shape.dictField, { type: 'dict', members: new Map() })),
    },
  ];
};

const WHOLE_NUMBER = /^(?:0|-?[1-9][0-9]*)$/;

/** The order of a dict whose keys were ints in Python; undefined for every other dict. */
export const numericKeyOrder = (dict: PyDict): ((a: string, b: string) => number) | undefined => {
  if (dict.members.size < 2) return undefined;
  for (const key of dict.members.keys()) if (!WHOLE_NUMBER.test(key)) return undefined;
  return (a, b) => {
    const difference = BigInt(a) - BigInt(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  };
};

const keyOrderChanges: Dimension = (body) => {
  const isAffected = (node: PyNode): boolean => {
    if (node === null || typeof node !== 'object') return false;
    if (node.type === 'list') return node.items.some(isAffected);
    if (node.type !== 'dict') return false;
    const order = numericKeyOrder(node);
    if (order !== undefined) {
      const keys = [...node.members.keys()];
      const byText = keys.toSorted().join();
      if (keys.toSorted(order).join() !== byText) return true;
    }
    return [...node.members.values()].some(isAffected);
  };
  if (!isAffected(body)) return [];
  return [
    {
      step: 'whole-number keys ordered by number, as Python does before they become text',
      apply: (variant) => ({ ...variant, numericKeys: true }),
    },
  ];
};

const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|\+00:00)?$/;

const timestampChanges: Dimension = (body, shape) => {
  const value = body.members.get(shape.timestampField);
  const parts = typeof value === 'string' ? TIMESTAMP.exec(value) : null;
  if (parts === null) return [];
  const [, date = '', time = '', fraction = '', zone = ''] = parts;
  const micros = fraction.padEnd(6, '0').slice(0, 6);
  // isoformat() writes no fraction, or six digits.
  const fractions = micros === '000000' ? ['', '.000000'] : [`.${micros}`];
  const forms = [zone, '', '+00:00', 'Z'].flatMap((z) => fractions.map((f) => `${date}T${time}${f}${z}`));
  return [...new Set(forms)]
    .filter((form) => form !== value)
    .map((form) => ({
      step: `${shape.timestampField} in the form of Python's isoformat()`,
      apply: (variant) => withMembers(variant, (members) => members.set(shape.timestampField, form)),
    }));
};

const unicodeChanges: Dimension = (body) =>
  (['NFC', 'NFD'] as const)
    .filter((form) => mapStrings(body, (text) => text.normalize(form)) !== body)
    .map((form) => ({
      step: `texts in Unicode form ${form}`,
      apply: (variant) => {
        const mapped = mapStrings(variant.body, (text) => text.normalize(form));
        return isDict(mapped) ? { ...variant, body: mapped } : variant;
      },
    }));

/** The same node when nothing changes. */
const mapStrings = (node: PyNode, map: (text: string) => string): PyNode => {
  if (typeof node === 'string') return map(node);
  if (node === null || typeof node !== 'object') return node;
  if (node.type === 'list') {
    const items = node.items.map((item) => mapStrings(item, map));
    return items.some((item, i) => item !== node.items[i]) ? { type: 'list', items } : node;
  }
  if (node.type !== 'dict') return node;
  const members = new Map([...node.members].map(([key, value]) => [map(key), mapStrings(value, map)]));
  const keys = [...node.members];
  const isSame = [...members].every(([key, value], i) => keys[i]?.[0] === key && keys[i]?.[1] === value);
  return isSame && members.size === node.members.size ? node : { type: 'dict', members };
};

const DIMENSIONS: readonly Dimension[] = [
  columnChanges,
  missingChanges,
  emptyDictChanges,
  keyOrderChanges,
  timestampChanges,
  unicodeChanges,
];
