// The shared sample chain: every file gets the verdict, kind and place that its expected.json states.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';
import { sharedData } from '../../fixtures/guardian/optional.ts';
import { quietRun } from '../../fixtures/guardian/memory-source.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';

interface Expected {
  readonly verdict: string;
  readonly records: number;
  readonly head_chain_hash: string;
  readonly where: {
    readonly index?: number;
    readonly kind?: string;
    readonly between_event_ids?: readonly string[];
    readonly indices?: readonly number[];
    readonly indices_mod_5?: readonly number[];
    readonly start_previous_hash?: string;
    readonly segments?: readonly (readonly number[])[];
    readonly duplicate_of?: number;
    readonly parent?: number;
  } | null;
}

const folder = sharedData('audit/seed-chain');
const expected =
  folder === null
    ? {}
    : (JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>);

const verify = async (name: string, ...trustedHeads: string[]): Promise<VerificationReport> => {
  const source = await openDiskSource(join(folder ?? '', `${name}.jsonl`));
  return (await guardianChain.verify(source, { trustedHeads, keys: [] }, quietRun)).report;
};

/** The records that a kind of finding names, runs spelt out. */
const indexes = (report: VerificationReport, kind: string): number[] =>
  report.findings
    .filter((finding) => finding.kind === kind && finding.verdict !== undefined)
    .flatMap(({ index = -1, count = 1 }) => Array.from({ length: count }, (_, i) => index + i));

// What the samples call it, and the finding kind that says so.
const KINDS: Readonly<Record<string, string>> = { FORK_AT: 'FORK', NUMERIC_REFORMAT: 'REPAIRED' };

describe.skipIf(folder === null)('the sample chain', () => {
  test.each(Object.keys(expected))('%s', async (name) => {
    const right = expected[name] as Expected;
    const report = await verify(name);
    const verdict = right.verdict === 'INTACT' ? 'INTACT_BUT_UNANCHORED' : right.verdict;
    expect(report).toMatchObject({
      verdict,
      records: right.records,
      head: right.head_chain_hash,
      anchored: false,
    });
    const { where } = right;
    if (where?.index !== undefined) {
      const kind = where.kind ?? 'DUPLICATE';
      expect(indexes(report, KINDS[kind] ?? kind)).toEqual([where.index]);
    }
    if (where?.between_event_ids !== undefined)
      expect(report.findings[0]?.between).toEqual(where.between_event_ids);
    if (where?.indices !== undefined) expect(indexes(report, 'REORDERED')).toEqual(where.indices);
    if (where?.start_previous_hash !== undefined) expect(report.startsAfter).toBe(where.start_previous_hash);
    if (where?.duplicate_of !== undefined) expect(report.findings[0]?.ofIndex).toBe(where.duplicate_of);
    if (where?.parent !== undefined) expect(report.findings[0]?.ofIndex).toBe(where.parent);
    const starts = where?.segments?.slice(1).map(([from]) => from);
    if (starts !== undefined) expect(indexes(report, 'SEGMENT_START')).toEqual(starts);
  });

  test.each(Object.keys(expected))('%s, anchored by its own head', async (name) => {
    const right = expected[name] as Expected;
    const report = await verify(name, right.head_chain_hash);
    const verdict = right.verdict === 'INTACT_BUT_UNANCHORED' ? 'INTACT' : right.verdict;
    expect(report).toMatchObject({ verdict, anchored: true });
  });

  test('a tail cut off by 20 records is found with the head of the whole log', async () => {
    const report = await verify('truncate-tail', (expected['genuine'] as Expected).head_chain_hash);
    expect(report).toMatchObject({ verdict: 'TAMPERED', anchored: false });
    expect(report.findings.map(({ kind }) => kind)).toEqual(['HEAD_MISMATCH']);
  });

  test('a head of record 179 anchors the whole log up to there, and no further', async () => {
    const report = await verify('genuine', (expected['truncate-tail'] as Expected).head_chain_hash);
    expect(report).toMatchObject({ verdict: 'INTACT_BUT_UNANCHORED', anchored: false });
    expect(report.findings).toMatchObject([{ kind: 'HEAD_MISMATCH', index: 179 }]);
    expect(report.strip.stretches.at(-1)).toEqual({ from: 180, to: 200, state: 'unanchored' });
  });

  test('all records that JavaScript re-wrote are explained, rounded integers included', async () => {
    const report = await verify('js-reexport');
    const found = new Set(indexes(report, 'REPAIRED'));
    expect(report.findings.every(({ verdict }) => verdict === 'MISMATCH_EXPLAINED')).toBe(true);
    for (let index = 0; index < 200; index += 1) {
      if (index % 5 === 0 || index % 5 === 4) expect(found.has(index), `record ${index}`).toBe(true);
    }
  });
});
