// Every scenario gets its verdict, all of its findings at their places, and no other.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cloudtrail } from '../../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import type { VerifyOptions } from '../../../electron/modules/audit/engine/format.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { instantText } from '../../../electron/modules/audit/engine/cloudtrail/object-names.ts';
import {
  HOUR,
  START,
  change,
  lay,
  otherSigner,
  remove,
  signer,
  sourceOf,
  spec,
} from '../../fixtures/cloudtrail/generate.ts';
import type { Folder } from '../../fixtures/cloudtrail/generate.ts';
import { digest, editRead, log, trail } from '../../fixtures/cloudtrail/scenario.ts';
import { writeTrail } from '../../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import { absentScenarios } from '../../fixtures/cloudtrail/scenarios-absent.ts';
import { alteredScenarios } from '../../fixtures/cloudtrail/scenarios-altered.ts';
import { trailScenarios } from '../../fixtures/cloudtrail/scenarios-trails.ts';

const run = { signal: new AbortController().signal, progress: () => undefined };
const options: VerifyOptions = { trustedHeads: [], keys: [] };

describe('CloudTrail scenarios', () => {
  it.each(
    [...absentScenarios(), ...alteredScenarios(), ...trailScenarios()].map(
      (scenario) => [scenario.name, scenario] as const,
    ),
  )('%s', async (_, { folder, expected }) => {
    const source = sourceOf(folder);
    const verified = await cloudtrail.verify(source, options, run);
    const { report } = verified;
    expect(report.findings.map(({ kind, path }) => `${kind} ${path ?? ''}`).toSorted()).toEqual(
      expected.findings.map(([kind, path]) => `${kind} ${path ?? ''}`).toSorted(),
    );
    expect(report.verdict).toBe(expected.verdict);
    expect(report.anchored).toBe(expected.anchored);
    expect(report.coverage.uncovered).toEqual(
      (expected.uncovered ?? []).map(([from, to]) => ({ from: instantText(from), to: instantText(to) })),
    );
    expect(v.safeParse(VerificationReport, report).issues).toBeUndefined();
    expect(report.throughput.bytes).toBe(report.source.bytes);

    // A window names what it starts after.
    const windows = report.findings.filter(
      ({ kind, verdict }) => kind === 'SEGMENT_START' && verdict === 'PARTIAL_INTACT',
    );
    expect(report.startsAfter).toBe(windows[0]?.expected ?? null);

    // The strip has no overlap and no way out of its length, and is failed exactly when something was altered.
    let at = 0;
    for (const stretch of report.strip.stretches) {
      expect(stretch.from).toBeGreaterThanOrEqual(at);
      expect(stretch.to).toBeGreaterThan(stretch.from);
      at = stretch.to;
    }
    expect(report.strip.length).toBe(at);

    // The record view agrees with every finding that has a place.
    for (const finding of report.findings) {
      if (finding.index === undefined) continue;
      const view = await cloudtrail.record(source, verified, finding.index, options);
      expect(view.findings).toContainEqual(finding);
      expect(view.path).toBe(finding.path ?? view.path);
    }
  });
});

describe('what a report says beside its verdict', () => {
  const reportOf = async (folder: Folder): Promise<VerificationReport> =>
    (await cloudtrail.verify(sourceOf(folder), options, run)).report;

  it('counts events only in logs that a digest without blemish names', async () => {
    const start = writeTrail(spec({ digests: 4 }));
    const forger = { ...otherSigner, fingerprint: signer.fingerprint };
    const forged = writeTrail(
      spec({ digests: 2, start: START + 4 * HOUR, after: start, signer: () => forger }),
    );
    const report = await reportOf(lay([start, forged]));
    expect(report.records).toBe(4 * 3 * 4);
    expect(report.proves.join('\n')).toContain('12 of 18 log files');
  });

  it('shows the hour of an edited log, a missing digest and a planted log in the strip', async () => {
    const folder = lay([trail]);
    change(folder, log(1), editRead);
    remove(folder, digest(2), log(6), log(7), log(8));
    const planted = log(12)
      .replace(/_[0-9a-f]{16}\.json\.gz$/u, '_ffffffffffffffff.json.gz')
      .replace('T0412Z', 'T0440Z');
    folder.set(planted, folder.get(log(12)) ?? new Uint8Array());
    const { strip } = await reportOf(folder);
    expect(strip.stretches.map(({ from, to, state }) => [from, to, state])).toEqual([
      [0, HOUR, 'failed'],
      [HOUR, 2 * HOUR, 'verified'],
      [2 * HOUR, 3 * HOUR, 'uncovered'],
      [3 * HOUR, 4 * HOUR + 1949, 'verified'],
      [4 * HOUR + 1949, 4 * HOUR + 2009, 'failed'],
      [4 * HOUR + 2009, 6 * HOUR, 'verified'],
    ]);
    expect(strip.stretches.filter(({ label }) => label !== undefined).map(({ state }) => state)).toEqual([
      'failed',
      'uncovered',
      'failed',
    ]);
  });

  it('a finding for many logs is shown with each of them', async () => {
    const folder = lay([trail]);
    remove(folder, ...trail.logs.map((object) => `s3/${object}`));
    const source = sourceOf(folder);
    const verified = await cloudtrail.verify(source, options, run);
    for (const index of [0, 5, 17])
      expect(
        (await cloudtrail.record(source, verified, index, options)).findings.map(({ kind, count }) => [
          kind,
          count,
        ]),
      ).toEqual([['LOG_MISSING', 18]]);
    expect((await cloudtrail.record(source, verified, 18, options)).findings).toEqual([]);
  });
});
