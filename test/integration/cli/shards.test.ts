// A log verified by eight runs of the command line, one of them tampered at its border, joined to the answer of one run.
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rangesOf } from '../../../electron/modules/audit/engine/segments/segment.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';

const ENTRY = fileURLToPath(new URL('entry.ts', import.meta.url));
const SHARDS = 8;
const RECORDS = 41_000;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder = '';

const probity = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [ENTRY, ...args],
      { cwd: folder, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, maxBuffer: 1 << 28 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

const at = (name: string): string => join(folder, name);
const reportOf = ({ out }: Ran): VerificationReport => JSON.parse(out) as VerificationReport;
const answerOf = ({ throughput: _throughput, source: _source, ...rest }: VerificationReport): unknown => rest;

let lines: string[];
/** The record whose line is the first of the fourth shard. */
let border = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-shards-'));
  lines = [...makeRecords({ seed: 31, count: RECORDS })].map(({ line }) => line);
  const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const cut = rangesOf(bytes, SHARDS)[3]?.from ?? 0;
  let offset = 0;
  border = lines.findIndex((line) => {
    const begins = offset >= cut;
    offset += line.length + 1;
    return begins;
  });
  // Of the same length, so that the cut stays where it is: only the record before tells what was altered.
  const own = /"previous_hash": "([0-9a-f]{64})"/u.exec(lines[border] ?? '')?.[1] ?? '';
  lines[border] = (lines[border] ?? '').replace(own, [...own].toReversed().join(''));
  await writeFile(at('log.jsonl'), lines.map((line) => `${line}\n`).join(''));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(at('sign.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(at('trust.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('eight shards, one tampered at its border, join to the report of one run', async () => {
  const single = await probity('audit', 'verify', 'log.jsonl', '--json');
  expect(single.code).toBe(1);
  const whole = reportOf(single);
  expect(whole.verdict).toBe('TAMPERED');
  expect(whole.findings).toMatchObject([{ kind: 'CHAIN_HASH_MISMATCH', index: border }]);
  expect(whole.findings[0]?.message).toContain('previous_hash was altered');

  const names: string[] = [];
  for (let i = 1; i <= SHARDS; i += 1) {
    names.push(`${i}.receipt`);
    const ran = await probity(
      'audit',
      'verify',
      'log.jsonl',
      '--shard',
      `${i}/${SHARDS}`,
      '--out',
      `${i}.receipt`,
      '--sign-key',
      'sign.pem',
      '--json',
    );
    expect(ran).toMatchObject({ code: 0 });
  }
  const joined = await probity('audit', 'join', ...names.toReversed(), '--trust-key', 'trust.pem', '--json');
  expect(joined.code).toBe(1);
  expect(answerOf(reportOf(joined))).toEqual(answerOf(whole));
  expect(reportOf(joined).source.sha256).toMatch(/^segments:/u);

  const head = await probity('audit', 'join', ...names, '--head', whole.head ?? '', '--json');
  expect(reportOf(head).anchored).toBe(true);

  const missing = await probity('audit', 'join', ...names.slice(1));
  expect(missing).toMatchObject({ code: 2 });
  expect(missing.err).toContain('audit.shards_missing');
  const twice = await probity('audit', 'join', ...names, '2.receipt');
  expect(twice.err).toContain('audit.shards_duplicate');
  await probity('audit', 'verify', 'log.jsonl', '--shard', '1/8', '--out', 'own.receipt');
  const foreign = await probity(
    'audit',
    'join',
    'own.receipt',
    ...names.slice(1),
    '--trust-key',
    'trust.pem',
  );
  expect(foreign.err).toContain('audit.receipt_untrusted');
}, 300_000);

test('a checkpoint lets an appended log go on, and the answer is that of one run', async () => {
  await writeFile(
    at('grown.jsonl'),
    lines
      .slice(0, 40_000)
      .map((line) => `${line}\n`)
      .join(''),
  );
  const first = await probity('audit', 'verify', 'grown.jsonl', '--checkpoint', 'state', '--json');
  expect(first.code).toBe(1);
  await appendFile(
    at('grown.jsonl'),
    lines
      .slice(40_000)
      .map((line) => `${line}\n`)
      .join(''),
  );
  const second = await probity('audit', 'verify', 'grown.jsonl', '--checkpoint', 'state', '--json');
  const whole = reportOf(await probity('audit', 'verify', 'log.jsonl', '--json'));
  expect(answerOf(reportOf(second))).toEqual(answerOf(whole));
  expect(reportOf(second).source.sha256).toBe(whole.source.sha256);
  const words = await probity('audit', 'verify', 'grown.jsonl', '--checkpoint', 'state');
  expect(words.out).toContain('taken from the checkpoint on trust');
}, 300_000);

test('what can’t be cut, or is asked wrongly, is said', async () => {
  await writeFile(at('array.json'), `[${lines.slice(0, 3).join(',')}]`);
  const array = await probity('audit', 'verify', 'array.json', '--shard', '1/2');
  expect(array).toMatchObject({ code: 2 });
  expect(array.err).toContain('audit.cannot_cut');
  for (const shard of ['0/2', '3/2', 'x', '1']) {
    const wrong = await probity('audit', 'verify', 'log.jsonl', '--shard', shard);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain('usage.invalid');
  }
}, 300_000);
