// The near side: one host per job, started for it and gone with it.
import { AppError } from '../../shared/errors/app-error.ts';
import type { SpawnHostProcess } from '../ports/host-process.ts';
import type { FromHost, ToHost } from './host-protocol.ts';
import type { JobHost } from './job-kinds.ts';

/** A host that doesn't answer a cancel within so many milliseconds is killed. */
const CANCEL_LIMIT = 5_000;

/** `entry` is the file URL of the built (or, under Node, plain TypeScript) job-host module. */
export const runInHost = (spawn: SpawnHostProcess, entry: URL): JobHost => ({
  run: (kind, input, run) =>
    new Promise((resolve, reject) => {
      const cancelled = (): AppError => new AppError('job.cancelled');
      if (run.signal.aborted) {
        reject(cancelled());
        return;
      }
      const host = spawn(entry, `probity ${kind}`);
      let timer: NodeJS.Timeout | null = null;
      const settle = (finish: () => void): void => {
        run.signal.removeEventListener('abort', cancel);
        if (timer !== null) clearTimeout(timer);
        finish();
        host.kill();
      };
      const cancel = (): void => {
        host.post({ type: 'cancel' } satisfies ToHost);
        timer = setTimeout(() => settle(() => reject(cancelled())), CANCEL_LIMIT);
      };
      run.signal.addEventListener('abort', cancel, { once: true });
      host.onMessage((message) => {
        const said = message as FromHost;
        if (said.type === 'progress') run.progress(said.progress);
        // serveJobs answers with the output of the function that `kind` names.
        else if (said.type === 'done') settle(() => resolve(said.output as never));
        else if (said.error !== null) {
          const { code, params } = said.error;
          settle(() => reject(new AppError(code, params)));
        } else settle(() => reject(new Error(said.unexpected ?? 'unknown')));
      });
      host.onExit(() => settle(() => reject(run.signal.aborted ? cancelled() : new AppError('job.crashed'))));
      host.post({ type: 'run', kind, input } satisfies ToHost);
    }),
});
