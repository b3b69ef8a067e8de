// How many rows of a list fall into each stretch of time: what the histogram above the grid shows.
import type { Timeline } from '../../../../shared/model/reading.ts';
import { type Facts, timeAt } from './filter-rows.ts';
import { millisecondsOf, NO_TIME } from './index-format.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Widths that a person can name. */
const WIDTHS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364, 3_640].map((n) => n * DAY),
];

/** Times that an RFC 3339 text can name: years 0000 to 9999. */
const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Counted from the first instant, so that any span fits into one bucket that is wide enough. */
const bucketOf = (time: number, width: number): number => Math.floor((time - FIRST) / width);

/** The smallest round width in milliseconds with which `most` buckets cover the span. */
export const bucketWidth = (from: number, to: number, most: number): number => {
  const fits = (width: number): boolean => bucketOf(to, width) - bucketOf(from, width) + 1 <= most;
  const known = WIDTHS.find(fits);
  if (known !== undefined) return known;
  let width = WIDTHS.at(-1) ?? DAY;
  while (!fits(width)) width *= 10;
  return width;
};

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const instantOf = (stored: number): string | null => {
  const time = millisecondsOf(stored);
  return time === null || time < FIRST || time > LAST ? null : instant(time);
};

/** @param rows null = all. */
export const timelineOf = (facts: Facts, rows: Uint32Array | null, most: number): Timeline => {
  const { columns } = facts;
  const total = rows === null ? facts.footer.rows : rows.length;
  const stored = (at: number): number => timeAt(columns, rows === null ? at : (rows[at] ?? 0));
  let [first, last, without] = [NO_TIME, -1, 0];
  for (let at = 0; at < total; at += 1) {
    const time = stored(at);
    if (time === NO_TIME) without += 1;
    else {
      if (time < first) first = time;
      if (time > last) last = time;
    }
  }
  const from = millisecondsOf(first);
  const to = last < 0 ? null : millisecondsOf(last);
  if (from === null || to === null || instantOf(first) === null || instantOf(last) === null)
    return { from: null, bucketSeconds: 1, counts: [], withoutTime: total };
  const width = bucketWidth(from, to, most);
  const start = FIRST + bucketOf(from, width) * width;
  const counts = Array.from({ length: Math.floor((to - start) / width) + 1 }, () => 0);
  const base = start - (millisecondsOf(0) ?? 0);
  for (let at = 0; at < total; at += 1) {
    const time = stored(at);
    if (time === NO_TIME) continue;
    const bucket = Math.floor((time - base) / width);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return { from: instant(start), bucketSeconds: width / SECOND, counts, withoutTime: without };
};
