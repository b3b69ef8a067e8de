// The release's window on a real display: it sends nothing, and without root's privileges its page sits in Chromium's sandbox.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packaged, ROOT_ARGS } from '../support/packaged.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const works = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const display = process.env['DISPLAY'];
const canCutOff = display !== undefined && works('unshare', ['-n', 'true']);
const canBeNobody =
  display !== undefined &&
  isRoot &&
  works('setpriv', [`--reuid=${NOBODY}`, '--clear-groups', 'unshare', '--user', 'true']);
if (!canCutOff || !canBeNobody) {
  // oxlint-disable-next-line no-console -- a skipped proof must be seen
  console.warn(
    `SKIPPED: ${canCutOff ? '' : 'no network namespace '}${canBeNobody ? '' : 'no other user '}(DISPLAY=${display ?? ''}): the release's confinement is not fully tested here`,
  );
}

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'probity-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

const environment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  DISPLAY: display ?? '',
  ...(process.env['XAUTHORITY'] === undefined ? {} : { XAUTHORITY: process.env['XAUTHORITY'] }),
});

/** Sums of what the kernel counted in this namespace; an attempt without a route counts too. */
const COUNTERS = /^(?:Ip|Udp|Tcp): [-\d ]+$/gmu;
const attempts = (snmp: string): number => {
  const [ip = '', tcp = '', udp = ''] = [...snmp.matchAll(COUNTERS)].map(([line]) => line);
  const field = (line: string, index: number): number => Number(line.split(' ')[index + 1]);
  // Ip: OutRequests and OutNoRoutes; Tcp: ActiveOpens; Udp: OutDatagrams (RFC 1213 and Linux's /proc/net/snmp).
  return field(ip, 9) + field(ip, 11) + field(tcp, 4) + field(udp, 3);
};

describe.skipIf(!canCutOff)('cut off from every network', () => {
  const inNamespace = (script: string, args: readonly string[]): string =>
    execFileSync('unshare', ['-n', 'sh', '-c', `${script}; cat /proc/net/snmp`, ...args], {
      env: environment(),
      encoding: 'utf8',
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });

  it('the window runs, and not one packet is tried', () => {
    const { executable } = packaged('release');
    const seen = inNamespace('timeout 6 "$0" "$@"; echo "ended $?"', [
      executable,
      ...ROOT_ARGS,
      '--log-level=3',
    ]);
    expect(seen, 'it ran until it was ended').toContain('ended 124');
    expect(attempts(seen)).toBe(0);
  });

  it('the counters do show an attempt', () => {
    const send = "require('dgram').createSocket('udp4').send('x', 9, '203.0.113.1', () => process.exit())";
    const seen = inNamespace('ELECTRON_RUN_AS_NODE=1 "$0" -e "$1"', [process.execPath, send]);
    expect(attempts(seen)).toBeGreaterThan(0);
  });
});

describe.skipIf(!canBeNobody)('as an ordinary user', () => {
  it("the page's process has no network, no way back and few system calls", async () => {
    mkdirSync(join(home, 'config'));
    const env = environment();
    if (env['XAUTHORITY'] !== undefined) {
      copyFileSync(env['XAUTHORITY'], join(home, 'xauthority'));
      env['XAUTHORITY'] = join(home, 'xauthority');
      chownSync(env['XAUTHORITY'], NOBODY, NOBODY);
    }
    for (const folder of [home, join(home, 'config')]) {
      chownSync(folder, NOBODY, NOBODY);
      chmodSync(folder, 0o700);
    }
    const app = spawn(
      'setpriv',
      [
        `--reuid=${NOBODY}`,
        `--regid=${NOBODY}`,
        '--clear-groups',
        packaged('release').executable,
        '--log-level=3',
      ],
      { env, stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => app.once('exit', resolve));
    try {
      await expect.poll(() => rendererOf(app.pid ?? 0), { timeout: 20_000 }).not.toBeNull();
      const renderer = rendererOf(app.pid ?? 0);
      const status = readFileSync(`/proc/${renderer}/status`, 'utf8');
      expect(status).toMatch(/^Seccomp:\t2$/mu);
      expect(status).toMatch(/^NoNewPrivs:\t1$/mu);
      for (const kind of ['net', 'pid', 'user']) {
        expect(readlinkSync(`/proc/${renderer}/ns/${kind}`), kind).not.toBe(
          readlinkSync(`/proc/self/ns/${kind}`),
        );
      }
    } finally {
      app.kill('SIGTERM');
      await ended;
    }
  });
});

/** The process of the page among the descendants of `root`, or null while there is none. */
const rendererOf = (root: number): number | null => {
  const parents = new Map<number, number>();
  const renderers: number[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/u.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--type=renderer'))
        renderers.push(Number(name));
    } catch {
      // It ended while it was looked at.
    }
  }
  const descends = (pid: number): boolean => pid === root || (pid > 1 && descends(parents.get(pid) ?? 0));
  return renderers.find(descends) ?? null;
};
