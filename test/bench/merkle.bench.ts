// How fast Merkle roots and proofs are made and a tiled log is verified: leaves/s and memory, against the plain recursion.
// Run: ELECTRON_RUN_AS_NODE=1 <electron> test/bench/merkle.bench.ts [leaves]
import { createHash } from 'node:crypto';
import { leafHash, MerkleFrontier, ProofCollector } from '../../shared/chain/merkle.ts';
import { verifyInclusion } from '../../shared/chain/merkle-verify.ts';
import { sha256 } from '../../electron/modules/audit/engine/merkle/sha256.ts';
import { tlogTiles } from '../../electron/modules/audit/engine/tlog-tiles/tlog-tiles.ts';
import { ed25519Signer } from '../fixtures/transparency/note-keys.ts';
import { checkpointOf, tileFiles } from '../fixtures/transparency/tile-log.ts';
import { folderSource, reportOf } from '../fixtures/transparency/source.ts';

const ENTRY_BYTES = 200;
const PROOFS = 1000;
const count = Number(process.argv[2] ?? 2 ** 18);

const entry = (index: number): Buffer => Buffer.alloc(ENTRY_BYTES, `entry ${index} `);

/** The recursion of RFC 9162 with a hash object for each node. */
const naive = (entries: readonly Buffer[]): Buffer => {
  const [only] = entries;
  if (entries.length === 1 && only !== undefined)
    return createHash('sha256').update(Uint8Array.of(0)).update(only).digest();
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const digest = createHash('sha256').update(Uint8Array.of(1));
  return digest
    .update(naive(entries.slice(0, split)))
    .update(naive(entries.slice(split)))
    .digest();
};

const seconds = async (work: () => unknown): Promise<number> => {
  globalThis.gc?.();
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const line = (name: string, taken: number, amount: number, unit: string): void =>
  console.log(
    `  ${name.padEnd(34)} ${taken.toFixed(2)} s  ${Math.round(amount / taken).toLocaleString('en')} ${unit}/s`,
  );

const entries = Array.from({ length: count }, (_, i) => entry(i));
let root: Uint8Array = Buffer.alloc(0);
const plainRoot: { value: Buffer } = { value: Buffer.alloc(0) };

console.log(`Merkle trees: ${count.toLocaleString('en')} entries of ${ENTRY_BYTES} bytes`);
const frontierRun = (): void => {
  const frontier = new MerkleFrontier(sha256);
  for (const each of entries) frontier.append(leafHash(sha256, each));
  root = frontier.root();
};
frontierRun();
line('root, streaming', await seconds(frontierRun), count, 'leaves');
const plain = await seconds(() => {
  plainRoot.value = naive(entries);
});
line('root, naive recursion', plain, count, 'leaves');
if (!plainRoot.value.equals(root)) throw new Error('the two roots differ');

const step = Math.max(1, Math.floor(count / PROOFS));
const indexes = Array.from({ length: Math.min(PROOFS, count) }, (_, i) => i * step);
const collector = new ProofCollector(sha256, indexes);
const made = await seconds(() => {
  for (const each of entries) collector.append(leafHash(sha256, each));
  for (const index of indexes) collector.proof(index);
});
line(`root and ${indexes.length} proofs in one pass`, made, count, 'leaves');
const proofs = indexes.map((index) => ({
  index,
  leaf: leafHash(sha256, entries[index] as Buffer),
  proof: collector.proof(index),
}));
let held = 0;
const checked = await seconds(() => {
  for (const { index, leaf, proof } of proofs)
    held += verifyInclusion(sha256, leaf, index, count, proof, root) ? 1 : 0;
});
line('inclusion proofs verified', checked, proofs.length, 'proofs');
if (held !== proofs.length) throw new Error('a genuine proof does not hold');

const log = ed25519Signer('bench.example/log');
const files = tileFiles(entries);
files.set('checkpoint', checkpointOf('bench.example/log', entries, [log]));
const source = folderSource('log', files);
const before = process.memoryUsage.rss();
let verdict = '';
const tiled = await seconds(async () => {
  verdict = (await reportOf(tlogTiles, source, { keys: { k: log.vkey } })).verdict;
});
line(`tiled log verified (${verdict})`, tiled, count, 'entries');
const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(0);
console.log(
  `  RSS ${mib(process.memoryUsage.rss())} MiB after, ${mib(before)} MiB before (the log itself is in memory)`,
);
