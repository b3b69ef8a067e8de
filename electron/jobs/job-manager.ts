// Jobs of the open workspace: queue, states, progress, cancel. Each has a row in the vault and ends with a journal entry.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { CaseId, JobId } from '../../shared/model/ids.ts';
import type { Job, JobKind } from '../../shared/model/job.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { EntryDraft, Put, Vault } from '../store/vault.ts';
import type { JobHost, JobRun } from './job-kinds.ts';

/** What a job leaves behind: its records, in one transaction with its journal entry. */
export interface JobOutcome {
  /** The id of the record it made; null when the answer is kept elsewhere. */
  readonly result: string | null;
  readonly puts: readonly Put[];
  readonly detail: EntryDraft['detail'];
}

export interface JobRequest {
  readonly kind: JobKind;
  /** What it works on, for people: a file's name. */
  readonly title: string;
  readonly caseId: string | null;
  readonly principal: string;
  readonly vault: Vault;
  work(run: JobRun, host: JobHost): Promise<JobOutcome>;
}

export interface JobManagerParts {
  readonly host: JobHost;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How many run at once; the rest wait in order. */
  readonly parallel: number;
  changed(job: Job): void;
  unexpected(traceId: string, operation: string, error: unknown): void;
}

const ENDED: ReadonlySet<Job['state']> = new Set<Job['state']>([
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
]);
/** Ended jobs that are remembered beside the running ones. */
const REMEMBERED = 200;

export class JobManager {
  readonly #parts: JobManagerParts;
  readonly #jobs = new Map<JobId, Job>();
  readonly #aborts = new Map<JobId, AbortController>();
  readonly #waiting: (() => void)[] = [];
  readonly #ends = new Map<JobId, Promise<Job>>();
  #running = 0;

  constructor(parts: JobManagerParts) {
    this.#parts = parts;
  }

  /** Takes the rows of a workspace that was just opened. */
  async load(vault: Vault): Promise<void> {
    this.#jobs.clear();
    for (const job of await vault.jobs.list(REMEMBERED)) this.#jobs.set(job.id, job);
  }

  /** Newest first. */
  list(): readonly Job[] {
    return [...this.#jobs.values()]
      .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .slice(0, REMEMBERED);
  }

  /** Resolves with the ended job. @throws AppError record.not_found */
  async ended(id: JobId): Promise<Job> {
    const end = this.#ends.get(id);
    if (end === undefined) throw new AppError('record.not_found', { kind: 'job' });
    return end;
  }

  async start(request: JobRequest): Promise<Job> {
    const job: Job = {
      id: v.parse(JobId, this.#parts.ids.make('job')),
      kind: request.kind,
      state: 'queued',
      caseId: request.caseId === null ? null : v.parse(CaseId, request.caseId),
      title: request.title,
      createdAt: this.#parts.clock.now(),
      startedAt: null,
      finishedAt: null,
      progress: null,
      result: null,
      failure: null,
    };
    this.#aborts.set(job.id, new AbortController());
    await this.#keep(request.vault, job);
    this.#ends.set(job.id, this.#execute(request, job));
    return job;
  }

  /** @throws AppError record.not_found | job.not_cancellable */
  cancel(id: JobId): Job {
    const job = this.#jobs.get(id);
    if (job === undefined) throw new AppError('record.not_found', { kind: 'job' });
    const abort = this.#aborts.get(id);
    if (abort === undefined || ENDED.has(job.state)) throw new AppError('job.not_cancellable');
    const cancelling = this.#show({ ...job, state: 'cancelling' });
    abort.abort();
    return cancelling;
  }

  /** Cancels everything and waits until all of it has ended: before a lock. */
  async stopAll(): Promise<void> {
    for (const abort of this.#aborts.values()) abort.abort();
    await Promise.all(this.#ends.values());
  }

  #show(job: Job): Job {
    this.#jobs.set(job.id, job);
    this.#parts.changed(job);
    return job;
  }

  async #keep(vault: Vault, job: Job): Promise<Job> {
    await vault.jobs.save(job);
    return this.#show(job);
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#running >= this.#parts.parallel) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#running += 1;
  }

  #next(): void {
    this.#running -= 1;
    this.#waiting.shift()?.();
  }

  async #execute(request: JobRequest, queued: Job): Promise<Job> {
    const abort = this.#aborts.get(queued.id) ?? new AbortController();
    await this.#turn(abort.signal);
    let job = queued;
    try {
      if (abort.signal.aborted) throw new AppError('job.cancelled');
      job = await this.#keep(request.vault, {
        ...queued,
        state: 'running',
        startedAt: this.#parts.clock.now(),
      });
      const run: JobRun = {
        signal: abort.signal,
        progress: (progress) => {
          const state = this.#jobs.get(job.id)?.state ?? 'running';
          job = this.#show({ ...job, state, progress });
        },
      };
      const outcome = await request.work(run, this.#parts.host);
      await request.vault.commit({
        puts: outcome.puts,
        entry: this.#entry(request, job, 'success', outcome.result, outcome.detail),
      });
      return await this.#keep(request.vault, {
        ...job,
        state: 'succeeded',
        finishedAt: this.#parts.clock.now(),
        result: outcome.result,
      });
    } catch (error) {
      return await this.#fail(request, job, error, abort.signal.aborted);
    } finally {
      this.#aborts.delete(queued.id);
      this.#next();
    }
  }

  async #fail(request: JobRequest, job: Job, error: unknown, aborted: boolean): Promise<Job> {
    const failure = this.#failure(request.kind, error, aborted);
    const cancelled = failure.code === 'job.cancelled';
    const finishedAt = this.#parts.clock.now();
    await request.vault.commit({
      entry: this.#entry(request, job, 'failure', null, { error: failure.code }),
    });
    return this.#keep(request.vault, {
      ...job,
      state: cancelled ? 'cancelled' : 'failed',
      finishedAt,
      failure,
    });
  }

  #failure(kind: JobKind, error: unknown, aborted: boolean): NonNullable<Job['failure']> {
    if (aborted) return { code: 'job.cancelled', params: {} };
    if (isAppError(error)) return { code: error.code, params: { ...error.params } };
    const traceId = randomBytes(8).toString('hex');
    this.#parts.unexpected(traceId, kind, error);
    return { code: 'internal.unexpected', params: { traceId } };
  }

  #entry(
    request: JobRequest,
    job: Job,
    result: EntryDraft['result'],
    resource: string | null,
    detail: EntryDraft['detail'],
  ): EntryDraft {
    const eventType = request.kind.split('.')[0] ?? request.kind;
    return {
      eventType,
      principal: request.principal,
      resource,
      action: `${request.kind}.ended`,
      result,
      detail: { ...detail, job: job.id },
    };
  }
}
