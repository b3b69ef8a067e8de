// What is said about a running job: rate, remaining, elapsed, and the store that keeps it.
import { describe, expect, test } from 'vitest';
import type { JobId } from '../../../shared/model/ids.ts';
import type { Job } from '../../../shared/model/job.ts';
import { addSample, elapsedOf, rateOf, type Sample } from '../../../renderer/bridge/job-progress.ts';
import { progressAmount, progressLine } from '../../../renderer/bridge/job-words.ts';
import { createJobsStore, sortedJobs, waitForJob } from '../../../renderer/bridge/jobs-store.ts';

const id = (n: number): JobId => `job_${String(n).padStart(32, '0')}` as JobId;
const job = (change: Partial<Job> = {}): Job => ({
  id: id(1),
  kind: 'audit.verify',
  state: 'running',
  caseId: null,
  title: 'log.jsonl',
  createdAt: '2026-11-21T08:00:00.000Z',
  startedAt: '2026-11-21T08:00:01.000Z',
  finishedAt: null,
  progress: null,
  result: null,
  failure: null,
  ...change,
});
const at = (done: number, records?: number): Job =>
  job({
    progress: {
      step: 'verifying',
      done,
      total: 1000,
      unit: 'bytes',
      ...(records === undefined ? {} : { records }),
    },
  });

describe('job progress', () => {
  test('the rate is the slope over the last seconds, and the rest follows from it', () => {
    let samples: readonly Sample[] = [];
    for (let n = 0; n <= 10; n += 1) samples = addSample(samples, at(n * 50, n * 5), n * 100);
    const rate = rateOf(samples, at(500, 50));
    expect(rate.perSecond).toBeCloseTo(500, 6);
    expect(rate.recordsPerSecond).toBeCloseTo(50, 6);
    expect(rate.remaining).toBeCloseTo(1, 6);
  });

  test('samples older than the window are forgotten', () => {
    let samples = addSample([], at(0), 0);
    samples = addSample(samples, at(900), 20_000);
    expect(samples).toHaveLength(1);
    expect(rateOf(samples, at(900)).perSecond).toBeNull();
  });

  test('a new step starts the measure afresh', () => {
    let samples = addSample([], at(900), 0);
    samples = addSample(samples, at(10), 500);
    expect(samples.map((s) => s.done)).toEqual([10]);
  });

  test('no total, no remaining time', () => {
    const open = job({ progress: { step: 'reading', done: 5, total: null, unit: 'records' } });
    expect(
      rateOf(
        [
          { at: 0, done: 0, records: null },
          { at: 1000, done: 5, records: null },
        ],
        open,
      ).remaining,
    ).toBeNull();
  });

  test('elapsed runs from the start to now, or to the end', () => {
    expect(elapsedOf(job(), Date.parse('2026-11-21T08:00:31.000Z'))).toBe(30);
    expect(
      elapsedOf(job({ finishedAt: '2026-11-21T08:00:04.500Z' }), Date.parse('2026-11-21T09:00:00.000Z')),
    ).toBe(3.5);
    expect(elapsedOf(job({ startedAt: null }), 0)).toBeNull();
  });

  test('one line says step, amount, records, rate, elapsed and remaining', () => {
    const line = progressLine(at(500, 50), {
      perSecond: 500,
      recordsPerSecond: 50,
      remaining: 75,
      elapsed: 12,
    });
    expect(line).toBe(
      'Verifying · 500 B of 1,000 B · 50 records · 50 records/s · 12 s elapsed · about 1 min 15 s left',
    );
    expect(
      progressLine(job({ state: 'queued' }), {
        perSecond: null,
        recordsPerSecond: null,
        remaining: null,
        elapsed: null,
      }),
    ).toBe('Waiting for its turn');
    expect(progressAmount({ step: 'x', done: 412_000, total: 1_000_000, unit: 'records' })).toBe(
      '412,000 of 1,000,000 records',
    );
    expect(progressAmount({ step: 'x', done: 3, total: null, unit: 'files' })).toBe('3 files');
  });
});

describe('jobs store', () => {
  test('a late progress message does not bring a finished job back to life', () => {
    const store = createJobsStore(() => 0);
    store
      .getState()
      .apply(job({ state: 'succeeded', finishedAt: '2026-11-21T08:00:09.000Z', result: 'ver_1' }));
    store.getState().apply(at(10));
    expect(store.getState().jobs[id(1)]?.state).toBe('succeeded');
  });

  test('a fetched list does not overwrite what pushes have brought', () => {
    const store = createJobsStore(() => 0);
    store.getState().apply(at(700));
    store
      .getState()
      .seed([at(10), job({ id: id(2), state: 'queued', createdAt: '2026-11-21T08:05:00.000Z' })]);
    expect(store.getState().jobs[id(1)]?.progress?.done).toBe(700);
    expect(sortedJobs(store.getState().jobs).map((j) => j.id)).toEqual([id(2), id(1)]);
  });

  test('a fetched list that knows the end ends the job', () => {
    const store = createJobsStore(() => 0);
    store.getState().apply(at(700));
    store
      .getState()
      .seed([job({ state: 'failed', failure: { code: 'file.changed', params: { name: 'log.jsonl' } } })]);
    expect(store.getState().jobs[id(1)]?.state).toBe('failed');
  });

  test('waiting resolves at the end, at once if it has ended already', async () => {
    const store = createJobsStore(() => 0);
    const waiting = waitForJob(store, id(1));
    store.getState().apply(at(10));
    store.getState().apply(job({ state: 'cancelled' }));
    expect((await waiting).state).toBe('cancelled');
    expect((await waitForJob(store, id(1))).state).toBe('cancelled');
  });
});
