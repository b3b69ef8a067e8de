// Opens the one window over the workbench: single instance, page, calls, pushes, locks, and an orderly end.
import type { BrowserWindow, Session } from 'electron';
import { isAbsolute, join, resolve } from 'node:path';
import { CHANNELS, type Push } from '../../shared/contract/bridge.ts';
import { knownPages, serveFromDevServer, serveWorkbench } from './app-protocol.ts';
import { type Boot, devServerOf, explain, hardenBoot, newNonce, partsOf, placeUserData } from './boot.ts';
import { makeDialogs } from './dialogs.ts';
import { startIdleLock } from './idle-lock.ts';
import { registerIpc } from './ipc.ts';
import { workspacePath } from './launch-guard.ts';
import { menuTemplate } from './menu.ts';
import { APP_SCHEME } from './origin.ts';
import { openWindow, resetPage, windowOptions, WORKBENCH_PARTITION } from './window.ts';
import type { CreateWorkbench, WorkbenchPort } from './workbench-port.ts';

/** An orderly end waits this long (milliseconds) for the vault to close. */
const CLOSE_LIMIT = 10_000;
/** More crashes than this of one page and it isn't started again. */
const MAX_CRASHES = 3;

const serve = (boot: Boot): Session => {
  const own = boot.electron.session.fromPartition(WORKBENCH_PARTITION);
  const devServer = devServerOf(boot);
  const answer =
    devServer === null
      ? serveWorkbench(knownPages(join(boot.appRoot, 'out', 'renderer')), newNonce)
      : serveFromDevServer(devServer);
  own.protocol.handle(APP_SCHEME, answer);
  return own;
};

const makeWindow = (boot: Boot, own: Session): BrowserWindow =>
  new boot.electron.BrowserWindow(
    windowOptions({
      session: own,
      preload: join(boot.appRoot, 'out', 'preload', 'preload.cjs'),
      icon: join(boot.appRoot, 'resources', 'icons', '256x256.png'),
      dark: boot.electron.nativeTheme.shouldUseDarkColors,
      packaged: boot.packaged,
    }),
  );

/** Electron's dialogs, bound to the window while there is one. Looked up at each call, so that tests can answer them. */
const dialogsOf = ({ electron: { dialog } }: Boot, window: () => BrowserWindow | null) =>
  makeDialogs({
    open: async (options) => {
      const parent = window();
      return parent === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options);
    },
    save: async (options) => {
      const parent = window();
      return parent === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(parent, options);
    },
  });

/** A page that has crashed comes back locked: its session token died with it. */
const reviveAfterCrash = (window: BrowserWindow, workbench: WorkbenchPort, giveUp: () => void): void => {
  let crashes = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    crashes += 1;
    if (crashes > MAX_CRASHES) giveUp();
    else
      void workbench
        .lock('screen')
        .then(() => resetPage(window.webContents))
        .catch(giveUp);
  });
};

const run = async (boot: Boot, open: string | null, createWorkbench: CreateWorkbench): Promise<void> => {
  const { app, ipcMain, Menu, powerMonitor } = boot.electron;
  let window: BrowserWindow | null = null;
  const current = (): BrowserWindow | null => (window === null || window.isDestroyed() ? null : window);

  const own = serve(boot);
  const workbench = await createWorkbench({
    ...partsOf(boot),
    dialogs: dialogsOf(boot, current),
  });
  registerIpc(ipcMain, workbench, () => current()?.webContents.id ?? null);
  if (open !== null) await workbench.openPath(resolve(open)).catch(() => {});

  const created = makeWindow(boot, own);
  window = created;
  const send = (push: Push): void => current()?.webContents.send(CHANNELS.push, push);
  // Resets follow each other: two locks at once must not load over each other.
  let resetting: Promise<void> = Promise.resolve();
  const reset = (): Promise<void> => {
    resetting = resetting
      .then(async () => {
        const contents = current()?.webContents;
        if (contents !== undefined) await resetPage(contents);
      })
      .catch(() => {});
    return resetting;
  };
  workbench.onPush((push) => {
    // The page forgets everything first, and the new one is told why it was made.
    if (push.type === 'locked') void reset().then(() => send(push));
    else send(push);
  });

  // Whatever another process names, the page is left alone unless a workspace was really selected.
  const status = async (): Promise<string> => {
    const { reply } = await workbench.call({
      operation: 'workspace.status',
      input: {},
      session: null,
      sender: 'launch',
    });
    return JSON.stringify(reply);
  };
  const openAnother = async (path: string): Promise<void> => {
    current()?.show();
    const before = await status();
    await workbench.openPath(path);
    if ((await status()) !== before) await reset();
  };
  app.on('second-instance', (_event, argv, folder) => {
    current()?.show();
    // What another process says is no more than a path that is checked like any other.
    const path = workspacePath(argv.at(-1));
    if (path !== null && isAbsolute(folder)) void openAnother(resolve(folder, path)).catch(() => {});
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (workspacePath(path) !== null) void openAnother(path).catch(() => {});
  });

  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        packaged: boot.packaged,
        onCommand: (command) => send({ type: 'menu', command }),
      }),
    ),
  );
  const stopIdleLock = startIdleLock({
    power: powerMonitor,
    lock: (reason) => workbench.lock(reason),
    minutes: () => workbench.idleLockMinutes(),
  });
  reviveAfterCrash(created, workbench, () => app.quit());

  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    closed = true;
    stopIdleLock();
    const limit = new Promise<void>((resolveLimit) => setTimeout(resolveLimit, CLOSE_LIMIT));
    Promise.race([workbench.close(), limit]).then(
      () => app.quit(),
      () => app.exit(1),
    );
  });
  app.on('window-all-closed', () => app.quit());
  await openWindow(created).catch((error: unknown) => {
    // Ended while the page was loading: that is no failure, and a message box would keep the app alive.
    if (!closed && current() !== null) throw error;
  });
};

/** Returns before the app is ready: the ready event waits for main.ts. */
export const startWindow = async (
  boot: Boot,
  open: string | null,
  createWorkbench: CreateWorkbench,
): Promise<void> => {
  const { app, dialog } = boot.electron;
  placeUserData(boot);
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  hardenBoot(boot);
  app
    .whenReady()
    .then(() => run(boot, open, createWorkbench))
    .catch((error: unknown) => {
      explain(boot, error);
      dialog.showErrorBox('Probity can not start', 'Its files are incomplete. Install Probity again.');
      app.exit(1);
    });
};
