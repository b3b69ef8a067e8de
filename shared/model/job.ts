// Long work: its states, its progress, and what the job centre shows.
import * as v from 'valibot';
import { CaseId, Instant, JobId } from './ids.ts';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const JOB_STATES = [
  'queued',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export const JOB_KINDS = [
  'audit.import',
  'audit.verify',
  'audit.index',
  'audit.search',
  'report.create',
  'evidence.build',
  'evidence.verify',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const Progress = v.strictObject({
  /** What is being done now, as a message key, e.g. `hashing`. */
  step: v.string(),
  done: Count,
  /** null when the total isn't known. */
  total: v.nullable(Count),
  unit: v.picklist(['bytes', 'records', 'files']),
  /** Records (or files) so far, where `unit` is bytes. */
  records: v.optional(Count),
});
export type Progress = v.InferOutput<typeof Progress>;

export const JobFailure = v.strictObject({
  code: v.string(),
  params: v.record(v.string(), v.union([v.string(), v.number()])),
});

export const Job = v.strictObject({
  id: JobId,
  kind: v.picklist(JOB_KINDS),
  state: v.picklist(JOB_STATES),
  caseId: v.nullable(CaseId),
  /** What it works on, for people: the file's name. */
  title: v.string(),
  createdAt: Instant,
  startedAt: v.nullable(Instant),
  finishedAt: v.nullable(Instant),
  progress: v.nullable(Progress),
  /** The id of the record it made. */
  result: v.nullable(v.string()),
  failure: v.nullable(JobFailure),
});
export type Job = v.InferOutput<typeof Job>;
