// The two kinds of job host behind one port: real threads, and Electron's utility processes as a typed fake.
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnThreadHost } from '../../../electron/ports/thread-host.ts';
import {
  hostEnvironment,
  type UtilityChild,
  utilityHostSpawner,
} from '../../../electron/shell/utility-host.ts';

let folder = '';
let echo: URL;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'probity-host-'));
  const parent = pathToFileURL(join(import.meta.dirname, '../../../electron/ports/host-parent.ts')).href;
  const file = join(folder, 'echo.ts');
  writeFileSync(
    file,
    `import { connectParent } from ${JSON.stringify(parent)};
     const parent = connectParent();
     parent.onMessage((message: unknown) => {
       if (message === 'crash') throw new Error('boom');
       if (message === 'leave') process.exit(0);
       parent.post({ echo: message });
     });`,
  );
  echo = pathToFileURL(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const host = () => {
  const made = spawnThreadHost(echo, 'echo');
  const exit = new Promise<number>((resolve) => made.onExit(resolve));
  const answer = () => new Promise<unknown>((resolve) => made.onMessage(resolve));
  return { made, exit, answer };
};

describe('spawnThreadHost', () => {
  it('carries messages both ways, and moves a buffer instead of copying it', async () => {
    const { made, exit, answer } = host();
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    const answered = answer();
    made.post({ bytes: buffer }, [buffer]);
    expect(buffer.byteLength, 'it has left this side').toBe(0);
    expect(await answered).toEqual({ echo: { bytes: new Uint8Array([1, 2, 3]).buffer } });
    made.kill();
    expect(await exit).not.toBe(0);
  });

  it('tells an orderly end from a crash', async () => {
    const orderly = host();
    orderly.made.post('leave');
    expect(await orderly.exit).toBe(0);
    const crashed = host();
    crashed.made.post('crash');
    expect(await crashed.exit).toBe(1);
  });
});

describe('utilityHostSpawner', () => {
  class FakeChild extends EventEmitter {
    readonly posted: unknown[] = [];
    killed = false;
    postMessage(message: unknown): void {
      this.posted.push(message);
    }
    kill(): boolean {
      this.killed = true;
      return true;
    }
  }

  it('starts the module with a name, without a terminal and with a bare environment', () => {
    const child = new FakeChild();
    const forked: unknown[] = [];
    const spawn = utilityHostSpawner(
      {
        fork: (...args) => {
          forked.push(...args);
          return child as unknown as UtilityChild;
        },
      },
      {
        LANG: 'C',
        NODE_OPTIONS: '--require=/evil',
        LD_PRELOAD: '/evil',
        PATH: '/bin',
        SSLKEYLOGFILE: '/keys',
      },
    );
    const started = spawn(new URL('file:///x/job%20host.js'), 'Probity job');
    expect(forked).toEqual([
      '/x/job host.js',
      [],
      { serviceName: 'Probity job', stdio: 'ignore', env: { LANG: 'C' } },
    ]);
    const heard: unknown[] = [];
    started.onMessage((message) => heard.push(message));
    started.onExit((code) => heard.push(code));
    started.post({ a: 1 }, [new ArrayBuffer(1)]);
    child.emit('message', 'hello');
    child.emit('exit', 5);
    started.kill();
    expect([child.posted, heard, child.killed]).toEqual([[{ a: 1 }], ['hello', 5], true]);
  });

  it('passes nothing on that could steer a process', () => {
    expect(
      hostEnvironment({
        TZ: 'UTC',
        TMPDIR: '/t',
        NODE_OPTIONS: 'x',
        ELECTRON_RUN_AS_NODE: '1',
        HTTP_PROXY: 'x',
      }),
    ).toEqual({ TZ: 'UTC', TMPDIR: '/t' });
  });
});
