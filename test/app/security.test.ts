// The packaged app's page under attack: a script that got in finds no way to the system, to devices or to files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbityBridge } from '../../shared/contract/bridge.ts';
import { answerSaveDialog, type LaunchedApp, launchApp } from '../support/app.ts';
import { attackPage } from '../support/attack.ts';

let launched: LaunchedApp;

beforeAll(async () => {
  launched = await launchApp();
});
afterAll(() => launched?.close());

const attack = (body: string): Promise<string> => attackPage(launched.page, body);

describe('the page', () => {
  it('loads without a complaint of its policy', async () => {
    expect(launched.complaints.filter((text) => /policy|refused|blocked|violat/iu.test(text))).toEqual([]);
    expect(launched.page.url()).toMatch(/^app:\/\/workbench\//u);
  });

  it('knows of the outside three functions and nothing else', async () => {
    const seen = await launched.page.evaluate(() => {
      const bridge = Reflect.get(window, 'probity') as object;
      const own = Object.getOwnPropertyDescriptor(window, 'probity');
      return {
        keys: Object.keys(bridge).toSorted(),
        frozen: Object.isFrozen(bridge),
        replaceable: own?.writable === true || own?.configurable === true,
        node: [
          'require',
          'process',
          'module',
          'exports',
          'global',
          'Buffer',
          'setImmediate',
          '__dirname',
          'electron',
          'ipcRenderer',
        ].filter((name) => name in window),
      };
    });
    expect(seen).toEqual({
      keys: ['call', 'droppedFile', 'jobs'],
      frozen: true,
      replaceable: false,
      node: [],
    });
  });

  it.each([
    ['eval', 'return eval("1 + 1")', 'threw EvalError'],
    ['a function made from text', 'return Function("return 1")()', 'threw EvalError'],
    [
      'a timer with text',
      'globalThis.ran = 0; setTimeout("globalThis.ran = 1"); await new Promise((r) => setTimeout(r, 100)); return globalThis.ran',
      'threw TypeError',
    ],
    ['markup', 'document.body.innerHTML = "<img src=x>"', 'threw TypeError'],
    ['more markup', 'document.body.insertAdjacentHTML("beforeend", "<b>x</b>")', 'threw TypeError'],
    [
      'a parsed document',
      'return new DOMParser().parseFromString("<b>x</b>", "text/html")',
      'threw TypeError',
    ],
    [
      'a trusted type of its own',
      'return trustedTypes.createPolicy("x", { createHTML: (s) => s })',
      'threw TypeError',
    ],
    [
      'the text of a script',
      'const s = document.createElement("script"); s.textContent = "globalThis.ran = 2"',
      'threw TypeError',
    ],
    [
      'the address of a script',
      'const s = document.createElement("script"); s.src = "data:text/javascript,globalThis.ran=3"',
      'threw TypeError',
    ],
    [
      'an inline script',
      'const s = document.createElement("script"); s.append("globalThis.ran = 4"); document.head.append(s); await new Promise((r) => setTimeout(r, 100)); return globalThis.ran',
      'returned 0',
    ],
    ['an imported address', 'return import("data:text/javascript,export default 1")', 'threw TypeError'],
    [
      'WebAssembly',
      'return WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))',
      'threw CompileError',
    ],
    [
      'a worker from a blob',
      'return new Worker(URL.createObjectURL(new Blob(["postMessage(1)"])))',
      'threw TypeError',
    ],
    ['a service worker', 'return navigator.serviceWorker.register("/assets/x.js")', 'threw TypeError'],
  ])('runs no code from text: %s', async (_name, body, expected) => {
    expect(await attack(`globalThis.ran ??= 0; ${body}`)).toBe(expected);
  });

  it('follows no javascript: address and no inline handler', async () => {
    const ran = await attack(`
      globalThis.ran = 0;
      const a = document.createElement('a');
      a.setAttribute('href', 'javascript:globalThis.ran = 5');
      document.body.append(a); a.click(); a.remove();
      const b = document.createElement('button');
      try { b.setAttribute('onclick', 'globalThis.ran = 6'); } catch {}
      document.body.append(b); b.click(); b.remove();
      await new Promise((r) => setTimeout(r, 200));
      return globalThis.ran;`);
    expect(ran).toBe('returned 0');
  });

  it('takes no style without the nonce', async () => {
    const width = await attack(`
      const s = document.createElement('style'); s.append('#probe { width: 77px; position: fixed }');
      const p = document.createElement('div'); p.id = 'probe'; p.setAttribute('style', 'height: 77px');
      document.head.append(s); document.body.append(p);
      const { width, height } = p.getBoundingClientRect(); s.remove(); p.remove();
      return width === 77 || height === 77;`);
    expect(width).toBe('returned false');
  });

  it('turns a file that was chosen into a handle, and shows no path', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'probity-drop-'));
    try {
      writeFileSync(join(folder, 'log.jsonl'), '{}\n');
      await attack(
        'const i = document.createElement("input"); i.type = "file"; i.id = "probe"; document.body.append(i)',
      );
      await launched.page.setInputFiles('#probe', join(folder, 'log.jsonl'));
      const dropped = await attack(
        'const i = document.querySelector("#probe"); const f = i.files[0]; i.remove(); return JSON.stringify(await probity.droppedFile(f))',
      );
      expect(dropped).toMatch(/^returned \{"ok":true/u);
      expect(dropped).toContain('log.jsonl');
      expect(dropped).not.toContain(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['"/etc/passwd"', 'new File(["x"], "/etc/passwd")', 'null', '{ path: "/etc/passwd" }'])(
    'takes no made-up file: %s',
    async (file) => {
      expect(await attack(`return (await probity.droppedFile(${file})).ok`)).toBe('returned false');
    },
  );
});

describe('permissions', () => {
  it.each([
    ['reading the clipboard', 'return navigator.clipboard.readText()'],
    ['the camera', 'return navigator.mediaDevices.getUserMedia({ video: true })'],
    ['the screen', 'return navigator.mediaDevices.getDisplayMedia()'],
    [
      'the place',
      'return new Promise((_r, j) => navigator.geolocation.getCurrentPosition(_r, (e) => j(new Error(e.message))))',
    ],
    ['USB', 'return navigator.usb.requestDevice({ filters: [] })'],
    ['HID', 'return navigator.hid.requestDevice({ filters: [] })'],
    ['serial ports', 'return navigator.serial.requestPort()'],
    ['files', 'return showOpenFilePicker()'],
    ['folders', 'return showDirectoryPicker()'],
    ['fonts', 'return queryLocalFonts()'],
  ])('are refused: %s', async (_name, body) => {
    expect(await attack(body)).toMatch(/^threw/u);
  });

  it('are refused without a question: notifications', async () => {
    expect(await attack('return Notification.requestPermission()')).toBe('returned denied');
  });
});

describe('the window', () => {
  it('has no developer tools, whoever asks', async () => {
    await launched.page.keyboard.press('F12');
    await launched.page.keyboard.press('Control+Shift+I');
    const opened = await launched.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.openDevTools();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return contents?.isDevToolsOpened();
    });
    expect(opened).toBe(false);
  });

  it('is served with the headers that isolate it', async () => {
    const headers = await launched.app.evaluate(async ({ session }) => {
      const response = await session.fromPartition('workbench').fetch('app://workbench/');
      return Object.fromEntries(response.headers.entries());
    });
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]{24}';/u,
      ),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
  });

  it('runs only operations that exist', async () => {
    for (const name of ['"nope"', '"__proto__"', '"constructor"', '"toString"', '1', 'null', '{}']) {
      expect(await attack(`return (await probity.call(${name}, {})).ok`), name).toBe('returned false');
    }
  });
});

// Last: the page's process ends here.
describe('a lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'probity-lock-'));
  const passphrase = 'Lantern-41 over quiet Harbour';
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  const call = (
    operation: string,
    input: unknown,
  ): Promise<{ readonly ok: boolean; readonly value?: unknown }> =>
    launched.page.evaluate(
      ([name, given]) =>
        (Reflect.get(window, 'probity') as ProbityBridge).call(name as 'workspace.status', given as object),
      [operation, input] as const,
    );
  const page = () =>
    launched.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return {
        pid: contents?.getOSProcessId() ?? 0,
        back: contents?.navigationHistory.canGoBack(),
        url: contents?.getURL(),
        loading: contents?.isLoading(),
      };
    });

  const forgets = async (lock: () => Promise<unknown>): Promise<void> => {
    await attack('globalThis.secret = "in memory"; location.hash = "#/secret"');
    const before = await page();
    await lock();
    await expect
      .poll(page, { timeout: 20_000 })
      .toMatchObject({ url: 'app://workbench/', loading: false, back: false });
    expect((await page()).pid).not.toBe(before.pid);
    await expect.poll(() => isAlive(before.pid), { timeout: 5000 }).toBe(false);
    expect(await attack('return globalThis.secret')).toBe('returned undefined');
    expect(await call('cases.list', {})).toMatchObject({ ok: false, error: { code: 'access.no_session' } });
  };

  it("ends the page's process when its user locks", async () => {
    await answerSaveDialog(launched.app, join(folder, 'one.probity'));
    const chosen = await call('files.chooseNew', { purpose: 'workspace', suggestedName: 'one' });
    const { handle } = chosen.value as { readonly handle: string };
    expect(await call('workspace.create', { place: handle, passphrase })).toMatchObject({ ok: true });
    expect(await call('cases.list', {})).toEqual({ ok: true, value: [] });
    // The page that asks may be gone before it hears the answer.
    await forgets(() => call('workspace.lock', {}).catch(() => {}));
  });

  it("ends the page's process when the screen locks", async () => {
    expect(await call('workspace.unlock', { passphrase })).toMatchObject({ ok: true });
    await forgets(() => launched.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen')));
  });
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
