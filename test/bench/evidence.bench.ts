// How fast a pack is built and verified, and in how much memory, against hashing and copying the same log.
// Run: ELECTRON_RUN_AS_NODE=1 <electron> test/bench/evidence.bench.ts [MiB of log] [files of a log folder] [records to commit to]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitLog } from '../../electron/modules/audit/engine/commitments/commit-log.ts';
import { buildPack } from '../../electron/modules/evidence/engine/build.ts';
import { makeIdentity, type Identity } from '../../electron/modules/evidence/engine/identity.ts';
import { verifyPack } from '../../electron/modules/evidence/engine/verify/verify-pack.ts';
import { openDiskSource } from '../../electron/ports/disk-source.ts';
import { writeLog as writeGuardianLog } from '../fixtures/guardian/generate.ts';
import { hasPython, VERIFY_PY } from '../fixtures/verify-py/python-twin.ts';

interface Task {
  readonly step: 'baseline' | 'build' | 'verify' | 'commit' | 'check';
  readonly source: string;
  readonly sha256: string;
  readonly to: string;
  readonly identity: Omit<Identity, 'rootKeyPkcs8' | 'signerKeyPkcs8'> & { readonly signerKeyPkcs8: string };
}

const MADE = '2026-11-20T09:30:00.000Z';
const run = { signal: new AbortController().signal, progress: () => undefined };

/** SHA-256 and a copy, file by file, synced: what no builder can do without. */
const baseline = async ({ source, to }: Task): Promise<void> => {
  const target = await open(to, 'w');
  const hash = createHash('sha256');
  for (const file of (await openDiskSource(source)).files) {
    for await (const chunk of file.open()) {
      hash.update(chunk);
      await target.write(chunk);
    }
  }
  await target.sync();
  await target.close();
};

const build = async ({ source, sha256, to, identity }: Task): Promise<void> => {
  await buildPack(
    {
      externalIdentifier: '3f1b0c1e-0000-4000-8000-000000000001',
      folder: 'BENCH',
      createdAt: MADE,
      organisation: 'Bench',
      description: '',
      auditLogHead: null,
      inline: [],
      logs: [{ source: { at: 'path', path: source }, sha256, originalName: 'log' }],
      missing: [],
      signer: {
        privateKey: Buffer.from(identity.signerKeyPkcs8, 'base64'),
        certificatePem: identity.signerPem,
        rootPem: identity.rootPem,
      },
      to,
    },
    run,
  );
};

const verify = async ({ to, identity }: Task): Promise<void> => {
  const { verdict } = await verifyPack(to, Buffer.from(identity.rootPem), run);
  if (verdict !== 'VALID') throw new Error(`the genuine pack is ${verdict}`);
};

/** Salted commitments to all records of a Guardian log, with the proofs of 100 of them. */
const commit = async ({ source, sha256: expectedSha256 }: Task): Promise<void> => {
  const records = recordsOf(source);
  const wanted = Array.from({ length: 100 }, (_, i) => ({
    index: Math.floor((i * records) / 100),
    path: null,
  }));
  const request = { secret: Buffer.alloc(32, 1), records, wanted, headerLines: 0 as const, expectedSha256 };
  const made = await commitLog(await openDiskSource(source), request, run);
  if (made.unit !== 'record' || made.opened.length !== 100)
    throw new Error('not all records were committed to');
};

/** The name says how many records a log has. */
const recordsOf = (source: string): number => Number(/-(\d+)\.jsonl$/u.exec(source)?.[1]);

/** The verdict of verify.py on the same log. */
const check = async ({ source }: Task): Promise<void> => {
  const script = [
    'import importlib.util as u, sys',
    's = u.spec_from_file_location("verify", sys.argv[1]); v = u.module_from_spec(s); s.loader.exec_module(v)',
    'records, whole, found = v.split(open(sys.argv[2], "rb").read())',
    'base, head, paths = v.guardian(records, whole, found, [])',
    'sys.exit(0 if base == "INTACT_BUT_UNANCHORED" and not found else 1)',
  ].join('\n');
  const { status, stderr } = spawnSync('python3', ['-B', '-c', script, VERIFY_PY, source], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`verify.py: ${stderr}`);
};

/** Each step runs in a process of its own, so that its peak memory is its own. */
const measure = (task: Task, folder: string): { readonly seconds: number; readonly rss: number } => {
  const path = join(folder, 'task.json');
  writeFileSync(path, JSON.stringify(task));
  const { stdout, stderr, status } = spawnSync(process.execPath, [import.meta.filename, '--task', path], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { seconds: number; rss: number };
};

const writeLog = async (path: string, mebibytes: number): Promise<string> => {
  const file = await open(path, 'w');
  const hash = createHash('sha256');
  for (let i = 0; i < mebibytes; i += 1) {
    const block = Buffer.alloc(1_048_576, `{"seq":${i},"event":"access","principal":"${i * 7919}"}\n`);
    hash.update(block);
    await file.write(block);
  }
  await file.close();
  return hash.digest('hex');
};

const writeFolder = (path: string, files: number): string => {
  mkdirSync(path);
  const listing = createHash('sha256');
  for (let i = 0; i < files; i += 1) {
    const name = `${String(i).padStart(7, '0')}.json`;
    const content = `{"seq":${i},"event":"${'x'.repeat(2000)}"}\n`;
    writeFileSync(join(path, name), content);
    listing.update(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
  }
  return listing.digest('hex');
};

const bench = async (): Promise<void> => {
  const mebibytes = Number(process.argv[2] ?? 512);
  const files = Number(process.argv[3] ?? 20_000);
  const folder = mkdtempSync(join(tmpdir(), 'evidence-bench-'));
  const made = makeIdentity({ organisation: 'Bench', now: '2026-11-01T00:00:00.000Z' });
  const { rootKeyPkcs8: _, ...rest } = made;
  const identity = { ...rest, signerKeyPkcs8: Buffer.from(made.signerKeyPkcs8).toString('base64') };
  try {
    const report = (what: string, source: string, sha256: string, bytes: number): void => {
      console.log(what);
      const task = (step: Task['step']): Task => ({
        step,
        source,
        sha256,
        identity,
        to: join(folder, step === 'baseline' ? 'copy' : 'pack.zip'),
      });
      const plain = measure(task('baseline'), folder);
      for (const step of ['build', 'verify'] as const) {
        const { seconds, rss } = measure(task(step), folder);
        console.log(
          `  ${step.padEnd(9)} ${seconds.toFixed(2)} s  ${(bytes / 1e6 / seconds).toFixed(0)} MB/s  peak RSS ${(rss / 1e6).toFixed(0)} MB  ${(seconds / plain.seconds).toFixed(2)} x baseline`,
        );
      }
      console.log(
        `  baseline  ${plain.seconds.toFixed(2)} s  ${(bytes / 1e6 / plain.seconds).toFixed(0)} MB/s  peak RSS ${(plain.rss / 1e6).toFixed(0)} MB  (SHA-256 and a synced copy)`,
      );
      for (const name of ['copy', 'pack.zip']) rmSync(join(folder, name));
    };
    const log = join(folder, 'large.jsonl');
    report(
      `Evidence pack: one log of ${mebibytes} MiB`,
      log,
      await writeLog(log, mebibytes),
      mebibytes * 1_048_576,
    );
    rmSync(log);
    const trail = join(folder, 'trail');
    report(
      `Evidence pack: a folder of ${files} files of 2 kB`,
      trail,
      writeFolder(trail, files),
      files * 2030,
    );
    const records = Number(process.argv[4] ?? 200_000);
    const guardian = join(folder, `guardian-${records}.jsonl`);
    const bytes = await writeGuardianLog(guardian, { seed: 1, count: records });
    const sha256 = createHash('sha256').update(readFileSync(guardian)).digest('hex');
    console.log(`Proofs: a Guardian log of ${records} records`);
    for (const step of hasPython ? (['commit', 'check'] as const) : (['commit'] as const)) {
      const { seconds, rss } = measure({ step, source: guardian, sha256, identity, to: '' }, folder);
      console.log(
        `  ${step === 'check' ? 'verify.py' : 'commit   '} ${seconds.toFixed(2)} s  ${Math.round(records / seconds)} records/s  ${(bytes / 1e6 / seconds).toFixed(0)} MB/s${step === 'check' ? '' : `  peak RSS ${(rss / 1e6).toFixed(0)} MB`}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

if (process.argv[2] === '--task') {
  const task = JSON.parse(readFileSync(process.argv[3] ?? '', 'utf8')) as Task;
  const started = performance.now();
  await { baseline, build, verify, commit, check }[task.step](task);
  process.stdout.write(
    JSON.stringify({
      seconds: (performance.now() - started) / 1000,
      rss: process.resourceUsage().maxRSS * 1024,
    }),
  );
} else {
  await bench();
}
