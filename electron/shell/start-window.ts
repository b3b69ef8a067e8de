// Opens the one window over the workbench: single instance, page, calls, pushes, locks, and an orderly end.
import type { BrowserWindow, Session } from 'electron';
import { join, resolve } from 'node:path';
import { CHANNELS, type Push } from '../../shared/contract/bridge.ts';
import { knownPages, serveFromDevServer, serveWorkbench } from './app-protocol.ts';
import { type Boot, devServerOf, explain, hardenBoot, newNonce, partsOf, placeUserData } from './boot.ts';
import { makeDialogs } from './dialogs.ts';
import { startIdleLock } from './idle-lock.ts';
import { registerIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { endInOrder } from './orderly-end.ts';
import { APP_SCHEME } from './origin.ts';
import { listenToOtherStarts } from './other-starts.ts';
import { forgetAtLocks, makeReset, reviveAfterCrash } from './page-life.ts';
import { driverAttached } from './test-driver.ts';
import { openWindow, windowOptions, WORKBENCH_PARTITION } from './window.ts';
import type { CreateWorkbench } from './workbench-port.ts';

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

interface Start {
  readonly open: string | null;
  readonly createWorkbench: CreateWorkbench;
  /** Resolves when the window may open. */
  readonly mayOpen: Promise<void>;
}

const run = async (boot: Boot, { open, createWorkbench, mayOpen }: Start): Promise<void> => {
  const { app, ipcMain, Menu, powerMonitor } = boot.electron;
  let window: BrowserWindow | null = null;
  const current = (): BrowserWindow | null => (window === null || window.isDestroyed() ? null : window);

  const own = serve(boot);
  const workbench = await createWorkbench({
    ...partsOf(boot),
    dialogs: dialogsOf(boot, current),
  });
  if (open !== null) await workbench.openPath(resolve(open)).catch(() => {});

  await mayOpen;
  const created = makeWindow(boot, own);
  window = created;
  const opened = openWindow(created);
  const send = (push: Push): void => current()?.webContents.send(CHANNELS.push, push);
  const reset = makeReset(() => current()?.webContents ?? null, opened);
  const call = forgetAtLocks({ workbench, reset, send });
  registerIpc(
    ipcMain,
    { call, droppedPath: (path, sender) => workbench.droppedPath(path, sender) },
    () => current()?.webContents.id ?? null,
  );
  listenToOtherStarts({ app, workbench, show: () => current()?.show(), reset });
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
  reviveAfterCrash(
    created.webContents,
    () => workbench.lock('screen'),
    reset,
    () => app.quit(),
  );

  const isEnding = endInOrder(app, workbench, stopIdleLock);
  await opened.catch((error: unknown) => {
    // Overtaken by a newer load, or ended meanwhile: no failure, and a message box would keep the app alive.
    const overtaken = error instanceof Error && 'code' in error && error.code === 'ERR_ABORTED';
    if (!overtaken && !isEnding() && current() !== null) throw error;
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
  const mayOpen = driverAttached(boot);
  app
    .whenReady()
    .then(() => run(boot, { open, createWorkbench, mayOpen }))
    .catch((error: unknown) => {
      explain(boot, error);
      dialog.showErrorBox('Probity can not start', 'Its files are incomplete. Install Probity again.');
      app.exit(1);
    });
};
