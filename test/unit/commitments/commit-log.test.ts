// Commitments to the records of a log: every proof leads to the root, and each opening is the record as it stands.
import { createHash, createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merkleRoot } from '../../../shared/chain/merkle.ts';
import { verifyInclusion } from '../../../shared/chain/merkle-verify.ts';
import {
  commitLog,
  type LogCommitment,
  OPENED_BYTES,
} from '../../../electron/modules/audit/engine/commitments/commit-log.ts';
import {
  commitmentLeaf,
  recordCommitment,
  saltOf,
  sha256,
} from '../../../electron/modules/audit/engine/commitments/record-commitment.ts';
import type { Source } from '../../../electron/ports/source.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const SECRET = Buffer.alloc(32, 9);
const records = (indexes: readonly number[]) => indexes.map((index) => ({ index, path: null }));
const commit = (
  source: Source,
  count: number,
  wanted: readonly { readonly index: number; readonly path: string | null }[] = [],
  secret: Uint8Array = SECRET,
): Promise<LogCommitment> =>
  commitLog(source, { secret, records: count, wanted, headerLines: 0, expectedSha256: null }, quietRun);

const proves = (made: LogCommitment): boolean =>
  made.opened.every(({ leaf, commitment, proof }) =>
    verifyInclusion(
      sha256,
      commitmentLeaf(Buffer.from(commitment, 'hex')),
      leaf,
      made.leaves,
      proof.map((hash) => Buffer.from(hash, 'hex')),
      Buffer.from(made.root, 'hex'),
    ),
  );

const folder = (files: Readonly<Record<string, string>>): Source => ({
  name: 'trail',
  kind: 'folder',
  files: Object.entries(files).flatMap(([name, text]) => memorySource(text, name).files),
});

describe('the scheme', () => {
  test('is what data/commitments.txt says, byte by byte', () => {
    const number = (value: bigint): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(value);
      return bytes;
    };
    const salt = createHmac('sha256', SECRET)
      .update(Buffer.concat([Buffer.from('probity-record-salt-v1'), number(57n)]))
      .digest();
    expect(saltOf(SECRET, 57)).toEqual(salt);
    const record = Buffer.from('{"a":1}');
    const whole = Buffer.concat([
      Buffer.from('probity-record-v1'),
      Buffer.from([0, 0, 0, 32]),
      salt,
      number(7n),
      record,
    ]);
    expect(recordCommitment(salt, record)).toEqual(createHash('sha256').update(whole).digest());
  });

  test('binds what a commitment is of: neither salt nor record can be shifted into the other', () => {
    const a = recordCommitment(Buffer.from('ab'), Buffer.from('cd'));
    expect(recordCommitment(Buffer.from('a'), Buffer.from('bcd'))).not.toEqual(a);
    expect(recordCommitment(Buffer.from('abc'), Buffer.from('d'))).not.toEqual(a);
  });
});

describe('a log of lines', () => {
  test('gives for any wanted records openings that are the records, and proofs that lead to the root', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ minLength: 1 }).filter((text) => !/[\n\r]/u.test(text) && text.trim() !== ''),
          {
            minLength: 1,
            maxLength: 70,
          },
        ),
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        async (lines, picks, chunk) => {
          const texts = lines.map((line) => `x${line}`);
          const indexes = [...new Set(picks.map((pick) => pick % texts.length))];
          const source = memorySource(texts.join('\n'), 'log', chunk);
          const made = await commit(source, texts.length, records(indexes));
          expect(made).toMatchObject({ unit: 'record', leaves: texts.length });
          expect(proves(made)).toBe(true);
          expect(
            made.opened.map(({ index, content }) => [index, Buffer.from(content ?? []).toString()]),
          ).toEqual(indexes.map((index) => [index, Buffer.from(texts[index] ?? '').toString()]));
          const leaves = texts.map((text, i) =>
            commitmentLeaf(recordCommitment(saltOf(SECRET, i), Buffer.from(text))),
          );
          expect(made.root).toBe(Buffer.from(merkleRoot(sha256, leaves)).toString('hex'));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('has another root when any record is changed, moved or removed, or the secret is another', async () => {
    const lines = Array.from({ length: 9 }, (_, i) => `{"n":${i}}`);
    const root = async (texts: readonly string[], secret = SECRET): Promise<string> =>
      (await commit(memorySource(texts.join('\n')), texts.length, [], secret)).root;
    const genuine = await root(lines);
    const others = [
      await root(lines.with(4, '{"n":44}')),
      await root(lines.with(4, '{"n":5}').with(5, '{"n":4}')),
      await root(lines.slice(0, -1)),
      await root(lines, Buffer.alloc(32, 8)),
    ];
    expect(others).not.toContain(genuine);
    expect(await root(lines)).toBe(genuine);
  });

  test('counts as findings count: line ends, blank lines, byte order mark and array form are no part of records', async () => {
    const plain = await commit(memorySource('{"a":1}\n{"b":2}\n'), 2, records([0, 1]));
    for (const text of [
      '{"a":1}\r\n{"b":2}\r\n',
      '\ufeff{"a":1}\n\n  \n{"b":2}',
      '[{"a":1},\n {"b":2}]',
      '\ufeff[ {"a":1} , {"b":2} ]\n',
    ])
      expect(await commit(memorySource(text), 2, records([0, 1])), text).toEqual(plain);
  });

  test('proves a record that is too large to be quoted, without its content', async () => {
    const big = 'x'.repeat(OPENED_BYTES + 1);
    const made = await commit(memorySource(`a\n${big}\nb\n`), 3, records([1]));
    expect(made.opened[0]).toMatchObject({ bytes: big.length, content: null });
    expect(proves(made)).toBe(true);
  });

  test('refuses an index that the log does not have, and a log that is another one', async () => {
    await expect(commit(memorySource('a\nb\n'), 2, records([2]))).rejects.toMatchObject({
      code: 'audit.no_such_record',
    });
    const request = {
      secret: SECRET,
      records: 2,
      wanted: [],
      headerLines: 0 as const,
      expectedSha256: '00'.repeat(32),
    };
    await expect(commitLog(memorySource('a\nb\n'), request, quietRun)).rejects.toMatchObject({
      code: 'file.digest_differs',
    });
    await expect(commitLog(folder({ a: 'x' }), request, quietRun)).rejects.toMatchObject({
      code: 'file.digest_differs',
    });
  });

  test('stops when it is cancelled', async () => {
    const cancelled = { ...quietRun, signal: AbortSignal.abort() };
    const request = { secret: SECRET, records: 2, wanted: [], headerLines: 0 as const, expectedSha256: null };
    await expect(commitLog(memorySource('a\nb\n'), request, cancelled)).rejects.toMatchObject({
      code: 'job.cancelled',
    });
  });
});

test('the line with the column names of a CSV file is a leaf, and records are counted after it', async () => {
  const request = { secret: SECRET, records: 2, wanted: records([0, 1]), expectedSha256: null };
  const made = await commitLog(memorySource('a,b\n1,2\n3,4\n'), { ...request, headerLines: 1 }, quietRun);
  expect(made).toMatchObject({ unit: 'record', leaves: 3 });
  expect(
    made.opened.map(({ index, leaf, content }) => [index, leaf, Buffer.from(content ?? []).toString()]),
  ).toEqual([
    [0, 1, '1,2'],
    [1, 2, '3,4'],
  ]);
  expect(proves(made)).toBe(true);
});

describe('anything else', () => {
  test('a folder has one leaf for each file; a finding is proved by the file that it names', async () => {
    const source = folder({ 'a/1.json': 'one', 'a/2.json': 'two', 'b.json': 'three' });
    const made = await commit(source, 500, [
      { index: 7, path: 'a/2.json' },
      { index: 8, path: 'no such file' },
      { index: 9, path: null },
    ]);
    expect(made).toMatchObject({ unit: 'file', leaves: 3 });
    expect(made.opened).toHaveLength(1);
    expect(made.opened[0]).toMatchObject({ index: 7, leaf: 1, path: 'a/2.json' });
    expect(Buffer.from(made.opened[0]?.content ?? []).toString()).toBe('two');
    expect(proves(made)).toBe(true);
    const renamed = folder({ 'a/1.json': 'one', 'a/3.json': 'two', 'b.json': 'three' });
    expect((await commit(renamed, 500)).root).not.toBe(made.root);
  });

  test('a file whose records are no lines is one leaf', async () => {
    const made = await commit(memorySource('a\nb\nc\n'), 2, records([1]));
    expect(made).toMatchObject({ unit: 'file', leaves: 1 });
    expect(proves(made)).toBe(true);
  });
});
