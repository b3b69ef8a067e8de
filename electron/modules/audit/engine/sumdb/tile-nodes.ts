// Nodes of a tree out of whatever tiles are there, and the inclusion proofs that they make up.
import { merkleRoot, nodeHash } from '../../../../../shared/chain/merkle.ts';
import { sha256 } from '../merkle/sha256.ts';
import { readTile } from '../tlog-tiles/bundle.ts';
import { bestOf, WIDTH } from '../tlog-tiles/layout.ts';
import type { TileLog } from '../tlog-tiles/layout.ts';

const TILE_LEVELS = 8;

/** A tile that a proof needs is not there; `path` says which. */
export class TileMissing extends Error {
  readonly path: string;
  constructor(path: string) {
    super(path);
    this.path = path;
  }
}

export class TileNodes {
  readonly #log: TileLog;
  readonly #size: number;

  /** @param size Leaves of the tree that the proofs are for. */
  constructor(log: TileLog, size: number) {
    this.#log = log;
    this.#size = size;
  }

  /** The root of the complete subtree number `index` of 2^level leaves. @throws TileMissing */
  async node(level: number, index: number): Promise<Buffer> {
    const tileLevel = Math.floor(level / TILE_LEVELS);
    const span = 2 ** (level % TILE_LEVELS);
    const first = index * span;
    const tile = Math.floor(first / WIDTH);
    const slot = first % WIDTH;
    const inTree = Math.min(WIDTH, Math.floor(this.#size / WIDTH ** tileLevel) - tile * WIDTH);
    const best = bestOf(this.#log.tiles[tileLevel]?.get(tile), slot + span);
    const leaves = best === null ? null : await readTile(best, this.#log.style.format);
    const hashes = leaves?.hashes.slice(slot, slot + span) ?? [];
    if (hashes.length < span)
      throw new TileMissing(this.#log.prefix + this.#log.style.pathOf(tileLevel, tile, inTree));
    return Buffer.from(merkleRoot(sha256, hashes));
  }

  /** The hash over the leaves from `start` to the end of the tree. */
  async #ragged(start: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let at = start;
    while (at < this.#size) {
      let level = 0;
      while (at + 2 ** (level + 1) <= this.#size && at % 2 ** (level + 1) === 0) level += 1;
      parts.push(await this.node(level, at / 2 ** level));
      at += 2 ** level;
    }
    return parts.reduceRight((right, left) => Buffer.from(nodeHash(sha256, left, right)));
  }

  /** The inclusion proof of one leaf (RFC 9162 section 2.1.3.1). @throws TileMissing */
  async inclusion(leaf: number): Promise<readonly Buffer[]> {
    const proof: Buffer[] = [];
    let node = leaf;
    let last = this.#size - 1;
    for (let level = 0; last > 0; level += 1) {
      if (node % 2 === 1) proof.push(await this.node(level, node - 1));
      else if (node < last) {
        const isComplete = (node + 2) * 2 ** level <= this.#size;
        proof.push(await (isComplete ? this.node(level, node + 1) : this.#ragged((node + 1) * 2 ** level)));
      }
      node = Math.floor(node / 2);
      last = Math.floor(last / 2);
    }
    return proof;
  }
}
