// A job's progress in words, and what it does as a noun.
import type { Job, JobKind, Progress } from '../../shared/model/job.ts';
import { formatBytes, formatCount, formatSeconds, plural } from '../ui/format.ts';
import type { JobClock } from './use-jobs.ts';

export const JOB_TEXT = {
  queued: 'Waiting for its turn',
  cancel: 'Cancel',
  cancelling: 'Cancelling',
  elapsed: (duration: string) => `${duration} elapsed`,
  remaining: (duration: string) => `about ${duration} left`,
  perSecond: (amount: string) => `${amount}/s`,
} as const;

/** What a job does, as a noun. */
export const JOB_NAMES: Readonly<Record<JobKind, string>> = {
  'audit.import': 'Import',
  'audit.verify': 'Verification',
  'audit.index': 'Index for reading',
  'audit.search': 'Search in a log',
  'report.create': 'Report',
  'evidence.build': 'Evidence pack',
  'evidence.verify': 'Pack check',
};

/** The message keys of `Progress.step`; a key without words shows as it is. */
const STEP_WORDS: Readonly<Record<string, string>> = {
  copying: 'Copying into the workspace',
  hashing: 'Recording size and digest',
  detecting: 'Detecting the format',
  reading: 'Reading',
  verifying: 'Verifying',
  indexing: 'Building the index',
  searching: 'Searching',
  rendering: 'Rendering',
  printing: 'Printing to PDF',
  packing: 'Packing',
  signing: 'Signing',
  checking: 'Checking',
  saving: 'Saving',
};

export const jobName = (job: Job): string => JOB_NAMES[job.kind];

export const stepWords = (step: string): string => STEP_WORDS[step] ?? step;

const amount = (n: number, unit: Progress['unit']): string =>
  unit === 'bytes' ? formatBytes(n) : formatCount(n);

/** `1.20 GiB of 3.40 GiB`, `412,000 of 1,000,000 records`. */
export const progressAmount = (progress: Progress): string => {
  const { done, total, unit } = progress;
  const noun = unit === 'bytes' ? '' : ` ${unit}`;
  return total === null
    ? `${amount(done, unit)}${noun}`
    : `${amount(done, unit)} of ${amount(total, unit)}${noun}`;
};

/** All the numbers of a running job in one line: step, amount, rate, elapsed, remaining. */
export const progressLine = (job: Job, clock: JobClock): string => {
  if (job.state === 'queued') return JOB_TEXT.queued;
  const parts: string[] = [];
  if (job.progress !== null) {
    parts.push(stepWords(job.progress.step), progressAmount(job.progress));
    if (job.progress.unit === 'bytes' && job.progress.records !== undefined)
      parts.push(plural(job.progress.records, 'record', 'records'));
    if (clock.recordsPerSecond !== null)
      parts.push(JOB_TEXT.perSecond(`${formatCount(Math.round(clock.recordsPerSecond))} records`));
    else if (clock.perSecond !== null)
      parts.push(JOB_TEXT.perSecond(amount(Math.round(clock.perSecond), job.progress.unit)));
  }
  if (clock.elapsed !== null) parts.push(JOB_TEXT.elapsed(formatSeconds(clock.elapsed)));
  if (clock.remaining !== null && clock.remaining >= 1)
    parts.push(JOB_TEXT.remaining(formatSeconds(clock.remaining)));
  return parts.join(' · ');
};
