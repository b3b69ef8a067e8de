// Every scenario gets its verdict, all of its findings at their places, and no other.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cloudtrail } from '../../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import type { VerifyOptions } from '../../../electron/modules/audit/engine/format.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { instantText } from '../../../electron/modules/audit/engine/cloudtrail/object-names.ts';
import { sourceOf } from '../../fixtures/cloudtrail/generate.ts';
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
