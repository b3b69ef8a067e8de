// Damage in combination, and shapes of logs that single mutations don't make.
import { expect, test } from 'vitest';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';
import { seeded } from '../../fixtures/guardian/random.ts';

const make = (seed: number, count: number, firstNumber = 0): string[] =>
  [...makeRecords({ seed, count, firstNumber })].map(({ line }) => line);

const lines = make(1, 200);

const verify = async (content: readonly string[], trustedHeads: readonly string[] = []) => {
  const source = memorySource(content.map((line) => `${line}\n`).join(''));
  return (await guardianChain.verify(source, { trustedHeads, keys: [] }, quietRun)).report;
};

const told = async (content: readonly string[]): Promise<unknown[]> => {
  const { verdict, findings } = await verify(content);
  return [verdict, ...findings.map(({ kind, index, count = 1, ofIndex }) => [kind, index, count, ofIndex])];
};

const hashOf = (line: string | undefined): string =>
  /"chain_hash": "([0-9a-f]{64})"/.exec(line ?? '')?.[1] ?? '';

test('two loggers writing into one file by turns are two chains, in order', async () => {
  const other = make(2, 200, 5000);
  const mixed = lines.flatMap((line, i) => [line, other[i] ?? '']);
  expect(await told(mixed)).toEqual(['SEGMENTED', ['SEGMENT_START', 1, 1, undefined]]);
});

test('a full shuffle is put in order by the links, whatever place the first record has', async () => {
  const random = seeded(5);
  for (let round = 0; round < 10; round += 1) {
    const shuffled = lines.map((line) => ({ line, key: random.next() })).toSorted((a, b) => a.key - b.key);
    const report = await verify(
      shuffled.map(({ line }) => line),
      [hashOf(lines.at(-1))],
    );
    expect(report).toMatchObject({ verdict: 'REORDERED', anchored: true, head: hashOf(lines.at(-1)) });
    expect(report.findings.every(({ kind }) => kind === 'REORDERED')).toBe(true);
    const displaced = report.findings.reduce((sum, { count = 1 }) => sum + count, 0);
    // The longest ordered series of 200 shuffled records has about 28 of them.
    expect(displaced).toBeGreaterThan(150);
  }
});

test('a shuffled window stays a window', async () => {
  const random = seeded(6);
  const shuffled = lines
    .slice(50, 90)
    .map((line) => ({ line, key: random.next() }))
    .toSorted((a, b) => a.key - b.key);
  const report = await verify(shuffled.map(({ line }) => line));
  expect(report).toMatchObject({
    verdict: 'REORDERED',
    startsAfter: hashOf(lines[49]),
    head: hashOf(lines[89]),
  });
});

test('the whole file twice is one block of duplicates', async () => {
  expect(await told([...lines, ...lines])).toEqual(['DUPLICATE', ['DUPLICATE', 200, 200, 0]]);
});

test('a record three times, and a copy before its original', async () => {
  const [copy = ''] = lines.slice(79);
  expect(await told(lines.toSpliced(80, 0, copy, copy))).toEqual([
    'DUPLICATE',
    ['DUPLICATE', 80, 1, 79],
    ['DUPLICATE', 81, 1, 79],
  ]);
  // The copy stands out of its place, the original doesn't.
  expect(await told(lines.toSpliced(10, 0, copy))).toEqual(['DUPLICATE', ['DUPLICATE', 10, 1, 80]]);
  expect(await told(lines.toSpliced(0, 0, copy))).toEqual(['DUPLICATE', ['DUPLICATE', 0, 1, 80]]);
});

test('a gap beside a swap names the true neighbours of the gap', async () => {
  const cut = lines.toSpliced(100, 1);
  const swapped = cut.with(100, cut[101] ?? '').with(101, cut[100] ?? '');
  const { verdict, findings } = await verify(swapped);
  expect(verdict).toBe('TAMPERED');
  expect(findings.find(({ kind }) => kind === 'GAP')).toMatchObject({
    index: 101,
    between: ['evt-00000099', 'evt-00000101'],
  });
  expect(findings.filter(({ kind }) => kind === 'REORDERED')).toMatchObject([{ index: 100, count: 2 }]);
});

test('several gaps, each with its own neighbours', async () => {
  const { findings } = await verify(lines.filter((_line, i) => ![20, 60, 61, 140].includes(i)));
  expect(findings.map(({ kind, index, between }) => [kind, index, between])).toEqual([
    ['GAP', 20, ['evt-00000019', 'evt-00000021']],
    ['GAP', 59, ['evt-00000059', 'evt-00000062']],
    ['GAP', 137, ['evt-00000139', 'evt-00000141']],
  ]);
});

test('an emptied line tells of a removal where ids don’t count', async () => {
  const eventId = (number: number): string => `id-${((number * 7919) % 10_007).toString(36)}x`;
  const odd = [...makeRecords({ seed: 9, count: 60, eventId })].map(({ line }) => line);
  expect(await told(odd.with(30, ''))).toEqual([
    'TAMPERED',
    ['GAP', 30, 1, 29],
    ['REPAIRED', undefined, 1, undefined],
  ]);
  expect(await told(odd.toSpliced(30, 1))).toEqual(['TAMPERED', ['LINK_BREAK', 30, 1, 29]]);
  // Blank lines everywhere mean nothing.
  const spaced = odd.toSpliced(30, 1).flatMap((line) => [line, '']);
  expect((await told(spaced))[1]).toEqual(['LINK_BREAK', 30, 1, 29]);
});

test('ids that count by tens, or down, count too', async () => {
  for (const step of [10, -1]) {
    const eventId = (number: number): string => `evt-${100_000 + number * step}`;
    const counted = [...makeRecords({ seed: 9, count: 60, eventId })].map(({ line }) => line);
    const { findings } = await verify(counted.toSpliced(30, 1));
    expect(findings).toMatchObject([{ kind: 'GAP', index: 30, between: [eventId(29), eventId(31)] }]);
  }
});

test('a restart after a gap, and a gap after a restart', async () => {
  const second = make(3, 50, 300);
  const report = await verify([...lines.toSpliced(150, 2), ...second.toSpliced(20, 1)]);
  expect(report.verdict).toBe('TAMPERED');
  expect(report.findings.map(({ kind, index }) => [kind, index])).toEqual([
    ['GAP', 150],
    ['SEGMENT_START', 198],
    ['GAP', 218],
  ]);
  expect(report.head).toBe(hashOf(second.at(-1)));
});

test('timestamps never matter: local time that falls back is no finding', async () => {
  const { findings, verdict } = await verify(make(4, 30));
  expect([verdict, findings]).toEqual(['INTACT_BUT_UNANCHORED', []]);
});

test('a parent re-pointed over a removed record, without new hashes, is named at the record that lies', async () => {
  const line = (lines[101] ?? '').replace(
    /"previous_hash": "[0-9a-f]{64}"/,
    `"previous_hash": "${hashOf(lines[99])}"`,
  );
  const report = await verify(lines.with(101, line).toSpliced(100, 1));
  expect(report.verdict).toBe('TAMPERED');
  expect(report.findings.map(({ kind, index }) => [kind, index])).toEqual([['CHAIN_HASH_MISMATCH', 100]]);
});

test('a single record is a log', async () => {
  expect(await told(lines.slice(0, 1))).toEqual(['INTACT_BUT_UNANCHORED']);
  expect(await told(lines.slice(5, 6))).toEqual(['PARTIAL_INTACT']);
});

test('two records with a hole between them', async () => {
  const { findings } = await verify([lines[3] ?? '', lines[7] ?? '']);
  expect(findings).toMatchObject([{ kind: 'GAP', index: 1, between: ['evt-00000003', 'evt-00000007'] }]);
});
