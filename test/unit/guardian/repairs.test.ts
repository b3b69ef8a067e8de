// Harmless re-writings: each is named and proven by reproducing the stored hash; whatever can't be proven is not excused.
import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import {
  candidates,
  roundedInteger,
} from '../../../electron/modules/audit/engine/guardian/rounded-integer.ts';
import { makeGuardianRecord, pyFloat } from '../../../shared/chain/guardian-record.ts';
import type { GuardianEvent, JsonValue } from '../../../shared/chain/guardian-record.ts';
import type { Finding } from '../../../shared/model/verdict.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const sha256Hex = (text: string): string => hash('sha256', text);

const eventOf = (i: number, data: Record<string, JsonValue>): GuardianEvent => ({
  event_id: `evt-${String(i).padStart(4, '0')}`,
  timestamp: '2026-01-01T12:00:00.500000',
  event_type: 'model_inference',
  user_id: 'Zoë',
  resource_id: null,
  action: 'infer',
  result: 'success',
  ip_address: null,
  user_agent: null,
  additional_data: data,
});

const linesFor = (...data: Record<string, JsonValue>[]): string[] => {
  let previous: string | null = null;
  return data.map((each, i) => {
    const { line, chainHash } = makeGuardianRecord(eventOf(i, each), previous, sha256Hex);
    previous = chainHash;
    return line;
  });
};

const verify = async (lines: readonly string[]) =>
  (
    await guardianChain.verify(
      memorySource(lines.map((line) => `${line}\n`).join('')),
      { trustedHeads: [], keys: [] },
      quietRun,
    )
  ).report;

const findingsOf = async (lines: readonly string[]): Promise<readonly Finding[]> =>
  (await verify(lines)).findings.filter(({ verdict }) => verdict !== undefined);

/** The one finding of a one-record log after an edit of its text. */
const afterEdit = async (
  data: Record<string, JsonValue>,
  edit: (line: string) => string,
): Promise<Finding | undefined> => (await findingsOf(linesFor(data).map(edit)))[0];

const js = (line: string): string => JSON.stringify(JSON.parse(line));

describe('explains', () => {
  test.each<[string, Record<string, JsonValue>, (line: string) => string, RegExp]>([
    ['1.0 written as 1', { a: pyFloat(1), n: 1 }, js, /additional_data\.a as a float/],
    [
      'some of many whole floats',
      { a: pyFloat(1), b: 1, c: pyFloat(2), d: 2, e: pyFloat(3), f: 3 },
      js,
      /additional_data\.a as a float.*additional_data\.c.*additional_data\.e/,
    ],
    [
      'a list of whole floats',
      { v: [pyFloat(1), pyFloat(0.5), pyFloat(2)], n: 1 },
      js,
      /additional_data\.v\[\] as a float/,
    ],
    ['one whole float among integers of a list', { v: [1, pyFloat(2), 3, 4] }, js, /additional_data\.v\[\]/],
    ['1e16 written out', { a: pyFloat(1e16), b: pyFloat(1e20) }, js, /as a float/],
    ['minus zero', { a: pyFloat(-0), b: 0 }, js, /additional_data\.a as a float/],
    [
      '1 written as 1.0',
      { a: 1, b: pyFloat(1) },
      (line) => line.replace('"a": 1,', '"a": 1.0,'),
      /additional_data\.a as an integer/,
    ],
    [
      'an integer beyond 2^53',
      { id: 9_007_199_254_740_993n },
      js,
      /the integer at additional_data\.id before it was rounded/,
    ],
    [
      'an integer beyond 2^66 and a whole float',
      { id: 123_456_789_012_345_678_901n, a: pyFloat(3) },
      js,
      /additional_data\.a as a float.*rounded/,
    ],
    ['a negative integer beyond 2^60', { id: -(2n ** 60n) - 77n, n: 5 }, js, /rounded/],
    [
      'an added column',
      {},
      (line) => `{"_id": {"$oid": "5f"}, ${line.slice(1)}`,
      /the added field _id left out/,
    ],
    [
      'several added columns',
      {},
      (line) => `{"_id": 7, "ingested_at": "x", ${line.slice(1)}`,
      /_id, ingested_at left out/,
    ],
    [
      'dropped nulls',
      {},
      (line) => line.replaceAll(/"(?:resource_id|ip_address|user_agent)": null, /g, ''),
      /resource_id, ip_address, user_agent put back as null/,
    ],
    [
      'an empty object that became null',
      {},
      (line) => line.replace('"additional_data": {}', '"additional_data": null'),
      /additional_data put back as an empty object/,
    ],
    [
      'a database’s timestamp',
      {},
      (line) => line.replace('T12:00:00.500000', ' 12:00:00.5'),
      /timestamp in the form/,
    ],
    ['decomposed Unicode', {}, (line) => line.replace('Zo\\u00eb', 'Zoe\\u0308'), /Unicode form NFC/],
    [
      'several at once',
      { a: pyFloat(1), n: 4 },
      (line) => `{"_id": 1, ${js(line).slice(1).replace('"ip_address":null,', '')}`,
      /_id left out.*ip_address put back.*as a float/,
    ],
  ])('%s', async (_name, data, edit, message) => {
    const finding = await afterEdit(data, edit);
    expect(finding).toMatchObject({ kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED', index: 0 });
    expect(finding?.message).toMatch(message);
  });

  test('whole-number keys that were ints when they were hashed', async () => {
    // Python hashes {2: "a", 10: "b"} in the order 2, 10; read again, the text keys sort as 10, 2.
    const body =
      '{"action": "a", "additional_data": {"2": "a", "10": "b"}, "event_id": "e", "event_type": "t", "ip_address": null, "resource_id": null, "result": "r", "timestamp": "2026-01-01T00:00:00", "user_agent": null, "user_id": null}';
    const event = sha256Hex(body);
    const line = `${body.slice(0, -1)}, "event_hash": "${event}", "chain_hash": "${event}", "previous_hash": null}`;
    const [finding] = await findingsOf([line]);
    expect(finding).toMatchObject({ kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED' });
    expect(finding?.message).toContain('ordered by number');
  });

  test('hashes in upper case', async () => {
    const lines = linesFor({}, {}, {}).map((line) =>
      line.replaceAll(/[0-9a-f]{64}/g, (digest) => digest.toUpperCase()),
    );
    const report = await verify(lines);
    expect(report.verdict).toBe('MISMATCH_EXPLAINED');
    expect(report.findings.map(({ kind, index }) => [kind, index])).toEqual([
      ['REPAIRED', 0],
      ['REPAIRED', 1],
      ['REPAIRED', 2],
    ]);
  });
});

describe('does not excuse', () => {
  test.each<[string, Record<string, JsonValue>, (line: string) => string]>([
    ['an edit in a re-written record', { a: pyFloat(1), n: 7 }, (line) => js(line).replace('"n":7', '"n":8')],
    [
      'an edit beside a rounded integer',
      { id: 9_007_199_254_740_993n },
      (line) => js(line).replace('infer', 'infers'),
    ],
    ['an edited big integer', { id: 9_007_199_254_740_993n }, (line) => line.replace('740993', '749999')],
    ['a removed field that was not null', {}, (line) => line.replace('"action": "infer", ', '')],
    ['a changed number', { a: pyFloat(0.5) }, (line) => line.replace('0.5}', '0.6}')],
    ['a removed inner null', { a: null, b: 1 }, (line) => line.replace('"a": null, ', '')],
  ])('%s', async (_name, data, edit) => {
    expect(await afterEdit(data, edit)).toMatchObject({
      kind: 'EVENT_HASH_MISMATCH',
      verdict: 'TAMPERED',
      index: 0,
    });
  });

  test('lost digits that can’t be searched, unless the file proves that it was re-written', async () => {
    const huge = 10n ** 30n + 12_345n;
    const alone = await findingsOf(linesFor({ id: huge }).map(js));
    expect(alone).toMatchObject([{ kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED' }]);
    const beside = await findingsOf(linesFor({ id: huge }, { a: pyFloat(1) }).map(js));
    expect(beside).toMatchObject([
      { kind: 'EVENT_HASH_MISMATCH', verdict: 'MISMATCH_EXPLAINED', index: 0 },
      { kind: 'REPAIRED', index: 1 },
    ]);
    expect(beside[0]?.message).toContain('not proven');
  });
});

// 1,500 full searches of 8,192 hashes would outlast the test; the file's budget ends them after some hundred.
test('a file of hopeless records costs a bounded number of attempts', async () => {
  const data = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, i]));
  const lines = linesFor(...Array.from({ length: 1500 }, () => data)).map((line) =>
    line.replace('infer"', 'infers"'),
  );
  const report = await verify(lines);
  expect(report.findings).toHaveLength(1500);
  expect(report.verdict).toBe('TAMPERED');
}, 60_000);

test('the candidates of a rounded integer are exactly those that round to the same double', () => {
  for (const original of [
    2n ** 53n + 1n,
    2n ** 60n - 3n,
    2n ** 64n,
    123_456_789_012_345_678_901n,
    -(2n ** 55n) - 9n,
  ]) {
    const text = String(Number(original));
    const rounded = roundedInteger({ type: 'int', text });
    if (rounded === null) throw new Error(`${text} is no rounded integer`);
    const all = [...candidates(rounded)];
    expect(all).toContain(original);
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((candidate) => Number(candidate) === Number(original))).toBe(true);
    expect(Number(rounded.low - 1n)).not.toBe(Number(original));
    expect(Number(rounded.high + 1n)).not.toBe(Number(original));
  }
  expect(roundedInteger({ type: 'int', text: '9007199254740993' })).toBeNull();
  expect(roundedInteger({ type: 'int', text: '12' })).toBeNull();
});
