// Evidence is read as it lies: in order, without following links, and any trouble or change has its own name.
import { spawnSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';
import type { Source } from '../../../electron/ports/source.ts';

const MIB = 1024 * 1024;
let top = '';
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'disk-source-'));
});
afterAll(() => rm(top, { recursive: true, force: true }));

const folder = async (name: string, files: Readonly<Record<string, string>> = {}): Promise<string> => {
  const path = join(top, name);
  await mkdir(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(path, file, '..'), { recursive: true });
    await writeFile(join(path, file), text);
  }
  return path;
};
const read = async (source: Source, at = 0, range?: { start?: number; end?: number }): Promise<Buffer> => {
  const file = source.files[at];
  if (file === undefined) throw new RangeError('no such file');
  return Buffer.concat(await Array.fromAsync(file.open(range)));
};
const failure = (code: string, params: object): unknown => expect.objectContaining({ code, params });

describe('a file', () => {
  it('is read in pieces of at most 1 MiB, or from any offset', async () => {
    const path = join(top, 'big.bin');
    const bytes = Buffer.alloc(2 * MIB + 17, 'abcdefg');
    await writeFile(path, bytes);
    const source = await openDiskSource(path);
    expect([source.name, source.kind, source.files.map(({ name, bytes: size }) => [name, size])]).toEqual([
      'big.bin',
      'file',
      [['big.bin', bytes.length]],
    ]);
    const pieces = await Array.fromAsync(source.files[0]?.open() ?? []);
    expect(pieces.map((piece) => piece.length)).toEqual([MIB, MIB, 17]);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(
      (await read(source, 0, { start: MIB - 1, end: MIB + 3 })).equals(bytes.subarray(MIB - 1, MIB + 3)),
    ).toBe(true);
    expect((await read(source, 0, { start: 5 * MIB, end: 6 * MIB })).length).toBe(0);
  });

  it('that is empty gives nothing', async () => {
    await writeFile(join(top, 'empty'), '');
    expect((await read(await openDiskSource(join(top, 'empty')))).length).toBe(0);
  });

  it('that is not there, not regular, or below a file has its own error', async () => {
    await writeFile(join(top, 'f'), 'x');
    await symlink(join(top, 'f'), join(top, 'link'));
    await symlink(top, join(top, 'folder-link'));
    spawnSync('mkfifo', [join(top, 'pipe')]);
    await expect(openDiskSource(join(top, 'none'))).rejects.toEqual(
      failure('file.not_found', { name: 'none' }),
    );
    await expect(openDiskSource(join(top, 'link'))).rejects.toEqual(
      failure('file.not_regular', { name: 'link' }),
    );
    await expect(openDiskSource(`${join(top, 'folder-link')}/`)).rejects.toEqual(
      failure('file.not_regular', { name: 'folder-link' }),
    );
    await expect(openDiskSource(join(top, 'pipe'))).rejects.toEqual(
      failure('file.not_regular', { name: 'pipe' }),
    );
    await expect(openDiskSource('/dev/null')).rejects.toEqual(failure('file.not_regular', { name: 'null' }));
    await expect(openDiskSource(join(top, 'f', 'g'))).rejects.toEqual(
      failure('file.unreadable', { name: 'g', reason: 'a part of its path is not a folder' }),
    );
    await expect(openDiskSource(join(top, 'x'.repeat(300)))).rejects.toEqual(
      expect.objectContaining({ code: 'file.unreadable' }),
    );
  });

  it('that changes before or while it is read is refused', async () => {
    const path = join(top, 'changing');
    const changes: readonly (readonly [string, () => Promise<void>])[] = [
      ['grows', () => appendFile(path, 'more')],
      ['shrinks', () => truncate(path, MIB + 1)],
      ['is written over', () => writeFile(path, Buffer.alloc(3 * MIB, 'y'))],
      ['gets another time', () => utimes(path, 1, 1)],
      [
        'is replaced',
        async () => {
          // Same size and time: only the file itself is another.
          await writeFile(`${path}.new`, Buffer.alloc(3 * MIB, 'z'));
          await utimes(`${path}.new`, 1000, 1000);
          await rename(`${path}.new`, path);
        },
      ],
    ];
    for (const [what, alter] of changes) {
      for (const when of ['before', 'while'] as const) {
        await writeFile(path, Buffer.alloc(3 * MIB, 'x'));
        await utimes(path, 1000, 1000);
        const [file] = (await openDiskSource(path)).files;
        const reading = async (): Promise<void> => {
          if (when === 'before') await alter();
          let pieces = 0;
          for await (const piece of file?.open() ?? []) {
            expect(piece.length).toBeGreaterThan(0);
            pieces += 1;
            // A file that is replaced while it is open goes on being the old one: its bytes are whole.
            if (when === 'while' && pieces === 1 && what !== 'is replaced') await alter();
          }
          if (when === 'while' && what === 'is replaced')
            await alter().then(() => Array.fromAsync(file?.open() ?? []));
        };
        await expect(reading(), `${what} ${when}`).rejects.toEqual(
          failure('file.changed', { name: 'changing' }),
        );
      }
    }
  });

  it('that vanishes or becomes a link after it was listed is refused', async () => {
    const path = await folder('vanishing', { a: '1', b: '2' });
    const source = await openDiskSource(path);
    await rm(join(path, 'a'));
    await expect(read(source, 0)).rejects.toEqual(failure('file.changed', { name: 'a' }));
    await rm(join(path, 'b'));
    await symlink(join(top, 'big.bin'), join(path, 'b'));
    await expect(read(source, 1)).rejects.toEqual(failure('file.not_regular', { name: 'b' }));
  });
});

describe('a folder', () => {
  it('is walked whole, sorted by code units', async () => {
    const path = await folder('walk', {
      'b/2.txt': '2',
      'a.txt': '1',
      'B.txt': '3',
      'b/c/d/e.txt': '4',
      'b.txt': '5',
      'é.txt': '6',
      'z.txt': '7',
      '\u{1F600}.txt': '8',
      '\uFF61.txt': '9',
    });
    await mkdir(join(path, 'empty-folder'));
    const source = await openDiskSource(`${path}/`);
    const names = source.files.map(({ name }) => name);
    expect(names).toEqual([
      'B.txt',
      'a.txt',
      'b.txt',
      'b/2.txt',
      'b/c/d/e.txt',
      'z.txt',
      'é.txt',
      '\u{1F600}.txt',
      '\uFF61.txt',
    ]);
    expect(names).toEqual(names.toSorted());
    expect((await read(source, 4)).toString()).toBe('4');
    expect([source.name, source.kind, source.skipped]).toEqual(['walk', 'folder', []]);
  });

  it('names links, pipes and sockets that it did not follow', async () => {
    const path = await folder('odd', { 'real.txt': '1', 'sub/x': '2' });
    await symlink('/etc/passwd', join(path, 'to-file'));
    await symlink('..', join(path, 'sub', 'loop'));
    await symlink('/nowhere', join(path, 'dangling'));
    spawnSync('mkfifo', [join(path, 'pipe')]);
    const server = createServer().listen(join(path, 'sock'));
    await new Promise((done) => server.once('listening', done));
    const source = await openDiskSource(path);
    server.close();
    expect(source.files.map(({ name }) => name)).toEqual(['real.txt', 'sub/x']);
    expect(source.skipped).toEqual(['dangling', 'pipe', 'sock', 'sub/loop', 'to-file']);
  });

  it('reads names with line breaks, quotes, backslashes, and names that are not UTF-8', async () => {
    const path = await folder('names', { 'a\nb': '1', 'c\\d': '2', '"e" \t': '3', '%41': '4' });
    writeFileSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0x66, 0xe9, 0x25])]), '5');
    const source = await openDiskSource(path);
    expect(source.files.map(({ name }) => name)).toEqual(['"e" \t', '%41', 'a\nb', 'c\\d', 'f%E9%25']);
    expect((await Promise.all(source.files.map((_, at) => read(source, at)))).map(String)).toEqual([
      '3',
      '4',
      '1',
      '2',
      '5',
    ]);
  });

  it('of many files in many folders is listed whole, each once', async () => {
    const path = await folder('many');
    for (let at = 0; at < 2000; at += 1) {
      const inner = join(path, `d${Math.floor(at / 10)}`, 'e');
      if (at % 10 === 0) await mkdir(inner, { recursive: true });
      writeFileSync(join(inner, `${at}.txt`), String(at));
    }
    const source = await openDiskSource(path);
    expect(source.files.length).toBe(2000);
    expect(new Set(source.files.map(({ name }) => name)).size).toBe(2000);
    expect(source.files.every(({ name, bytes }) => bytes === (name.split('/').at(-1)?.length ?? 0) - 4)).toBe(
      true,
    );
  });
});

// Root may read everything, so the reading is done by a child that gave its rights away.
const posix = process.platform !== 'win32';
// oxlint-disable-next-line no-console -- a skipped test must be heard of
if (!posix) console.warn('SKIPPED: reading without permission needs a POSIX system');
describe.skipIf(!posix)('without permission', () => {
  const CHILD = `
    import { openDiskSource } from ${JSON.stringify(join(import.meta.dirname, '../../../electron/ports/disk-source.ts'))};
    if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }
    try {
      const source = await openDiskSource(process.argv[1]);
      for (const file of source.files) for await (const piece of file.open()) void piece;
      console.log('read');
    } catch (error) { console.log(JSON.stringify({ code: error.code, params: error.params })); }
  `;
  const readAsNobody = (path: string): string => {
    const child = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', CHILD, path], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      encoding: 'utf8',
    });
    return child.stdout.trim() || child.stderr;
  };
  const prepare = async (): Promise<string> => {
    const path = await folder('closed', { 'sub/a.txt': '1', 'sub/b.txt': '2' });
    await chmod(top, 0o755);
    return path;
  };

  it('a file, a folder and the top folder are named', async () => {
    const path = await prepare();
    expect(readAsNobody(path)).toBe('read');
    await chmod(join(path, 'sub', 'b.txt'), 0o000);
    expect(JSON.parse(readAsNobody(path))).toEqual({
      code: 'file.no_permission',
      params: { name: 'sub/b.txt' },
    });
    expect(JSON.parse(readAsNobody(join(path, 'sub', 'b.txt')))).toEqual({
      code: 'file.no_permission',
      params: { name: 'b.txt' },
    });
    await chmod(join(path, 'sub'), 0o000);
    expect(JSON.parse(readAsNobody(path))).toEqual({ code: 'file.no_permission', params: { name: 'sub' } });
    expect(JSON.parse(readAsNobody(join(path, 'sub', 'b.txt')))).toEqual({
      code: 'file.no_permission',
      params: { name: 'b.txt' },
    });
    await chmod(path, 0o000);
    expect(JSON.parse(readAsNobody(path))).toEqual({
      code: 'file.no_permission',
      params: { name: 'closed' },
    });
    await chmod(path, 0o755);
    await chmod(join(path, 'sub'), 0o755);
  });
});
