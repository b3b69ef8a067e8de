// The job that this screen has started: its progress here, its end once, its failure until it is dismissed.
import { useEffect, useRef, useState } from 'react';
import type { Job } from '../../shared/model/job.ts';
import type { JobId } from '../../shared/model/ids.ts';
import { isFinished } from './job-progress.ts';
import { describeCode, type ErrorWords } from './operation-error.ts';
import { useJob } from './use-jobs.ts';

export interface OwnJob {
  /** While it works. */
  readonly running: Job | undefined;
  /** Why it ended without a result. */
  readonly failure: ErrorWords | null;
  readonly start: (id: JobId) => void;
  readonly dismiss: () => void;
}

/** `onDone` runs once, when the job has succeeded and the screen is still there. */
export const useOwnJob = (onDone: (job: Job) => void): OwnJob => {
  const [id, setId] = useState<JobId | null>(null);
  const job = useJob(id);
  const told = useRef<JobId | null>(null);
  useEffect(() => {
    if (job === undefined || job.state !== 'succeeded' || told.current === job.id) return;
    told.current = job.id;
    onDone(job);
  }, [job, onDone]);
  const hasFailed = job !== undefined && isFinished(job) && job.state !== 'succeeded';
  return {
    running: job === undefined || isFinished(job) ? undefined : job,
    failure: hasFailed
      ? describeCode(
          job.failure?.code ?? (job.state === 'cancelled' ? 'job.cancelled' : 'job.crashed'),
          job.failure?.params,
        )
      : null,
    start: setId,
    dismiss: () => setId(null),
  };
};
