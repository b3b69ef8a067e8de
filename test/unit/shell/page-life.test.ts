// The page forgets at every lock, comes back after a crash, and is never loaded twice at once.
import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { Push } from '../../../shared/contract/bridge.ts';
import {
  forgetAtLocks,
  type LivingContents,
  makeReset,
  reviveAfterCrash,
} from '../../../electron/shell/page-life.ts';
import type { ResettableContents } from '../../../electron/shell/window.ts';
import type { WorkbenchCall } from '../../../electron/shell/workbench-port.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));
const request = (operation: string): WorkbenchCall => ({
  operation,
  input: {},
  session: 't',
  sender: 'window:1',
});

describe('makeReset', () => {
  it('loads the page anew, one reset after the other', async () => {
    const steps: string[] = [];
    let pid = 1;
    const contents = {
      isDestroyed: () => false,
      getOSProcessId: () => pid,
      forcefullyCrashRenderer: () => {},
      navigationHistory: { clear: () => {} },
      loadURL: async (url: string) => {
        steps.push(`> ${url}`);
        await soon();
        pid += 1;
        steps.push(`< ${url}`);
      },
    } as unknown as ResettableContents;
    const reset = makeReset(() => contents, Promise.resolve());
    await Promise.all([reset(), reset()]);
    expect(steps).toHaveLength(8);
    steps.forEach((step, index) => expect(step[0]).toBe(index % 2 === 0 ? '>' : '<'));
  });

  it('goes on after a load that failed, and without a window', async () => {
    let fails = true;
    const load = vi.fn(async () => {
      if (fails) throw new Error('ERR_ABORTED');
    });
    const contents = {
      isDestroyed: () => false,
      getOSProcessId: () => 0,
      forcefullyCrashRenderer: () => {},
      navigationHistory: { clear: () => {} },
      loadURL: load,
    };
    const reset = makeReset(
      () => contents as unknown as ResettableContents,
      Promise.reject(new Error('ERR_ABORTED')),
    );
    await reset();
    fails = false;
    await reset();
    expect(load).toHaveBeenCalledTimes(3);
    await makeReset(() => null, Promise.resolve())();
    await makeReset(
      () => ({ ...contents, isDestroyed: () => true }) as unknown as ResettableContents,
      Promise.resolve(),
    )();
    expect(load).toHaveBeenCalledTimes(3);
  });
});

describe('forgetAtLocks', () => {
  const bench = (ok = true) => {
    const log: string[] = [];
    let push: (push: Push) => void = () => {};
    const call = forgetAtLocks({
      workbench: {
        call: async ({ operation }) => {
          log.push(operation);
          return {
            reply: ok ? { ok: true, value: 1 } : { ok: false, error: { code: 'access.denied', params: {} } },
          };
        },
        onPush: (listener) => {
          push = listener;
          return () => {};
        },
      },
      reset: async () => void log.push('reset'),
      send: (message) => log.push(`send ${JSON.stringify(message)}`),
    });
    return { log, call, push: (message: Push) => push(message) };
  };

  it('resets first and says why afterwards', async () => {
    const { log, push } = bench();
    push({ type: 'locked', reason: 'idle' });
    await soon();
    expect(log).toEqual(['reset', 'send {"type":"locked","reason":"idle"}']);
  });

  it('passes other pushes on at once', () => {
    const { log, push } = bench();
    push({ type: 'menu', command: 'palette' });
    expect(log).toEqual(['send {"type":"menu","command":"palette"}']);
  });

  it("resets at the user's own lock, after the answer", async () => {
    const { log, call } = bench();
    expect(await call(request('workspace.lock'))).toEqual({ reply: { ok: true, value: 1 } });
    expect(log).toEqual(['workspace.lock']);
    await soon();
    expect(log).toEqual(['workspace.lock', 'reset', 'send {"type":"locked","reason":"user"}']);
  });

  it('resets in silence when the workspace was closed', async () => {
    const { log, call } = bench();
    await call(request('workspace.close'));
    await soon();
    expect(log).toEqual(['workspace.close', 'reset']);
  });

  it('leaves the page alone for anything else, and for a lock that was refused', async () => {
    const open = bench();
    await open.call(request('cases.list'));
    const refused = bench(false);
    await refused.call(request('workspace.lock'));
    await soon();
    expect([...open.log, ...refused.log]).toEqual(['cases.list', 'workspace.lock']);
  });
});

describe('reviveAfterCrash', () => {
  const bench = (lock: () => Promise<void> = async () => {}) => {
    let crashed = true;
    const contents = Object.assign(new EventEmitter(), {
      isCrashed: () => crashed,
      isDestroyed: () => false,
    });
    const [reset, giveUp] = [vi.fn(async () => {}), vi.fn()];
    reviveAfterCrash(contents as unknown as LivingContents, lock, reset, giveUp);
    return {
      reset,
      giveUp,
      gone: (reason: string) => contents.emit('render-process-gone', {}, { reason }),
      heal: () => void (crashed = false),
    };
  };

  it('locks, then loads the page anew', async () => {
    const lock = vi.fn(async () => {});
    const { reset, gone } = bench(lock);
    gone('crashed');
    await soon();
    expect([lock.mock.calls.length, reset.mock.calls.length]).toEqual([1, 1]);
  });

  it('does not load again what the lock has loaded', async () => {
    const made = bench(async () => made.heal());
    made.gone('oom');
    await soon();
    expect(made.reset).not.toHaveBeenCalled();
  });

  it('takes an orderly end for what it is', async () => {
    const { reset, giveUp, gone } = bench();
    gone('clean-exit');
    await soon();
    expect([reset.mock.calls.length, giveUp.mock.calls.length]).toEqual([0, 0]);
  });

  it('gives up on a page that crashes again and again, or can not be locked', async () => {
    const { reset, giveUp, gone } = bench();
    for (let crash = 0; crash < 3; crash += 1) gone('crashed');
    await soon();
    expect([reset.mock.calls.length, giveUp.mock.calls.length]).toEqual([3, 0]);
    gone('crashed');
    expect(giveUp).toHaveBeenCalledOnce();
    const stuck = bench(() => Promise.reject(new Error('disk')));
    stuck.gone('crashed');
    await soon();
    expect(stuck.giveUp).toHaveBeenCalledOnce();
  });
});
