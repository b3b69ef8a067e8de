// The packaged app as a program on a desktop: one instance, a page that comes back, files on the command line, an end.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerOpenDialog, type LaunchedApp, launchApp } from '../support/app.ts';
import { packaged, ROOT_ARGS } from '../support/packaged.ts';

let folder = '';
let launched: LaunchedApp | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'probity-shell-'));
});
afterEach(async () => {
  await launched?.close();
  launched = null;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const start = async (args: readonly string[] = []): Promise<LaunchedApp> => {
  launched = await launchApp({ userDataDir: folder, args });
  return launched;
};

/** Starts the app once more beside the running one, and resolves to its exit code. */
const again = (args: readonly string[]): Promise<number | null> =>
  new Promise((resolve) => {
    const second = spawn(packaged('test').executable, [...ROOT_ARGS, '--log-level=3', ...args], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '', PROBITY_USER_DATA: folder },
      stdio: 'ignore',
    });
    const late = setTimeout(() => second.kill('SIGKILL'), 20_000);
    second.once('exit', (code) => {
      clearTimeout(late);
      resolve(code);
    });
  });

const pageProcess = ({ app }: LaunchedApp): Promise<number> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0);

const pageUrl = ({ app }: LaunchedApp): Promise<string> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '');

describe('the app', () => {
  it('runs once: a second start hands over and leaves', async () => {
    const first = await start();
    await first.page.evaluate(() => Reflect.set(globalThis, 'here', 1));
    expect(await again([])).toBe(0);
    expect(await again(['/nowhere/at all.probity'])).toBe(0);
    expect(await again(['--remote-debugging-port=1']), 'judged like any start').toBe(64);
    expect(await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(await first.page.evaluate(() => Reflect.get(globalThis, 'here')), 'the page was left alone').toBe(
      1,
    );
  });

  it('starts with a folder on its command line, whatever it is', async () => {
    mkdirSync(join(folder, 'not really.probity'));
    const { page } = await start([join(folder, 'not really.probity')]);
    expect(page.url()).toMatch(/^app:\/\/workbench\//u);
  });

  it('brings a crashed page back, in a new process', async () => {
    const first = await start();
    const before = await pageProcess(first);
    await first.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await expect
      .poll(() => pageProcess(first), { timeout: 20_000 })
      .toSatisfy((pid: number) => pid !== 0 && pid !== before);
    await expect.poll(() => pageUrl(first), { timeout: 20_000 }).toBe('app://workbench/');
  });

  it('shows the system’s dialog for a file, and the page only a handle', async () => {
    const { app, page } = await start();
    await answerOpenDialog(app, null);
    const cancelled = await page.evaluate(() => {
      const bridge = Reflect.get(window, 'probity') as {
        call(name: string, input: unknown): Promise<unknown>;
      };
      return bridge.call('files.choose', { purpose: 'log-file' });
    });
    expect(cancelled).toEqual({ ok: true, value: null });
  });

  it('offers no developer items in its menu', async () => {
    const { app } = await start();
    const roles = await app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).flatMap(
        (item) => item.submenu?.items.map(({ role }) => String(role)) ?? [],
      ),
    );
    expect(roles).toContain('quit');
    expect(roles.filter((role) => /devtools|reload/iu.test(role))).toEqual([]);
  });

  it('ends when its window closes', async () => {
    const { app } = await start();
    const ended = new Promise((resolve) => app.process().once('exit', resolve));
    await app.evaluate(
      ({ BrowserWindow }) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 0),
    );
    expect(await ended).toBe(0);
    launched = null;
  });
});
