// Every job that the page knows of, kept current by pushes.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Job } from '../../shared/model/job.ts';
import type { JobId } from '../../shared/model/ids.ts';
import { addSample, isFinished, type Sample } from './job-progress.ts';

export interface JobsState {
  readonly jobs: Readonly<Record<string, Job>>;
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  /** Takes in the newest form of one job. */
  readonly apply: (job: Job) => void;
  /** Takes in a whole list; jobs that pushes have already brought further keep their newer form. */
  readonly seed: (jobs: readonly Job[]) => void;
  readonly clear: () => void;
}

export type JobsStore = StoreApi<JobsState>;

/** `now` is in milliseconds. */
export const createJobsStore = (now: () => number): JobsStore =>
  createStore<JobsState>((set) => ({
    jobs: {},
    samples: {},
    apply: (job) =>
      set((state) => {
        const known = state.jobs[job.id];
        // A late progress push must not bring a finished job back to life.
        if (known !== undefined && isFinished(known) && !isFinished(job)) return state;
        return {
          jobs: { ...state.jobs, [job.id]: job },
          samples: { ...state.samples, [job.id]: addSample(state.samples[job.id] ?? [], job, now()) },
        };
      }),
    seed: (jobs) =>
      set((state) => {
        const next: Record<string, Job> = { ...state.jobs };
        for (const job of jobs) {
          const known = next[job.id];
          if (known === undefined || (isFinished(job) && !isFinished(known))) next[job.id] = job;
        }
        return { jobs: next };
      }),
    clear: () => set({ jobs: {}, samples: {} }),
  }));

/** Newest first. */
export const sortedJobs = (jobs: Readonly<Record<string, Job>>): readonly Job[] =>
  Object.values(jobs).toSorted((a, b) =>
    a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0,
  );

/** Resolves with the job once it has ended, in whatever way. */
export const waitForJob = async (store: JobsStore, id: JobId): Promise<Job> => {
  const known = store.getState().jobs[id];
  if (known !== undefined && isFinished(known)) return known;
  return new Promise((resolve) => {
    const stop = store.subscribe((state) => {
      const job = state.jobs[id];
      if (job === undefined || !isFinished(job)) return;
      stop();
      resolve(job);
    });
  });
};
