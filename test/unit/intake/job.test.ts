// The two audit jobs: the right format is picked, the recorded digest is held to, and every way to fail has its name.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobKinds, JobRun, SourceSpec } from '../../../electron/jobs/job-kinds.ts';
import { FORMATS } from '../../../electron/modules/audit/engine/formats.ts';
import { writeTrail } from '../../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import { auditJobs } from '../../../electron/modules/audit/job.ts';
import { encryptBlob } from '../../../electron/store/blob-codec.ts';
import { Detection } from '../../../shared/model/audit.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { keyList, lay, spec } from '../../fixtures/cloudtrail/generate.ts';

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const run: JobRun = { signal: new AbortController().signal, progress: () => undefined };
const failure = (code: string, params: object = {}): unknown =>
  expect.objectContaining({ code, params: expect.objectContaining(params) });

/** Five Guardian records; flat ASCII values, so that sorted JSON with spaces is what Python hashes. */
const guardianLog = (): string => {
  let previous: string | null = null;
  return Array.from({ length: 5 }, (_, at) => {
    const event = {
      action: 'read',
      additional_data: {},
      event_id: `e${at}`,
      event_type: 'data_access',
      ip_address: '10.0.0.1',
      resource_id: `r${at}`,
      result: 'success',
      timestamp: `2025-06-01T00:00:0${at}.500000`,
      user_agent: 'x',
      user_id: 'u',
    };
    const eventHash = sha256(
      `{${Object.entries(event)
        .map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
        .join(', ')}}`,
    );
    const chainHash: string = previous === null ? eventHash : sha256(previous + eventHash);
    const line = JSON.stringify({
      ...event,
      event_hash: eventHash,
      chain_hash: chainHash,
      previous_hash: previous,
    });
    previous = chainHash;
    return `${line}\n`;
  }).join('');
};

let top = '';
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'audit-job-'));
  await writeFile(join(top, 'guardian.jsonl'), guardianLog());
  await writeFile(join(top, 'notes.txt'), 'no log at all');
  await writeFile(join(top, 'nothing'), '');
  for (const [name, bytes] of lay([writeTrail(spec({ digests: 3 }))])) {
    await mkdir(dirname(join(top, 'trail', name)), { recursive: true });
    await writeFile(join(top, 'trail', name), bytes);
  }
});
afterAll(() => rm(top, { recursive: true, force: true }));

const at = (name: string): SourceSpec => ({ at: 'path', path: join(top, name) });
const intake = (name: string, given = run): Promise<JobKinds['audit.intake']['output']> =>
  auditJobs['audit.intake']({ source: at(name) }, given);
const verify = (
  name: string,
  change: Partial<JobKinds['audit.verify']['input']> = {},
): Promise<JobKinds['audit.verify']['output']> =>
  auditJobs['audit.verify'](
    { source: at(name), format: null, trustedHeads: [], keys: [], expectedSha256: null, ...change },
    run,
  );

describe('the formats', () => {
  it('have different ids and one sentence each', () => {
    expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length);
    for (const { title, summary } of FORMATS)
      expect([title.length > 3, summary.endsWith('.')]).toEqual([true, true]);
  });
});

describe('audit.intake', () => {
  it.each([
    ['guardian.jsonl', 'guardian-chain', 'file'],
    ['trail', 'aws-cloudtrail', 'folder'],
  ])('%s is detected as %s', async (name, format, kind) => {
    const taken = await intake(name);
    expect([taken.name, taken.kind, taken.detections[0]?.format]).toEqual([name, kind, format]);
    expect(v.safeParse(v.array(Detection), taken.detections).issues).toBeUndefined();
    expect(taken.detections.map(({ confidence }) => confidence)).toEqual(
      taken.detections.map(({ confidence }) => confidence).toSorted((a, b) => b - a),
    );
    expect(structuredClone(taken)).toEqual(taken);
  });
  it('of a file in no known format gives its digest and no detection', async () => {
    const taken = await intake('notes.txt');
    expect([taken.sha256, taken.detections]).toEqual([sha256('no log at all'), []]);
  });
  it('of nothing, or of what is not there, is refused', async () => {
    await expect(intake('nothing')).rejects.toEqual(failure('file.empty', { name: 'nothing' }));
    await expect(intake('none')).rejects.toEqual(failure('file.not_found', { name: 'none' }));
  });
});

describe('audit.verify', () => {
  it('takes the digest of the file itself, or of the archive, for an anchor of all of it', async () => {
    const own = sha256(await readFile(join(top, 'guardian.jsonl')));
    const { report } = await verify('guardian.jsonl', { trustedHeads: [own] });
    expect([report.verdict, report.anchored]).toEqual(['INTACT', true]);
    expect(report.anchors).toEqual([expect.objectContaining({ kind: 'head', outcome: 'covers' })]);
    const other = await verify('guardian.jsonl', { trustedHeads: [sha256('another file')] });
    expect(other.report.verdict).toBe('TAMPERED');
  });

  it.each([
    ['guardian.jsonl', 'INTACT_BUT_UNANCHORED', 5],
    ['trail', 'INTACT', 36],
  ])('%s without a format: %s', async (name, verdict, records) => {
    const { sha256: expectedSha256 } = await intake(name);
    const verified = await verify(name, { expectedSha256 });
    expect([verified.report.verdict, verified.report.records, verified.report.source.sha256]).toEqual([
      verdict,
      records,
      expectedSha256,
    ]);
    expect(v.safeParse(VerificationReport, verified.report).issues).toBeUndefined();
    expect(structuredClone(verified)).toEqual(verified);
  });

  it('of blobs in the vault gives the same report as of the files', async () => {
    const taken = await intake('trail');
    const files = [];
    for (const [number, { name, bytes }] of taken.entries.entries()) {
      const key = randomBytes(32);
      const path = join(top, `blob-${number}`);
      const content = await readFile(join(top, 'trail', name));
      await writeFile(path, encryptBlob([content], key));
      files.push({ name, ticket: { path, keyHex: key.toString('hex'), bytes } });
    }
    const source: SourceSpec = { at: 'blobs', name: 'trail', kind: 'folder', files };
    const [fromBlobs, fromDisk] = [
      await verify('trail', { source, expectedSha256: taken.sha256 }),
      await verify('trail'),
    ];
    const still = ({ report, locator }: typeof fromDisk): object => ({
      locator,
      report: { ...report, throughput: null },
    });
    expect(still(fromBlobs)).toEqual(still(fromDisk));
  });

  it('uses the keys and heads that are given', async () => {
    const keys = [{ name: 'k.json', bytes: keyList() }];
    expect((await verify('trail', { keys, trustedHeads: ['00'.repeat(32)] })).report.verdict).toBe(
      'TAMPERED',
    );
    await expect(verify('trail', { keys: [{ name: 'k.json', bytes: Buffer.from('x') }] })).rejects.toEqual(
      failure('audit.key_invalid', { name: 'k.json' }),
    );
  });

  it('of no known format, or not of the one that was asked for, is refused', async () => {
    await expect(verify('notes.txt')).rejects.toEqual(failure('audit.format_unknown', { name: 'notes.txt' }));
    await expect(verify('notes.txt', { format: 'aws-cloudtrail' })).rejects.toEqual(
      failure('audit.format_mismatch', { format: 'aws-cloudtrail' }),
    );
    await expect(verify('trail', { format: 'guardian-chain' })).rejects.toEqual(
      failure('audit.format_mismatch', { format: 'guardian-chain' }),
    );
    await expect(verify('guardian.jsonl', { format: 'aws-cloudtrail' })).rejects.toEqual(
      failure('audit.format_mismatch', { format: 'aws-cloudtrail' }),
    );
    await expect(verify('trail', { format: 'none' })).rejects.toEqual(
      failure('audit.format_mismatch', { format: 'none' }),
    );
    await expect(verify('nothing')).rejects.toEqual(failure('file.empty', { name: 'nothing' }));
  });

  it('of something else than was imported is refused as that, whatever else is wrong with it', async () => {
    const expectedSha256 = 'ab'.repeat(32);
    for (const name of ['trail', 'guardian.jsonl', 'notes.txt']) {
      await expect(verify(name, { expectedSha256 })).rejects.toEqual(
        failure('file.digest_differs', { name }),
      );
    }
    await expect(verify('notes.txt', { expectedSha256: sha256('no log at all') })).rejects.toEqual(
      failure('audit.format_unknown'),
    );
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const cancelled = auditJobs['audit.verify'](
      { source: at('trail'), format: null, trustedHeads: [], keys: [], expectedSha256: null },
      { signal: controller.signal, progress: () => controller.abort() },
    );
    await expect(cancelled).rejects.toEqual(failure('job.cancelled'));
  });

  it('tells its progress in bytes up to the end', async () => {
    const steps: number[] = [];
    const { report } = await auditJobs['audit.verify'](
      { source: at('trail'), format: null, trustedHeads: [], keys: [], expectedSha256: null },
      {
        signal: run.signal,
        progress: ({ done, total, unit }) => {
          steps.push(done);
          expect([total, unit]).toEqual([expect.any(Number), 'bytes']);
        },
      },
    );
    expect(steps.at(-1)).toBe(report.source.bytes);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });
});
