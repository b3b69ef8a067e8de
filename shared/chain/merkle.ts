// Merkle trees as in RFC 6962 and RFC 9162: roots, inclusion proofs and consistency proofs made; merkle-verify.ts checks them.

/** SHA-256 over the parts one after the other; 32 bytes. Passed in, so that this file needs no platform. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/** Leaf hashes in order: an array, or a getter where they lie elsewhere. */
export type LeafHashes = readonly Uint8Array[] | ((index: number) => Uint8Array);

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

// Sizes may pass 2^32, where the bit operators of JavaScript stop.
const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

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
    this.appendSubtree(0, hash);
  }

  /**
   * Appends 2^level leaves of which only the root is known.
   * @throws RangeError when the size is no multiple of 2^level.
   */
  appendSubtree(level: number, hash: Uint8Array): void {
    const leaves = 2 ** level;
    if (this.#size % leaves !== 0) throw new RangeError('no subtree of that size begins here');
    let node = hash;
    let index = this.#size / leaves;
    let height = level;
    this.#onNode?.(height, index, node);
    while (isOdd(index)) {
      node = nodeHash(this.#sha256, this.#nodes.pop() ?? node, node);
      index = half(index);
      height += 1;
      this.#onNode?.(height, index, node);
    }
    this.#nodes.push(node);
    this.#size += leaves;
  }

  /** A second frontier that grows on its own. Its nodes are told to nobody. */
  copy(): MerkleFrontier {
    const twin = new MerkleFrontier(this.#sha256);
    twin.#nodes.push(...this.#nodes);
    twin.#size = this.#size;
    return twin;
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
    // A copy: what a hash function hands out may be a small piece of a large block that would stay in memory with it.
    if (this.#sought[level].has(index)) (this.#found[level] ??= new Map()).set(index, new Uint8Array(hash));
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
 * The ranges of leaves whose hashes make up a consistency proof, in the order of the proof (RFC 9162 section 2.1.4.1).
 * They don't overlap.
 * @throws RangeError unless 0 < size1 <= size2.
 */
export const consistencyRanges = (
  size1: number,
  size2: number,
): readonly (readonly [start: number, end: number])[] => {
  if (!isSize(size1) || !isSize(size2) || size1 === 0 || size1 > size2)
    throw new RangeError('consistency needs 0 < size1 <= size2');
  const ranges: (readonly [number, number])[] = [];
  let start = 0;
  let end = size2;
  let known = true;
  while (size1 !== end) {
    const middle = start + splitOf(end - start);
    if (size1 <= middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      start = middle;
      known = false;
    }
  }
  if (!known) ranges.push([start, end]);
  return ranges.toReversed();
};

/** The proof that the tree of `size1` leaves is a beginning of that of `size2`; see {@link consistencyRanges}. */
export const consistencyProof = (
  sha256: Sha256,
  leaves: LeafHashes,
  size1: number,
  size2: number,
): readonly Uint8Array[] =>
  consistencyRanges(size1, size2).map(([start, end]) => rangeRoot(sha256, leaves, start, end));
