// Taking in records what anyone can check with sha256sum, tells its progress, stops when told to, and changes nothing.
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeIn } from '../../../electron/modules/audit/engine/intake.ts';
import { listingLine } from '../../../electron/ports/listing.ts';
import { openBlobSource } from '../../../electron/ports/blob-source.ts';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';
import { encryptBlob } from '../../../electron/store/blob-codec.ts';
import type { Progress } from '../../../shared/model/job.ts';
import { sourceOf } from '../../fixtures/cloudtrail/generate.ts';

const MIB = 1024 * 1024;
const quiet = { signal: new AbortController().signal, progress: () => undefined };
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
let top = '';
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'intake-'));
});
afterAll(() => rm(top, { recursive: true, force: true }));

describe('intake', () => {
  it('of a file is its size and SHA-256', async () => {
    const bytes = randomBytes(2 * MIB + 3);
    await writeFile(join(top, 'log.jsonl'), bytes);
    const taken = await takeIn(await openDiskSource(join(top, 'log.jsonl')), quiet);
    const entry = { name: 'log.jsonl', bytes: bytes.length, sha256: sha256(bytes) };
    expect(taken).toEqual({ ...entry, kind: 'file', entries: [entry], skipped: [] });
  });

  it('of a folder is what sha256sum prints, odd names included', async () => {
    const folder = join(top, 'folder');
    await mkdir(join(folder, 'sub'), { recursive: true });
    for (const name of ['b.txt', 'a b.txt', 'sub/c', 'line\nbreak', 'back\\slash', 'Z'])
      await writeFile(join(folder, name), name);
    await symlink('b.txt', join(folder, 'link'));
    const source = await openDiskSource(folder);
    const taken = await takeIn(source, quiet);
    const child = spawnSync('sha256sum', ['--', ...source.files.map(({ name }) => name)], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(child.status).toBe(0);
    expect(taken.entries.map(listingLine).join('')).toBe(child.stdout);
    expect(taken.sha256).toBe(sha256(child.stdout));
    expect([taken.kind, taken.bytes, taken.skipped]).toEqual([
      'folder',
      taken.entries.reduce((sum, entry) => sum + entry.bytes, 0),
      ['link'],
    ]);
  });

  it('gives the same digest for the same files in the vault', async () => {
    const folder = join(top, 'copied');
    await mkdir(folder);
    const files = [];
    for (const name of ['b', 'a', 'c']) {
      const content = randomBytes(MIB + name.length);
      await writeFile(join(folder, name), content);
      const key = randomBytes(32);
      await writeFile(join(top, `blob-${name}`), encryptBlob([content], key));
      files.push({
        name,
        ticket: { path: join(top, `blob-${name}`), keyHex: key.toString('hex'), bytes: content.length },
      });
    }
    const blobs = openBlobSource({ at: 'blobs', name: 'copied', kind: 'folder', files });
    expect(await takeIn(blobs, quiet)).toEqual(await takeIn(await openDiskSource(folder), quiet));
    expect(
      Buffer.concat(await Array.fromAsync(blobs.files[1]?.open({ start: 5, end: 9 }) ?? [])).length,
    ).toBe(4);
  });

  it('of a blob that was changed or whose size is not the one on record is refused', async () => {
    const key = randomBytes(32);
    const path = join(top, 'changed-blob');
    await writeFile(path, encryptBlob([Buffer.from('hello')], key));
    const spec = (bytes: number) => ({
      at: 'blobs' as const,
      name: 'x',
      kind: 'file' as const,
      files: [{ name: 'x', ticket: { path, keyHex: key.toString('hex'), bytes } }],
    });
    await expect(takeIn(openBlobSource(spec(4)), quiet)).rejects.toEqual(
      expect.objectContaining({ code: 'record.altered' }),
    );
    expect((await takeIn(openBlobSource(spec(5)), quiet)).sha256).toBe(sha256('hello'));
  });

  it('of nothing at all is refused', async () => {
    await writeFile(join(top, 'nothing'), '');
    await mkdir(join(top, 'empty'));
    for (const name of ['nothing', 'empty']) {
      await expect(takeIn(await openDiskSource(join(top, name)), quiet)).rejects.toEqual(
        expect.objectContaining({ code: 'file.empty', params: { name } }),
      );
    }
  });

  it('tells its progress in bytes, never back, up to the end', async () => {
    const source = sourceOf(
      new Map([
        ['a', randomBytes(3 * MIB)],
        ['b', randomBytes(10)],
        ['c', new Uint8Array()],
      ]),
    );
    const steps: Progress[] = [];
    await takeIn(source, { signal: new AbortController().signal, progress: (step) => steps.push(step) });
    expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).toSorted((a, b) => a - b));
    expect(steps.at(-1)).toMatchObject({
      step: 'hashing',
      done: 3 * MIB + 10,
      total: 3 * MIB + 10,
      unit: 'bytes',
    });
  });

  it('stops at once when cancelled', async () => {
    const controller = new AbortController();
    const source = sourceOf(new Map([['a', randomBytes(5 * MIB)]]));
    let seen = 0;
    const cancelled = takeIn(source, {
      signal: controller.signal,
      progress: ({ done }) => {
        seen = done;
        controller.abort();
      },
    });
    await expect(cancelled).rejects.toEqual(expect.objectContaining({ code: 'job.cancelled' }));
    expect(seen).toBe(MIB);
  });
});
