// What can be said about a running job from the samples of its progress: share, rate, elapsed, remaining.
import type { Job } from '../../shared/model/job.ts';

export interface Sample {
  /** Milliseconds of the page's clock. */
  readonly at: number;
  readonly done: number;
  readonly records: number | null;
}

/** How long a rate looks back: long enough to be calm, short enough to follow. */
const WINDOW_MS = 5000;

export const isFinished = (job: Job): boolean =>
  job.state === 'succeeded' ||
  job.state === 'failed' ||
  job.state === 'cancelled' ||
  job.state === 'interrupted';

/** Adds a sample and forgets those outside the window; a new step (smaller `done`) starts afresh. */
export const addSample = (samples: readonly Sample[], job: Job, at: number): readonly Sample[] => {
  if (job.progress === null || job.state !== 'running') return isFinished(job) ? [] : samples;
  const last = samples.at(-1);
  const kept =
    last !== undefined && job.progress.done < last.done ? [] : samples.filter((s) => at - s.at <= WINDOW_MS);
  return [...kept, { at, done: job.progress.done, records: job.progress.records ?? null }];
};

const slope = (samples: readonly Sample[], read: (s: Sample) => number | null): number | null => {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const from = read(first);
  const to = read(last);
  const seconds = (last.at - first.at) / 1000;
  return from === null || to === null || seconds < 0.2 ? null : (to - from) / seconds;
};

export interface JobRate {
  /** Progress units per second; null until two samples are apart. */
  readonly perSecond: number | null;
  readonly recordsPerSecond: number | null;
  /** Seconds to go at this rate; null where the total or the rate isn't known. */
  readonly remaining: number | null;
}

export const rateOf = (samples: readonly Sample[], job: Job): JobRate => {
  const perSecond = slope(samples, (s) => s.done);
  const recordsPerSecond = slope(samples, (s) => s.records);
  const { progress } = job;
  const remaining =
    progress === null || progress.total === null || perSecond === null || perSecond <= 0
      ? null
      : (progress.total - progress.done) / perSecond;
  return { perSecond, recordsPerSecond, remaining };
};

/** Seconds since the job began to run; to its end if it has ended. Null before it starts. */
export const elapsedOf = (job: Job, now: number): number | null => {
  if (job.startedAt === null) return null;
  const end = job.finishedAt === null ? now : Date.parse(job.finishedAt);
  return Math.max(0, (end - Date.parse(job.startedAt)) / 1000);
};
