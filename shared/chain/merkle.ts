// Merkle trees as in RFC 6962 and RFC 9162: roots, inclusion proofs and consistency proofs, made and verified.

/** SHA-256 over the parts one after the other; 32 bytes. Passed in, so that this file needs no platform. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/** Leaf hashes in order: an array, or a getter where they lie elsewhere. */
export type LeafHashes = readonly Uint8Array[] | ((index: number) => Uint8Array);

const HASH_BYTES = 32;
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

// Sizes may pass 2^32, where the bit operators of JavaScript stop.
const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_BYTES;

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** `SHA-256(0x00 || entry)`, RFC 9162 section 2.1.1. */
export const leafHash = (sha256: Sha256, entry: Uint8Array): Uint8Array => sha256(LEAF_PREFIX, entry);

/** `SHA-256(0x01 || left || right)`, RFC 9162 section 2.1.1. */
export const nodeHash = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(NODE_PREFIX, left, right);

/** The root of a tree without leaves: `SHA-256("")`. */
export const emptyRoot = (sha256: Sha256): Uint8Array => sha256();

/** Called for each complete subtree once it is known: 2^level leaves from leaf index * 2^level on. */
export type OnNode = (level: number, index: number, hash: Uint8Array) => void;

/** A tree that only grows: keeps one hash for each bit of its size, so memory is O(log n). */
export class MerkleFrontier {
  readonly #sha256: Sha256;
  readonly #onNode: OnNode | null;
  /** Complete subtrees from left to right, each larger than the next. */
  readonly #nodes: Uint8Array[] = [];
  #size = 0;

  constructor(sha256: Sha256, onNode: OnNode | null = null) {
    this.#sha256 = sha256;
    this.#onNode = onNode;
  }

  get size(): number {
    return this.#size;
  }

  append(hash: Uint8Array): void {
    let node = hash;
    let index = this.#size;
    this.#onNode?.(0, index, node);
    for (let level = 1; isOdd(index); level += 1) {
      node = nodeHash(this.#sha256, this.#nodes.pop() ?? node, node);
      index = half(index);
      this.#onNode?.(level, index, node);
    }
    this.#nodes.push(node);
    this.#size += 1;
  }

  /** The root of all leaves so far; may be asked at any time. */
  root(): Uint8Array {
    return this.#size === 0 ? emptyRoot(this.#sha256) : this.rootFrom(0);
  }

  /**
   * The hash over the leaves from `start` to the end, where a complete subtree of the frontier begins at `start`.
   * @throws RangeError when none does.
   */
  rootFrom(start: number): Uint8Array {
    let end = this.#size;
    let root: Uint8Array | null = null;
    for (let i = this.#nodes.length - 1; i >= 0 && end > start; i -= 1) {
      const node = this.#nodes[i] as Uint8Array;
      root = root === null ? node : nodeHash(this.#sha256, node, root);
      end -= lowestBit(end);
    }
    if (root === null || end !== start) throw new RangeError('no subtree of the frontier begins there');
    return root;
  }
}

/** The largest power of two that divides n (n > 0). */
const lowestBit = (n: number): number => {
  let bit = 1;
  while (n % (bit * 2) === 0) bit *= 2;
  return bit;
};

/** The largest power of two below n (n > 1): where RFC 9162 splits a tree. */
const splitOf = (n: number): number => {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
};

/** Makes inclusion proofs for chosen leaves in one pass over all leaves, in O(k log n) memory. */
export class ProofCollector {
  readonly #frontier: MerkleFrontier;
  readonly #indexes: readonly number[];
  /** For each level the complete subtrees that some proof may need; made when the level is first reached. */
  readonly #sought: Set<number>[] = [];
  readonly #found: Map<number, Uint8Array>[] = [];

  constructor(sha256: Sha256, indexes: Iterable<number>) {
    this.#indexes = [...new Set(indexes)];
    this.#frontier = new MerkleFrontier(sha256, (level, index, hash) => this.#keep(level, index, hash));
  }

  get size(): number {
    return this.#frontier.size;
  }

  append(hash: Uint8Array): void {
    this.#frontier.append(hash);
  }

  root(): Uint8Array {
    return this.#frontier.root();
  }

  /**
   * The inclusion proof for one of the chosen leaves in the tree of all leaves so far, leaf to root (RFC 9162 section
   * 2.1.3.1).
   * @throws RangeError for a leaf that was not chosen or has not come.
   */
  proof(index: number): Uint8Array[] {
    if (!this.#indexes.includes(index) || index >= this.size) throw new RangeError('no such leaf');
    const path: Uint8Array[] = [];
    let node = index;
    let last = this.size - 1;
    for (let level = 0; last > 0; level += 1) {
      if (isOdd(node)) path.push(this.#node(level, node - 1));
      else if (node < last) path.push(this.#node(level, node + 1));
      node = half(node);
      last = half(last);
    }
    return path;
  }

  #keep(level: number, index: number, hash: Uint8Array): void {
    this.#sought[level] ??= new Set(
      this.#indexes.map((leaf) => {
        const node = Math.floor(leaf / 2 ** level);
        return isOdd(node) ? node - 1 : node + 1;
      }),
    );
    if (this.#sought[level].has(index)) (this.#found[level] ??= new Map()).set(index, hash);
  }

  /** A complete subtree was kept; the ragged one at the right edge is folded from the frontier. */
  #node(level: number, index: number): Uint8Array {
    return this.#found[level]?.get(index) ?? this.#frontier.rootFrom(index * 2 ** level);
  }
}

const getter = (leaves: LeafHashes): ((index: number) => Uint8Array) =>
  typeof leaves === 'function'
    ? leaves
    : (index) => {
        const leaf = leaves[index];
        if (leaf === undefined) throw new RangeError('no such leaf');
        return leaf;
      };

/** The hash over the leaves `start` to `end - 1` (RFC 9162's MTH of D[start:end]). */
export const rangeRoot = (sha256: Sha256, leaves: LeafHashes, start: number, end: number): Uint8Array => {
  const frontier = new MerkleFrontier(sha256);
  const leafAt = getter(leaves);
  for (let i = start; i < end; i += 1) frontier.append(leafAt(i));
  return frontier.root();
};

/** The root over leaf hashes, RFC 9162 section 2.1.1; `SHA-256("")` for none. */
export const merkleRoot = (sha256: Sha256, leafHashes: Iterable<Uint8Array>): Uint8Array => {
  const frontier = new MerkleFrontier(sha256);
  for (const hash of leafHashes) frontier.append(hash);
  return frontier.root();
};

/**
 * Inclusion proofs for the leaves `indexes` of the tree of the first `size` leaves, in one pass over `leaves`.
 * @throws RangeError when an index is not below `size`, or fewer leaves come.
 */
export const proofsFor = (
  sha256: Sha256,
  indexes: Iterable<number>,
  size: number,
  leaves: Iterable<Uint8Array>,
): { readonly root: Uint8Array; readonly proofs: ReadonlyMap<number, readonly Uint8Array[]> } => {
  const wanted = [...new Set(indexes)];
  const collector = new ProofCollector(sha256, wanted);
  for (const leaf of leaves) {
    if (collector.size === size) break;
    collector.append(leaf);
  }
  if (collector.size !== size) throw new RangeError('fewer leaves than the size says');
  return {
    root: collector.root(),
    proofs: new Map(wanted.map((index) => [index, collector.proof(index)])),
  };
};

/** The inclusion proof for one leaf, leaf to root. @throws RangeError when index is not below size. */
export const inclusionProof = (
  sha256: Sha256,
  leaves: LeafHashes,
  index: number,
  size: number,
): readonly Uint8Array[] => {
  const collector = new ProofCollector(sha256, [index]);
  const leafAt = getter(leaves);
  for (let i = 0; i < size; i += 1) collector.append(leafAt(i));
  return collector.proof(index);
};

/**
 * The proof that the tree of `size1` leaves is a beginning of that of `size2` (RFC 9162 section 2.1.4.1).
 * @throws RangeError unless 0 < size1 <= size2.
 */
export const consistencyProof = (
  sha256: Sha256,
  leaves: LeafHashes,
  size1: number,
  size2: number,
): readonly Uint8Array[] => {
  if (!isSize(size1) || !isSize(size2) || size1 === 0 || size1 > size2)
    throw new RangeError('consistency needs 0 < size1 <= size2');
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = size2;
  let known = true;
  while (size1 !== end) {
    const middle = start + splitOf(end - start);
    if (size1 <= middle) {
      proof.push(rangeRoot(sha256, leaves, middle, end));
      end = middle;
    } else {
      proof.push(rangeRoot(sha256, leaves, start, middle));
      start = middle;
      known = false;
    }
  }
  if (!known) proof.push(rangeRoot(sha256, leaves, start, end));
  return proof.toReversed();
};

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
