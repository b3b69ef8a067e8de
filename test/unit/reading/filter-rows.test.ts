// Filtering, ordering and the timeline against the plain way of doing it.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowFilter, RowOrder } from '../../../shared/model/reading.ts';
import {
  type Facts,
  filterRows,
  orderRows,
  placeOf,
  rowAt,
} from '../../../electron/modules/audit/reading/filter-rows.ts';
import { IndexWriter, type RowFacts } from '../../../electron/modules/audit/reading/index-writer.ts';
import { makeColumns, NO_TIME, storedTime } from '../../../electron/modules/audit/reading/index-format.ts';
import { bucketWidth, timelineOf } from '../../../electron/modules/audit/reading/timeline.ts';

const VALUES = [null, 'a', 'b', 'Ü', ''] as const;
const row = fc.record({
  time: fc.option(fc.integer({ min: -1_000, max: 2_000_000_000_000 }), { nil: null }),
  actor: fc.constantFrom(...VALUES),
  action: fc.constantFrom(...VALUES),
  result: fc.constantFrom(...VALUES),
  isReadable: fc.boolean(),
});
const instant = (ms: number): string => new Date(ms).toISOString();

/** The columns as the stored index would give them back. */
const factsOf = (rows: readonly RowFacts[]): Facts => {
  const writer = new IndexWriter();
  for (const [at, facts] of rows.entries()) writer.add(facts, at * 10, 9);
  const { footer } = writer.finish({ format: null, hasText: false, blocks: null, columns: null });
  const columns = makeColumns(rows.length);
  for (const [at, facts] of rows.entries()) {
    const time = storedTime(facts.time);
    columns.timeLow[at] = time % 2 ** 32;
    columns.timeHigh[at] = Math.floor(time / 2 ** 32);
    columns.actor[at] = footer.actor.values.indexOf(facts.actor);
    columns.action[at] = footer.action.values.indexOf(facts.action);
    columns.result[at] = footer.result.values.indexOf(facts.result);
  }
  return { footer, columns };
};

const filters = fc.record(
  {
    from: fc.integer({ min: 0, max: 2_000_000_000_000 }).map(instant),
    to: fc.integer({ min: 0, max: 2_000_000_000_000 }).map(instant),
    actor: fc.array(fc.constantFrom(...VALUES, 'never'), { minLength: 1, maxLength: 3 }),
    action: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 }),
    result: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 }),
    rows: fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 40 }),
  },
  { requiredKeys: [] },
);

const naive = (rows: readonly RowFacts[], filter: RowFilter, bits: Uint8Array | null): number[] =>
  rows
    .map((facts, at) => ({ ...facts, at }))
    .filter(({ time, actor, action, result, at }) => {
      if (filter.actor !== undefined && !filter.actor.includes(actor)) return false;
      if (filter.action !== undefined && !filter.action.includes(action)) return false;
      if (filter.result !== undefined && !filter.result.includes(result)) return false;
      if (filter.rows !== undefined && !filter.rows.includes(at)) return false;
      if (bits !== null && ((bits[at >> 3] ?? 0) & (1 << (at & 7))) === 0) return false;
      if (filter.from !== undefined && (time === null || time < Date.parse(filter.from))) return false;
      return filter.to === undefined || (time !== null && time < Date.parse(filter.to));
    })
    .map(({ at }) => at);

describe('filters', () => {
  test('let through what the plain way lets through, in the same order, whatever is sorted', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 70 }),
        filters,
        fc.option(fc.uint8Array({ minLength: 9, maxLength: 9 }), { nil: null }),
        fc.constantFrom<RowOrder['by']>('position', 'time'),
        fc.constantFrom<RowOrder['direction']>('ascending', 'descending'),
        (rows, filter, bits, by, direction) => {
          const facts = factsOf(rows);
          const passing = naive(rows, filter, bits);
          const time = (at: number): number => rows[at]?.time ?? Infinity;
          const sorted =
            by === 'position'
              ? passing
              : passing.toSorted((a, b) => (time(a) === time(b) ? a - b : time(a) - time(b)));
          const expected = direction === 'ascending' ? sorted : sorted.toReversed();
          const list = orderRows(facts, filterRows(facts, filter, bits), { by, direction });
          expect(list.total).toBe(expected.length);
          expect(Array.from({ length: list.total }, (_, at) => rowAt(list, at))).toEqual(expected);
          for (let at = 0; at < rows.length; at += 1) {
            const place = expected.indexOf(at);
            expect(placeOf(list, at)).toBe(place < 0 ? null : place);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('nothing filtered keeps no list of rows', () => {
    expect(
      filterRows(factsOf([{ time: 1, actor: 'a', action: null, result: null, isReadable: true }]), {}, null),
    ).toBe(null);
  });
});

describe('times', () => {
  test('keep their milliseconds from year 0 to 9999, and order; what lies outside is no time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -62_167_219_200_000, max: 68_000_000_000_000 }),
        fc.integer({ min: -62_167_219_200_000, max: 68_000_000_000_000 }),
        (a, b) => {
          expect(Math.sign(storedTime(a) - storedTime(b))).toBe(Math.sign(a - b));
        },
      ),
    );
    expect(storedTime(null)).toBe(NO_TIME);
    expect(storedTime(8.64e15)).toBe(NO_TIME);
    expect(storedTime(-8.64e15)).toBe(NO_TIME);
  });
});

describe('the timeline', () => {
  test('counts every row with a time once, in few enough buckets, each where it belongs', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.integer({ min: 1, max: 200 }), (rows, most) => {
        const facts = factsOf(rows);
        const timeline = timelineOf(facts, null, most);
        const timed = rows.filter(({ time }) => time !== null);
        expect(timeline.withoutTime).toBe(rows.length - timed.length);
        expect(timeline.counts.length).toBeLessThanOrEqual(Math.max(most, 1));
        expect(timeline.counts.reduce((sum, count) => sum + count, 0)).toBe(timed.length);
        const start = Date.parse(timeline.from ?? '1970-01-01T00:00:00Z');
        const width = timeline.bucketSeconds * 1_000;
        for (const [bucket, count] of timeline.counts.entries()) {
          const inside = timed.filter(
            ({ time }) => (time ?? 0) >= start + bucket * width && (time ?? 0) < start + (bucket + 1) * width,
          );
          expect(count).toBe(inside.length);
        }
      }),
      {
        numRuns: 200,
        // Two times on both sides of 1970 in one bucket.
        examples: [
          [
            [
              { time: 0, actor: null, action: null, result: null, isReadable: false },
              { time: -1, actor: null, action: null, result: null, isReadable: false },
            ],
            1,
          ],
        ],
      },
    );
  });

  test('has widths that a person can name', () => {
    expect(bucketWidth(0, 86_400_000, 100)).toBe(900_000);
    expect(bucketWidth(0, 999, 1_000)).toBe(1);
    expect(bucketWidth(0, 3e14, 10)).toBeGreaterThan(1e12);
  });
});
