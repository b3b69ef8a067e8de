// What a command works with: its arguments, the terminal, and (for most) an unlocked workspace behind the gateway.
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { OperationInput, OperationName, OperationOutput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { FileHandle, JobId } from '../../shared/model/ids.ts';
import type { Job } from '../../shared/model/job.ts';
import type { RunCli } from '../shell/workbench-port.ts';
import { createWorkbench, type Workbench } from '../workbench.ts';
import type { Arguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';

export type CliParts = Parameters<RunCli>[1];

export interface Context {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly parts: CliParts;
}

/** The commands of a workspace, spoken through the same gateway as the window's. */
export class Door {
  readonly #workbench: Workbench;
  readonly #terminal: Terminal;
  #session: string | null = null;

  constructor(workbench: Workbench, terminal: Terminal) {
    this.#workbench = workbench;
    this.#terminal = terminal;
  }

  /** @throws AppError with the code of the reply. */
  async call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N>> {
    const { reply, session } = await this.#workbench.call({
      operation,
      input,
      session: this.#session,
      sender: 'cli',
    });
    if (session !== undefined) this.#session = session;
    if (!reply.ok) throw new AppError(reply.error.code, reply.error.params);
    // The gateway has checked the value against the operation's output schema.
    return reply.value as OperationOutput<N>;
  }

  handle(path: string): FileHandle {
    return this.#workbench.handles.issue(resolve(path));
  }

  /** Waits for a job and shows its progress; Ctrl+C cancels it. @throws AppError with the job's failure. */
  async finish(id: JobId): Promise<Job> {
    const stop = this.#workbench.onPush((push) => {
      if (push.type === 'job' && push.job.id === id && push.job.progress !== null)
        this.#terminal.progress(push.job.progress);
    });
    const cancel = (): void => void this.call('jobs.cancel', { id }).catch(() => {});
    process.once('SIGINT', cancel);
    try {
      const job = await this.#workbench.jobs.ended(id);
      if (job.failure !== null) throw new AppError(job.failure.code as AppError['code'], job.failure.params);
      return job;
    } finally {
      process.off('SIGINT', cancel);
      stop();
      this.#terminal.settle();
    }
  }
}

const noDialogs = { choose: async () => null, chooseNew: async () => null };

/** The passphrase from its file or the environment; never from the arguments, which other users can read. */
export const readPassphrase = async (args: Arguments): Promise<string> => {
  const file = args.text('passphrase-file');
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch(() => {
      throw new AppError('file.not_found', { name: basename(file) });
    });
    return text.replace(/\r?\n$/u, '');
  }
  const given = process.env['PROBITY_PASSPHRASE'];
  if (given === undefined || given === '')
    throw new AppError('usage.invalid', {
      reason: 'the passphrase is missing (--passphrase-file or PROBITY_PASSPHRASE)',
    });
  return given;
};

/** Runs `work` with a workbench, and closes the vault whatever happens. */
export const withWorkbench = async <T>(
  { parts, terminal }: Context,
  work: (door: Door) => Promise<T>,
): Promise<T> => {
  const workbench = await createWorkbench({ ...parts, dialogs: noDialogs });
  try {
    return await work(new Door(workbench, terminal));
  } finally {
    await workbench.close();
  }
};

/** Runs `work` on the unlocked workspace of `--workspace`. */
export const withWorkspace = <T>(context: Context, work: (door: Door) => Promise<T>): Promise<T> =>
  withWorkbench(context, async (door) => {
    const place = door.handle(context.args.need('workspace'));
    await door.call('workspace.select', { place });
    await door.call('workspace.unlock', { passphrase: await readPassphrase(context.args) });
    return work(door);
  });
