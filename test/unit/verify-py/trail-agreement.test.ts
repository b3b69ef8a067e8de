// verify.py and the CloudTrail engine over whole folders: what verify.py finds, the report tells, and no more of its kinds.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { lay } from '../../fixtures/cloudtrail/generate.ts';
import { trail } from '../../fixtures/cloudtrail/scenario.ts';
import { absentScenarios } from '../../fixtures/cloudtrail/scenarios-absent.ts';
import { alteredScenarios } from '../../fixtures/cloudtrail/scenarios-altered.ts';
import { trailScenarios } from '../../fixtures/cloudtrail/scenarios-trails.ts';
import { hasPython } from '../../fixtures/verify-py/python-twin.ts';
import { folderOf, trailDisagreements, trailOf } from '../../fixtures/verify-py/trail-twin.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

// oxlint-disable-next-line no-console -- a skipped test must be seen
if (!hasPython)
  console.warn('SKIPPED: python3 does not run here, so verify.py was not compared with the engine');
const withPython = test.skipIf(!hasPython);

const SAMPLES = 'audit/cloudtrail';
test.skipIf(!hasPython || !hasSamples(SAMPLES))('the engines agree on every sample trail', async () => {
  const root = join(SHARED_DATA, SAMPLES);
  const names = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const trails = await Promise.all(names.map(({ name }) => trailOf(name, folderOf(join(root, name)))));
  expect(trails.length).toBeGreaterThan(5);
  expect(trailDisagreements(trails)).toEqual([]);
});

withPython('the engines agree on every scenario of absent, altered and several trails', async () => {
  const scenarios = [...absentScenarios(), ...alteredScenarios(), ...trailScenarios()];
  const trails = await Promise.all(scenarios.map(({ name, folder }) => trailOf(name, folder)));
  expect(trails.length).toBeGreaterThan(40);
  expect(trailDisagreements(trails)).toEqual([]);
});

withPython(
  'a report that hides an altered, missing or padded file is noticed, and so is one that invents it',
  async () => {
    const scenarios = [...absentScenarios(), ...alteredScenarios()];
    const kinds = ['LOG_HASH_MISMATCH', 'LOG_MISSING', 'TRAILING_DATA', 'DIGEST_MISSING'];
    const trails = await Promise.all(scenarios.map(({ name, folder }) => trailOf(name, folder)));
    const telling = trails.filter(
      ({ report }) => report.findings.length === 1 && kinds.includes(report.findings[0]?.kind ?? ''),
    );
    expect(telling.length).toBeGreaterThan(3);
    for (const each of telling) {
      const hidden: VerificationReport = { ...each.report, verdict: 'INTACT', findings: [] };
      const whole = { ...each, report: hidden };
      expect(trailDisagreements([whole]), each.name).not.toEqual([]);
    }
    const genuine = await trailOf('genuine', lay([trail]));
    expect(genuine.report.verdict).toBe('INTACT');
    const invented = { kind: 'LOG_HASH_MISMATCH', verdict: 'TAMPERED', path: 'x', message: '' } as const;
    const lies: VerificationReport[] = [
      { ...genuine.report, verdict: 'TAMPERED' },
      { ...genuine.report, verdict: 'TAMPERED', findings: [invented] },
    ];
    for (const report of lies) expect(trailDisagreements([{ ...genuine, report }])).not.toEqual([]);
  },
);
