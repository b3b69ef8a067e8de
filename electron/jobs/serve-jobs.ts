// The far side: runs the one job that the parent asks for, and reports.
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import type { Progress } from '../../shared/model/job.ts';
import type { HostParent } from '../ports/host-process.ts';
import type { FromHost, ToHost } from './host-protocol.ts';
import type { JobFunctions, JobHost, JobRun } from './job-kinds.ts';

/** Milliseconds between two progress messages: at most 10 a second. */
const PROGRESS_INTERVAL = 100;

const throttled = (send: (progress: Progress) => void): ((progress: Progress) => void) => {
  let last = -Infinity;
  let step = '';
  return (progress) => {
    const now = performance.now();
    if (progress.step === step && now - last < PROGRESS_INTERVAL && progress.done !== progress.total) return;
    last = now;
    step = progress.step;
    send(progress);
  };
};

/** `helpers`: what a job may run parts of itself in. */
export const serveJobs = (parent: HostParent, functions: Partial<JobFunctions>, helpers?: JobHost): void => {
  const abort = new AbortController();
  const post = (message: FromHost): void => parent.post(message);
  const execute = async (kind: string, input: unknown): Promise<void> => {
    const run: JobRun = {
      signal: abort.signal,
      progress: throttled((progress) => post({ type: 'progress', progress })),
      ...(helpers === undefined ? {} : { helpers }),
    };
    try {
      if (!Object.hasOwn(functions, kind)) throw new AppError('contract.unknown_operation');
      // The parent's JobHost.run ties kind and input together by type.
      const job = functions[kind as keyof JobFunctions] as (input: unknown, run: JobRun) => Promise<unknown>;
      post({ type: 'done', output: await job(input, run) });
    } catch (error) {
      if (abort.signal.aborted)
        post({ type: 'failed', error: { code: 'job.cancelled', params: {} }, unexpected: null });
      else if (isAppError(error))
        post({ type: 'failed', error: { code: error.code, params: error.params }, unexpected: null });
      else
        post({
          type: 'failed',
          error: null,
          unexpected: error instanceof Error ? (error.stack ?? error.message) : 'not an Error',
        });
    }
  };
  parent.onMessage((message) => {
    const asked = message as ToHost;
    if (asked.type === 'cancel') abort.abort();
    else if (asked.type === 'run') void execute(asked.kind, asked.input);
  });
};
