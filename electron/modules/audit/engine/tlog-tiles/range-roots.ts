// The hashes of a consistency proof, gathered in one pass over the leaves.
import { consistencyRanges, MerkleFrontier } from '../../../../../shared/chain/merkle.ts';
import type { ConsistencyProof } from '../merkle/proof-document.ts';
import { sha256 } from '../merkle/sha256.ts';

export class ConsistencyCollector {
  readonly #size1: number;
  readonly #size2: number;
  readonly #ranges: readonly {
    readonly start: number;
    readonly end: number;
    readonly root: MerkleFrontier;
  }[];

  /** @throws RangeError unless 0 < size1 <= size2. */
  constructor(size1: number, size2: number) {
    this.#size1 = size1;
    this.#size2 = size2;
    this.#ranges = consistencyRanges(size1, size2).map(([start, end]) => ({
      start,
      end,
      root: new MerkleFrontier(sha256),
    }));
  }

  /** Leaves in order, from `first` on. */
  add(first: number, hashes: readonly Uint8Array[]): void {
    for (const { start, end, root } of this.#ranges) {
      const from = Math.max(start, first);
      const to = Math.min(end, first + hashes.length);
      for (let leaf = from; leaf < to; leaf += 1) root.append(hashes[leaf - first] as Uint8Array);
    }
  }

  /** The proof between the two roots; null when leaves were missing. */
  proof(root1: Uint8Array, root2: Uint8Array): ConsistencyProof | null {
    if (this.#ranges.some(({ start, end, root }) => root.size !== end - start)) return null;
    const proof = this.#ranges.map(({ root }) => root.root());
    return { size1: this.#size1, size2: this.#size2, root1, root2, proof };
  }
}
