// What both ways of starting share: folders, the dev server's address, entries and what is said of blocked attempts.
import { describe, expect, it } from 'vitest';
import {
  type Boot,
  devServerOf,
  entryOf,
  eventReporter,
  hostOf,
  newNonce,
  placeUserData,
} from '../../../electron/shell/boot.ts';

const boot = (
  over: Partial<Omit<Boot, 'electron'>>,
): { readonly boot: Boot; readonly paths: Record<string, string> } => {
  const paths: Record<string, string> = { userData: '/home/x/.config/Probity' };
  const app = {
    getPath: (name: string) => paths[name] ?? '',
    setPath: (name: string, path: string) => void (paths[name] = path),
    getVersion: () => '1.2.3',
  };
  return {
    boot: {
      electron: { app } as unknown as Boot['electron'],
      appRoot: '/opt/Probity/resources/app.asar',
      packaged: true,
      flavour: 'release',
      env: {},
      ...over,
    },
    paths,
  };
};

describe('placeUserData', () => {
  const env = { PROBITY_USER_DATA: '/tmp/mine' };

  it('lets tests and developers bring a folder, and a release never', () => {
    for (const [flavour, packaged, expected] of [
      ['release', true, '/home/x/.config/Probity'],
      ['test', true, '/tmp/mine'],
      ['development', false, '/tmp/mine'],
    ] as const) {
      const made = boot({ flavour, packaged, env });
      placeUserData(made.boot);
      expect(made.paths['userData'], flavour).toBe(expected);
    }
  });

  it('keeps development apart from an installed Probity', () => {
    const made = boot({ flavour: 'development', packaged: false });
    placeUserData(made.boot);
    expect(made.paths['userData']).toBe('/home/x/.config/Probity (development)');
    const packed = boot({ flavour: 'test', env: { PROBITY_USER_DATA: '' } });
    placeUserData(packed.boot);
    expect(packed.paths['userData']).toBe('/home/x/.config/Probity');
  });
});

describe('devServerOf', () => {
  it('looks for a dev server only while developing, and only on this machine', () => {
    const at = (address: string, packaged = false) =>
      devServerOf(boot({ packaged, env: { ELECTRON_RENDERER_URL: address } }).boot);
    expect(at('http://localhost:5173')).toBe('http://localhost:5173');
    expect(at('http://localhost:5173', true)).toBeNull();
    for (const address of [
      'http://evil.example',
      'http://localhost.evil.example:1',
      'https://localhost:1',
      'http://localhost:1/x',
      'http://x@localhost:1',
      '',
    ]) {
      expect(at(address), address).toBeNull();
    }
    expect(devServerOf(boot({ packaged: false }).boot)).toBeNull();
  });
});

describe('where things lie', () => {
  it('is inside the archive for what is shipped, and outside it for what is kept', () => {
    expect(hostOf(boot({}).boot)).toEqual({
      appVersion: '1.2.3',
      resourcesDir: '/opt/Probity/resources/app.asar/resources',
      userDataDir: '/home/x/.config/Probity',
    });
    expect(entryOf(boot({}).boot)('job-host').href).toBe(
      'file:///opt/Probity/resources/app.asar/out/electron/job-host.js',
    );
  });
});

describe('eventReporter', () => {
  it('says each kind of event once, without data', () => {
    const lines: string[] = [];
    const report = eventReporter((line) => lines.push(line));
    for (let round = 0; round < 100; round += 1) {
      report('navigation');
      report('window-open');
    }
    expect(lines).toEqual(['Probity blocked: navigation\n', 'Probity blocked: window-open\n']);
  });
});

describe('newNonce', () => {
  it('is 128 bits, never the same', () => {
    const nonces = new Set(Array.from({ length: 100 }, newNonce));
    expect(nonces.size).toBe(100);
    for (const nonce of nonces) expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
  });
});
