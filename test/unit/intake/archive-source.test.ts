// Archives are read where they lie: what comes out is what went in, and hostile ones are refused with a name and a reason.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { openArchive } from '../../../electron/ports/archive-source.ts';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';
import type { Source } from '../../../electron/ports/source.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-archive-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FILES: Readonly<Record<string, Buffer>> = {
  'a.txt': Buffer.from('alpha\n'),
  'deep/er/b.bin': Buffer.from(Array.from({ length: 70_000 }, (_, i) => i & 255)),
  empty: Buffer.alloc(0),
  'ünïcode/ø.jsonl': Buffer.from('{"a":1}\n'),
};

const zipOf = async (files: Readonly<Record<string, Buffer>>, mode = 0o100644): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(bytes, name, { mode });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

/** Made by the stock tool, so that two programs agree on the form. */
const tarOf = async (files: Readonly<Record<string, Buffer>>, form = 'pax'): Promise<Buffer> => {
  const root = await mkdtemp(join(folder, 'tar-'));
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), bytes);
  }
  return execFileSync('tar', ['-C', root, `--format=${form}`, '-cf', '-', '.'], { maxBuffer: 1 << 28 });
};

const open = async (name: string, bytes: Buffer): Promise<Source> => {
  await writeFile(join(folder, name), bytes);
  return openArchive(await openDiskSource(join(folder, name)));
};

const contentOf = async (source: Source): Promise<Record<string, Buffer>> => {
  const found: Record<string, Buffer> = {};
  for (const file of source.files) {
    const parts: Uint8Array[] = [];
    for await (const part of file.open()) parts.push(part);
    found[file.name] = Buffer.concat(parts);
    expect(found[file.name]?.length).toBe(file.bytes);
  }
  return found;
};

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (isAppError(error) ? error.code : `not an AppError: ${String(error)}`),
  );

const everything = async (name: string, bytes: Buffer): Promise<unknown> =>
  contentOf(await open(name, bytes));

test.each([
  ['x.zip', () => zipOf(FILES)],
  ['x.tar', () => tarOf(FILES)],
  ['gnu.tar', () => tarOf(FILES, 'gnu')],
  ['x.tar.gz', async () => gzipSync(await tarOf(FILES))],
  ['x.tar.zst', async () => zstdCompressSync(await tarOf(FILES))],
])('%s gives every file byte for byte, sorted by name', async (name, make) => {
  const source = await open(name, await make());
  expect(source.kind).toBe('folder');
  expect(source.files.map((file) => file.name)).toEqual(Object.keys(FILES).toSorted());
  expect(await contentOf(source)).toEqual(FILES);
});

test('an archive of one file is that file, and a top folder named like the archive is left out', async () => {
  const one = await open('one.zip', await zipOf({ 'logs/only.jsonl': Buffer.from('x') }));
  expect([one.kind, one.files[0]?.name]).toEqual(['file', 'only.jsonl']);
  const top = await open(
    'trail.zip',
    await zipOf({ 'trail/a': Buffer.from('1'), 'trail/b': Buffer.from('2') }),
  );
  expect(top.files.map((file) => file.name)).toEqual(['a', 'b']);
  const other = await open(
    'c.zip',
    await zipOf({ 'trail/a': Buffer.from('1'), 'trail/b': Buffer.from('2') }),
  );
  expect(other.files.map((file) => file.name)).toEqual(['trail/a', 'trail/b']);
});

test('a zstd file is its content, under its own name', async () => {
  const source = await open('log.jsonl.zst', zstdCompressSync(Buffer.from('{"a":1}\n')));
  expect([source.name, source.kind]).toEqual(['log.jsonl', 'file']);
  expect((await contentOf(source))['log.jsonl']?.toString()).toBe('{"a":1}\n');
});

test('gzip that holds no tar, and everything else, stays as it is', async () => {
  for (const bytes of [gzipSync('{"a":1}\n'), Buffer.from('plain'), Buffer.alloc(600)]) {
    await writeFile(join(folder, 'same'), bytes);
    const given = await openDiskSource(join(folder, 'same'));
    expect(await openArchive(given)).toBe(given);
  }
});

test('any part of an entry can be read by itself', async () => {
  const bytes = FILES['deep/er/b.bin'] ?? Buffer.alloc(0);
  const sources = [await open('part.zip', await zipOf(FILES)), await open('part.tar', await tarOf(FILES))];
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      for (const source of sources) {
        const file = source.files.find(({ name }) => name === 'deep/er/b.bin');
        const parts: Uint8Array[] = [];
        for await (const part of file?.open({ start, end }) ?? []) parts.push(part);
        expect(Buffer.concat(parts).equals(bytes.subarray(start, end))).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

test('names that lead out of the archive, stand twice or are absolute are refused', async () => {
  const evil = async (name: string): Promise<Buffer> => {
    const placeholder = 'q'.repeat(Buffer.byteLength(name));
    const zip = await zipOf({ [placeholder]: Buffer.from('x') });
    return Buffer.from(zip.toString('latin1').replaceAll(placeholder, name), 'latin1');
  };
  for (const name of ['../evil', '/etc/passwd', 'a/../../b', 'C:/x'])
    expect(await codeOf(everything('evil.zip', await evil(name))), name).toBe('archive.unsafe');
  const twice = (await zipOf({ aa: Buffer.from('1'), bb: Buffer.from('2') })).toString('latin1');
  expect(await codeOf(everything('two.zip', Buffer.from(twice.replaceAll('bb', 'aa'), 'latin1')))).toBe(
    'archive.unsafe',
  );
});

test('links are named, not followed', async () => {
  const zip = await open('link.zip', await zipOf({ a: Buffer.from('/etc/passwd') }, 0o120777));
  expect([zip.files, zip.skipped]).toEqual([[], ['a']]);
  const root = await mkdtemp(join(folder, 'links-'));
  await symlink('/etc/passwd', join(root, 'sly'));
  await writeFile(join(root, 'plain'), 'x');
  const tar = await open('link.tar', execFileSync('tar', ['-C', root, '-cf', '-', '.']));
  expect([tar.files.map((file) => file.name), tar.skipped]).toEqual([['plain'], ['sly']]);
});

test('an entry that would unpack to far more than its size is refused unread', async () => {
  const zip = await zipOf({ 'zeros.jsonl': Buffer.alloc(80 * 1024 * 1024) });
  expect(zip.length).toBeLessThan(200_000);
  expect(await codeOf(everything('bomb.zip', zip))).toBe('archive.unsafe');
  const bomb = zstdCompressSync(Buffer.alloc(300 * 1024 * 1024));
  expect(await codeOf(everything('bomb.zst', bomb))).toBe('archive.too_large');
});

test('damage and cuts anywhere end in a named error or the same content, never in other content', async () => {
  const intact = new Map<string, Buffer>([
    ['d.zip', await zipOf(FILES)],
    ['d.tar.gz', gzipSync(await tarOf(FILES))],
    ['d.tar.zst', zstdCompressSync(await tarOf(FILES))],
  ]);
  const outcome = async (name: string, bytes: Buffer): Promise<string> =>
    open(name, bytes)
      .then(contentOf)
      .then(
        () => 'read',
        (error: unknown) => (isAppError(error) ? error.code : `not an AppError: ${String(error)}`),
      );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...intact.keys()),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.boolean(),
      async (name, at, isCut) => {
        const bytes = Buffer.from(intact.get(name) ?? []);
        const position = Math.floor(at * bytes.length);
        const damaged = isCut ? bytes.subarray(0, position) : bytes;
        if (!isCut) damaged[position] = (damaged[position] ?? 0) ^ 0x41;
        expect(await outcome(name, damaged)).not.toContain('not an AppError');
      },
    ),
    { numRuns: 150 },
  );
});

test('an entry whose bytes do not fit its checksum is refused', async () => {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('the words of the log'), 'log.txt', { compress: false });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  const altered = Buffer.concat(parts);
  altered[altered.indexOf('the words')] = 0x54;
  expect(await codeOf(everything('crc.zip', altered))).toBe('archive.damaged');
  expect((await readFile(join(folder, 'crc.zip'))).includes('The words')).toBe(true);
});
