// Verification is associative: a log verified in parts, wherever it is cut, gives the report of one reading.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Verified } from '../../../electron/modules/audit/engine/format.ts';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { SegmentJoin } from '../../../electron/modules/audit/engine/segments/join.ts';
import { rangesOf, verifySegment } from '../../../electron/modules/audit/engine/segments/segment.ts';
import type { Range } from '../../../electron/modules/audit/engine/segments/segment.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';
import { lineOf, MUTATIONS } from '../../fixtures/guardian/mutate.ts';
import { joined, linesOf } from '../../fixtures/guardian/mutation.ts';
import type { Log, Make } from '../../fixtures/guardian/mutation.ts';
import { seeded } from '../../fixtures/guardian/random.ts';

/** Everything but how long it took and what was digested. */
const comparable = ({ report, locator }: Verified): unknown => {
  const { throughput: _throughput, source: _source, ...rest } = report;
  return { ...rest, locator };
};

const whole = async (content: Buffer, trustedHeads: readonly string[]): Promise<unknown> =>
  comparable(await guardianChain.verify(memorySource(content), { trustedHeads, keys: [] }, quietRun));

const inParts = async (
  content: Buffer,
  ranges: readonly Range[],
  trustedHeads: readonly string[],
): Promise<unknown> => {
  const source = memorySource(content, 'log.jsonl', 4096);
  const join = new SegmentJoin();
  let end = 0;
  for (const range of ranges) {
    const segment = structuredClone(await verifySegment(source, range, quietRun));
    expect(segment.start).toBe(end);
    end = segment.end;
    join.add(segment);
  }
  expect(end).toBe(content.length);
  return comparable(
    join.conclude('', trustedHeads, { name: 'log.jsonl', kind: 'file', began: performance.now() }),
  );
};

const cutAt = (bytes: number, places: readonly number[]): Range[] => {
  const cuts = [0, ...places.map((place) => Math.floor(place * bytes)).toSorted((a, b) => a - b), bytes];
  return cuts.slice(1).map((to, i) => ({ from: cuts[i] ?? 0, to }));
};

const LOGS: readonly Log[] = [1, 2, 3, 4].map((seed) => [...makeRecords({ seed, count: 60 })]);
const isLines = (text: string | Buffer): boolean => !text.toString('latin1', 0, 1).startsWith('[');

const Places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

test('a mutated log cut anywhere gives the report of one reading', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(LOGS.length - 1),
      fc.nat(MUTATIONS.length - 1),
      fc.integer({ min: 1, max: 1e9 }),
      Places,
      async (which, mutation, seed, places) => {
        const log = LOGS[which] as Log;
        const { text, trustedHeads = [] } = (MUTATIONS[mutation] as Make)(log, seeded(seed));
        const content = Buffer.from(text);
        fc.pre(isLines(text));
        const heads = [...trustedHeads, log[30]?.chainHash ?? ''];
        expect(await inParts(content, cutAt(content.length, places), heads)).toEqual(
          await whole(content, heads),
        );
      },
    ),
    { numRuns: 200 },
  );
});

/** One careless or malicious hand: several of these in a row make logs that no single mutation makes. */
type Damage = (lines: string[], at: number, log: Log) => void;

const record = (log: Log, at: number) => log[at % log.length] ?? log[0];
const other = 'f'.repeat(64);

const DAMAGES: readonly Damage[] = [
  (lines, at) => void lines.splice(at, 1),
  (lines, at) => void lines.splice(at, 0, lines[at] ?? ''),
  (lines, at) => void lines.splice(at, 0, ''),
  (lines, at) => void lines.splice(at, 0, 'not a record'),
  (lines, at) => void lines.splice(at, 0, `   \t`),
  (lines, at) => void lines.push(lines[at] ?? ''),
  (lines, at) => void lines.unshift(lines[at] ?? ''),
  (lines, at) => void (lines[at] = (lines[at] ?? '').replace('success', 'failure')),
  (lines, at) => void (lines[at] = `${lines[at] ?? ''}\r`),
  (lines, at) => void (lines[at] = `\u{feff}  ${lines[at] ?? ''}`),
  (lines, at) => void (lines[at] = (lines[at] ?? '').replace(/[0-9a-f]{64}/gu, (hash) => hash.toUpperCase())),
  (lines, at) => void lines.splice(0, lines.length, ...lines.slice(at), ...lines.slice(0, at)),
  (lines, at) => void lines.splice(at, 12, ...lines.slice(at, at + 12).toReversed()),
  (lines, at, log) => {
    const { event, eventHash, chainHash } = record(log, at) as Log[number];
    lines[at] = lineOf(event, eventHash, chainHash, other);
  },
  (lines, at, log) => {
    const { event, chainHash, previous } = record(log, at) as Log[number];
    lines[at] = lineOf(event, other, chainHash, previous);
  },
  (lines, at, log) => {
    const { event, eventHash, previous } = record(log, at) as Log[number];
    lines[at] = lineOf(event, eventHash, 'no digest at all', previous);
  },
  (lines, at, log) => {
    const { event, eventHash, chainHash } = record(log, at) as Log[number];
    lines[at] = lineOf(event, eventHash, chainHash, null);
  },
  (lines, at) => {
    try {
      lines[at] = JSON.stringify(JSON.parse(lines[at] ?? ''));
    } catch {
      lines[at] = '';
    }
  },
];

test('a log damaged again and again, cut anywhere, gives the report of one reading', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(LOGS.length - 1),
      fc.array(fc.tuple(fc.nat(DAMAGES.length - 1), fc.nat(59)), { minLength: 1, maxLength: 8 }),
      Places,
      fc.boolean(),
      async (which, damages, places, isCut) => {
        const log = LOGS[which] as Log;
        const lines = linesOf(log);
        for (const [damage, at] of damages)
          if (lines.length > 0) (DAMAGES[damage] as Damage)(lines, at % lines.length, log);
        const text = joined(lines);
        const content = Buffer.from(isCut ? text.slice(0, -200) : text);
        const heads = [log.at(-1)?.chainHash ?? '', log[20]?.chainHash ?? ''];
        expect(await inParts(content, cutAt(content.length, places), heads)).toEqual(
          await whole(content, heads),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('cut at every line of a small log whose links are altered around each cut', async () => {
  const log = [...makeRecords({ seed: 8, count: 6 })];
  for (const at of [1, 3]) {
    for (const damage of DAMAGES) {
      const lines = linesOf(log);
      damage(lines, at, log);
      const content = Buffer.from(joined(lines));
      const want = await whole(content, []);
      let cut = -1;
      for (const line of lines) {
        cut += Buffer.byteLength(line) + 1;
        const ranges = [
          { from: 0, to: cut },
          { from: cut, to: content.length },
        ];
        expect(await inParts(content, ranges, [])).toEqual(want);
      }
    }
  }
});

test('ranges cover a file without a gap, some of them empty', () => {
  for (const bytes of [1, 4_194_304, 4_194_305, 100_000_000]) {
    for (const count of [1, 2, 7, 64]) {
      const ranges = rangesOf(bytes, count);
      expect(ranges).toHaveLength(count);
      expect(ranges[0]?.from).toBe(0);
      expect(ranges.at(-1)?.to).toBe(bytes);
      for (const [i, { from, to }] of ranges.entries()) {
        expect(from).toBeLessThanOrEqual(to);
        if (i > 0) expect(from).toBe(ranges[i - 1]?.to);
      }
    }
  }
});

test('what is compressed, or one JSON array, is refused with the reason', async () => {
  const range = { from: 0, to: 10 };
  await expect(
    verifySegment(memorySource(Buffer.from([0x1f, 0x8b, 8, 0])), range, quietRun),
  ).rejects.toMatchObject({ code: 'audit.cannot_cut' });
  await expect(verifySegment(memorySource('[{"a": 1}]'), range, quietRun)).rejects.toMatchObject({
    code: 'audit.cannot_cut',
  });
});
