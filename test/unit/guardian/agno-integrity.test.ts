// Agno's records: self-consistent at best, never called intact.
import { hash } from 'node:crypto';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { agnoIntegrity } from '../../../electron/modules/audit/engine/agno/agno-integrity.ts';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { pyFloat, pythonDumps } from '../../../shared/chain/guardian-record.ts';
import { RecordView, VerificationReport } from '../../../shared/model/verdict.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const options = { trustedHeads: [], keys: [] };

const lines = Array.from({ length: 50 }, (_, i) => {
  const entry = {
    event_id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    timestamp: `2026-01-01T10:00:${String(i).padStart(2, '0')}.000500`,
    event_type: 'agent_run',
    event_data: { agent: 'Zoë', score: pyFloat(i % 2), steps: i },
    security_context: i % 3 === 0 ? {} : { user: 'José' },
    system_context: { service_version: '1.0.0', environment: 'production', node_id: 'n1' },
  };
  const integrity = hash('sha256', pythonDumps(entry, true));
  return pythonDumps({ ...entry, integrity_hash: integrity }, false);
});

const verify = async (content: readonly string[], trustedHeads: readonly string[] = []) => {
  const verified = await agnoIntegrity.verify(
    memorySource(content.join('\n')),
    { ...options, trustedHeads },
    quietRun,
  );
  return v.parse(VerificationReport, verified.report);
};

test('self-consistent records are not tamper-evident, and the report says why', async () => {
  const report = await verify(lines);
  expect(report).toMatchObject({ verdict: 'NOT_TAMPER_EVIDENT', anchored: false, head: null, records: 50 });
  expect(report.findings.filter(({ verdict }) => verdict !== undefined)).toEqual([]);
  for (const word of ['deleted', 'inserted', 'moved', 're-compute'])
    expect(report.doesNotProve.join(' ')).toContain(word);
  expect(await verify(lines, ['ab'.repeat(32)])).toMatchObject({
    verdict: 'NOT_TAMPER_EVIDENT',
    anchored: false,
  });
});

test('deletion, insertion and order leave no trace', async () => {
  expect((await verify(lines.toSpliced(7, 3).toReversed())).verdict).toBe('NOT_TAMPER_EVIDENT');
});

test('a careless edit is found at its record, a re-written one explained', async () => {
  const edited = await verify(lines.with(20, (lines[20] ?? '').replace('production', 'staging')));
  expect(edited.verdict).toBe('TAMPERED');
  expect(edited.findings[0]).toMatchObject({ kind: 'EVENT_HASH_MISMATCH', index: 20 });
  const rewritten = await verify(lines.map((line) => JSON.stringify({ _id: 1, ...JSON.parse(line) })));
  expect(rewritten.verdict).toBe('NOT_TAMPER_EVIDENT');
  expect(rewritten.findings.filter(({ kind }) => kind === 'REPAIRED')).toHaveLength(50);
});

test('lines that are no record, and a cut end, are findings', async () => {
  const report = await verify([
    ...lines.slice(0, 5),
    'junk',
    '{"event_id": "x"}',
    (lines[5] ?? '').slice(0, 50),
  ]);
  expect(report.findings.map(({ kind, index }) => [kind, index])).toEqual([
    ['MALFORMED', 5],
    ['MALFORMED', 6],
    ['TRUNCATED', 7],
  ]);
  await expect(verify(['junk'])).rejects.toMatchObject({ code: 'audit.format_mismatch' });
});

test('is told from a Guardian chain, and a chain from it', async () => {
  const source = memorySource(lines.join('\n'));
  expect(await agnoIntegrity.detect(source)).toMatchObject({ format: 'agno-integrity', confidence: 0.99 });
  expect(await guardianChain.detect(source)).toBeNull();
});

test('shows one record with its hash and what was hashed', async () => {
  const source = memorySource(lines.join('\n'));
  const verified = await agnoIntegrity.verify(source, options, quietRun);
  const view = v.parse(RecordView, await agnoIntegrity.record(source, verified, 33, options));
  expect(view).toMatchObject({ index: 33, line: 34, raw: lines[33], findings: [] });
  expect(view.checks).toMatchObject([{ name: 'integrity_hash', ok: true }]);
  expect(hash('sha256', view.checks[0]?.hashed ?? '')).toBe(view.checks[0]?.stored);
  await expect(agnoIntegrity.record(source, verified, 50, options)).rejects.toMatchObject({
    code: 'audit.no_such_record',
  });
});
