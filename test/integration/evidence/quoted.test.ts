// Quoted records from workspace to pack: proved one by one, shown or withheld, and checked by verify.py and pack verify.
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redactPack } from '../../../electron/modules/evidence/public.ts';
import { verifyPack } from '../../../electron/modules/evidence/engine/verify/verify-pack.ts';
import type { IndexRange } from '../../../shared/model/evidence.ts';
import { type CaseId, FileHandle, ImportId, VerificationId } from '../../../shared/model/ids.ts';
import { writeSampleLogs } from '../../../electron/modules/sample/public.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { hasPython, VERIFY_PY } from '../../fixtures/verify-py/python-twin.ts';
import { openTestBench, type TestBench, withNewWorkspace } from '../../support/workbench.ts';
import { filesOf, run } from './support/pack-kit.ts';

// oxlint-disable-next-line no-console -- a skipped test must be seen
if (!hasPython) console.warn('SKIPPED: python3 does not run here, so verify.py was not tried on built packs');

let bench: TestBench;
let caseId: CaseId;
let serial = 0;
const handle = (path: string) => v.parse(FileHandle, bench.workbench.handles.issue(path));

beforeAll(async () => {
  bench = await openTestBench();
  await withNewWorkspace(bench);
  caseId = (await bench.call('cases.create', { name: 'Case', reference: '', purpose: '', notes: '' })).id;
});
afterAll(() => bench.close());

const verified = async (path: string): Promise<VerificationId> => {
  const taken = await bench.call('audit.import', { caseId, file: handle(path) });
  const importId = v.parse(ImportId, await bench.result(taken.jobId));
  const { jobId } = await bench.call('audit.verify', { importId });
  return v.parse(VerificationId, await bench.result(jobId));
};

const pack = async (
  verificationIds: readonly VerificationId[],
  includeLog: boolean,
  quote?: readonly IndexRange[],
): Promise<string> => {
  serial += 1;
  const to = join(bench.folder, `pack-${serial}.zip`);
  const { jobId } = await bench.call('evidence.build', {
    caseId,
    verificationIds: [...verificationIds],
    includeLog,
    ...(quote === undefined ? {} : { quote: [...quote] }),
    to: handle(to),
  });
  await bench.result(jobId);
  return to;
};

const lines = (): string[] => {
  const log = [...makeRecords({ seed: 21, count: 120 })].map(({ line }) => line);
  return log.with(57, (log[57] ?? '').replace('"result": "', '"result": "x'));
};
const guardian = async (name: string, content: string | Uint8Array): Promise<VerificationId> => {
  const path = join(bench.folder, name);
  await writeFile(path, content);
  return verified(path);
};
const text = (): string =>
  lines()
    .map((line) => `${line}\n`)
    .join('');

const checker = (path: string): { code: number | null; out: string } => {
  const { status, stdout, stderr } = spawnSync('python3', ['-B', VERIFY_PY, path], { encoding: 'utf8' });
  return { code: status, out: stdout + stderr };
};

test.skipIf(!hasPython)(
  'the log in the pack is verified again and its root made again, plain and gzip',
  async () => {
    for (const [name, content] of [
      ['plain.jsonl', text()],
      ['packed.jsonl.gz', gzipSync(text())],
      ['array.json', `[${lines().join(',\n')}]`],
    ] as const) {
      const { code, out } = checker(await pack([await guardian(name, content)], true));
      expect(out, name).toContain('TAMPERED here too, with every finding at the same place');
      expect(out, name).toContain('the root is that of the log in the pack');
      expect(out, name).not.toContain('FAIL');
      expect(code, name).toBe(0);
    }
  },
);

test('chosen records are proved without the log, and no other record is in the pack', async () => {
  const id = await guardian('chosen.jsonl', text());
  const built = await pack([id], false, [
    { from: 3, to: 3 },
    { from: 57, to: 58 },
  ]);
  const files = await filesOf(built);
  expect([...files.keys()].filter((path) => path.startsWith('data/records/')).toSorted()).toEqual([
    'data/records/3.json',
    'data/records/57.json',
    'data/records/58.json',
  ]);
  const log = lines();
  const resource = (index: number): string => /"resource_id": "[^"]+"/u.exec(log[index] ?? '')?.[0] ?? '';
  const everything = [...files.values()]
    .map((bytes) => bytes.toString('utf8').replaceAll('\\"', '"'))
    .join('\n');
  expect(everything).toContain(resource(57));
  for (const other of [0, 2, 56, 59, 119])
    expect(everything, `record ${other}`).not.toContain(resource(other));
  expect(files.get('data/quoted-records.json')?.toString('utf8')).not.toContain('"secret"');
  const opening = JSON.parse(files.get('data/records/57.json')?.toString('utf8') ?? '') as {
    content: string;
  };
  expect(opening.content).toBe(log[57]);
  if (hasPython) expect(checker(built).code).toBe(0);

  const to = join(bench.folder, 'redacted.zip');
  const made = await redactPack(built, new Set([57]), to, run());
  expect(made.withheld).toEqual(['data/records/3.json', 'data/records/58.json']);
  expect((await verifyPack(to, null, run())).verdict).toBe('VALID_SIGNER_UNKNOWN');
  const left = [...(await filesOf(to)).values()]
    .map((bytes) => bytes.toString('utf8').replaceAll('\\"', '"'))
    .join('\n');
  expect(left).toContain(resource(57));
  expect(left).not.toContain(resource(58));
  if (hasPython) {
    const { code, out } = checker(to);
    expect(code).toBe(0);
    expect(out).toContain('3 proved to be in the log of 120 records, the content of 1 shown');
  }
  await expect(redactPack(built, new Set(), to, run())).rejects.toMatchObject({ code: 'file.exists' });
});

test('a pack that shows its records elsewhere too is not redacted, and nothing is written', async () => {
  const id = await guardian('shown.jsonl', text());
  for (const built of [await pack([id], true, [{ from: 1, to: 2 }]), await pack([id], false)]) {
    const to = join(bench.folder, 'never.zip');
    await expect(redactPack(built, new Set(), to, run())).rejects.toMatchObject({
      code: 'evidence.cannot_redact',
    });
    await expect(readFile(to)).rejects.toMatchObject({ code: 'ENOENT' });
  }
});

test('records that the log does not have, too many, or of an unnamed log end the build', async () => {
  const [a, b] = [await guardian('a.jsonl', text()), await guardian('b.jsonl', `${text()}`)];
  const failing = async (code: string, ids: readonly VerificationId[], quote: readonly IndexRange[]) =>
    expect(pack(ids, true, quote), code).rejects.toMatchObject({ code });
  await failing('audit.no_such_record', [a], [{ from: 119, to: 120 }]);
  await failing('evidence.quote_too_long', [a], [{ from: 0, to: 2 ** 40 }]);
  await failing('evidence.quote_unclear', [a, b], [{ from: 0, to: 1 }]);
  await failing('evidence.quote_unclear', [a], [{ from: 0, to: 1, verificationId: b }]);
});

test('several verifications each have their own proofs', async () => {
  const ids = [await guardian('one.jsonl', text()), await guardian('two.jsonl', `${text()}\n`)];
  const built = await pack(
    ids,
    false,
    ids.map((verificationId, i) => ({ from: i, to: i, verificationId })),
  );
  const names = [...(await filesOf(built)).keys()].filter((path) => path.includes('/records/'));
  expect(names.toSorted()).toEqual([
    'data/verifications/1/records/0.json',
    'data/verifications/2/records/1.json',
  ]);
  if (hasPython) expect(checker(built)).toMatchObject({ code: 0 });
});

test.skipIf(!hasPython)(
  'a CloudTrail folder is committed to file by file, and its changed log file is proved',
  async () => {
    const folder = join(bench.folder, 'exports');
    await mkdir(folder);
    const { cloudtrail } = await writeSampleLogs(folder);
    const { code, out } = checker(await pack([await verified(cloudtrail)], true));
    expect(out).not.toContain('FAIL');
    expect(out).toMatch(/quoted records: \d+ proved to be in the log of \d+ files/u);
    expect(out).toContain('the root is that of the log in the pack');
    expect(code).toBe(0);
  },
);
