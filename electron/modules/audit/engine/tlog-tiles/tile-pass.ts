// One pass over a tiled log: entries against tiles, tiles against the level above, and the root at each size asked for.
import { MerkleFrontier, merkleRoot } from '../../../../../shared/chain/merkle.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun } from '../format.ts';
import type { FindingList } from '../lines/finding-list.ts';
import { hex, sha256 } from '../merkle/sha256.ts';
import { readTile } from './bundle.ts';
import { differences } from './differences.ts';
import { bestOf, WIDTH } from './layout.ts';
import type { Leaves, TileLog } from './layout.ts';

/** 256 = 2^8: each level of tiles is eight levels of the tree. */
const TILE_LEVELS = 8;

export interface PassResult {
  /** Roots of the first n leaves, for each n asked for; a size is absent where hashes are missing before it. */
  readonly roots: ReadonlyMap<number, Buffer>;
  /** Entries that were read and hashed. */
  readonly entries: number;
  /** Full bundles whose tile and entries disagree, with nothing to say which is right. */
  readonly ambiguous: number;
}

export interface PassOptions {
  /** Leaves of the tree. */
  readonly size: number;
  /** Sizes whose roots are wanted, none above `size`. */
  readonly sizes: readonly number[];
  /** What the root at `size` should be; settles which side is at fault in the last, partial tile. */
  readonly expected: Buffer | null;
  readonly firstIndex: number;
  readonly findings: FindingList | null;
  readonly run: EngineRun;
  /** Sees the leaf hashes of each bundle, as they were judged right. */
  readonly onLeaves?: (first: number, hashes: readonly Buffer[]) => void;
}

const rootOf = (hashes: readonly Buffer[]): Buffer => Buffer.from(merkleRoot(sha256, hashes));

export class TilePass {
  readonly #log: TileLog;
  readonly #options: PassOptions;
  #frontier: MerkleFrontier;
  readonly #roots = new Map<number, Buffer>();
  /** For each level the tile read last. */
  readonly #upper = new Map<number, { readonly index: number; readonly tile: Leaves | null }>();
  #broken = false;
  #entries = 0;
  #ambiguous = 0;

  constructor(log: TileLog, options: PassOptions) {
    this.#log = log;
    this.#options = options;
    this.#frontier = this.#newFrontier();
  }

  /** @throws AppError('job.cancelled'), and what the source throws. */
  async run(): Promise<PassResult> {
    const { size, run } = this.#options;
    if (this.#options.sizes.includes(0)) this.#roots.set(0, rootOf([]));
    for (const bundle of await this.#bundles()) {
      throwIfCancelled(run.signal);
      if (bundle * WIDTH >= size) break;
      if (this.#frontier.size !== bundle * WIDTH) this.#broken = true;
      await this.#bundle(bundle);
      const done = Math.min(size, (bundle + 1) * WIDTH);
      run.progress({ step: 'verifying', done, total: size, unit: 'records', records: done });
    }
    return { roots: this.#roots, entries: this.#entries, ambiguous: this.#ambiguous };
  }

  #newFrontier(): MerkleFrontier {
    return new MerkleFrontier(sha256, (level, index, hash) => {
      if (level > TILE_LEVELS && level % TILE_LEVELS === 0)
        this.#checkUpper(level / TILE_LEVELS, index, Buffer.from(hash));
    });
  }

  /** Bundles that anything is known of: their own files, or a slot in the level above. Ascending. */
  async #bundles(): Promise<readonly number[]> {
    const known = new Set<number>([...this.#log.entries.keys(), ...(this.#log.tiles[0]?.keys() ?? [])]);
    const last = Math.ceil(this.#options.size / WIDTH);
    for (const index of this.#log.tiles[1]?.keys() ?? [])
      for (let slot = index * WIDTH; slot < Math.min(last, (index + 1) * WIDTH); slot += 1) known.add(slot);
    return [...known].toSorted((a, b) => a - b);
  }

  #add(finding: Finding): void {
    this.#options.findings?.add(finding);
  }

  async #read(level: number | 'entries', index: number, need: number): Promise<Leaves | null> {
    const files = level === 'entries' ? this.#log.entries : this.#log.tiles[level];
    const best = bestOf(files?.get(index), need);
    if (best === null) return null;
    const { style } = this.#log;
    const leaves = await (level === 'entries'
      ? style.readEntries(best, index)
      : readTile(best, style.format));
    const { problem, path } = leaves;
    // A bundle that is too short shows entry by entry which are missing.
    if (problem !== null && !(level === 'entries' && problem.kind === 'TRUNCATED')) {
      const message = `${path} is not of the size that its name says: ${problem.words}.`;
      const verdict = problem.kind === 'TRUNCATED' ? 'GAP' : 'TAMPERED';
      const at = level === 'entries' || level === 0 ? { index: this.#index(index * WIDTH) } : {};
      this.#add({ kind: problem.kind, verdict, ...at, path, message });
    }
    return leaves;
  }

  #index(leaf: number): number {
    return this.#options.firstIndex + leaf;
  }

  /** The hash that the tiles of a level have for a node; null where they have none. */
  async #slot(level: number, node: number): Promise<Buffer | null> {
    const index = Math.floor(node / WIDTH);
    let known = this.#upper.get(level);
    if (known?.index !== index) {
      const need = Math.min(WIDTH, Math.floor(this.#options.size / WIDTH ** level) - index * WIDTH);
      known = { index, tile: need > 0 ? await this.#read(level, index, need) : null };
      this.#upper.set(level, known);
    }
    return known.tile?.hashes[node % WIDTH] ?? null;
  }

  #checkUpper(level: number, node: number, computed: Buffer): void {
    const known = this.#upper.get(level);
    const stored = known?.index === Math.floor(node / WIDTH) ? known.tile?.hashes[node % WIDTH] : undefined;
    if (stored === undefined || stored.equals(computed)) return;
    const count = WIDTH ** level;
    const path = known?.tile?.path ?? this.#log.style.pathOf(level, Math.floor(node / WIDTH), WIDTH);
    this.#add({
      kind: 'CHAIN_HASH_MISMATCH',
      verdict: 'TAMPERED',
      index: this.#index(node * count),
      count,
      path,
      expected: hex(computed),
      actual: hex(stored),
      message: `Slot ${node % WIDTH} of ${path} is not the root over the entries ${this.#index(node * count)} to ${this.#index((node + 1) * count) - 1} below it.`,
    });
  }

  async #bundle(bundle: number): Promise<void> {
    const first = bundle * WIDTH;
    const need = Math.min(WIDTH, this.#options.size - first);
    const entries = await this.#read('entries', bundle, need);
    const tile = await this.#read(0, bundle, need);
    const above = need === WIDTH ? await this.#slot(1, bundle) : null;
    // The nodes that these leaves complete are compared as they come up, which can't wait for a file.
    for (let level = 2; level < this.#log.tiles.length; level += 1)
      await this.#slot(level, Math.floor(bundle / WIDTH ** (level - 1)));
    this.#entries += Math.min(entries?.hashes.length ?? 0, need);
    const chosen = this.#choose(first, need, entries, tile, above);
    if (chosen === null && above !== null && !this.#broken) {
      this.#frontier.appendSubtree(TILE_LEVELS, above);
      return this.#noteSizes(first, null);
    }
    if (chosen === null) {
      this.#broken = true;
      return undefined;
    }
    this.#options.onLeaves?.(first, chosen);
    if (above !== null) {
      const root = rootOf(chosen);
      this.#checkUpper(1, bundle, root);
      if (!this.#broken) {
        this.#noteSizes(first, chosen);
        this.#frontier.appendSubtree(TILE_LEVELS, root);
      }
    } else if (!this.#broken) {
      this.#noteSizes(first, chosen);
      for (const hash of chosen) this.#frontier.append(hash);
    }
    if (!this.#broken && this.#frontier.size === first + need) this.#noteSizes(first, null);
    return undefined;
  }

  /** Notes the roots at sizes inside the bundle that is about to come, or (null) at its end. */
  #noteSizes(first: number, coming: readonly Buffer[] | null): void {
    for (const size of this.#options.sizes) {
      if (coming === null) {
        if (size === this.#frontier.size) this.#roots.set(size, Buffer.from(this.#frontier.root()));
      } else if (size > first && size < first + coming.length) {
        const twin = this.#frontier.copy();
        for (const hash of coming.slice(0, size - first)) twin.append(hash);
        this.#roots.set(size, Buffer.from(twin.root()));
      }
    }
  }

  /** The leaf hashes that are right as far as can be told; null where too few are there. Reports what differs. */
  #choose(
    first: number,
    need: number,
    entries: Leaves | null,
    tile: Leaves | null,
    above: Buffer | null,
  ): readonly Buffer[] | null {
    const fromEntries =
      entries !== null && entries.hashes.length >= need ? entries.hashes.slice(0, need) : null;
    const fromTile = tile !== null && tile.hashes.length >= need ? tile.hashes.slice(0, need) : null;
    if (entries === null || tile === null || fromTile === null) {
      if (entries !== null && fromEntries === null) this.#missing(first, need, entries);
      else if (tile !== null && fromTile === null && entries === null) this.#missing(first, need, tile);
      return fromEntries ?? fromTile;
    }
    if (fromEntries?.every((hash, i) => fromTile[i]?.equals(hash)) === true) return fromEntries;
    const fault = this.#fault(first, fromEntries, fromTile, above);
    if (fault === null) this.#ambiguous += 1;
    const pair = { entries, tile, first: this.#index(first), need, fault };
    for (const finding of differences(pair)) this.#add(finding);
    return fault === 'tile' ? fromEntries : fromTile;
  }

  #missing(first: number, need: number, { hashes, path, problem }: Leaves): void {
    const index = this.#index(first + hashes.length);
    const count = need - hashes.length;
    const why = problem === null ? '' : `: ${problem.words}`;
    const message = `${count} entries from ${index} on are missing from ${path}${why}.`;
    this.#add({ kind: 'GAP', verdict: 'GAP', index, count, path, message });
  }

  /** Which side leads to the level above, or, in the last tile, to the root that is signed. */
  #fault(
    first: number,
    fromEntries: readonly Buffer[] | null,
    fromTile: readonly Buffer[],
    above: Buffer | null,
  ): 'entries' | 'tile' | null {
    const leads = (hashes: readonly Buffer[]): boolean => {
      if (above !== null) return rootOf(hashes).equals(above);
      const { expected, size } = this.#options;
      if (expected === null || this.#broken || first + hashes.length !== size) return false;
      const twin = this.#frontier.copy();
      for (const hash of hashes) twin.append(hash);
      return Buffer.from(twin.root()).equals(expected);
    };
    if (leads(fromTile)) return 'entries';
    return fromEntries !== null && leads(fromEntries) ? 'tile' : null;
  }
}
