// Jobs in components: all of them, one of them, and how far one has got.
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Job } from '../../shared/model/job.ts';
import type { JobId } from '../../shared/model/ids.ts';
import { elapsedOf, isFinished, rateOf, type JobRate } from './job-progress.ts';
import { sortedJobs, waitForJob } from './jobs-store.ts';
import { useClient, useJobsStore } from './provider.tsx';

/** Newest first. */
export const useJobs = (): readonly Job[] => {
  const store = useJobsStore();
  const jobs = useStore(store, (state) => state.jobs);
  return useMemo(() => sortedJobs(jobs), [jobs]);
};

/** The newest form of one job; undefined until it is known. */
export const useJob = (id: JobId | null | undefined): Job | undefined => {
  const store = useJobsStore();
  const client = useClient();
  const job = useStore(store, (state) => (id === null || id === undefined ? undefined : state.jobs[id]));
  const isUnknown = id !== null && id !== undefined && job === undefined;
  useEffect(() => {
    if (!isUnknown) return;
    void client.call('jobs.list', {}).then(
      (jobs) => store.getState().seed(jobs),
      () => undefined,
    );
  }, [isUnknown, client, store]);
  return job;
};

/** `await finished(jobId)` resolves with the ended job: look at `state`, then `result` or `failure`. */
export const useFinishedJob = (): ((id: JobId) => Promise<Job>) => {
  const store = useJobsStore();
  return useMemo(() => async (id: JobId) => waitForJob(store, id), [store]);
};

export interface JobClock extends JobRate {
  /** Seconds. */
  readonly elapsed: number | null;
}

/** Rate, remaining and elapsed seconds; ticks once a second while the job runs. */
export const useJobClock = (job: Job): JobClock => {
  const store = useJobsStore();
  const samples = useStore(store, (state) => state.samples[job.id]);
  const [now, setNow] = useState(() => Date.now());
  const finished = isFinished(job);
  useEffect(() => {
    if (finished) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [finished]);
  return { ...rateOf(samples ?? [], job), elapsed: elapsedOf(job, Math.max(now, samples?.at(-1)?.at ?? 0)) };
};
