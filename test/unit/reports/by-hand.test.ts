// The programs that a report prints: they run on stock Python and find what they say they find.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { renderAuditReport } from '../../../electron/modules/reports/engine/audit-report.ts';
import { AGNO_BY_HAND } from '../../../electron/modules/audit/engine/agno/method.ts';
import { CLOUDTRAIL_BY_HAND } from '../../../electron/modules/audit/engine/cloudtrail/method.ts';
import { GUARDIAN_BY_HAND } from '../../../electron/modules/audit/engine/guardian/method.ts';
import { guardianChain, model, tampered } from './models.ts';
import { named, readHtml, textOf } from './read-html.ts';

const hasPython = spawnSync('python3', ['-c', 'pass']).status === 0;
const samples = path.resolve(import.meta.dirname, '../../../../shared/data/audit');
const hasSamples = existsSync(samples);
if (!hasPython) console.warn('SKIPPED: no python3 here, so the programs that reports print were not run');
if (!hasSamples)
  console.warn(`SKIPPED: no samples at ${samples}, so the programs that reports print were not run on them`);

const folder = mkdtempSync(path.join(tmpdir(), 'probity-by-hand-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (program: string, target: string): string => {
  const script = path.join(folder, 'check.py');
  writeFileSync(script, program);
  const { status, stdout, stderr } = spawnSync('python3', [script, target], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};
const runOn = (program: string, lines: readonly string[]): string => {
  const log = path.join(folder, 'log.jsonl');
  writeFileSync(log, `${lines.join('\n')}\n`);
  return run(program, log);
};

const chain = guardianChain(120);
const lines = chain.map(({ line }) => line);
const head = chain.at(-1)?.chainHash ?? '';

test('the program in the report is the one that is tested here', () => {
  const blocks = named(readHtml(renderAuditReport(model(tampered()))), 'pre').map(textOf);
  expect(blocks).toContain(GUARDIAN_BY_HAND.trimEnd());
});

describe.runIf(hasPython)('the Guardian program', () => {
  test('finds nothing in a genuine chain and prints its head', () => {
    expect(runOn(GUARDIAN_BY_HAND, lines)).toBe(`last chain_hash: ${head}\n`);
  });

  test('names the edited record', () => {
    expect(runOn(GUARDIAN_BY_HAND, lines.with(57, (lines[57] ?? '').replace('"success"', '"denied"')))).toBe(
      `57 the content does not match event_hash\nlast chain_hash: ${head}\n`,
    );
  });

  test('names the place of a deleted record', () => {
    expect(runOn(GUARDIAN_BY_HAND, lines.toSpliced(30, 1))).toContain(
      '30 previous_hash is not the chain_hash of the line before',
    );
  });

  test.runIf(hasSamples)('agrees with the answers of the samples', () => {
    const of = (name: string): string =>
      run(GUARDIAN_BY_HAND, path.join(samples, 'seed-chain', `${name}.jsonl`));
    expect(of('genuine')).toMatch(/^last chain_hash: cea51d00[0-9a-f]{56}\n$/u);
    expect(of('genuine-unicode-export')).toMatch(/^last chain_hash: cea51d00/u);
    expect(of('edit-content')).toMatch(/^57 the content does not match event_hash\nlast/u);
    expect(of('delete-one')).toMatch(/^100 previous_hash/u);
    expect(of('truncate-tail')).toMatch(/^last chain_hash: 0eb98936/u);
  });
});

describe.runIf(hasPython)('the Agno program', () => {
  const entries = chain
    .slice(0, 20)
    .map(({ hashed, eventHash }) => `${hashed.slice(0, -1)}, "integrity_hash": "${eventHash}"}`);
  test('names the edited record only', () => {
    expect(runOn(AGNO_BY_HAND, entries)).toBe('');
    expect(runOn(AGNO_BY_HAND, entries.with(7, (entries[7] ?? '').replace('"read"', '"write"')))).toBe(
      '7 the content does not match integrity_hash\n',
    );
  });
});

describe.runIf(hasPython && hasSamples)('the CloudTrail program', () => {
  const of = (name: string): string[] =>
    run(CLOUDTRAIL_BY_HAND, path.join(samples, 'cloudtrail', name))
      .trimEnd()
      .split('\n');
  test('finds the altered and the missing log file of the samples', () => {
    expect(of('genuine').filter((line) => line.startsWith('matches'))).toHaveLength(36);
    expect(of('log-modified').filter((line) => !line.startsWith('matches'))).toEqual([
      expect.stringMatching(/^ALTERED 111122223333_CloudTrail_eu-west-1_20250601T0316Z_/u),
    ]);
    expect(of('log-deleted').filter((line) => !line.startsWith('matches'))).toEqual([
      expect.stringMatching(/^MISSING AWSLogs\/.*_20250601T0316Z_/u),
    ]);
  });
});
