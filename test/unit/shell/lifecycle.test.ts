// Other starts of the app, and its end.
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Boot } from '../../../electron/shell/boot.ts';
import { CLOSE_LIMIT, endInOrder } from '../../../electron/shell/orderly-end.ts';
import { listenToOtherStarts } from '../../../electron/shell/other-starts.ts';
import { driverAttached } from '../../../electron/shell/test-driver.ts';

describe('listenToOtherStarts', () => {
  const bench = (selects: boolean) => {
    const app = new EventEmitter();
    let selected = 'none';
    const opened: string[] = [];
    const reset = vi.fn(async () => {});
    const show = vi.fn();
    listenToOtherStarts({
      app,
      show,
      reset,
      workbench: {
        call: async () => ({ reply: { ok: true, value: selected } }),
        openPath: async (path) => {
          opened.push(path);
          if (selects) selected = path;
        },
      },
    });
    return { app, opened, reset, show };
  };

  it('selects the workspace that the other start names, and loads the page anew', async () => {
    const { app, opened, reset, show } = bench(true);
    app.emit('second-instance', {}, ['/opt/probity-app', '--allow-x', 'cases/one.probity'], '/home/x');
    await vi.waitFor(() => expect(reset).toHaveBeenCalledOnce());
    expect(opened).toEqual(['/home/x/cases/one.probity']);
    expect(show).toHaveBeenCalledOnce();
  });

  it('leaves the page alone when nothing was selected', async () => {
    const { app, opened, reset } = bench(false);
    app.emit('second-instance', {}, ['/nowhere.probity'], '/home/x');
    await vi.waitFor(() => expect(opened).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reset).not.toHaveBeenCalled();
  });

  it('takes nothing else from another process', async () => {
    const { app, opened, show } = bench(true);
    const hostile: [unknown[], unknown][] = [
      [[], '/home/x'],
      [['--remote-debugging-port=1'], '/home/x'],
      [['x.probity', '--inspect'], '/home/x'],
      [['/etc/passwd'], '/home/x'],
      [[{ toString: () => 'x.probity' }], '/home/x'],
      [['\\\\host\\share\\x.probity'], '/home/x'],
      [['//host/x.probity'], '/home/x'],
      [['https://host/x.probity'], '/home/x'],
      [['x\0.probity'], '/home/x'],
      [['x.probity'], 'relative'],
      [['x.probity'], null],
    ];
    for (const [argv, folder] of hostile) app.emit('second-instance', {}, argv, folder);
    const event = { preventDefault: vi.fn() };
    for (const path of ['/etc/passwd', 'relative.probity', 7]) app.emit('open-file', event, path);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(opened).toEqual([]);
    expect(show, 'the window still comes to the front').toHaveBeenCalledTimes(hostile.length + 3);
    expect(event.preventDefault).toHaveBeenCalledTimes(3);
  });

  it('opens a folder that the desktop hands over', async () => {
    const { app, opened } = bench(true);
    app.emit('open-file', { preventDefault: () => {} }, '/home/x/a.probity');
    await vi.waitFor(() => expect(opened).toEqual(['/home/x/a.probity']));
  });
});

describe('endInOrder', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const bench = (close: () => Promise<void>) => {
    const app = Object.assign(new EventEmitter(), { quit: vi.fn(), exit: vi.fn() });
    const stop = vi.fn();
    const isEnding = endInOrder(app, { close }, stop);
    const quit = (): boolean => {
      let prevented = false;
      app.emit('before-quit', { preventDefault: () => void (prevented = true) });
      return prevented;
    };
    return { app, stop, quit, isEnding };
  };

  it('closes the vault first, then lets the app go', async () => {
    const { app, stop, quit, isEnding } = bench(async () => {});
    expect(isEnding()).toBe(false);
    expect(quit()).toBe(true);
    expect([isEnding(), stop.mock.calls.length, app.quit.mock.calls.length]).toEqual([true, 1, 0]);
    await vi.advanceTimersByTimeAsync(0);
    expect(app.quit).toHaveBeenCalledOnce();
    expect(quit(), 'its own quit is not held up').toBe(false);
  });

  it('goes without a vault that does not close, and with an error code when closing fails', async () => {
    const slow = bench(() => new Promise(() => {}));
    slow.quit();
    await vi.advanceTimersByTimeAsync(CLOSE_LIMIT - 1);
    expect(slow.app.quit).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(slow.app.quit).toHaveBeenCalledOnce();
    const failing = bench(() => Promise.reject(new Error('disk')));
    failing.quit();
    await vi.advanceTimersByTimeAsync(0);
    expect(failing.app.exit).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('quits with its window', () => {
    const { app } = bench(async () => {});
    app.emit('window-all-closed');
    expect(app.quit).toHaveBeenCalledOnce();
  });
});

describe('driverAttached', () => {
  const boot = (flavour: Boot['flavour'], debugged: boolean): Boot =>
    ({ flavour, electron: { app: { commandLine: { hasSwitch: () => debugged } } } }) as unknown as Boot;
  afterEach(() => {
    Reflect.deleteProperty(globalThis, '__playwright_run');
    vi.useRealTimers();
  });

  it('waits in no release and for no one', async () => {
    await driverAttached(boot('release', true));
    await driverAttached(boot('test', false));
    expect(Reflect.has(globalThis, '__playwright_run')).toBe(false);
  });

  it('waits for the driver of a test build, but not for ever', async () => {
    const attached = driverAttached(boot('test', true));
    Reflect.apply(Reflect.get(globalThis, '__playwright_run'), undefined, []);
    await attached;
    vi.useFakeTimers();
    const never = driverAttached(boot('test', true));
    await vi.advanceTimersByTimeAsync(10_000);
    await never;
  });
});
