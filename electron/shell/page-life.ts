// The page's life: thrown away at every lock, and brought back after a crash.
import type { Push } from '../../shared/contract/bridge.ts';
import { resetPage, type ResettableContents } from './window.ts';
import type { WorkbenchCall, WorkbenchPort, WorkbenchReply } from './workbench-port.ts';

/** More crashes than this of one page and it isn't started again. */
const MAX_CRASHES = 3;

/** Operations by which the user locks; the workbench's own locks arrive as pushes. */
const LOCKING: ReadonlySet<string> = new Set(['workspace.lock', 'workspace.close']);

/** The part of Electron's WebContents that is used. */
export type LivingContents = ResettableContents & {
  isCrashed(): boolean;
  on(
    event: 'render-process-gone',
    listener: (event: unknown, details: { readonly reason: string }) => void,
  ): unknown;
};

/**
 * Resets follow each other and the `first` load: a load that another one overtakes fails, and would look like a fault.
 * A page that went meanwhile is no failure.
 */
export const makeReset = (
  contents: () => ResettableContents | null,
  first: Promise<void>,
): (() => Promise<void>) => {
  let last: Promise<void> = first.catch(() => {});
  return () => {
    last = last
      .then(async () => {
        const current = contents();
        if (current !== null && !current.isDestroyed()) await resetPage(current);
      })
      .catch(() => {});
    return last;
  };
};

export interface LocksParts {
  readonly workbench: Pick<WorkbenchPort, 'call' | 'onPush'>;
  readonly reset: () => Promise<void>;
  readonly send: (push: Push) => void;
}

/**
 * Passes pushes on, and makes the page forget everything at each lock; the new page is then told why it was made.
 * @returns the workbench's `call` for the page
 */
export const forgetAtLocks = ({
  workbench,
  reset,
  send,
}: LocksParts): ((request: WorkbenchCall) => Promise<WorkbenchReply>) => {
  workbench.onPush((push) => {
    if (push.type === 'locked') void reset().then(() => send(push));
    else send(push);
  });
  return async (request) => {
    const answer = await workbench.call(request);
    if (answer.reply.ok && LOCKING.has(request.operation)) {
      // After this reply has left; the page is told nothing of a workspace that it closed.
      setImmediate(
        () =>
          void reset().then(
            () => request.operation === 'workspace.lock' && send({ type: 'locked', reason: 'user' }),
          ),
      );
    }
    return answer;
  };
};

/** A page that has crashed comes back locked: its session token died with it. */
export const reviveAfterCrash = (
  contents: LivingContents,
  lock: () => Promise<void>,
  reset: () => Promise<void>,
  giveUp: () => void,
): void => {
  let crashes = 0;
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    crashes += 1;
    if (crashes > MAX_CRASHES) {
      giveUp();
      return;
    }
    // Locking an open workspace resets the page already.
    const revive = async (): Promise<void> => {
      await lock();
      if (!contents.isDestroyed() && contents.isCrashed()) await reset();
    };
    revive().catch(giveUp);
  });
};
