// The auditor's whole job through the gateway on a real vault: case, import, verify, look, anchor, report, pack, journal.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { ImportId, ReportId, VerificationId, type CaseId } from '../../../shared/model/ids.ts';
import { writeSampleLogs } from '../../../electron/modules/sample/public.ts';
import { openTestBench, type TestBench, withNewWorkspace } from '../../support/workbench.ts';

let bench: TestBench;
let caseId: CaseId;
let logs: Awaited<ReturnType<typeof writeSampleLogs>>;

const handle = (path: string) => bench.workbench.handles.issue(path);

const importLog = async (path: string) => {
  const { jobId } = await bench.call('audit.import', { caseId, file: handle(path) });
  return v.parse(ImportId, await bench.result(jobId));
};

const verify = async (importId: v.InferOutput<typeof ImportId>, more: { trustedHead?: string } = {}) => {
  const { jobId } = await bench.call('audit.verify', { importId, ...more });
  const id = v.parse(VerificationId, await bench.result(jobId));
  return { id, ...(await bench.call('audit.report', { id })) };
};

beforeAll(async () => {
  bench = await openTestBench();
  await withNewWorkspace(bench);
  const folder = join(bench.folder, 'exports');
  await mkdir(folder);
  logs = await writeSampleLogs(folder);
  caseId = (
    await bench.call('cases.create', { name: 'A case', reference: 'R-1', purpose: 'To find out', notes: '' })
  ).id;
});

afterAll(async () => {
  expect(bench.bugs).toEqual([]);
  await bench.close();
});

describe('an imported log', () => {
  test('is recorded with the digest that sha256sum gives, its size, and the format with its reason', async () => {
    const log = await bench.call('audit.getImport', { id: await importLog(logs.tampered) });
    const bytes = await readFile(logs.tampered);
    expect(log).toMatchObject({
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      custody: 'copied',
      format: 'guardian-chain',
    });
    expect(log.detections[0]?.reason.length).toBeGreaterThan(20);
  });

  test('is verified from the encrypted copy after the original is gone', async () => {
    const path = join(bench.folder, 'exports', 'short-lived.jsonl');
    await writeFile(path, await readFile(logs.genuine));
    const id = await importLog(path);
    await writeFile(path, 'something else\n');
    expect((await verify(id)).report.verdict).toBe('INTACT_BUT_UNANCHORED');
  });

  test('names the edited record, the hole and their places, and shows the bytes that were hashed', async () => {
    const { id, report, summary } = await verify(await importLog(logs.tampered));
    expect(report.verdict).toBe('TAMPERED');
    expect(summary.findings).toEqual(
      expect.arrayContaining([
        { kind: 'EVENT_HASH_MISMATCH', count: 1 },
        { kind: 'GAP', count: 1 },
      ]),
    );
    const edited = report.findings.find((finding) => finding.kind === 'EVENT_HASH_MISMATCH');
    const view = await bench.call('audit.record', { id, index: edited?.index ?? 0 });
    const check = view.checks.find((each) => each.name === 'event_hash');
    expect(check?.ok).toBe(false);
    expect(
      createHash('sha256')
        .update(check?.hashed ?? '')
        .digest('hex'),
    ).toBe(check?.recomputed);
    expect(check?.recomputed).not.toBe(check?.stored);
    expect(view.findings).toEqual([edited]);
  });

  test('turns from unanchored into INTACT with the trusted head, and into TAMPERED with another one', async () => {
    const id = await importLog(logs.genuine);
    expect((await verify(id)).report).toMatchObject({ verdict: 'INTACT_BUT_UNANCHORED', anchored: false });
    expect((await verify(id, { trustedHead: logs.head })).report).toMatchObject({
      verdict: 'INTACT',
      anchored: true,
    });
    expect(
      (await verify(id, { trustedHead: 'ab'.repeat(32) })).report.findings.map((finding) => finding.kind),
    ).toContain('HEAD_MISMATCH');
  });

  test('of CloudTrail names the changed log file, the missing digest and its uncovered hour', async () => {
    const { report } = await verify(await importLog(logs.cloudtrail));
    expect(report.verdict).toBe('TAMPERED');
    expect(new Set(report.findings.map((finding) => finding.kind))).toEqual(
      new Set(['LOG_HASH_MISMATCH', 'DIGEST_MISSING', 'UNCOVERED_TIME', 'LOG_UNREFERENCED']),
    );
  });
});

describe('bad input', () => {
  test.each([['audit.head_invalid', { trustedHead: 'not a digest' }]] as const)(
    'ends in %s and starts no job',
    async (code, more) => {
      const importId = await importLog(logs.genuine);
      const before = (await bench.call('jobs.list', {})).length;
      const reply = await bench.reply('audit.verify', { importId, ...more });
      expect(reply).toMatchObject({ ok: false, error: { code } });
      expect((await bench.call('jobs.list', {})).length).toBe(before);
    },
  );

  test('of no known format is refused with the formats that there are, and the import stays for another try', async () => {
    const path = join(bench.folder, 'exports', 'shopping.txt');
    await writeFile(path, 'milk\nbread\n');
    const id = await importLog(path);
    const { jobId } = await bench.call('audit.verify', { importId: id });
    await expect(bench.result(jobId)).rejects.toMatchObject({ code: 'audit.format_unknown' });
    expect((await bench.call('audit.getImport', { id })).format).toBeNull();
  });

  test('that is empty leaves no import behind', async () => {
    const path = join(bench.folder, 'exports', 'empty.jsonl');
    await writeFile(path, '');
    const before = await bench.call('audit.imports', {});
    const { jobId } = await bench.call('audit.import', { caseId, file: handle(path) });
    await expect(bench.result(jobId)).rejects.toMatchObject({ code: 'file.empty' });
    expect(await bench.call('audit.imports', {})).toEqual(before);
  });
});

describe('report and pack', () => {
  test('carry the verdict; the pack checks VALID with the exported root and says partial when the log is left out', async () => {
    const { id } = await verify(await importLog(logs.tampered), { trustedHead: logs.head });
    const { jobId } = await bench.call('reports.create', { verificationId: id });
    const report = v.parse(ReportId, await bench.result(jobId));
    const html = join(bench.folder, 'report.html');
    await bench.call('reports.save', { id: report, as: 'html', to: handle(html) });
    expect(await readFile(html, 'utf8')).toMatch(/<html lang="en"[\s\S]*TAMPERED|Tampered/u);

    const [pack, root] = [join(bench.folder, 'p.zip'), join(bench.folder, 'root.pem')];
    await bench.call('evidence.exportRoot', { to: handle(root) });
    const built = await bench.call('evidence.build', {
      caseId,
      verificationIds: [id],
      includeLog: false,
      to: handle(pack),
    });
    const packId = await bench.result(built.jobId);
    const made = (await bench.call('evidence.packs', { caseId })).find((each) => each.id === packId);
    expect(made).toMatchObject({
      completeness: 'partial',
      sha256: createHash('sha256')
        .update(await readFile(pack))
        .digest('hex'),
    });
    const check = await bench.call('evidence.verify', { pack: handle(pack), root: handle(root) });
    await bench.result(check.jobId);
    expect(await bench.call('evidence.verification', { jobId: check.jobId })).toMatchObject({
      verdict: 'VALID',
      pack: { completeness: 'partial' },
    });
  });

  test('a second pack under the same name is refused and the first one is untouched', async () => {
    const { id } = await verify(await importLog(logs.genuine));
    const pack = join(bench.folder, 'once.zip');
    const build = async () =>
      (
        await bench.call('evidence.build', {
          caseId,
          verificationIds: [id],
          includeLog: true,
          to: handle(pack),
        })
      ).jobId;
    await bench.result(await build());
    const before = await readFile(pack);
    await expect(bench.result(await build())).rejects.toMatchObject({ code: 'file.exists' });
    expect((await readFile(pack)).equals(before)).toBe(true);
  });
});

describe('a running job', () => {
  test('is cancelled, keeps nothing, and is journalled as such', async () => {
    const path = join(bench.folder, 'exports', 'large.jsonl');
    const line = (await readFile(logs.genuine, 'utf8')).split('\n')[0] ?? '';
    await writeFile(path, `${line}\n`.repeat(150_000));
    const before = await bench.call('audit.imports', {});
    const { jobId } = await bench.call('audit.import', { caseId, file: handle(path) });
    await bench.call('jobs.cancel', { id: jobId });
    await expect(bench.result(jobId)).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(await bench.call('audit.imports', {})).toEqual(before);
    const { entries } = await bench.call('journal.page', { limit: 5 });
    expect(entries.some((entry) => entry.action === 'audit.import.ended' && entry.result === 'failure')).toBe(
      true,
    );
  });
});

describe('a folder with odd names', () => {
  test('is verified and packed whole, and what was not followed is named in the report', async () => {
    const folder = join(bench.folder, 'odd');
    await cp(logs.cloudtrail, folder, { recursive: true });
    await writeFile(join(folder, 'back\\slash\nand break.txt'), 'odd');
    await symlink('/etc/hostname', join(folder, 'a-link'));
    const { id, report } = await verify(await importLog(folder));
    expect(report.coverage.unreferenced).toContain('a-link');
    expect(report.doesNotProve.join(' ')).toMatch(/not followed/u);
    const pack = join(bench.folder, 'odd.zip');
    const { jobId } = await bench.call('evidence.build', {
      caseId,
      verificationIds: [id],
      includeLog: true,
      to: handle(pack),
    });
    await bench.result(jobId);
    const check = await bench.call('evidence.verify', { pack: handle(pack) });
    await bench.result(check.jobId);
    expect(await bench.call('evidence.verification', { jobId: check.jobId })).toMatchObject({
      verdict: 'VALID_SIGNER_UNKNOWN',
    });
  });
});
