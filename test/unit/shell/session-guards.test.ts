// Permissions, navigation and the network: what a page asks for and doesn't get.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  guardNavigation,
  type GuardableContents,
  type SecurityEvent,
} from '../../../electron/shell/navigation.ts';
import { lockNetwork, type LockableSession, mayLoad } from '../../../electron/shell/network-lock.ts';
import {
  denyPermissions,
  isPermitted,
  PERMISSIONS,
  type PermissionSession,
} from '../../../electron/shell/permissions.ts';

const electronFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const typings = readFileSync(join(electronFolder, 'electron.d.ts'), 'utf8');

/** Names in the union of a handler's `permission` parameter. */
const namesIn = (handler: string): string[] => {
  const line = new RegExp(`^\\s*${handler}\\(.*$`, 'mu').exec(typings)?.[0] ?? '';
  const union = /permission: ((?:'[\w-]+'(?: \| )?)+)/u.exec(line)?.[1] ?? '';
  return [...union.matchAll(/'([\w-]+)'/gu)].map(([, name]) => name ?? '');
};

const OWN = { url: 'app://workbench/#/cases', isMainFrame: true };

describe('permissions', () => {
  it('are decided for every name that this Electron knows', () => {
    const request = namesIn('setPermissionRequestHandler');
    const check = namesIn('setPermissionCheckHandler');
    expect(
      [request.length, check.length].every((length) => length >= 15),
      'the typings were read',
    ).toBe(true);
    expect(Object.keys(PERMISSIONS).toSorted()).toEqual([...new Set([...request, ...check])].toSorted());
  });

  it('grant plain-text copying to our own page and nothing else to anyone', () => {
    const granted = Object.keys(PERMISSIONS).filter((name) => isPermitted(name, OWN));
    expect(granted).toEqual(['clipboard-sanitized-write']);
    for (const asker of [
      { ...OWN, isMainFrame: false },
      { ...OWN, url: 'app://report/x' },
      { ...OWN, url: '' },
      { ...OWN, url: 'https://workbench/' },
    ]) {
      expect(Object.keys(PERMISSIONS).filter((name) => isPermitted(name, asker))).toEqual([]);
    }
    for (const name of ['constructor', '__proto__', 'toString', 'newly-invented'])
      expect(isPermitted(name, OWN)).toBe(false);
  });

  it('reset the handlers before they are set, and deny every device', () => {
    const emitter = new EventEmitter();
    const calls: [string, unknown][] = [];
    const session: Record<string, unknown> = { on: emitter.on.bind(emitter) };
    for (const name of [
      'setPermissionRequestHandler',
      'setPermissionCheckHandler',
      'setDevicePermissionHandler',
      'setUSBProtectedClassesHandler',
      'setBluetoothPairingHandler',
      'setDisplayMediaRequestHandler',
    ]) {
      session[name] = (handler: unknown) => calls.push([name, handler]);
    }
    denyPermissions(session as unknown as PermissionSession);
    expect(calls.slice(0, 2)).toEqual([
      ['setPermissionRequestHandler', null],
      ['setPermissionCheckHandler', null],
    ]);

    const last = (name: string): ((...args: unknown[]) => unknown) => {
      const handler = calls.findLast(([called]) => called === name)?.[1];
      if (typeof handler !== 'function') throw new Error(name);
      return (...args) => Reflect.apply(handler, undefined, args);
    };
    const page = { getURL: () => 'app://workbench/' };
    const decide = vi.fn();
    last('setPermissionRequestHandler')(page, 'media', decide, { isMainFrame: true });
    last('setPermissionRequestHandler')(page, 'clipboard-sanitized-write', decide, { isMainFrame: true });
    last('setPermissionRequestHandler')(page, 'clipboard-sanitized-write', decide, { isMainFrame: false });
    expect(decide.mock.calls).toEqual([[false], [true], [false]]);
    expect(
      last('setPermissionCheckHandler')(null, 'clipboard-sanitized-write', '', { isMainFrame: true }),
    ).toBe(false);
    expect(last('setPermissionCheckHandler')(page, 'hid', '', { isMainFrame: true })).toBe(false);
    expect(last('setDevicePermissionHandler')({})).toBe(false);
    expect(last('setUSBProtectedClassesHandler')({ protectedClasses: ['audio', 'video'] })).toEqual([
      'audio',
      'video',
    ]);
    const pair = vi.fn();
    last('setBluetoothPairingHandler')({}, pair);
    expect(pair).toHaveBeenCalledWith({ confirmed: false });
    const share = vi.fn();
    last('setDisplayMediaRequestHandler')({}, share);
    expect(share).toHaveBeenCalledWith({});
  });

  it('leave every device chooser without a choice', () => {
    const emitter = new EventEmitter();
    const session = new Proxy(
      {},
      { get: (_target, name) => (name === 'on' ? emitter.on.bind(emitter) : () => {}) },
    );
    denyPermissions(session as PermissionSession);
    const event = { preventDefault: vi.fn() };
    const choose = vi.fn();
    emitter.emit('select-hid-device', event, {}, choose);
    emitter.emit('select-usb-device', event, {}, choose);
    emitter.emit('select-serial-port', event, [], {}, choose);
    emitter.emit('file-system-access-restricted', event, {}, choose);
    expect(choose.mock.calls).toEqual([[undefined], [undefined], [''], ['deny']]);
    expect(event.preventDefault).toHaveBeenCalledTimes(4);
  });
});

describe('guardNavigation', () => {
  const guarded = () => {
    const emitter = new EventEmitter();
    const events: SecurityEvent[] = [];
    let open: (() => unknown) | null = null;
    let policy = '';
    guardNavigation(
      {
        on: emitter.on.bind(emitter),
        setWindowOpenHandler: (handler: () => unknown) => void (open = handler),
        setWebRTCIPHandlingPolicy: (value: string) => void (policy = value),
      } as unknown as GuardableContents,
      (event) => events.push(event),
    );
    const go = (event: string, url: string, isMainFrame = true): boolean => {
      let prevented = false;
      emitter.emit(event, { url, isMainFrame, preventDefault: () => void (prevented = true) });
      return prevented;
    };
    return { emitter, events, go, open: () => open?.(), policy: () => policy };
  };

  it('prevents every navigation but the page loading itself anew', () => {
    const { events, go } = guarded();
    const elsewhere = [
      'https://example.com/',
      'http://localhost/',
      'file:///etc/passwd',
      'app://report/x',
      'app://blank/',
      'app://workbench/assets/x.js',
      'app://workbench/../',
      'data:text/html,x',
      'javascript:alert(1)',
      'about:blank',
      'blob:app://workbench/1',
      'mailto:a@b',
      'smb://host/share',
      'ms-msdt:/id',
      'devtools://devtools/x',
    ];
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of elsewhere) expect(go(event, url), `${event} ${url}`).toBe(true);
    }
    expect(events).toHaveLength(elsewhere.length * 3);
    expect(go('will-navigate', 'app://workbench/')).toBe(false);
    expect(go('will-frame-navigate', 'app://workbench/', false), 'a frame inside the page').toBe(true);
    expect(go('will-redirect', 'app://workbench/')).toBe(true);
  });

  it('opens no window, embeds no view, pairs no device, and keeps WebRTC off the network', () => {
    const { emitter, events, open, policy } = guarded();
    expect(open()).toEqual({ action: 'deny' });
    const event = { preventDefault: vi.fn() };
    emitter.emit('will-attach-webview', event);
    const choose = vi.fn();
    emitter.emit('select-bluetooth-device', event, [{ deviceId: 'x' }], choose);
    expect(choose).toHaveBeenCalledWith('');
    expect(event.preventDefault).toHaveBeenCalledTimes(2);
    expect(events).toEqual(['window-open', 'webview', 'bluetooth']);
    expect(policy()).toBe('disable_non_proxied_udp');
  });
});

describe('network', () => {
  it('lets through what stays inside, and nothing else', () => {
    for (const url of [
      'app://workbench/',
      'app://report/x',
      'data:font/woff2;base64,AA',
      'blob:app://workbench/1-2',
    ])
      expect(mayLoad(url, []), url).toBe(true);
    for (const url of [
      'http://127.0.0.1/',
      'https://example.com/',
      'ws://localhost:1/',
      'wss://x/',
      'ftp://x/',
      'file:///etc/passwd',
      'blob:https://x/1',
      'chrome://version',
      'devtools://devtools/x',
      'chrome-extension://abc/x',
      'about:blank',
      'javascript:1',
      'application://x',
      '',
      'nonsense',
    ]) {
      expect(mayLoad(url, []), url).toBe(false);
    }
    const development = ['http://localhost:5173', 'ws://localhost:5173'];
    expect(mayLoad('http://localhost:5173/x', development)).toBe(true);
    expect(mayLoad('http://localhost:51730/x', development)).toBe(false);
    expect(mayLoad('http://localhost:5173.evil.example/', development)).toBe(false);
  });

  it('cancels requests, rejects certificates, stops downloads, uses no proxy and fetches no dictionary', async () => {
    const seen: Record<string, unknown> = {};
    const emitter = new EventEmitter();
    let decide = (_details: { url: string }, _callback: (response: { cancel: boolean }) => void): void => {};
    const session = {
      webRequest: { onBeforeRequest: (listener: typeof decide) => void (decide = listener) },
      setCertificateVerifyProc: (proc: (request: unknown, callback: (result: number) => void) => void) =>
        proc({}, (result) => void (seen['certificate'] = result)),
      setSpellCheckerEnabled: (on: boolean) => void (seen['spell'] = on),
      setSpellCheckerDictionaryDownloadURL: (url: string) => void (seen['dictionary'] = url),
      setProxy: async (config: unknown) => void (seen['proxy'] = config),
      on: emitter.on.bind(emitter),
    };
    await lockNetwork(session as unknown as LockableSession, []);
    expect(seen).toEqual({
      certificate: -2,
      spell: false,
      dictionary: 'app://none/',
      proxy: { mode: 'direct' },
    });
    const answers: boolean[] = [];
    decide({ url: 'https://example.com/' }, ({ cancel }) => answers.push(cancel));
    decide({ url: 'app://workbench/' }, ({ cancel }) => answers.push(cancel));
    expect(answers).toEqual([true, false]);
    const event = { preventDefault: vi.fn() };
    emitter.emit('will-download', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
  });
});
