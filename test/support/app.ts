// Starts the packaged app (test flavour) for a test, in a user-data folder of its own, and answers its dialogs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { packaged } from './packaged.ts';

export interface LaunchOptions {
  /** Default: a new folder, removed by `close`. */
  readonly userDataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments, e.g. the path of a .probity folder. */
  readonly args?: readonly string[];
  /** Default: the packed test flavour; release doesn't let Playwright in. */
  readonly executable?: string;
}

export interface LaunchedApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userDataDir: string;
  /** What the page printed to its console, warnings and errors only, and what it threw. */
  readonly complaints: string[];
  /** What the main process wrote to its standard error: bugs show there in the test flavour. */
  readonly said: string[];
  close(): Promise<void>;
}

const isRoot = process.getuid?.() === 0;

/** Only what a program on a desktop needs: nothing of the test runner's reaches the app. */
const environment = (): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const name of [
    'PATH',
    'HOME',
    'LANG',
    'DISPLAY',
    'WAYLAND_DISPLAY',
    'XAUTHORITY',
    'TMPDIR',
    'SystemRoot',
  ]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
};

export const launchApp = async (options: LaunchOptions = {}): Promise<LaunchedApp> => {
  const userDataDir = options.userDataDir ?? mkdtempSync(join(tmpdir(), 'probity-app-'));
  const app = await _electron.launch({
    executablePath: options.executable ?? packaged('test').executable,
    args: [...(isRoot ? ['--no-sandbox'] : []), '--log-level=3', ...(options.args ?? [])],
    env: { ...environment(), PROBITY_USER_DATA: userDataDir, ...options.env },
    timeout: 30_000,
  });
  const page = await app.firstWindow();
  const complaints: string[] = [];
  const said: string[] = [];
  app.process().stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.waitForLoadState();
  return {
    app,
    page,
    userDataDir,
    complaints,
    said,
    close: async () => {
      await app.close();
      if (options.userDataDir === undefined)
        rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** The next open dialog answers `path`, or is cancelled with null. */
export const answerOpenDialog = async (app: ElectronApplication, path: string | null): Promise<void> => {
  await app.evaluate(({ dialog }, answer) => {
    const original = dialog.showOpenDialog;
    dialog.showOpenDialog = async () => {
      dialog.showOpenDialog = original;
      return { canceled: answer === null, filePaths: answer === null ? [] : [answer] };
    };
  }, path);
};

/** The next save dialog answers `path`, or is cancelled with null. */
export const answerSaveDialog = async (app: ElectronApplication, path: string | null): Promise<void> => {
  await app.evaluate(({ dialog }, answer) => {
    const original = dialog.showSaveDialog;
    dialog.showSaveDialog = async () => {
      dialog.showSaveDialog = original;
      return { canceled: answer === null, filePath: answer ?? '' };
    };
  }, path);
};
