// One record under the lens: found by index in any form of file, with what was hashed and what was recomputed.
import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { RecordView } from '../../../shared/model/verdict.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const log = [...makeRecords({ seed: 2, count: 700 })];
const lines = log.map(({ line }) => line);
const options = { trustedHeads: [], keys: [] };

const view = async (content: string | Uint8Array, index: number) => {
  const source = memorySource(content);
  const verified = await guardianChain.verify(source, options, quietRun);
  return v.parse(RecordView, await guardianChain.record(source, verified, index, options));
};

test.each([
  ['lines', `${lines.join('\n')}\n`],
  ['lines with blanks and CR LF', `\r\n${lines.join('\r\n\r\n')}\r\n`],
  ['a JSON array', `[\n${lines.join(',\n')}\n]`],
  ['gzip', gzipSync(`${lines.join('\n')}\n`)],
])('finds any record in %s', async (_name, content) => {
  for (const index of [0, 1, 255, 256, 257, 512, 699]) {
    const found = await view(content, index);
    expect(found.raw).toBe(lines[index]);
    expect(found.fields[0]).toEqual({ name: 'event_id', value: `evt-${String(index).padStart(8, '0')}` });
    expect(found.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['event_hash', true],
      ['chain_hash', true],
      ['previous_hash', true],
    ]);
    for (const { hashed, recomputed } of found.checks)
      if (hashed !== null) expect(hash('sha256', hashed)).toBe(recomputed);
    expect(found.checks[1]?.hashed?.length ?? null).toBe(index === 0 ? null : 128);
    expect(found.checks[2]?.stored).toBe(index === 0 ? null : log[index - 1]?.chainHash);
  }
});

test('gives line and byte offset of the record in the file', async () => {
  const text = `${lines[0]}\n\n${lines.slice(1).join('\n')}\n`;
  const found = await view(text, 300);
  expect(found.line).toBe(302);
  expect(
    Buffer.from(text)
      .subarray(found.byteOffset ?? 0)
      .toString()
      .startsWith(lines[300] ?? ''),
  ).toBe(true);
});

test('shows stored beside recomputed where they differ, with the findings', async () => {
  const edited = lines.with(5, (lines[5] ?? '').replace('"action": "', '"action": "un'));
  const altered = await view(edited.join('\n'), 5);
  expect(altered.checks.map(({ ok }) => ok)).toEqual([false, true, true]);
  expect(altered.checks[0]).toMatchObject({ stored: log[5]?.eventHash });
  expect(altered.findings).toMatchObject([{ kind: 'EVENT_HASH_MISMATCH' }]);
  const removed = await view(lines.toSpliced(50, 1).join('\n'), 50);
  expect(removed.checks[2]).toMatchObject({
    ok: false,
    stored: log[50]?.chainHash,
    recomputed: log[49]?.chainHash,
  });
  expect(removed.findings).toMatchObject([{ kind: 'GAP' }]);
  const swapped = await view(
    lines
      .with(8, lines[9] ?? '')
      .with(9, lines[8] ?? '')
      .join('\n'),
    9,
  );
  expect(swapped.checks.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(swapped.findings).toMatchObject([{ kind: 'REORDERED', index: 8, count: 2 }]);
});

test('shows what can be shown of a line that is no record, cut at 64 KiB', async () => {
  const broken = await view([...lines.slice(0, 3), `{"a": "${'x'.repeat(100_000)}`, ''].join('\n'), 3);
  expect(broken).toMatchObject({ rawTruncated: true, fields: [], checks: [] });
  expect(broken.raw.length).toBe(65_536);
  const long = await view([...lines.slice(0, 3), 'y'.repeat(17 * 2 ** 20), ''].join('\n'), 3);
  expect(long).toMatchObject({ rawTruncated: true, raw: 'y'.repeat(65_536), checks: [] });
});

test('refuses an index beyond the log', async () => {
  await expect(view(lines.join('\n'), 700)).rejects.toMatchObject({
    code: 'audit.no_such_record',
    params: { last: 699 },
  });
});

test('works with a locator that was stored without line numbers', async () => {
  const source = memorySource(`${lines.join('\n')}\n`);
  const verified = await guardianChain.verify(source, options, quietRun);
  const { every, offsets } = verified.locator;
  const found = await guardianChain.record(
    source,
    { ...verified, locator: { every, offsets } },
    400,
    options,
  );
  expect(found.raw).toBe(lines[400]);
});
