// Building a pack, all or nothing: whatever goes wrong, nothing is left behind and nothing is overwritten.
import { spawnSync } from 'node:child_process';
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildInput } from '../../../electron/modules/evidence/engine/build-input.ts';
import { buildPack } from '../../../electron/modules/evidence/engine/build.ts';
import { makeIdentity } from '../../../electron/modules/evidence/engine/identity.ts';
import { MADE, digest, organisationIdentity, run, smallInput, temporaryFolder } from './support/pack-kit.ts';
import { toPlain } from './support/build-once.ts';

let folder: string;
let remove: () => Promise<void>;
let input: BuildInput;
const identity = organisationIdentity();
beforeEach(async () => {
  ({ path: folder, remove } = await temporaryFolder());
  await mkdir(join(folder, 'out'));
  input = await smallInput(folder, identity, join(folder, 'out', 'pack.zip'));
});
afterEach(() => remove());

const outFolder = () => readdir(join(folder, 'out'));
const expectNothing = async (code: string, build: Promise<unknown>) => {
  await expect(build).rejects.toMatchObject({ code });
  expect(await outFolder()).toEqual([]);
};
const bigLog = async (name: string, mebibytes: number) => {
  const path = join(folder, name);
  const file = await open(path, 'w');
  const block = Buffer.alloc(1024 * 1024, 'one line of a log\n');
  for (let i = 0; i < mebibytes; i += 1) await file.write(block);
  await file.close();
  return {
    source: { at: 'path', path } as const,
    sha256: digest('sha256', Buffer.concat(Array.from({ length: mebibytes }, () => block))),
    originalName: name,
  };
};

describe('a build that can not be finished leaves nothing behind', () => {
  it('when the target exists', async () => {
    await writeFile(input.to, 'mine');
    await expect(buildPack(input, run())).rejects.toMatchObject({
      code: 'file.exists',
      params: { name: 'pack.zip' },
    });
    expect(await readFile(input.to, 'utf8')).toBe('mine');
    expect(await outFolder()).toEqual(['pack.zip']);
  });
  it('when another build writes there', async () => {
    await writeFile(`${input.to}.partial`, 'theirs');
    await expect(buildPack(input, run())).rejects.toMatchObject({
      code: 'file.exists',
      params: { name: 'pack.zip.partial' },
    });
    expect(await readFile(`${input.to}.partial`, 'utf8')).toBe('theirs');
  });
  it('when the target appears while it is built, and keeps what appeared', async () => {
    let made: Promise<void> | null = null;
    await expect(
      buildPack(input, {
        signal: new AbortController().signal,
        progress: () => {
          made ??= writeFile(input.to, 'theirs');
        },
      }),
    ).rejects.toMatchObject({ code: 'file.exists' });
    await made;
    expect(await readFile(input.to, 'utf8')).toBe('theirs');
    expect(await outFolder()).toEqual(['pack.zip']);
  });
  it('when the folder does not exist', async () => {
    await expectNothing(
      'file.cannot_write',
      buildPack({ ...input, to: join(folder, 'out', 'none', 'pack.zip') }, run()),
    );
  });
  it('when the user cancels while a log is read', async () => {
    const log = await bigLog('big.log', 8);
    const stop = new AbortController();
    await expectNothing(
      'job.cancelled',
      buildPack(
        { ...input, logs: [log] },
        {
          signal: stop.signal,
          progress: ({ done }) => {
            if (done > 2_000_000) stop.abort();
          },
        },
      ),
    );
  });
  it('when the user had cancelled before', async () => {
    await expectNothing('job.cancelled', buildPack(input, run(AbortSignal.abort())));
  });
  it('when a log is not the one that was imported', async () => {
    await writeFile(join(folder, 'audit log.jsonl'), 'other\n');
    await expectNothing('file.digest_differs', buildPack(input, run()));
  });
  it('when one file of a log folder is not the one that was imported, or is one too many', async () => {
    await writeFile(join(folder, 'trail', '2026', 'first.json'), '{"a":2}\n');
    await expectNothing('file.digest_differs', buildPack(input, run()));
    await writeFile(join(folder, 'trail', '2026', 'first.json'), '{"a":1}\n');
    await writeFile(join(folder, 'trail', '2026', 'more.json'), '{}\n');
    await expectNothing('file.digest_differs', buildPack(input, run()));
  });
  it('when a log is not there', async () => {
    await rm(join(folder, 'audit log.jsonl'));
    await expectNothing('file.not_found', buildPack(input, run()));
  });
  const during = async (change: (path: string) => Promise<unknown>, code: string) => {
    const logs = [await bigLog('first.log', 6), await bigLog('second.log', 8)];
    let changed: Promise<unknown> | null = null;
    await expectNothing(
      code,
      buildPack(
        { ...input, logs },
        {
          signal: new AbortController().signal,
          progress: ({ step, done }) => {
            if (step === 'packing' && done > 1_500_000) changed ??= change(join(folder, 'second.log'));
          },
        },
      ),
    );
    await changed;
  };
  it('when a log vanishes while another is read', () => during((path) => rm(path), 'file.changed'));
  it('when a log is cut while it is built', () => during((path) => truncate(path, 1000), 'file.changed'));
  it('when a log grows while it is built', () =>
    during((path) => appendFile(path, 'more\n'), 'file.changed'));
  it('when a log is touched while it is built', () => during((path) => utimes(path, 1, 1), 'file.changed'));
  it('when the signing certificate does not cover the time', async () => {
    await expectNothing(
      'evidence.signer_not_valid',
      buildPack({ ...input, createdAt: '2031-01-01T00:00:00.000Z' }, run()),
    );
    await expectNothing(
      'evidence.signer_not_valid',
      buildPack({ ...input, createdAt: '2026-10-31T23:59:59.000Z' }, run()),
    );
  });
  it('when a caller hands in a key, a root or a name that can not be', async () => {
    const other = makeIdentity({ organisation: 'Other', now: MADE });
    const wrong: readonly BuildInput[] = [
      { ...input, signer: { ...input.signer, privateKey: other.signerKeyPkcs8 } },
      { ...input, signer: { ...input.signer, rootPem: other.rootPem } },
      { ...input, inline: [{ name: '../x', bytes: Buffer.alloc(0) }] },
      { ...input, inline: [{ name: 'a b', bytes: Buffer.alloc(0) }] },
      {
        ...input,
        inline: [
          { name: 'A.html', bytes: Buffer.alloc(0) },
          { name: 'a.html', bytes: Buffer.alloc(0) },
        ],
      },
      { ...input, folder: '../up' },
      { ...input, externalIdentifier: 'x\nCompleteness: complete' },
      { ...input, auditLogHead: 'zz' },
    ];
    for (const each of wrong)
      await expect(buildPack(each, run())).rejects.toThrow(/name|key|issued|folder|UUID|digest/u);
    expect(await outFolder()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('when the file may not grow any more', async () => {
    const log = await bigLog('big.log', 8);
    const plain = join(folder, 'input.json');
    await writeFile(plain, toPlain({ ...input, logs: [log] }));
    // A limit of 1 MiB for files of this process stands in for a full disk: the write fails in the middle.
    const script = 'trap "" XFSZ; ulimit -f 1024; exec "$@"';
    const child = spawnSync(
      'bash',
      ['-c', script, 'bash', process.execPath, join(import.meta.dirname, 'support/build-once.ts'), plain],
      { encoding: 'utf8', env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
    );
    expect(child.status, child.stderr).toBe(0);
    expect((JSON.parse(child.stdout) as { outcome: unknown }).outcome).toMatchObject({
      code: 'file.cannot_write',
      params: { name: 'pack.zip' },
    });
    expect(await outFolder()).toEqual([]);
  });
});
