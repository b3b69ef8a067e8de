// Job hosts that serve one job after the other: a thread that has answered waits for the next instead of being ended.
import type { HostProcess, SpawnHostProcess } from './host-process.ts';

/** Then a host is ended all the same: what it left uncollected goes with it. */
const MAX_JOBS = 4;

interface Kept {
  readonly process: HostProcess;
  /** Who listens now. */
  listener: ((message: unknown) => void) | null;
  exited: ((code: number) => void) | null;
  jobs: number;
  /** Its last message says that its job is done, so that it can take another one. */
  isIdle: boolean;
}

const isDone = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'done';

/**
 * Only a host whose job succeeded is kept; `kill` ends any other. All must be of one `entry`. `close` ends those that wait.
 */
export const recycled = (
  spawn: SpawnHostProcess,
): { readonly spawn: SpawnHostProcess; readonly close: () => void } => {
  const waiting: Kept[] = [];
  const start = (entry: URL, name: string): Kept => {
    const kept: Kept = { process: spawn(entry, name), listener: null, exited: null, jobs: 0, isIdle: false };
    kept.process.onMessage((message) => {
      kept.isIdle = isDone(message);
      kept.listener?.(message);
    });
    kept.process.onExit((code) => {
      const at = waiting.indexOf(kept);
      if (at >= 0) waiting.splice(at, 1);
      kept.exited?.(code);
    });
    return kept;
  };
  return {
    spawn: (entry, name) => {
      const kept = waiting.pop() ?? start(entry, name);
      kept.isIdle = false;
      kept.jobs += 1;
      return {
        post: (message, transfer) => kept.process.post(message, transfer),
        onMessage: (listener) => void (kept.listener = listener),
        onExit: (listener) => void (kept.exited = listener),
        kill: () => {
          kept.listener = null;
          kept.exited = null;
          if (kept.isIdle && kept.jobs < MAX_JOBS) waiting.push(kept);
          else kept.process.kill();
        },
      };
    },
    close: () => {
      for (const kept of waiting.splice(0)) kept.process.kill();
    },
  };
};
