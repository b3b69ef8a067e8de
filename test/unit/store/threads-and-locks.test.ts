// The lock of a folder, what a crash leaves in the blobs folder, and calls between threads.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { settleBlobs } from '../../../electron/store/blob-files.ts';
import { storeError } from '../../../electron/store/store-errors.ts';
import { connectStore, serveStore } from '../../../electron/store/store-port.ts';
import { LOCK_FILE, lockWorkspace } from '../../../electron/store/workspace-lock.ts';
import { scratch } from '../../integration/vault/support.ts';

const temporary = scratch();
afterAll(temporary.remove);

let made = 0;
const newFolder = (): string => {
  made += 1;
  const folder = join(temporary.path, `f${made}`);
  mkdirSync(folder);
  return folder;
};

describe('the lock of a workspace', () => {
  const inUse = expect.objectContaining({ code: 'workspace.in_use' });
  const write = (folder: string, value: unknown): void =>
    writeFileSync(join(folder, LOCK_FILE), typeof value === 'string' ? value : JSON.stringify(value));
  const owner = (folder: string): { pid: number; started: string | null; token: string } =>
    JSON.parse(readFileSync(join(folder, LOCK_FILE), 'utf8')) as {
      pid: number;
      started: string | null;
      token: string;
    };

  it('is held once, names its process, and goes with its release', () => {
    const folder = newFolder();
    const lock = lockWorkspace(folder);
    expect(owner(folder).pid).toBe(process.pid);
    expect(() => lockWorkspace(folder)).toThrow(
      expect.objectContaining({ code: 'workspace.in_use', params: { pid: process.pid } }),
    );
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    lockWorkspace(folder).release();
  });

  it('of a living process is respected', () => {
    const folder = newFolder();
    write(folder, { pid: process.ppid, started: null, token: 'x' });
    expect(() => lockWorkspace(folder)).toThrow(inUse);
    expect(owner(folder).token).toBe('x');
  });

  it('of a dead process is taken over', () => {
    const folder = newFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    write(folder, { pid, started: null, token: 'x' });
    const lock = lockWorkspace(folder);
    expect(owner(folder).pid).toBe(process.pid);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of an earlier process with the same number is taken over', () => {
    const folder = newFolder();
    write(folder, { pid: process.pid, started: null, token: 'from before the restart' });
    lockWorkspace(folder).release();
    if (!existsSync('/proc/self/stat')) return;
    write(folder, { pid: process.ppid, started: '1', token: 'x' });
    lockWorkspace(folder).release();
  });

  it.each(['', '{', 'null', '{"pid":-1}', '{"pid":0,"started":null,"token":"x"}', 'x'.repeat(5000)])(
    'that no process wrote (%#) is taken over',
    (text) => {
      const folder = newFolder();
      write(folder, text);
      lockWorkspace(folder).release();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('is not taken away by a release that comes late', () => {
    const folder = newFolder();
    const lock = lockWorkspace(folder);
    write(folder, { pid: process.ppid, started: null, token: 'another' });
    lock.release();
    expect(owner(folder).token).toBe('another');
  });
});

describe('left-over files of blobs', () => {
  const known = 'a'.repeat(32);
  const unknown = 'b'.repeat(32);

  it('are brought back where the database knows them, and removed where it does not', () => {
    const folder = newFolder();
    const blobs = join(folder, 'blobs');
    mkdirSync(blobs);
    for (const id of [known, unknown])
      for (const suffix of ['.part']) writeFileSync(join(blobs, id + suffix), 'new');
    writeFileSync(join(blobs, `${unknown}.gone`), 'x');
    writeFileSync(join(blobs, 'c'.repeat(32)), 'orphan');
    writeFileSync(join(blobs, 'notes.part'), 'not ours');
    settleBlobs(folder, (id) => id === known);
    expect(readdirSync(blobs).toSorted()).toEqual([known, 'c'.repeat(32), 'notes.part']);
    expect(readFileSync(join(blobs, known), 'utf8')).toBe('new');
  });

  it('never replace a file that has its name', () => {
    const folder = newFolder();
    const blobs = join(folder, 'blobs');
    mkdirSync(blobs);
    writeFileSync(join(blobs, known), 'whole');
    writeFileSync(join(blobs, `${known}.part`), 'half');
    settleBlobs(folder, () => true);
    expect(readdirSync(blobs)).toEqual([known]);
    expect(readFileSync(join(blobs, known), 'utf8')).toBe('whole');
  });
});

describe('calls to another thread', () => {
  interface Api {
    add(a: number, b: number): number;
    fail(how: string): never;
    slow(): Promise<string>;
  }
  const api: Api = {
    add: (a, b) => a + b,
    fail: (how) => {
      throw how === 'expected' ? new AppError('record.altered', { kind: 'case' }) : new TypeError('a bug');
    },
    slow: () => new Promise((resolve) => setTimeout(() => resolve('late'), 20)),
  };

  it('bring back values, expected outcomes and bugs, each to its caller', async () => {
    const { port1, port2 } = new MessageChannel();
    serveStore<Api>(port2, api);
    // A message port has all of a worker that is used here.
    const port = connectStore<Api>(port1 as unknown as Worker);
    const [late, sum, expected, bug] = await Promise.allSettled([
      port.call('slow'),
      port.call('add', 2, 3),
      port.call('fail', 'expected'),
      port.call('fail', 'bug'),
    ]);
    expect(late).toEqual({ status: 'fulfilled', value: 'late' });
    expect(sum).toEqual({ status: 'fulfilled', value: 5 });
    expect(expected).toMatchObject({ reason: { code: 'record.altered', params: { kind: 'case' } } });
    expect(bug.status === 'rejected' && bug.reason instanceof Error && bug.reason.message).toBe('a bug');
    await expect(port.call('toString' as 'slow')).rejects.toThrow('no function toString');
    port1.close();
  });
});

describe('failures of the disk and of SQLite', () => {
  const failure = (code: string, extra: object = {}): Error =>
    Object.assign(new Error('/secret/path'), { code, ...extra });

  it.each([
    ['SQLITE_NOTADB', {}, 'workspace.damaged'],
    ['SQLITE_CORRUPT_VTAB', {}, 'workspace.damaged'],
    ['SQLITE_FULL', {}, 'file.cannot_write'],
    ['SQLITE_READONLY_DIRECTORY', {}, 'workspace.read_only'],
    ['ENOSPC', { syscall: 'write' }, 'file.cannot_write'],
    ['EROFS', { syscall: 'open' }, 'workspace.read_only'],
    ['EACCES', { syscall: 'open' }, 'file.no_permission'],
    ['ENOENT', { syscall: 'mkdir' }, 'file.not_found'],
    ['EIO', { syscall: 'read' }, 'file.unreadable'],
  ])('%s becomes an outcome without a path', (code, extra, outcome) => {
    const error = storeError(failure(code, extra));
    expect(error).toMatchObject({ code: outcome });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('that nobody foresaw stay what they are', () => {
    const bug = failure('SQLITE_CONSTRAINT_UNIQUE');
    expect(storeError(bug)).toBe(bug);
    expect(storeError('text')).toBe('text');
  });
});
