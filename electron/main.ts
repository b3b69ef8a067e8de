// Entry of the app: the boot order and nothing else; every step is a file in shell/.
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  session,
  utilityProcess,
  WebContentsView,
} from 'electron';
import { writeSync } from 'node:fs';
import { readBaked, flavourOf } from './shell/baked.ts';
import { checkAddon, EXIT_ADDON } from './shell/addon-guard.ts';
import { judgeLaunch, ownArguments } from './shell/launch-guard.ts';

const appRoot = app.getAppPath();
const packaged = app.isPackaged;
const baked = packaged ? readBaked(appRoot) : null;
const flavour = flavourOf(packaged, baked);

const refuse = (exitCode: number, line: string): never => {
  writeSync(2, `${line}\n`);
  process.exit(exitCode);
};

// 1. Nothing of ours and nothing of Chromium's has started yet.
const launch = judgeLaunch({
  args: ownArguments(process.argv, packaged),
  flavour,
  platform: process.platform,
  uid: process.getuid?.() ?? null,
  display:
    process.platform !== 'linux' ||
    Boolean(process.env['DISPLAY']) ||
    Boolean(process.env['WAYLAND_DISPLAY']),
});
if (launch.kind === 'refuse') refuse(launch.exitCode, launch.line);

// 2. The one file that runs outside the archive is the one that was built.
if (packaged) {
  const addon = checkAddon(appRoot, baked);
  if (addon.ok) process.env['PROBITY_SQLITE_ADDON'] = addon.path;
  else refuse(EXIT_ADDON, addon.line);
}

// 3. The rest is loaded only now.
const { startCommand } = await import('./shell/start-command.ts');
const { startWindow } = await import('./shell/start-window.ts');
const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  session,
  utilityProcess,
  WebContentsView,
};
const boot = { electron, appRoot, packaged, flavour, env: process.env };
if (launch.kind === 'cli') {
  const { runCli } = await import('./cli.ts');
  await startCommand(boot, launch.argv, runCli);
} else if (launch.kind === 'window') {
  const { createWorkbench } = await import('./workbench.ts');
  await startWindow(boot, launch.open, createWorkbench);
}
