// The chain strip as columns: which state each part of the log shows, and where in it the worst begins.
import type { Stretch, VerificationReport } from '../../../shared/model/verdict.ts';

export type Strip = VerificationReport['strip'];
export type StripState = Stretch['state'];

/** Worst first: where several states share a column, the worst is shown. */
export const STATES_BY_RANK: readonly StripState[] = [
  'failed',
  'uncovered',
  'attention',
  'unanchored',
  'verified',
];

export const rankOf = (state: StripState): number => STATES_BY_RANK.indexOf(state);

/** One column: the positions `from` (included) to `to` (excluded), records or seconds. */
export interface StripColumn {
  readonly from: number;
  readonly to: number;
  /** The worst state in it. */
  readonly state: StripState;
  /** The first position of that state. */
  readonly worstAt: number;
  /** What the stretch there is called. */
  readonly label: string | undefined;
}

/** Every position spoken of: clipped to the strip, in order, with what nobody spoke of as `uncovered`. */
export const wholeStretches = (strip: Strip): readonly Stretch[] => {
  const clipped = strip.stretches
    .map((stretch) => {
      // A stretch without length stands for one position; one at the very end for the last.
      const from = Math.min(stretch.from, Math.max(0, strip.length - 1));
      return { ...stretch, from, to: Math.min(Math.max(stretch.to, from + 1), strip.length) };
    })
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.from - b.from);
  const all: Stretch[] = [];
  let reached = 0;
  for (const stretch of clipped) {
    if (stretch.from > reached) all.push({ from: reached, to: stretch.from, state: 'uncovered' });
    all.push(stretch);
    reached = Math.max(reached, stretch.to);
  }
  if (reached < strip.length) all.push({ from: reached, to: strip.length, state: 'uncovered' });
  return all;
};

/** The column that holds a position, of `columns` over a strip of `length` positions. */
export const columnOf = (position: number, length: number, columns: number): number =>
  Math.min(columns - 1, Math.max(0, Math.ceil(((position + 1) * columns) / length) - 1));

/**
 * At most `columns` columns (CSS pixels) of nearly equal size; fewer when the strip has fewer positions, none when it has
 * none. No column is empty, and together they hold every position once.
 */
export const stripColumns = (strip: Strip, columns: number): readonly StripColumn[] => {
  const { length } = strip;
  const count = Math.min(Math.max(0, Math.floor(columns)), length);
  if (count === 0) return [];
  const start = (column: number): number => Math.floor((column * length) / count);
  const found: { stretch: Stretch; at: number }[] = [];
  for (const stretch of wholeStretches(strip)) {
    const last = columnOf(stretch.to - 1, length, count);
    for (let column = columnOf(stretch.from, length, count); column <= last; column += 1) {
      const at = Math.max(stretch.from, start(column));
      const known = found[column];
      const order =
        known === undefined ? -1 : rankOf(stretch.state) - rankOf(known.stretch.state) || at - known.at;
      if (order < 0) found[column] = { stretch, at };
    }
  }
  return found.map(({ stretch, at }, column) => ({
    from: start(column),
    to: start(column + 1),
    state: stretch.state,
    worstAt: at,
    label: stretch.label,
  }));
};

export interface StripRun {
  readonly state: StripState;
  /** First column. */
  readonly from: number;
  /** Number of columns. */
  readonly width: number;
}

/** Neighbouring columns of one state as one piece, for drawing. */
export const runsOf = (columns: readonly StripColumn[]): readonly StripRun[] => {
  const runs: { state: StripState; from: number; width: number }[] = [];
  for (const [at, { state }] of columns.entries()) {
    const last = runs.at(-1);
    if (last?.state === state) last.width += 1;
    else runs.push({ state, from: at, width: 1 });
  }
  return runs;
};

/** The first column of the next run in a direction: how the keyboard goes from damage to damage. */
export const nextRun = (columns: readonly StripColumn[], at: number, direction: 1 | -1): number => {
  const runs = runsOf(columns);
  const here = runs.findIndex(({ from, width }) => at >= from && at < from + width);
  if (direction === -1 && at > (runs[here]?.from ?? 0)) return runs[here]?.from ?? 0;
  return runs[here + direction]?.from ?? (direction === 1 ? columns.length - 1 : 0);
};

export interface StateShare {
  readonly state: StripState;
  readonly stretches: number;
  readonly positions: number;
}

/** How much of the strip is in each state, worst first, absent states left out. Where stretches overlap, each counts. */
export const stateShares = (strip: Strip): readonly StateShare[] => {
  const all = wholeStretches(strip);
  return STATES_BY_RANK.map((state) => {
    const own = all.filter((stretch) => stretch.state === state);
    return { state, stretches: own.length, positions: own.reduce((sum, { from, to }) => sum + to - from, 0) };
  }).filter(({ stretches }) => stretches > 0);
};

/** The instant `seconds` after `origin` (RFC 3339), whole seconds; null when the origin is none. */
export const instantAfter = (origin: string | null, seconds: number): string | null => {
  const start = origin === null ? Number.NaN : Date.parse(origin);
  const time = start + seconds * 1000;
  return Number.isNaN(time) || Math.abs(time) > 8.64e15
    ? null
    : new Date(time).toISOString().replace(/\.000Z$/u, 'Z');
};
