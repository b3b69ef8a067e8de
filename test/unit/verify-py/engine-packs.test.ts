// Packs of hash chains and CloudTrail trails as the product builds them: verify.py judges the log in each, or says why not.
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CaseId, FileHandle, ImportId, VerificationId } from '../../../shared/model/ids.ts';
import { lay } from '../../fixtures/cloudtrail/generate.ts';
import { digest, editRead, log, trail } from '../../fixtures/cloudtrail/scenario.ts';
import { DIALECTS, type Dialect } from '../../fixtures/hash-chain/dialects.ts';
import { damage } from '../../fixtures/hash-chain/mutations.ts';
import { hasPython, VERIFY_PY } from '../../fixtures/verify-py/python-twin.ts';
import { openTestBench, type TestBench, withNewWorkspace } from '../../support/workbench.ts';

// oxlint-disable-next-line no-console -- a skipped test must be seen
if (!hasPython) console.warn('SKIPPED: python3 does not run here, so verify.py was not tried on built packs');

let bench: TestBench;
let caseId: CaseId;
const handle = (path: string) => v.parse(FileHandle, bench.workbench.handles.issue(path));

beforeAll(async () => {
  bench = await openTestBench();
  await withNewWorkspace(bench);
  caseId = (await bench.call('cases.create', { name: 'Case', reference: '', purpose: '', notes: '' })).id;
});
afterAll(() => bench.close());

/** Imports, verifies and packs a file or folder with its log; answers what verify.py prints. */
const checked = async (path: string): Promise<{ readonly code: number | null; readonly out: string }> => {
  const taken = await bench.call('audit.import', { caseId, file: handle(path) });
  const importId = v.parse(ImportId, await bench.result(taken.jobId));
  const verifying = await bench.call('audit.verify', { importId });
  const id = v.parse(VerificationId, await bench.result(verifying.jobId));
  const to = `${path}.zip`;
  const { jobId } = await bench.call('evidence.build', {
    caseId,
    verificationIds: [id],
    includeLog: true,
    to: handle(to),
  });
  await bench.result(jobId);
  const { status, stdout, stderr } = spawnSync('python3', ['-B', VERIFY_PY, to], { encoding: 'utf8' });
  return { code: status, out: stdout + stderr };
};

const dialect = (name: string): Dialect => {
  const found = DIALECTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no dialect ${name}`);
  return found;
};

const chain = async (name: string, file: string): Promise<string> => {
  const path = join(bench.folder, file);
  await writeFile(path, damage(dialect(name), 40, 'edit', 11)?.log ?? '');
  return path;
};

const noFailure = ({ code, out }: { readonly code: number | null; readonly out: string }): void => {
  expect(out).not.toContain('FAIL');
  expect(code).toBe(0);
};

test.skipIf(!hasPython)('an altered hash chain gets its verdict again, by its recipe', async () => {
  const answer = await checked(await chain('prev inside, compact', 'chain.jsonl'));
  noFailure(answer);
  expect(answer.out).toContain('TAMPERED fits what is found here, with every finding at the same place');
  expect(answer.out).toContain('the root is that of the log in the pack');
});

test.skipIf(!hasPython)('a table and a keyed chain are said to be unchecked, and why', async () => {
  const table = await checked(await chain('CSV, joined by commas', 'table.csv'));
  noFailure(table);
  expect(table.out).toContain('its verdict is not checked here, because it is a table (CSV)');
  const keyed = await checked(await chain('HMAC', 'keyed.jsonl'));
  noFailure(keyed);
  expect(keyed.out).toMatch(/its verdict is not checked here, because (?:its hashes need|how its hashes)/u);
});

test.skipIf(!hasPython)('a trail with an altered and a missing log gets both found again', async () => {
  const folder = lay([trail]);
  folder.set(log(4), editRead(folder.get(log(4)) ?? new Uint8Array()));
  folder.delete(log(9));
  expect(folder.has(digest(0))).toBe(true);
  const root = join(bench.folder, 'trail');
  for (const [name, bytes] of folder) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), bytes);
  }
  const answer = await checked(root);
  noFailure(answer);
  expect(answer.out).toContain('TAMPERED fits what is found here: hashes of logs and digests');
  expect(answer.out).toContain('6 digest signatures fit a key in the folder');
});
