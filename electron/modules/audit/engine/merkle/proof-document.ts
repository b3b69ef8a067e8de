// Merkle proofs as JSON documents, in the form of transparency-dev/merkle's vectors: read strictly, nothing guessed.
import {
  rootFromInclusion,
  rootsFromConsistency,
  isSubtree,
  verifyConsistency,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from '../../../../../shared/chain/merkle-verify.ts';
import { isFields } from './json-text.ts';
import type { Fields } from './json-text.ts';
import { hex, sha256 } from './sha256.ts';

type Bytes = Uint8Array;

export interface ConsistencyProof {
  readonly size1: number;
  readonly size2: number;
  readonly root1: Bytes;
  readonly root2: Bytes;
  readonly proof: readonly Bytes[];
}

export type ProofDocument =
  | {
      readonly kind: 'inclusion';
      readonly index: number;
      readonly start: number;
      readonly end: number;
      readonly leaf: Bytes;
      readonly root: Bytes;
      readonly proof: readonly Bytes[];
    }
  | ({ readonly kind: 'consistency' } & ConsistencyProof)
  | {
      readonly kind: 'subtree';
      readonly start: number;
      readonly end: number;
      readonly size: number;
      readonly root1: Bytes;
      readonly root2: Bytes;
      readonly proof: readonly Bytes[];
    };

/** Hashes stand in base64, or in hexadecimal where there are 64 digits. */
const hashOf = (value: unknown): Bytes | null => {
  // Go writes an empty byte slice as null.
  if (value === null) return new Uint8Array(0);
  if (typeof value !== 'string') return null;
  if (/^[0-9a-fA-F]{64}$/u.test(value)) return Buffer.from(value, 'hex');
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : null;
};

const hashesOf = (value: unknown): readonly Bytes[] | null => {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) return null;
  const hashes = value.map(hashOf).filter((hash) => hash !== null);
  return hashes.length === value.length ? hashes : null;
};

const has = (fields: Fields, ...names: readonly string[]): boolean => names.every((name) => name in fields);

/** Whether a JSON value has the fields of a proof document. */
export const isProofShaped = (value: unknown): boolean =>
  isFields(value) &&
  'proof' in value &&
  (has(value, 'leafIdx', 'treeSize', 'root', 'leafHash') ||
    has(value, 'leafIdx', 'start', 'end', 'root', 'leafHash') ||
    has(value, 'size1', 'size2', 'root1', 'root2') ||
    has(value, 'start', 'end', 'size', 'root1', 'root2'));

/** The document, or what is wrong with its form; null where it is no proof document at all. */
export const readProofDocument = (value: unknown): ProofDocument | string | null => {
  if (!isProofShaped(value) || !isFields(value)) return null;
  const numbers = new Map<string, number>();
  for (const name of ['leafIdx', 'treeSize', 'start', 'end', 'size1', 'size2', 'size']) {
    if (!(name in value)) continue;
    const number = value[name];
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
      return `${name} is no whole number from 0 to 2^53 - 1`;
    numbers.set(name, number);
  }
  const hashes = new Map<string, Bytes>();
  for (const name of ['root', 'leafHash', 'root1', 'root2']) {
    if (!(name in value)) continue;
    const hash = hashOf(value[name]);
    if (hash === null) return `${name} is neither base64 nor a hexadecimal digest`;
    hashes.set(name, hash);
  }
  const proof = hashesOf(value.proof);
  if (proof === null) return 'proof is no list of hashes';
  const number = (name: string): number => numbers.get(name) ?? 0;
  const hash = (name: string): Bytes => hashes.get(name) ?? new Uint8Array(0);
  const roots = { root1: hash('root1'), root2: hash('root2'), proof };
  if (numbers.has('leafIdx')) {
    const end = numbers.get('treeSize') ?? number('end');
    const place = { index: number('leafIdx'), start: number('start'), end };
    return { kind: 'inclusion', ...place, leaf: hash('leafHash'), root: hash('root'), proof };
  }
  if (numbers.has('size1'))
    return { kind: 'consistency', size1: number('size1'), size2: number('size2'), ...roots };
  return { kind: 'subtree', start: number('start'), end: number('end'), size: number('size'), ...roots };
};

/** What a proof document leads to. `expected` and `actual` are roots, lower-case hex, where the proof leads to one. */
export interface ProofCheck {
  readonly holds: boolean;
  readonly words: string;
  readonly expected?: string;
  readonly actual?: string;
  /** The root that the proof is about: of the whole (or larger) tree. */
  readonly root: Bytes;
}

const refuted = (root: Bytes, words: string, led: Bytes | null): ProofCheck => ({
  holds: false,
  words,
  ...(led === null ? {} : { expected: hex(root), actual: hex(led) }),
  root,
});

export const checkProof = (document: ProofDocument): ProofCheck => {
  const { proof } = document;
  if (document.kind === 'inclusion') {
    const { index, start, end, leaf, root } = document;
    const place = start === 0 ? `the tree of ${end} leaves` : `the subtree of leaves ${start} to ${end - 1}`;
    if (verifySubtreeInclusion(sha256, leaf, index, [start, end], proof, root))
      return { holds: true, words: `leaf ${index} is in ${place}`, root };
    const led = isSubtree(start, end)
      ? rootFromInclusion(sha256, leaf, index - start, end - start, proof)
      : null;
    const why =
      led === null ? 'the proof does not fit that index and size' : 'the proof leads to another root';
    return refuted(root, `leaf ${index} is not shown to be in ${place}: ${why}`, led);
  }
  const { root1, root2 } = document;
  const isWhole = document.kind === 'consistency';
  const [start, end, size] = isWhole
    ? [0, document.size1, document.size2]
    : [document.start, document.end, document.size];
  const holds = isWhole
    ? verifyConsistency(sha256, end, size, proof, root1, root2)
    : verifySubtreeConsistency(sha256, [start, end], size, proof, root1, root2);
  const what = isWhole
    ? `the tree of ${size} leaves begins with that of ${end}`
    : `the leaves ${start} to ${end - 1} are a part of the tree of ${size}`;
  if (holds) return { holds, words: what, root: root2 };
  if (isWhole && end === 0)
    return refuted(root2, 'a size of 0 proves nothing: every tree begins with the empty one', null);
  const led = rootsFromConsistency(sha256, [start, end], size, root1, proof);
  if (led === null)
    return refuted(root2, `it is not shown that ${what}: the proof does not fit the sizes`, null);
  const isFirst = !Buffer.from(led.first).equals(Buffer.from(root1));
  const words = `it is not shown that ${what}: the proof leads to another root of the ${isFirst ? 'smaller' : 'larger'} tree`;
  return isFirst ? refuted(root1, words, led.first) : refuted(root2, words, led.second);
};
