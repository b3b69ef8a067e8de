// The command line that is let through, and the one that isn't.
import { describe, expect, it } from 'vitest';
import {
  EXIT_NO_DISPLAY,
  EXIT_USAGE,
  isAnsweredAtOnce,
  judgeLaunch,
  type LaunchFacts,
  ownArguments,
  workspacePath,
} from '../../../electron/shell/launch-guard.ts';

const facts = (args: readonly string[], over: Partial<LaunchFacts> = {}): LaunchFacts => ({
  args,
  flavour: 'release',
  platform: 'linux',
  uid: 1000,
  display: true,
  ...over,
});

const DANGEROUS = [
  '--remote-debugging-port=9222',
  '--remote-debugging-port=0',
  '--remote-debugging-pipe',
  '--remote-allow-origins=*',
  '--inspect',
  '--inspect=0',
  '--inspect-brk=127.0.0.1:9229',
  '--inspect-port=1',
  '--no-sandbox',
  '--disable-web-security',
  '--disable-site-isolation-trials',
  '--disable-setuid-sandbox',
  '--disable-gpu-sandbox',
  '--single-process',
  '--no-zygote',
  '--in-process-gpu',
  '--js-flags=--allow-natives-syntax',
  '--load-extension=/tmp/evil',
  '--proxy-server=evil.example:8080',
  '--proxy-pac-url=http://evil.example/p.pac',
  '--host-rules=MAP * evil.example',
  '--host-resolver-rules=MAP * 10.0.0.1',
  '--user-data-dir=/tmp/other',
  '--ignore-certificate-errors',
  '--allow-file-access-from-files',
  '--allow-running-insecure-content',
  '--unsafely-treat-insecure-origin-as-secure=http://evil.example',
  '--enable-features=Anything',
  '--disable-features=IsolateOrigins',
  '--enable-blink-features=Anything',
  '--enable-logging',
  '--log-net-log=/tmp/net.json',
  '--ssl-key-log-file=/tmp/keys',
  '--renderer-cmd-prefix=/tmp/evil',
  '--utility-cmd-prefix=/tmp/evil',
  '--gpu-launcher=/tmp/evil',
  '--browser-subprocess-path=/tmp/evil',
  '--auth-server-whitelist=*',
  '--use-fake-ui-for-media-stream',
  '--require=/tmp/evil.js',
  '-r/tmp/evil.js',
  '--eval=1',
  '--app=/tmp/evil',
  '--ozone-platform=headless2',
  '--ozone-platform-hint=auto',
  '--log-level=0',
  '--disable-gpu=x',
  '--gtk-module=evil',
];

describe('judgeLaunch', () => {
  it.each(DANGEROUS)('refuses %s in every way that Chromium reads it', (argument) => {
    const forms = [
      argument,
      argument.replace('--', '-'),
      ` ${argument}`,
      `\t${argument} `,
      argument.replace('=', ' ='),
    ];
    for (const form of forms) {
      for (const args of [
        [form],
        ['case.probity', form],
        ['audit', form],
        ['--disable-gpu', form],
        ['--version', form],
      ]) {
        expect(judgeLaunch(facts(args)), args.join(' ')).toMatchObject({
          kind: 'refuse',
          exitCode: EXIT_USAGE,
        });
      }
    }
  });

  it('refuses slash switches on Windows, where Chromium takes them too', () => {
    expect(judgeLaunch(facts(['/remote-debugging-port=1'], { platform: 'win32' })).kind).toBe('refuse');
    expect(judgeLaunch(facts(['/No-Sandbox'], { platform: 'win32' })).kind).toBe('refuse');
  });

  it('compares letters exactly, because Windows folds them', () => {
    expect(judgeLaunch(facts(['--NO-SANDBOX'], { uid: 0 })).kind).toBe('refuse');
  });

  it("refuses Node's debugging options even after a bare --, where Electron still reads them", () => {
    for (const argument of [
      '--inspect',
      '--inspect-brk=1',
      '-inspect=0',
      ' --inspect',
      '--debug',
      '--experimental-network-inspection',
    ]) {
      expect(judgeLaunch(facts(['--', 'audit', argument])), argument).toMatchObject({
        kind: 'refuse',
        exitCode: EXIT_USAGE,
      });
    }
  });

  it('says which switch it was, without its value or control characters', () => {
    const judged = judgeLaunch(facts(['--proxy-server=user:secret@evil\u001b[31m']));
    expect(judged).toMatchObject({ kind: 'refuse' });
    expect(JSON.stringify(judged)).toContain('--proxy-server');
    expect(JSON.stringify(judged)).not.toMatch(/secret|\\u001b/u);
    const strange = judgeLaunch(facts(['--\u001b]0;owned\u0007\n\u202e']));
    expect(strange.kind === 'refuse' && /^[\x20-\x7e]*$/u.test(strange.line)).toBe(true);
  });

  it('lets root run without the sandbox, and no one else in a release', () => {
    expect(judgeLaunch(facts(['--no-sandbox'], { uid: 0 }))).toEqual({ kind: 'window', open: null });
    expect(judgeLaunch(facts(['--no-sandbox'], { uid: 1000 })).kind).toBe('refuse');
    expect(judgeLaunch(facts(['--no-sandbox'], { uid: null, platform: 'win32' })).kind).toBe('refuse');
    expect(judgeLaunch(facts(['--no-sandbox'], { flavour: 'test' })).kind).toBe('window');
  });

  it('lets Playwright in where the build is a test build, on a free port only', () => {
    const playwright = ['--inspect=0', '--remote-debugging-port=0'];
    for (const flavour of ['test', 'development'] as const) {
      expect(judgeLaunch(facts(playwright, { flavour })), flavour).toEqual({ kind: 'window', open: null });
      expect(judgeLaunch(facts(['--remote-debugging-port=9222'], { flavour })).kind, flavour).toBe('refuse');
      expect(judgeLaunch(facts(['--inspect'], { flavour })).kind, flavour).toBe('refuse');
      expect(judgeLaunch(facts(['--disable-web-security'], { flavour })).kind, flavour).toBe('refuse');
    }
    expect(judgeLaunch(facts(playwright)).kind).toBe('refuse');
  });

  it('opens the window, with a workspace or without', () => {
    expect(judgeLaunch(facts([]))).toEqual({ kind: 'window', open: null });
    expect(judgeLaunch(facts(['--']))).toEqual({ kind: 'window', open: null });
    expect(judgeLaunch(facts(['/home/x/my case.probity']))).toEqual({
      kind: 'window',
      open: '/home/x/my case.probity',
    });
    expect(judgeLaunch(facts(['--', 'a.probity/']))).toEqual({ kind: 'window', open: 'a.probity/' });
    expect(judgeLaunch(facts(['file:///home/x/my%20case.probity']))).toEqual({
      kind: 'window',
      open: '/home/x/my case.probity',
    });
    expect(judgeLaunch(facts(['-psn_0_12345'], { platform: 'darwin' }))).toEqual({
      kind: 'window',
      open: null,
    });
  });

  it('refuses what is neither a command nor a workspace', () => {
    for (const args of [
      ['/etc/passwd'],
      ['./x.zip'],
      ['a.probity', 'b.probity'],
      ['//host/share/a.probity'],
      ['https://x/a.probity'],
      [''],
    ]) {
      expect(judgeLaunch(facts(args)), args.join(' ')).toMatchObject({
        kind: 'refuse',
        exitCode: EXIT_USAGE,
      });
    }
  });

  it('hands commands on with everything that belongs to them', () => {
    expect(
      judgeLaunch(facts(['--', 'audit', 'verify', 'x y.jsonl', '--json', '--remote-debugging-port=1'])),
    ).toEqual({
      kind: 'cli',
      argv: ['audit', 'verify', 'x y.jsonl', '--json', '--remote-debugging-port=1'],
    });
    expect(
      judgeLaunch(facts(['--ozone-platform=headless', '--log-level=3', '--', '--help'], { display: false })),
    ).toEqual({ kind: 'cli', argv: ['--help'] });
    expect(judgeLaunch(facts(['audit', 'verify', 'x.jsonl', '--json']))).toEqual({
      kind: 'cli',
      argv: ['audit', 'verify', 'x.jsonl', '--json'],
    });
    expect(judgeLaunch(facts(['--version'], { display: false }))).toEqual({
      kind: 'cli',
      argv: ['--version'],
    });
  });

  it('refuses in one clear line where a display is needed and there is none', () => {
    for (const args of [[], ['a.probity'], ['audit', 'x'], ['--no-sandbox'], ['--', 'audit']]) {
      expect(judgeLaunch(facts(args, { display: false, uid: 0 })), args.join(' ')).toMatchObject({
        kind: 'refuse',
        exitCode: EXIT_NO_DISPLAY,
      });
    }
    expect(judgeLaunch(facts(['--ozone-platform=headless'])), 'a window on no platform').toMatchObject({
      exitCode: EXIT_NO_DISPLAY,
    });
  });
});

describe('isAnsweredAtOnce', () => {
  it('is true for help and version only', () => {
    for (const first of ['--help', '-h', 'help', '--version', 'version'])
      expect(isAnsweredAtOnce([first])).toBe(true);
    for (const argv of [[], ['audit', '--help'], ['report']]) expect(isAnsweredAtOnce(argv)).toBe(false);
  });
});

describe('workspacePath', () => {
  it('takes only folders named .probity on this machine', () => {
    expect(workspacePath('/a/b.probity')).toBe('/a/b.probity');
    expect(workspacePath('b.probity')).toBe('b.probity');
    for (const hostile of [
      undefined,
      null,
      1,
      {},
      ['a.probity'],
      '',
      'a.probity.exe',
      'a.probity\0',
      '\\\\host\\s\\a.probity',
      '//h/a.probity',
      'file://host/a.probity',
      'file:///a%00.probity',
      'file:///a%2fb.probity',
      `${'a'.repeat(5000)}.probity`,
    ]) {
      expect(workspacePath(hostile), String(hostile).slice(0, 40)).toBeNull();
    }
  });
});

describe('ownArguments', () => {
  it('leaves out the executable and, unpackaged, the folder of the app', () => {
    expect(ownArguments(['/x/probity-app', 'audit', '-h'], true)).toEqual(['audit', '-h']);
    expect(ownArguments(['electron', '--no-sandbox', '.', '--', 'audit'], false)).toEqual([
      '--no-sandbox',
      '--',
      'audit',
    ]);
    expect(ownArguments(['electron'], false)).toEqual([]);
  });
});
