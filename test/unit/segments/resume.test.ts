// Checkpoints: a stopped run goes on, an appended log costs its new part, an altered one is noticed; large logs in bounded memory.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import type { EngineRun } from '../../../electron/modules/audit/engine/format.ts';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { DigestColumn, PlaceColumn } from '../../../electron/modules/audit/engine/lines/columns.ts';
import { PagePool } from '../../../electron/modules/audit/engine/lines/page-pool.ts';
import { openCheckpoint } from '../../../electron/modules/audit/engine/segments/checkpoint-file.ts';
import { ephemeralSigner, type Signer } from '../../../electron/modules/audit/engine/segments/receipt.ts';
import { verifySegment } from '../../../electron/modules/audit/engine/segments/segment.ts';
import { verifyFrom } from '../../../electron/modules/audit/engine/segments/verify-from.ts';
import { verifyInParts } from '../../../electron/modules/audit/engine/segments/verify-parts.ts';
import type { PartsPlan } from '../../../electron/modules/audit/engine/segments/verify-parts.ts';
import { makeRecords, sha256Hex } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const MIB = 1024 * 1024;
const PART = 32 * MIB;
const lines = [...makeRecords({ seed: 21, count: 90_000 })].map(({ line }) => line);
// Damage in each of the three parts.
const damaged = lines
  .with(40, (lines[40] ?? '').replace('"result": "', '"result": "x'))
  .with(45_000, lines[45_001] ?? '')
  .with(45_001, lines[45_000] ?? '')
  .toSpliced(80_000, 1);
const log = Buffer.from(damaged.map((line) => `${line}\n`).join(''));
const signer = ephemeralSigner();
let folder = '';
let whole: VerificationReport;

const answerOf = ({ throughput: _throughput, ...rest }: VerificationReport): unknown => rest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-resume-'));
  whole = (await guardianChain.verify(memorySource(log), { trustedHeads: [], keys: [] }, quietRun)).report;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Told {
  readonly report: VerificationReport;
  readonly reused: number;
  readonly parts: number;
}

const resume = async (
  content: Buffer,
  path: string,
  {
    rehash = false,
    trusted = [] as string[],
    by = signer as Signer,
    stopAfter = Number.POSITIVE_INFINITY,
  } = {},
): Promise<Told> => {
  const source = memorySource(content);
  let parts = 0;
  const { verified, reusedBytes } = await verifyFrom(source, { trustedHeads: [] }, quietRun, {
    checkpoint: openCheckpoint(path, trusted),
    signer: by,
    rehash,
    workers: 1,
    verifyPart: async (range, run) => {
      parts += 1;
      if (parts > stopAfter) throw new AppError('job.cancelled');
      return verifySegment(source, range, run);
    },
  });
  return { report: verified.report, reused: reusedBytes, parts };
};

test('a run that was stopped goes on, with the report and digest of an undisturbed one', async () => {
  const path = join(folder, 'stopped');
  await expect(resume(log, path, { stopAfter: 1 })).rejects.toMatchObject({ code: 'job.cancelled' });
  // A kill in the middle of a line.
  await writeFile(path, `${await readFile(path, 'utf8')}{"receipt": {"type": "prob`);
  const { report, reused, parts } = await resume(log, path);
  expect(parts).toBe(2);
  expect(reused).toBeGreaterThanOrEqual(PART);
  expect(answerOf(report)).toEqual(answerOf(whole));
  expect(report.source.sha256).toBe(sha256Hex(log.toString('latin1')));
  // All known: nothing is verified again.
  const again = await resume(log, path);
  expect(again).toMatchObject({ parts: 0, reused: log.length });
  expect(answerOf(again.report)).toEqual(answerOf(whole));
  expect(answerOf((await resume(log, path, { rehash: true })).report)).toEqual(answerOf(whole));
});

test('a log that has grown costs its last part only, even where its last line was written on', async () => {
  const path = join(folder, 'grown');
  await resume(log.subarray(0, 2 * PART + 5000), path);
  const { report, reused, parts } = await resume(log, path);
  expect(parts).toBe(1);
  expect(reused).toBeGreaterThanOrEqual(2 * PART);
  expect(answerOf(report)).toEqual(answerOf(whole));
});

test('known bytes that were altered are found when they are read again, or lie in the last known part', async () => {
  const path = join(folder, 'altered');
  await resume(log, path);
  const altered = Buffer.from(log);
  altered.write('0', altered.indexOf('"rows": ', PART + 1000) + 8);
  const honest = (await guardianChain.verify(memorySource(altered), { trustedHeads: [], keys: [] }, quietRun))
    .report;
  const { report, parts } = await resume(altered, path, { rehash: true });
  expect(parts).toBe(2);
  expect(answerOf(report)).toEqual(answerOf(honest));
  const late = Buffer.from(log);
  late.write('0', late.lastIndexOf('"rows": ') + 8);
  const told = await resume(late, path);
  expect(told.report.findings.some(({ index }) => index === whole.records - 1)).toBe(true);
});

test('a checkpoint of another log, or of a key that is not trusted, is refused', async () => {
  const path = join(folder, 'foreign');
  await resume(log, path);
  const other = Buffer.from(log);
  other.write('X', 20);
  await expect(resume(other, path)).rejects.toMatchObject({ code: 'audit.receipt_invalid' });
  await expect(resume(log, path, { trusted: ['other'] })).rejects.toMatchObject({
    code: 'audit.receipt_untrusted',
  });
});

const inParts = (plan: Partial<PartsPlan>, run: EngineRun = quietRun) => {
  const source = memorySource(log);
  return verifyInParts(source, { trustedHeads: [] }, run, {
    partBytes: 4 * MIB,
    workers: 3,
    verifyPart: (range, part) => verifySegment(source, range, part),
    ...plan,
  });
};

test('several parts at once give the report of one reading, with progress that only grows', async () => {
  const seen: number[] = [];
  const run = { ...quietRun, progress: ({ done }: { done: number }) => void seen.push(done) };
  const { report } = await inParts({}, run);
  expect(answerOf(report)).toEqual(answerOf(whole));
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(log.length);
});

test('one failing part stops the others and is the reason given; so does a cancel', async () => {
  const source = memorySource(log);
  let open = 0;
  const verifyPart: PartsPlan['verifyPart'] = async (range, part) => {
    open += 1;
    try {
      if (range.from === 12 * MIB) throw new AppError('file.unreadable', { name: 'x', reason: 'y' });
      return await verifySegment(source, range, part);
    } finally {
      open -= 1;
    }
  };
  await expect(inParts({ verifyPart })).rejects.toMatchObject({ code: 'file.unreadable' });
  expect(open).toBe(0);
  const abort = new AbortController();
  const cancelled = inParts({}, { signal: abort.signal, progress: () => abort.abort() });
  await expect(cancelled).rejects.toMatchObject({ code: 'job.cancelled' });
});

test('a part that was verified from other bytes than those digested is refused', async () => {
  const altered = Buffer.from(log);
  altered.write('X', 6 * MIB);
  const verifyPart: PartsPlan['verifyPart'] = (range, part) =>
    verifySegment(memorySource(altered), range, part);
  await expect(inParts({ verifyPart })).rejects.toMatchObject({ code: 'file.changed' });
});

test('columns keep every row when their pages wait in the temporary file', () => {
  const pool = new PagePool(1 << 19);
  const digests = new DigestColumn(pool);
  const places = new PlaceColumn(pool);
  const kept = new DigestColumn();
  const rows = 150_000;
  try {
    for (let row = 0; row < rows; row += 1) {
      const hex = sha256Hex(String(row));
      digests.push(row % 7 === 0 ? '' : hex);
      kept.push(row % 7 === 0 ? '' : hex);
      places.push(row * 10, row + 1);
    }
    expect(pool.spilledBytes).toBeGreaterThan(1 << 20);
    for (let i = 0; i < 60_000; i += 1) {
      // Back and forth, so that pages come and go.
      const row = (i * 7919) % rows;
      if (i % 50 === 0) expect(digests.equals(row, kept, row)).toBe(true);
      if (i % 50 === 0) expect(places.offset(row)).toBe(row * 10);
    }
    expect(digests.packed()).toEqual(kept.packed());
    digests.push(sha256Hex('more'));
    expect(digests.hex(rows)).toBe(sha256Hex('more').slice(0, 32));
  } finally {
    pool.close();
  }
});
