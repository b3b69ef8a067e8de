// The seal of a log without hashes: an RFC 6962 tree over its records as they stand, made while they stream by.
import { hash } from 'node:crypto';
import { MerkleFrontier } from '../../../../../shared/chain/merkle.ts';

const NODE_BYTES = 65;
const node = Buffer.allocUnsafe(NODE_BYTES);

/** SHA-256 over the parts; in the tree they are a prefix and two hashes. */
const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const [prefix, left, right] = parts;
  if (parts.length !== 3 || prefix?.length !== 1 || left?.length !== 32 || right?.length !== 32)
    return hash('sha256', Buffer.concat(parts), 'buffer');
  node.set(prefix, 0);
  node.set(left, 1);
  node.set(right, 33);
  return hash('sha256', node, 'buffer');
};

/** Leaf of a record too long to be read: its length stands for it, so that the leaves keep the records' numbers. */
const longLeaf = (length: number): Buffer =>
  Buffer.from(`record of ${length} bytes, too long to be read`, 'utf8');

export class Seal {
  readonly #frontier = new MerkleFrontier(sha256);
  #scratch = Buffer.alloc(1 << 16);

  /** Adds a record's bytes as the next leaf; answers its leaf hash, `SHA-256(0x00 || bytes)`. */
  add(bytes: Buffer, start: number, end: number): Buffer {
    const leaf = this.leafOf(bytes, start, end);
    this.#frontier.append(leaf);
    return leaf;
  }

  addTooLong(length: number): void {
    const bytes = longLeaf(length);
    this.add(bytes, 0, bytes.length);
  }

  leafOf(bytes: Buffer, start: number, end: number): Buffer {
    const length = end - start;
    if (length + 1 > this.#scratch.length) this.#scratch = Buffer.alloc(2 * (length + 1));
    this.#scratch[0] = 0;
    bytes.copy(this.#scratch, 1, start, end);
    return hash('sha256', this.#scratch.subarray(0, length + 1), 'buffer');
  }

  /** Lower-case hex. */
  root(): string {
    return Buffer.from(this.#frontier.root()).toString('hex');
  }

  get leaves(): number {
    return this.#frontier.size;
  }
}
