// A timestamp is carried into a finished pack: OpenSSL answers the request, the pack stays valid, and stock tools agree.
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestForPack, stampPack } from '../../../electron/modules/evidence/public.ts';
import { verifyPack } from '../../../electron/modules/evidence/engine/verify/verify-pack.ts';
import { Tsa, tstInfo } from '../../fixtures/timestamps/tsa.ts';
import { filesOf, makeKit, organisationIdentity, run, statusOf, type Kit } from './support/pack-kit.ts';

const TSR = 'signatures/tagmanifest-sha256.txt.tsr';
const tsa = new Tsa();
const root = tsa.root('p256', 'tsa-root');
const authority = tsa.authority(root, 'p256', 'tsa');
const trust = [{ name: 'tsa-root.pem', bytes: readFileSync(root.cert) }];
let kit: Kit;
let pack = '';

beforeAll(async () => {
  kit = await makeKit();
  pack = tsa.path('pack.zip');
  await writeFile(pack, kit.zip);
});
afterAll(async () => {
  tsa.remove();
  await kit.remove();
});

const answer = async (from = pack): Promise<Buffer> => {
  const request = tsa.file(await requestForPack(from, run()));
  return readFile(tsa.reply(authority, request));
};

describe('a stamped pack', () => {
  it('has a timestamp that passes, and everything else as before', async () => {
    const to = tsa.path('stamped.zip');
    const { time } = await stampPack(pack, await answer(), to, run());
    expect(time).toMatch(/^\d{4}-.*accuracy/u);
    const result = await verifyPack(to, Buffer.from(kit.identity.rootPem), run(), trust);
    expect(result.steps.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(result.verdict).toBe('VALID');
    const before = await filesOf(pack);
    const after = await filesOf(to);
    expect([...after.keys()].filter((path) => !before.has(path))).toEqual([TSR]);
    for (const [path, bytes] of before) expect(after.get(path)?.equals(bytes), path).toBe(true);
    const content = tsa.file(after.get('tagmanifest-sha256.txt') ?? '');
    const token = tsa.file(after.get(TSR) ?? '');
    expect(tsa.accepts('ts', '-verify', '-data', content, '-in', token, '-CAfile', root.cert)).toBe(true);
  });

  it('takes a bare token in PEM and makes of it what openssl ts reads', async () => {
    const bare = tsa.path('bare.tst');
    tsa.openssl('ts', '-reply', '-in', tsa.file(await answer()), '-token_out', '-out', bare);
    const base64 = readFileSync(bare).toString('base64').replaceAll(/.{64}/gu, '$&\n');
    const to = tsa.path('bare.zip');
    await stampPack(pack, Buffer.from(`-----BEGIN CMS-----\n${base64}\n-----END CMS-----\n`), to, run());
    const files = await filesOf(to);
    const content = tsa.file(files.get('tagmanifest-sha256.txt') ?? '');
    expect(
      tsa.accepts(
        'ts',
        '-verify',
        '-data',
        content,
        '-in',
        tsa.file(files.get(TSR) ?? ''),
        '-CAfile',
        root.cert,
      ),
    ).toBe(true);
  });

  it('is not called confirmed without the root of the authority, nor invalid', async () => {
    const to = tsa.path('untrusted.zip');
    await stampPack(pack, await answer(), to, run());
    const result = await verifyPack(to, Buffer.from(kit.identity.rootPem), run());
    expect([result.verdict, statusOf(result, 'timestamp')]).toEqual(['VALID', 'not-checked']);
  });
});

describe('what does not belong to the pack is refused', () => {
  it.each([
    [
      'the answer to another request',
      async () => readFile(tsa.reply(authority, tsa.request(tsa.file('x'), 'sha256'))),
    ],
    ['the request itself', async () => Buffer.from(await requestForPack(pack, run()))],
    ['garbage', () => Promise.resolve(Buffer.from('garbage'))],
  ])('%s', async (_, make) => {
    await expect(stampPack(pack, await make(), join(tsa.folder, 'never.zip'), run())).rejects.toMatchObject({
      code: 'evidence.timestamp_wrong',
    });
  });
  it('a second timestamp, and a file that is there', async () => {
    const to = tsa.path('once.zip');
    await stampPack(pack, await answer(), to, run());
    await expect(stampPack(to, await answer(), tsa.path('twice.zip'), run())).rejects.toMatchObject({
      code: 'evidence.timestamp_wrong',
    });
    await expect(stampPack(pack, await answer(), to, run())).rejects.toMatchObject({ code: 'file.exists' });
  });
  it('a timestamp by a signer who is no authority fails the pack', async () => {
    const mailer = tsa.authority(root, 'p256', 'mailer', 'critical,emailProtection');
    const to = tsa.path('good.zip');
    await stampPack(pack, await answer(), to, run());
    const files = await filesOf(to);
    const token = tsa.sign(
      mailer,
      tstInfo(files.get('tagmanifest-sha256.txt') ?? Buffer.alloc(0), '20270101000000Z'),
    );
    await expect(stampPack(pack, await readFile(token), tsa.path('bad.zip'), run())).rejects.toMatchObject({
      code: 'evidence.timestamp_wrong',
    });
    const result = await verifyPack(to, Buffer.from(organisationIdentity().rootPem), run(), trust);
    expect(statusOf(result, 'timestamp')).toBe('pass');
    expect(result.verdict).toBe('INVALID');
  });
});
