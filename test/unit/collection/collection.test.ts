// A folder of several logs: every log keeps its own verdict, places count through all of them, and the worst verdict counts.
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { agnoIntegrity } from '../../../electron/modules/audit/engine/agno/agno-integrity.ts';
import { collectionOf } from '../../../electron/modules/audit/engine/collection/collection.ts';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { memoryFile } from '../../../electron/ports/zstd-source.ts';
import type { Source } from '../../../electron/ports/source.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { quietRun } from '../../fixtures/guardian/memory-source.ts';

const collection = collectionOf([guardianChain, agnoIntegrity]);

const linesOf = (seed: number, count: number): string[] =>
  [...makeRecords({ seed, count })].map(({ line }) => line);
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const folder = (files: Readonly<Record<string, string>>): Source => ({
  name: 'logs',
  kind: 'folder',
  files: Object.entries(files)
    .map(([name, text]) => memoryFile(name, Buffer.from(text)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
});

const a = linesOf(1, 40);
const b = linesOf(2, 30);
const edited = b.map((line, at) =>
  at === 7 ? line.replace(/"result":( ?)"[^"]*"/u, '"result":$1"mallory"') : line,
);
const NOTHING = { trustedHeads: [], keys: [] };
const headOf = (lines: readonly string[]): string =>
  String((JSON.parse(lines.at(-1) ?? '{}') as { chain_hash?: unknown }).chain_hash);

test('one damaged log makes the verdict, and its place is told by file, line and running index', async () => {
  const source = folder({ 'a.jsonl': textOf(a), 'deep/b.jsonl': textOf(edited), 'notes.txt': 'hello' });
  const verified = await collection.verify(source, NOTHING, quietRun);
  v.parse(VerificationReport, verified.report);
  expect(verified.report).toMatchObject({ verdict: 'TAMPERED', records: 70, anchored: false });
  expect(verified.report.findings).toEqual([
    expect.objectContaining({ kind: 'EVENT_HASH_MISMATCH', path: 'deep/b.jsonl', index: 47, line: 8 }),
  ]);
  expect(verified.report.coverage.unreferenced).toEqual(['notes.txt']);
  const view = await collection.record(source, verified, 47, NOTHING);
  expect(view).toMatchObject({ index: 47, path: 'deep/b.jsonl', line: 8 });
  expect(view.raw).toContain('mallory');
  await expect(collection.record(source, verified, 70, NOTHING)).rejects.toMatchObject({
    code: 'audit.no_such_record',
  });
});

test('a trusted head is held against the log that it belongs to, and raises no alarm in the others', async () => {
  const source = folder({ 'a.jsonl': textOf(a), 'b.jsonl': textOf(b) });
  const one = await collection.verify(source, { ...NOTHING, trustedHeads: [headOf(a)] }, quietRun);
  expect(one.report).toMatchObject({ verdict: 'INTACT_BUT_UNANCHORED', anchored: false, findings: [] });
  const both = await collection.verify(
    source,
    { ...NOTHING, trustedHeads: [headOf(a), headOf(b)] },
    quietRun,
  );
  expect(both.report).toMatchObject({ verdict: 'INTACT', anchored: true, findings: [] });
  const none = await collection.verify(source, { ...NOTHING, trustedHeads: ['0'.repeat(64)] }, quietRun);
  expect(none.report.verdict).toBe('TAMPERED');
});

test('a folder without logs is not a collection, and one log among notes is', async () => {
  expect(await collection.detect(folder({ 'x.txt': 'a', 'y.txt': 'b' }))).toBeNull();
  expect(await collection.detect(folder({ 'a.jsonl': textOf(a), 'y.txt': 'b' }))).toMatchObject({
    format: 'collection',
  });
  await expect(
    collection.verify(folder({ 'x.txt': 'a', 'y.txt': 'b' }), NOTHING, quietRun),
  ).rejects.toMatchObject({ code: 'audit.format_mismatch' });
});
