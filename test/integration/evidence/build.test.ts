// Building a pack: what goes in, the same bytes everywhere, little memory.
import { spawnSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPromise } from 'yauzl';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildInput } from '../../../electron/modules/evidence/engine/build-input.ts';
import { buildPack } from '../../../electron/modules/evidence/engine/build.ts';
import { packedLogPath } from '../../../electron/modules/evidence/engine/names.ts';
import { verifyPack } from '../../../electron/modules/evidence/engine/verify/verify-pack.ts';
import { evidenceJobs } from '../../../electron/modules/evidence/job.ts';
import {
  digest,
  filesOf,
  organisationIdentity,
  run,
  smallInput,
  temporaryFolder,
} from './support/pack-kit.ts';
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

const verify = (path = input.to) => verifyPack(path, Buffer.from(identity.rootPem), run());
const outFolder = () => readdir(join(folder, 'out'));

describe('a pack', () => {
  it('holds the logs under their digests, the inline files, and verifies as VALID through the jobs', async () => {
    const built = await evidenceJobs['evidence.build'](input, run());
    const files = await filesOf(input.to);
    const [log] = input.logs;
    expect([...files.keys()].filter((path) => path.startsWith('data/'))).toEqual(
      [
        'data/index.html',
        'data/index.json',
        packedLogPath(log?.sha256 ?? '', 'audit log.jsonl'),
        packedLogPath(digest('sha256', Buffer.from('{"a":1}\n')), '2026/first.json'),
        packedLogPath(digest('sha256', Buffer.from('second\n')), 'zweite Datei ä.log'),
      ].toSorted(),
    );
    expect(built).toEqual({
      bytes: (await stat(input.to)).size,
      sha256: digest('sha256', await readFile(input.to)),
      files: 5,
    });
    const result = await evidenceJobs['evidence.verify'](
      { pack: input.to, rootPem: Buffer.from(identity.rootPem) },
      run(),
    );
    expect(result.verdict).toBe('VALID');
    expect(result.pack).toEqual({
      name: 'pack.zip',
      bytes: built.bytes,
      sha256: built.sha256,
      files: 5,
      externalIdentifier: input.externalIdentifier,
      auditLogHead: input.auditLogHead,
      baggingDate: '2026-11-20',
      completeness: 'complete',
    });
    expect(result.signer).toEqual({
      subject: 'O=Prüfamt & Co, CN=Evidence Signer 2026',
      fingerprint: identity.signerFingerprint,
      issuerFingerprint: identity.rootFingerprint,
      notBefore: '2026-11-01T00:00:00Z',
      notAfter: identity.notAfter,
    });
    expect(await outFolder()).toEqual(['pack.zip']);
  });

  it('starts with HOW-TO-VERIFY.txt, is sorted after it, and every entry is a plain file of 1980', async () => {
    await buildPack(input, run());
    const zip = await openPromise(input.to);
    const names: string[] = [];
    for await (const entry of zip.eachEntry()) {
      names.push(entry.fileName);
      expect([
        entry.lastModFileDate,
        entry.lastModFileTime,
        entry.externalFileAttributes >>> 16,
        entry.compressionMethod,
        entry.extraFields.length,
      ]).toEqual([0x21, 0, 0o100644, 0, 0]);
    }
    expect(names[0]).toBe('evidence-AUD-2026-014/HOW-TO-VERIFY.txt');
    expect(names).toEqual([...names].toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('says what is missing, and lets no user text start a line of its own', async () => {
    await buildPack(
      {
        ...input,
        organisation: 'Evil\nExpected-Signatures: none\r\u2028Completeness: complete',
        description: 'x\n'.repeat(200),
        missing: ['The mail server was down.\nPayload-Oxum: 0.0', 'B'],
      },
      run(),
    );
    const files = await filesOf(input.to);
    const info = files.get('bag-info.txt')?.toString('utf8') ?? '';
    expect(info.match(/^[A-Za-z-]+:/gmu)).toEqual([
      'Source-Organization:',
      'External-Description:',
      'External-Identifier:',
      'Bagging-Date:',
      'Payload-Oxum:',
      'Bag-Software-Agent:',
      'EP-Version:',
      'Expected-Signatures:',
      'Audit-Log-Head:',
      'Completeness:',
      'Missing-Item:',
      'Missing-Item:',
    ]);
    expect(files.get('HOW-TO-VERIFY.txt')?.toString('utf8')).toContain(
      '- The mail server was down. Payload-Oxum: 0.0\n',
    );
    const result = await verify();
    expect([result.verdict, result.pack.completeness]).toEqual(['VALID', 'partial']);
  });

  it('takes a log without a byte, no log at all, and the same file twice', async () => {
    await mkdir(join(folder, 'same'));
    for (const name of ['a.log', 'b.log']) await writeFile(join(folder, 'same', name), 'same\n');
    await writeFile(join(folder, 'empty.log'), '');
    const sha = digest('sha256', Buffer.from('same\n'));
    const same = {
      source: { at: 'path', path: join(folder, 'same') } as const,
      sha256: digest('sha256', Buffer.from(`${sha}  a.log\n${sha}  b.log\n`)),
      originalName: 'same',
    };
    const empty = {
      source: { at: 'path', path: join(folder, 'empty.log') } as const,
      sha256: digest('sha256', Buffer.alloc(0)),
      originalName: 'empty.log',
    };
    expect((await buildPack({ ...input, logs: [same, empty, empty] }, run())).files).toBe(4);
    expect((await verify()).verdict).toBe('VALID');
    const to = join(folder, 'out', 'bare.zip');
    expect(
      (
        await buildPack(
          { ...input, inline: [], logs: [], to, organisation: '', description: '', auditLogHead: null },
          run(),
        )
      ).files,
    ).toBe(0);
    // An empty payload needs no manifest line, but a pack without any content proves nothing and is still whole.
    expect((await verify(to)).verdict).toBe('VALID');
  });
});

describe('the same input', () => {
  const buildIn = async (zone: string): Promise<{ offset: number; path: string }> => {
    const name = zone.replaceAll('/', '-');
    const path = join(folder, 'out', `${name}.zip`);
    const plain = join(folder, `${name}.json`);
    await writeFile(plain, toPlain({ ...input, to: path }));
    const child = spawnSync(process.execPath, [join(import.meta.dirname, 'support/build-once.ts'), plain], {
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', TZ: zone },
    });
    expect(child.status, child.stderr).toBe(0);
    return { offset: (JSON.parse(child.stdout) as { offset: number }).offset, path };
  };

  it('gives the same bytes in every time zone, but for the two random signatures', async () => {
    const [east, west] = [await buildIn('Pacific/Kiritimati'), await buildIn('America/Caracas')];
    expect(east.offset).not.toBe(west.offset);
    const [a, b] = [await filesOf(east.path), await filesOf(west.path)];
    expect([...a.keys()]).toEqual([...b.keys()]);
    const differing = [...a.keys()].filter(
      (path) => !(a.get(path) ?? Buffer.alloc(0)).equals(b.get(path) ?? Buffer.alloc(1)),
    );
    expect(differing).toEqual([
      'signatures/tagmanifest-sha256.txt.jws',
      'signatures/tagmanifest-sha256.txt.p7s',
    ]);
    // Everything before the first signature, headers included.
    const start = (zip: Buffer) => zip.subarray(0, zip.indexOf('signatures/tagmanifest-sha256.txt.jws'));
    const cut = (zip: Buffer) => start(zip).subarray(0, -30);
    expect(cut(await readFile(east.path)).equals(cut(await readFile(west.path)))).toBe(true);
  });
});

describe('a large log', () => {
  it('is streamed: 320 MiB go through less than 250 MB of memory', async () => {
    const path = join(folder, 'large.log');
    const file = await open(path, 'w');
    const block = Buffer.alloc(1024 * 1024, 'x');
    const hash = (await import('node:crypto')).createHash('sha256');
    for (let i = 0; i < 320; i += 1) {
      block.writeUInt32LE(i, 0);
      hash.update(block);
      await file.write(block);
    }
    await file.close();
    const plain = join(folder, 'input.json');
    await writeFile(
      plain,
      toPlain({
        ...input,
        logs: [{ source: { at: 'path', path }, sha256: hash.digest('hex'), originalName: 'large.log' }],
      }),
    );
    const child = spawnSync(process.execPath, [join(import.meta.dirname, 'support/build-once.ts'), plain], {
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    expect(child.status, child.stderr).toBe(0);
    const { outcome, maxRssBytes } = JSON.parse(child.stdout) as {
      outcome: { bytes: number };
      maxRssBytes: number;
    };
    expect(outcome.bytes).toBeGreaterThan(320 * 1024 * 1024);
    expect(maxRssBytes).toBeLessThan(250_000_000);
    expect((await verify()).verdict).toBe('VALID');
  });
});
