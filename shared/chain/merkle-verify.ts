// Verifies Merkle inclusion and consistency proofs as in RFC 9162, and the subtree proofs of draft-ietf-plants.
import { emptyRoot, nodeHash } from './merkle.ts';
import type { Sha256 } from './merkle.ts';

const HASH_BYTES = 32;

// Sizes may pass 2^32, where the bit operators of JavaScript stop.
const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_BYTES;

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/**
 * The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2); null when the proof cannot belong to that index
 * and size (index not below size, too short, too long, not 32-byte hashes).
 */
export const rootFromInclusion = (
  sha256: Sha256,
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array | null => {
  if (!isSize(index) || !isSize(size) || index >= size || !isHash(leaf)) return null;
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0 || !isHash(sibling)) return null;
    if (isOdd(node) || node === last) {
      root = nodeHash(sha256, sibling, root);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      root = nodeHash(sha256, root, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 ? root : null;
};

/** RFC 9162 section 2.1.3.2. */
export const verifyInclusion = (
  sha256: Sha256,
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean => {
  const led = rootFromInclusion(sha256, leaf, index, size, proof);
  return led !== null && isSame(led, root);
};

/** A range that is a subtree of any tree that holds it: its start is a multiple of the power of two that covers it. */
export const isSubtree = (start: number, end: number): boolean => {
  if (!isSize(start) || !isSize(end) || start >= end) return false;
  let cover = 1;
  while (cover < end - start) cover *= 2;
  return start % cover === 0;
};

/** Inclusion in the subtree of the leaves `start` to `end - 1` (draft-ietf-plants-merkle-tree-certs section 4.3). */
export const verifySubtreeInclusion = (
  sha256: Sha256,
  leaf: Uint8Array,
  index: number,
  range: readonly [start: number, end: number],
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean => {
  const [start, end] = range;
  return isSubtree(start, end) && verifyInclusion(sha256, leaf, index - start, end - start, proof, root);
};

/**
 * The two roots that a consistency proof leads to when the subtree has the hash `root1`: the subtree's own, which must be
 * `root1` again, and that of the tree of `size` leaves. null when the proof cannot belong to that range and size.
 * draft-ietf-plants-merkle-tree-certs section 4.4.3; for start = 0 the same as RFC 9162 section 2.1.4.2.
 */
export const rootsFromConsistency = (
  sha256: Sha256,
  range: readonly [start: number, end: number],
  size: number,
  root1: Uint8Array,
  proof: readonly Uint8Array[],
): { readonly first: Uint8Array; readonly second: Uint8Array } | null => {
  const [start, end] = range;
  if (!isSubtree(start, end) || !isSize(size) || end > size) return null;
  // Nothing is hashed without a proof: then the roots need only be equal, whatever they are.
  if (proof.length > 0 && !(isHash(root1) && proof.every(isHash))) return null;
  let from = start;
  let node = end - 1;
  let last = size - 1;
  while (from !== node && (node === last || isOdd(node))) {
    from = half(from);
    node = half(node);
    last = half(last);
  }
  const given = from === node ? [root1, ...proof] : proof;
  const [seed, ...rest] = given;
  if (seed === undefined) return null;
  let first = seed;
  let second = seed;
  for (const hash of rest) {
    if (last === 0) return null;
    if (isOdd(node) || node === last) {
      if (from < node) first = nodeHash(sha256, hash, first);
      second = nodeHash(sha256, hash, second);
      while (!isOdd(node) && node !== 0) {
        from = half(from);
        node = half(node);
        last = half(last);
      }
    } else {
      second = nodeHash(sha256, second, hash);
    }
    from = half(from);
    node = half(node);
    last = half(last);
  }
  return last === 0 ? { first, second } : null;
};

/**
 * RFC 9162 section 2.1.4.2: the tree of `size1` leaves with `root1` is the beginning of that of `size2` with `root2`. A
 * size1 of 0 is never consistent: it would say nothing.
 */
export const verifyConsistency = (
  sha256: Sha256,
  size1: number,
  size2: number,
  proof: readonly Uint8Array[],
  root1: Uint8Array,
  root2: Uint8Array,
): boolean => size1 > 0 && verifySubtreeConsistency(sha256, [0, size1], size2, proof, root1, root2);

/** The subtree with `root1` is part of the tree of `size` leaves with `root2`; an empty range is, with an empty proof. */
export const verifySubtreeConsistency = (
  sha256: Sha256,
  range: readonly [start: number, end: number],
  size: number,
  proof: readonly Uint8Array[],
  root1: Uint8Array,
  root2: Uint8Array,
): boolean => {
  const [start, end] = range;
  if (isSize(start) && isSize(size) && start === end && end <= size)
    return proof.length === 0 && isSame(root1, emptyRoot(sha256));
  const led = rootsFromConsistency(sha256, range, size, root1, proof);
  return led !== null && isSame(led.first, root1) && isSame(led.second, root2);
};
