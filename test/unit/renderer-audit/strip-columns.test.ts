// The chain strip: every position is in one column, and the worst of a column always shows.
import { describe, expect, test } from 'vitest';
import {
  columnOf,
  instantAfter,
  nextRun,
  rankOf,
  runsOf,
  stateShares,
  stripColumns,
  wholeStretches,
  STATES_BY_RANK,
  type Strip,
  type StripState,
} from '../../../renderer/features/audit/strip-columns.ts';
import { fc } from '../renderer/property.ts';

const strip = (length: number, stretches: Strip['stretches'], unit: Strip['unit'] = 'record'): Strip => ({
  unit,
  length,
  origin: null,
  stretches,
});

const anyStrip = fc.integer({ min: 1, max: 400 }).chain((length) =>
  fc.record({
    length: fc.constant(length),
    stretches: fc.array(
      fc.record({
        from: fc.integer({ min: 0, max: length + 5 }),
        to: fc.integer({ min: 0, max: length + 20 }),
        state: fc.constantFrom(...STATES_BY_RANK),
      }),
      { maxLength: 12 },
    ),
  }),
);

/** The plain answer, position by position. */
const statesByPosition = (length: number, stretches: Strip['stretches']): StripState[] => {
  const states: (StripState | undefined)[] = Array.from({ length }, () => undefined);
  for (const { from, to, state } of stretches) {
    const start = Math.min(from, length - 1);
    for (let at = start; at < Math.min(Math.max(to, start + 1), length); at += 1) {
      const known = states[at];
      if (known === undefined || rankOf(state) < rankOf(known)) states[at] = state;
    }
  }
  return states.map((state) => state ?? 'uncovered');
};

describe('strip columns', () => {
  test('the columns hold every position once, in order, none empty', () => {
    fc.assert(
      fc.property(anyStrip, fc.integer({ min: 1, max: 500 }), ({ length, stretches }, width) => {
        const columns = stripColumns(strip(length, stretches), width);
        expect(columns).toHaveLength(Math.min(width, length));
        let reached = 0;
        for (const { from, to } of columns) {
          expect(from).toBe(reached);
          expect(to).toBeGreaterThan(from);
          reached = to;
        }
        expect(reached).toBe(length);
      }),
    );
  });

  test('a column shows the worst state of its positions, and where that begins', () => {
    fc.assert(
      fc.property(anyStrip, fc.integer({ min: 1, max: 500 }), ({ length, stretches }, width) => {
        const plain = statesByPosition(length, stretches);
        for (const column of stripColumns(strip(length, stretches), width)) {
          const own = plain.slice(column.from, column.to);
          const worst = STATES_BY_RANK.find((state) => own.includes(state));
          expect(column.state).toBe(worst);
          expect(column.worstAt).toBe(column.from + own.indexOf(column.state));
        }
      }),
    );
  });

  test('a position is found in the column that holds it', () => {
    fc.assert(
      fc.property(anyStrip, fc.integer({ min: 1, max: 500 }), fc.nat(), ({ length, stretches }, width, n) => {
        const columns = stripColumns(strip(length, stretches), width);
        const position = n % length;
        const column = columns[columnOf(position, length, columns.length)];
        expect(column !== undefined && column.from <= position && position < column.to).toBe(true);
      }),
    );
  });

  test('one altered record among ten million is in the picture, with its own number', () => {
    const columns = stripColumns(
      strip(10_000_000, [
        { from: 0, to: 7_654_321, state: 'verified' },
        { from: 7_654_321, to: 7_654_322, state: 'failed' },
        { from: 7_654_322, to: 10_000_000, state: 'verified' },
      ]),
      1000,
    );
    expect(columns.filter(({ state }) => state === 'failed').map(({ worstAt }) => worstAt)).toEqual([
      7_654_321,
    ]);
  });

  test('what nothing speaks of is not covered, never verified', () => {
    expect(wholeStretches(strip(10, [{ from: 2, to: 4, state: 'verified' }]))).toEqual([
      { from: 0, to: 2, state: 'uncovered' },
      { from: 2, to: 4, state: 'verified' },
      { from: 4, to: 10, state: 'uncovered' },
    ]);
    expect(stripColumns(strip(3, []), 9).map(({ state }) => state)).toEqual([
      'uncovered',
      'uncovered',
      'uncovered',
    ]);
  });

  test('a stretch without length stands for one position, also at the very end', () => {
    const columns = stripColumns(
      strip(4, [
        { from: 0, to: 4, state: 'verified' },
        { from: 4, to: 4, state: 'failed', label: 'cut off' },
      ]),
      4,
    );
    expect(columns.map(({ state }) => state)).toEqual(['verified', 'verified', 'verified', 'failed']);
    expect(columns[3]?.label).toBe('cut off');
  });

  test('a strip of seconds works by the same positions, and keeps the labels', () => {
    const day = 86_400;
    const columns = stripColumns(
      strip(
        day,
        [
          { from: 0, to: 32_400, state: 'verified' },
          { from: 32_400, to: 36_000, state: 'uncovered', label: 'no digest' },
          { from: 36_000, to: day, state: 'verified' },
        ],
        'second',
      ),
      24,
    );
    expect(columns).toHaveLength(24);
    expect(columns[9]).toEqual({
      from: 32_400,
      to: 36_000,
      state: 'uncovered',
      worstAt: 32_400,
      label: 'no digest',
    });
  });

  test('an empty strip and a width of nothing have no columns', () => {
    expect(stripColumns(strip(0, []), 100)).toEqual([]);
    expect(stripColumns(strip(10, []), 0)).toEqual([]);
  });
});

describe('runs', () => {
  const columns = stripColumns(
    strip(10, [
      { from: 0, to: 4, state: 'verified' },
      { from: 4, to: 5, state: 'failed' },
      { from: 5, to: 9, state: 'verified' },
      { from: 9, to: 10, state: 'unanchored' },
    ]),
    10,
  );

  test('neighbours of one state are one piece', () => {
    expect(runsOf(columns)).toEqual([
      { state: 'verified', from: 0, width: 4 },
      { state: 'failed', from: 4, width: 1 },
      { state: 'verified', from: 5, width: 4 },
      { state: 'unanchored', from: 9, width: 1 },
    ]);
  });

  test('the keyboard goes from change to change and stops at the ends', () => {
    expect([0, 2, 4, 5, 9].map((at) => nextRun(columns, at, 1))).toEqual([4, 4, 5, 9, 9]);
    expect([9, 7, 5, 4, 2, 0].map((at) => nextRun(columns, at, -1))).toEqual([5, 5, 4, 0, 0, 0]);
  });

  test('shares are counted worst first and leave out what is absent', () => {
    expect(
      stateShares(
        strip(10, [
          { from: 0, to: 4, state: 'verified' },
          { from: 4, to: 5, state: 'failed' },
          { from: 5, to: 10, state: 'verified' },
        ]),
      ),
    ).toEqual([
      { state: 'failed', stretches: 1, positions: 1 },
      { state: 'verified', stretches: 2, positions: 9 },
    ]);
  });
});

describe('instants', () => {
  test('seconds after the origin, in UTC', () => {
    expect(instantAfter('2026-07-01T00:00:00Z', 86_399)).toBe('2026-07-01T23:59:59Z');
    expect(instantAfter('2026-10-25T00:30:00.500Z', 3600)).toBe('2026-10-25T01:30:00.500Z');
  });

  test('no origin, no instant; nor beyond what a date can hold', () => {
    expect(instantAfter(null, 5)).toBeNull();
    expect(instantAfter('yesterday', 5)).toBeNull();
    expect(instantAfter('2026-07-01T00:00:00Z', 1e16)).toBeNull();
  });
});
