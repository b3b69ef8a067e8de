// The reading screen's logic: choices, comparison, marks, the timeline's arithmetic, record numbers.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { compareFields } from '../../../renderer/features/audit/reading/compare-fields.ts';
import {
  chipsOf,
  EVERYTHING,
  filterOf,
  instantText,
  readInstant,
  withoutChip,
} from '../../../renderer/features/audit/reading/reading-choice.ts';
import { readRecordNumber } from '../../../renderer/features/audit/reading/record-number.ts';
import { marksOf } from '../../../renderer/features/audit/reading/row-marks.ts';
import {
  bucketAt,
  countBetween,
  stretchOf,
  widthText,
} from '../../../renderer/features/audit/reading/timeline-scale.ts';

const NO_ROWS = { bookmarks: [], findings: [] };

describe('a typed time', () => {
  test('is read in UTC, and shown so that it is read the same again', () => {
    expect(readInstant('')).toBe(null);
    expect(readInstant('2026-01-31')).toBe('2026-01-31T00:00:00.000Z');
    expect(readInstant(' 2026-01-31 09:05 ')).toBe('2026-01-31T09:05:00.000Z');
    expect(readInstant('2026-01-31T09:05:07.5Z')).toBe('2026-01-31T09:05:07.500Z');
    for (const wrong of ['yesterday', '2026-02-31', '2026-13-01', '31.01.2026', '2026-01-31 25:00'])
      expect(readInstant(wrong)).toBe(undefined);
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }), (date) => {
        const instant = date.toISOString();
        expect(readInstant(instantText(instant))).toBe(instant);
      }),
    );
  });
});

describe('a choice', () => {
  const choice = {
    ...EVERYTHING,
    from: '2026-01-31T09:00:00.000Z',
    actor: [null, 'bob'],
    found: { id: `set_${'0'.repeat(32)}` as never, text: 'needle', rows: 3 },
    only: 'bookmarks' as const,
  };

  test('makes the filter that the operation takes, and nothing chosen makes none', () => {
    expect(filterOf(EVERYTHING, NO_ROWS)).toEqual({});
    expect(filterOf(choice, { bookmarks: [3, 7], findings: [1] })).toEqual({
      from: '2026-01-31T09:00:00.000Z',
      actor: [null, 'bob'],
      found: choice.found.id,
      rows: [3, 7],
    });
  });

  test('is said in chips, each of which can be taken away', () => {
    const chips = chipsOf(choice);
    expect(chips.map(({ id }) => id)).toEqual(['from', 'actor', 'found']);
    const rest = chips.reduce((left, chip) => withoutChip(left, chip.id), choice as typeof EVERYTHING);
    expect(chipsOf(rest)).toEqual([]);
    expect(rest.only).toBe('bookmarks');
  });
});

describe('two records side by side', () => {
  const field = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.constantFrom('1', '2') });

  test('lose no field of either, and the same record differs nowhere', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 8 }), fc.array(field, { maxLength: 8 }), (left, right) => {
        const compared = compareFields(left, right);
        expect(
          compared
            .filter((each) => each.left !== null)
            .map((each) => ({ name: each.name, value: each.left })),
        ).toEqual(left);
        expect(compared.filter((each) => each.right !== null).length).toBe(right.length);
        for (const each of compared) expect(each.state === 'same').toBe(each.left === each.right);
        expect(compareFields(left, left).every((each) => each.state === 'same')).toBe(true);
      }),
    );
  });
});

describe('marks of a verification', () => {
  const report = (unit: 'record' | 'second', findings: VerificationReport['findings']): VerificationReport =>
    ({ strip: { unit }, findings }) as VerificationReport;

  test('stand on every record of a finding, the worst tone wins, files of a trail mark no record', () => {
    const findings: VerificationReport['findings'] = [
      { kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED', index: 4, count: 2, message: '' },
      { kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED', index: 5, message: '' },
      { kind: 'UNCOVERED_TIME', verdict: 'GAP', message: '' },
    ];
    const marks = marksOf(report('record', findings));
    expect([...marks.keys()]).toEqual([4, 5]);
    expect(marks.get(4)).toEqual({ tone: 'attention', kinds: ['REPAIRED'] });
    expect(marks.get(5)).toEqual({ tone: 'fail', kinds: ['REPAIRED', 'EVENT_HASH_MISMATCH'] });
    expect(marksOf(report('second', findings)).size).toBe(0);
  });
});

describe('the timeline', () => {
  const timeline = {
    from: '2026-01-01T00:00:00.000Z',
    bucketSeconds: 900,
    counts: [3, 0, 5, 1],
    withoutTime: 0,
  };

  test('gives the stretch between two bars whichever was first, its end behind its last record', () => {
    const stretch = { from: '2026-01-01T00:15:00.000Z', to: '2026-01-01T01:00:00.000Z' };
    expect(stretchOf(timeline, 1, 3)).toEqual(stretch);
    expect(stretchOf(timeline, 3, 1)).toEqual(stretch);
    expect(countBetween(timeline, 3, 1)).toBe(6);
    expect([-1, 0, 0.26, 0.99, 1, 7].map((share) => bucketAt(timeline, share))).toEqual([0, 0, 1, 3, 3, 3]);
  });

  test('names its widths', () => {
    expect([0.02, 1, 90, 900, 3_600, 604_800].map(widthText)).toEqual([
      '20 milliseconds',
      '1 second',
      '90 seconds',
      '15 minutes',
      '1 hour',
      '7 days',
    ]);
  });
});

describe('a record number', () => {
  test('may be grouped, and lies inside the log', () => {
    expect(readRecordNumber(' 9,999,999 ', 10_000_000)).toBe(9_999_999);
    expect(readRecordNumber('12 345', 20_000)).toBe(12_345);
    for (const wrong of ['', '-1', '1e3', '10000000', 'five', '99999999999999999999'])
      expect(readRecordNumber(wrong, 10_000_000)).toBe(null);
  });
});
