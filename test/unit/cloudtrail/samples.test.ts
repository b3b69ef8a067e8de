// The shared samples, with the verdicts that their expected.json gives.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloudtrail } from '../../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';

const samples = join(import.meta.dirname, '../../../../shared/data/audit/cloudtrail');
const present = existsSync(samples);
// oxlint-disable-next-line no-console -- a skipped test must be heard of
if (!present) console.warn(`SKIPPED: the CloudTrail samples are not at ${samples}`);

const run = { signal: new AbortController().signal, progress: () => undefined };
const verify = async (name: string): Promise<VerificationReport> => {
  const source = await openDiskSource(join(samples, name));
  return (await cloudtrail.verify(source, { trustedHeads: [], keys: [] }, run)).report;
};
const places = (
  report: VerificationReport,
  kind: string,
): (readonly [number | undefined, string | undefined])[] =>
  report.findings
    .filter((finding) => finding.kind === kind)
    .map(({ index, path }) => [index, /_(\d{8}T\d+Z)[_.]/u.exec(path ?? '')?.[1]] as const);

describe.skipIf(!present)('CloudTrail samples', () => {
  it('genuine: INTACT, anchored, all 12 digests and 36 logs', async () => {
    const report = await verify('genuine');
    expect(report).toMatchObject({
      verdict: 'INTACT',
      anchored: true,
      findings: [],
      records: 180,
      coverage: { uncovered: [], unreferenced: [] },
    });
    expect(report.proves.join('\n')).toMatch(
      /12 of 12 digest files.*\n.*starts at its beginning.*\n36 of 36 log files/u,
    );
    expect(report.strip).toEqual({
      unit: 'second',
      length: 43_200,
      origin: '2025-06-01T00:07:31Z',
      stretches: [{ from: 0, to: 43_200, state: 'verified' }],
    });
  });
  it('log-modified: TAMPERED at log 10', async () => {
    const report = await verify('log-modified');
    expect(report.verdict).toBe('TAMPERED');
    expect(report.findings).toHaveLength(1);
    expect(places(report, 'LOG_HASH_MISMATCH')).toEqual([[10, '20250601T0316Z']]);
  });
  it('log-deleted: TAMPERED, log 10 is missing', async () => {
    const report = await verify('log-deleted');
    expect(report.verdict).toBe('TAMPERED');
    expect(report.findings).toHaveLength(1);
    expect(places(report, 'LOG_MISSING')).toEqual([[10, '20250601T0316Z']]);
  });
  it('digest-deleted-1: TAMPERED, digest 5 is missing and its logs are orphaned', async () => {
    const report = await verify('digest-deleted-1');
    expect(report.verdict).toBe('TAMPERED');
    expect(places(report, 'DIGEST_MISSING')).toEqual([[36 + 5, '20250601T060731Z']]);
    expect(report.findings.find(({ kind }) => kind === 'DIGEST_MISSING')?.message).toMatch(/^Digest 5 /u);
    expect(places(report, 'LOG_UNREFERENCED')).toEqual([
      [15, '20250601T0511Z'],
      [16, '20250601T0516Z'],
      [17, '20250601T0521Z'],
    ]);
    expect(report.coverage.uncovered).toEqual([{ from: '2025-06-01T05:07:31Z', to: '2025-06-01T06:07:31Z' }]);
  });
  it('tail-removed: PARTIAL_INTACT, three hours uncovered', async () => {
    const report = await verify('tail-removed');
    expect(report.verdict).toBe('PARTIAL_INTACT');
    expect(report.findings).toEqual([
      expect.objectContaining({
        kind: 'UNCOVERED_TIME',
        count: 3,
        between: ['2025-06-01T09:07:31Z', '2025-06-01T12:07:31Z'],
      }),
    ]);
  });
  it('no-s3-metadata: INTACT_BUT_UNANCHORED, 11 of 12 digests signed', async () => {
    const report = await verify('no-s3-metadata');
    expect(report).toMatchObject({ verdict: 'INTACT_BUT_UNANCHORED', anchored: false, findings: [] });
    expect(report.proves.join('\n')).toMatch(/11 of 12 digest files/u);
    expect(report.doesNotProve.join('\n')).toMatch(/120731Z.*3 log files/u);
  });
  it('resigned-wrong-key: TAMPERED, digests 5 to 11', async () => {
    const report = await verify('resigned-wrong-key');
    expect(report).toMatchObject({ verdict: 'TAMPERED', anchored: false });
    expect(places(report, 'SIGNATURE_INVALID').map(([index]) => index)).toEqual(
      [5, 6, 7, 8, 9, 10, 11].map((at) => 36 + at),
    );
    expect(report.coverage.uncovered).toEqual([{ from: '2025-06-01T05:07:31Z', to: '2025-06-01T12:07:31Z' }]);
  });
});
