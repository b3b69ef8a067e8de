// The histogram's arithmetic: buckets, their times, and the stretch between two of them.
import type { Timeline } from '../../../../shared/model/reading.ts';

/** Milliseconds since 1970 of the start of a bucket. */
export const bucketStart = (timeline: Timeline, bucket: number): number =>
  Date.parse(timeline.from ?? '1970-01-01T00:00:00Z') + bucket * timeline.bucketSeconds * 1_000;

export const instantAt = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The stretch from one bucket to another, whichever comes first; `to` is behind the last of its records. */
export const stretchOf = (
  timeline: Timeline,
  a: number,
  b: number,
): { readonly from: string; readonly to: string } => ({
  from: instantAt(bucketStart(timeline, Math.min(a, b))),
  to: instantAt(bucketStart(timeline, Math.max(a, b) + 1)),
});

export const countBetween = ({ counts }: Timeline, a: number, b: number): number =>
  counts.slice(Math.min(a, b), Math.max(a, b) + 1).reduce((sum, count) => sum + count, 0);

/** The bucket under a place of the picture. */
export const bucketAt = (timeline: Timeline, share: number): number =>
  Math.min(Math.max(Math.floor(share * timeline.counts.length), 0), Math.max(0, timeline.counts.length - 1));

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `15 minutes`, `1 day`, `20 milliseconds`. */
export const widthText = (seconds: number): string => {
  const unit = UNITS.find(([, size]) => seconds >= size && Number.isInteger(seconds / size));
  const [name, count] =
    unit === undefined ? ['millisecond', Math.round(seconds * 1_000)] : [unit[0], seconds / unit[1]];
  return `${count} ${name}${count === 1 ? '' : 's'}`;
};
