// How fast a CloudTrail folder is verified: files/s, inflated MB/s, memory, against inflating and hashing alone.
// Run: ELECTRON_RUN_AS_NODE=1 <electron> test/bench/cloudtrail.bench.ts [log files] [events in each]
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { cloudtrail } from '../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import {
  metadataDocument,
  publicKeyList,
  trailSigner,
  writeTrail,
} from '../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import { openDiskSource } from '../../electron/ports/disk-source.ts';

const START = 1_748_736_451;
const PER_DIGEST = 10;
const logs = Number(process.argv[2] ?? 2000);
const events = Number(process.argv[3] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-bench-'));

const put = (name: string, bytes: Uint8Array | string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
};

const prepare = (): void => {
  const signer = trailSigner(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  const digests = Math.ceil(logs / PER_DIGEST);
  const trail = writeTrail({
    seed: 'bench',
    account: '111122223333',
    region: 'eu-west-1',
    trail: 'mgmt',
    bucket: 'bench',
    start: START,
    digests,
    logsPerDigest: PER_DIGEST,
    eventsPerLog: events,
    signer: () => signer,
  });
  for (const [object, bytes] of trail.objects) put(`s3/${object}`, bytes);
  put('list-public-keys.json', publicKeyList([signer], START - 86_400, START + 365 * 86_400));
  put('s3-object-metadata.json', metadataDocument([trail]));
};

/** Inflates and hashes every object one after the other, and nothing else. */
const baseline = (): { files: number; inflated: number; seconds: number } => {
  const started = performance.now();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json.gz'),
  );
  let inflated = 0;
  for (const name of names) {
    const content = gunzipSync(readFileSync(join(folder, name)));
    createHash('sha256').update(content).digest('hex');
    inflated += content.length;
  }
  return { files: names.length, inflated, seconds: (performance.now() - started) / 1000 };
};

const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(0);

try {
  prepare();
  baseline();
  globalThis.gc?.();
  const plain = baseline();
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  const started = performance.now();
  const source = await openDiskSource(folder);
  const { report } = await cloudtrail.verify(
    source,
    { trustedHeads: [], keys: [] },
    {
      signal: new AbortController().signal,
      progress: () => {
        peak = Math.max(peak, process.memoryUsage.rss());
      },
    },
  );
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  if (report.verdict !== 'INTACT') throw new Error(`the genuine trail is ${report.verdict}`);
  console.log(
    `CloudTrail: ${source.files.length} files, ${report.records} events, ${mib(plain.inflated)} MiB inflated, verdict ${report.verdict}`,
  );
  console.log(
    `  verify    ${seconds.toFixed(2)} s  ${(plain.files / seconds).toFixed(0)} files/s  ${(plain.inflated / 1e6 / seconds).toFixed(0)} MB/s inflated`,
  );
  console.log(
    `  baseline  ${plain.seconds.toFixed(2)} s  ${(plain.files / plain.seconds).toFixed(0)} files/s  ${(plain.inflated / 1e6 / plain.seconds).toFixed(0)} MB/s inflated (gunzipSync + createHash)`,
  );
  console.log(
    `  ratio to baseline ${(seconds / plain.seconds).toFixed(2)}   peak RSS ${mib(peak)} MiB (${mib(idle)} MiB before)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
