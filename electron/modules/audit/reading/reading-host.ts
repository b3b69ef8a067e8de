// The near side of reading: starts the host when a log is first read, and ends it when nobody reads or the vault closes.
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { HostProcess, SpawnHostProcess } from '../../../ports/host-process.ts';
import type { LogSpec } from './open-log.ts';
import type { FromReader, ReadingCallName, ReadingCalls, ToReader } from './reading-protocol.ts';

/** Without a question for so long (milliseconds) the host and its memory go. */
const IDLE = 300_000;

interface Waiting {
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

export class ReadingHost {
  readonly #spawn: SpawnHostProcess;
  readonly #entry: URL;
  readonly #waiting = new Map<number, Waiting>();
  #host: HostProcess | null = null;
  #idle: NodeJS.Timeout | null = null;
  #next = 0;

  /** `entry` is the job host's module: it answers jobs and readers alike. */
  constructor(spawn: SpawnHostProcess, entry: URL) {
    this.#spawn = spawn;
    this.#entry = entry;
  }

  /** @throws AppError with the host's answer; job.crashed when it died. */
  ask<N extends ReadingCallName>(
    log: { readonly key: string; readonly spec: LogSpec },
    name: N,
    input: ReadingCalls[N]['input'],
  ): Promise<ReadingCalls[N]['output']> {
    const host = this.#started();
    this.#rest();
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      // `serveReading` answers with the output of the function that `name` names.
      this.#waiting.set(id, { done: (value) => resolve(value as ReadingCalls[N]['output']), failed: reject });
      host.post({ type: 'read', id, log, name, input } satisfies ToReader);
    });
  }

  #started(): HostProcess {
    if (this.#host !== null) return this.#host;
    const host = this.#spawn(this.#entry, 'probity reading');
    this.#host = host;
    host.onMessage((message) => this.#hear(message as FromReader));
    host.onExit(() => {
      if (this.#host === host) this.#forget(new AppError('job.crashed'));
    });
    return host;
  }

  #hear({ id, answer }: FromReader): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting === undefined) return;
    if (answer.ok) waiting.done(answer.value);
    else if (answer.error !== null) waiting.failed(new AppError(answer.error.code, answer.error.params));
    else waiting.failed(new Error(answer.unexpected ?? 'unknown'));
  }

  #rest(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#waiting.size > 0) this.#rest();
      else this.close();
    }, IDLE);
    this.#idle.unref();
  }

  #forget(error: AppError): void {
    this.#host = null;
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
  }

  /** Ends the host; whoever waits is told that the workspace is closed. A later question starts it anew. */
  close(): void {
    const host = this.#host;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#forget(new AppError('workspace.none'));
    host?.kill();
  }
}
