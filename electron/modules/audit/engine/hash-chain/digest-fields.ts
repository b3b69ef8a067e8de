// Finds the fields that hold digests, which of them names another record's, and which fields tell interleaved chains apart.
import type { PyNode } from '../../../../../shared/chain/python-json.ts';
import { digestHex, digestShape } from './digests.ts';
import type { DigestShape } from './digests.ts';
import { fieldAt, leavesOf } from './fields.ts';
import type { ReadRecord } from './preimage.ts';

const DEPTH = 3;

/** A field that holds a digest in most records that have it. */
export interface DigestField {
  readonly path: string;
  readonly shape: DigestShape;
  /** By record: lower-case hex of the digest, or whatever text stands there; null where there is none. */
  readonly values: readonly (string | null)[];
  /** How many different digests it holds. */
  readonly distinct: number;
}

/** `own` is a record's own hash, and `prev` names that of the record at `parents[i]` (-1 for none found). */
export interface Pair {
  readonly own: DigestField;
  readonly prev: DigestField;
  readonly parents: readonly number[];
  readonly links: number;
}

const textAt = (record: ReadRecord, path: string): string | null => {
  const value = fieldAt(record.dict, path);
  return typeof value === 'string' ? value : null;
};

/** The digest fields of a sample, in the order in which they stand. */
export const digestFields = (records: readonly ReadRecord[]): readonly DigestField[] => {
  const shapes = new Map<string, Map<string, { shape: DigestShape; count: number }>>();
  for (const { dict } of records) {
    for (const [path, value] of leavesOf(dict, DEPTH)) {
      if (typeof value !== 'string') continue;
      const shape = digestShape(value);
      const byShape = shapes.get(path) ?? new Map<string, { shape: DigestShape; count: number }>();
      shapes.set(path, byShape);
      if (shape === null) continue;
      const key = `${shape.prefix}/${shape.encoding.slice(0, 3)}/${shape.bytes}`;
      const seen = byShape.get(key);
      byShape.set(key, { shape: broader(seen?.shape, shape), count: (seen?.count ?? 0) + 1 });
    }
  }
  const found: DigestField[] = [];
  for (const [path, byShape] of shapes) {
    const commonest = [...byShape.values()].toSorted((a, b) => b.count - a.count)[0];
    if (commonest === undefined) continue;
    const texts = records.map((record) => textAt(record, path));
    const present = texts.filter((text) => text !== null && text !== '').length;
    if (commonest.count * 2 < present) continue;
    const { shape } = commonest;
    const values = texts.map((text) => (text === null ? null : digestHex(text, shape)));
    found.push({ path, shape, values, distinct: new Set(values).size });
  }
  return found;
};

/** Hex in both cases is upper-case hex; base64 with a sign of its own alphabet keeps that. */
const broader = (a: DigestShape | undefined, b: DigestShape): DigestShape => {
  if (a === undefined || a.encoding === b.encoding) return b;
  return { ...b, encoding: a.encoding.startsWith('base') ? a.encoding : 'hex-upper' };
};

/** The pairs of fields that link records, the one with most links first. */
export const linkingPairs = (fields: readonly DigestField[]): readonly Pair[] => {
  const pairs: Pair[] = [];
  for (const own of fields) {
    const where = new Map<string, number>();
    for (const [i, value] of own.values.entries()) if (value !== null) where.set(value, i);
    for (const prev of fields) {
      if (prev === own) continue;
      const parents = prev.values.map((value, i) => {
        const parent = value === null ? undefined : where.get(value);
        return parent === undefined || parent === i ? -1 : parent;
      });
      // A field that names later records is the own hash, seen from the other side.
      const forward = parents.filter((parent, i) => parent >= 0 && parent < i).length;
      const backward = parents.filter((parent, i) => parent > i).length;
      const links = Math.max(forward, backward);
      if (links > 0) pairs.push({ own, prev, parents, links: forward * 2 >= backward ? links : 0 });
    }
  }
  const better = (a: Pair, b: Pair): number =>
    b.links - a.links ||
    ownRank(a.own.path) - ownRank(b.own.path) ||
    prevRank(a.prev.path) - prevRank(b.prev.path);
  const both = pairs.filter((pair) => pair.links > 0).toSorted(better);
  if (both.length > 0) return both;
  // Newest first: every record names the one after it in the file.
  return pairs
    .map((pair) => ({ ...pair, links: pair.parents.filter((parent) => parent >= 0).length }))
    .filter(({ own, prev }) => prevRank(prev.path) < prevRank(own.path))
    .toSorted(better);
};

const PREV_NAME = /prev|parent|last|before|prior/i;
const OWN_NAME = /hash|digest|checksum|integrity|hmac|\bmac\b|seal/i;
const OTHER_NAME =
  /content|file|policy|model|input|output|prompt|payload|args|param|result|body|merkle|root|sig|key|cert|commit/i;

const prevRank = (path: string): number => (PREV_NAME.test(path) ? 0 : 1);

/** Low for names that are usual for a record's own hash. */
export const ownRank = (path: string): number => {
  if (PREV_NAME.test(path)) return 3;
  if (!OWN_NAME.test(path)) return 2;
  return OTHER_NAME.test(path) ? 1 : 0;
};

const CHAIN_NAME =
  /agent|session|tenant|org|chain|stream|user|actor|account|project|device|host|node|shard|partition|source|log|service|thread|run|workspace|customer/i;

const scalarText = (node: PyNode | undefined): string | null => {
  if (typeof node === 'string') return node;
  if (typeof node === 'object' && node !== null && node.type === 'int') return node.text;
  return null;
};

/** What tells a record's chain from the others: the values of the chain fields. */
export const chainKey = (record: ReadRecord, chain: readonly string[]): string =>
  chain.map((path) => scalarText(fieldAt(record.dict, path)) ?? '').join('\u001f');

/**
 * The fields by which interleaved chains are told apart, given each record's parent (-1 for none); [] when the records
 * follow one another, or when no field explains it.
 */
export const chainFields = (
  records: readonly ReadRecord[],
  parents: readonly number[],
  hashPaths: ReadonlySet<string>,
): readonly string[] => {
  const skipping = parents.filter((parent, i) => parent >= 0 && parent < i - 1).length;
  const linked = parents.filter((parent) => parent >= 0).length;
  // A few moved lines are no interleaving.
  if (skipping < 2 || skipping * 5 < linked) return [];
  const names = new Set(records.flatMap(({ dict }) => [...leavesOf(dict, 2)].map(([path]) => path)));
  const columns = [...names]
    .filter((path) => !hashPaths.has(path))
    .map((path) => ({ path, values: records.map(({ dict }) => scalarText(fieldAt(dict, path))) }))
    .filter(({ values }) => {
      const distinct = new Set(values).size;
      return distinct > 1 && distinct < values.length && isKept(values, parents) >= linked * 0.9;
    });
  const ranked = columns.toSorted((a, b) => nameRank(a.path) - nameRank(b.path));
  const singles = ranked.map((column) => [column]);
  const doubles = ranked.flatMap((a, i) => ranked.slice(i + 1).map((b) => [a, b]));
  const all = ranked.length > 2 ? [ranked.slice(0, 6)] : [];
  let best: { readonly chain: readonly string[]; readonly score: number } = {
    chain: [],
    score: linked * 0.8,
  };
  for (const set of [...singles, ...doubles.slice(0, 50), ...all]) {
    const score = latestOf(
      set.map(({ values }) => values),
      parents,
    );
    if (score > best.score + (set.length - Math.max(1, best.chain.length)) * 2)
      best = { chain: set.map(({ path }) => path), score };
  }
  return best.chain;
};

const nameRank = (path: string): number => (CHAIN_NAME.test(path) ? 0 : 1);

/** How many links keep the value. */
const isKept = (values: readonly (string | null)[], parents: readonly number[]): number =>
  parents.filter((parent, i) => parent >= 0 && values[parent] === values[i]).length;

/** How many links lead to the latest record before with the same values. */
const latestOf = (columns: readonly (readonly (string | null)[])[], parents: readonly number[]): number => {
  const latest = new Map<string, number>();
  let score = 0;
  for (const [i, parent] of parents.entries()) {
    const key = columns.map((values) => values[i] ?? '').join('\u001f');
    if (parent >= 0 && latest.get(key) === parent) score += 1;
    latest.set(key, i);
  }
  return score;
};

const COUNTER_NAME = /seq|index|idx|id$|number|num|count|^n$|^i$|position|height|offset|line|entry|sn$/i;

/** The field whose number counts up along the chain, or null: it tells a removed record from an altered one. */
export const counterField = (records: readonly ReadRecord[], parents: readonly number[]): string | null => {
  const names = new Set(records.flatMap(({ dict }) => [...leavesOf(dict, 2)].map(([path]) => path)));
  let best: { readonly path: string; readonly score: number } | null = null;
  for (const path of names) {
    const texts = records.map(({ dict }) => scalarText(fieldAt(dict, path)));
    const numbers = texts.map((text) => Number(/^(.*?)([0-9]{1,15})$/.exec(text ?? '')?.[2] ?? Number.NaN));
    const linked = parents.map((parent, i) => [parent, i] as const).filter(([parent]) => parent >= 0);
    const steps = linked.map(([parent, i]) => (numbers[i] ?? Number.NaN) - (numbers[parent] ?? Number.NaN));
    const score = steps.filter((step) => step === 1).length * (COUNTER_NAME.test(path) ? 2 : 1);
    const isCounter = steps.filter((step) => step === 1).length >= linked.length * 0.8 && linked.length > 0;
    if (isCounter && (best === null || score > best.score)) best = { path, score };
  }
  return best?.path ?? null;
};
