// The pack in the hands of someone who has no Probity: every command of HOW-TO-VERIFY.txt, and tools beyond it.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { dirname, join } from 'node:path';
import { compactVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPack } from '../../../electron/modules/evidence/engine/build.ts';
import { makeIdentity, type Identity } from '../../../electron/modules/evidence/engine/identity.ts';
import { verifyPack } from '../../../electron/modules/evidence/engine/verify/verify-pack.ts';
import { filesOf, run, smallInput, temporaryFolder } from './support/pack-kit.ts';
import { haveTools, runTool } from './support/stock-tools.ts';

let folder: string;
let unpacked: string;
let remove: () => Promise<void>;
/** Certificates must cover the clock of this machine, because openssl judges by it. */
const now = Temporal.Now.instant();
const identity: Identity = makeIdentity({
  organisation: 'Prüfamt & Co',
  now: now.subtract({ hours: 1 }).toString({ smallestUnit: 'millisecond' }),
});

const unpack = async (zip: string, to: string) => {
  for (const [path, bytes] of await filesOf(zip)) {
    await mkdir(join(to, dirname(path)), { recursive: true });
    await writeFile(join(to, path), bytes);
  }
};

beforeAll(async () => {
  ({ path: folder, remove } = await temporaryFolder());
  const input = await smallInput(folder, identity, join(folder, 'pack.zip'));
  await buildPack({ ...input, createdAt: now.toString({ smallestUnit: 'millisecond' }) }, run());
  unpacked = join(folder, 'evidence-AUD-2026-014');
  await unpack(join(folder, 'pack.zip'), unpacked);
});
afterAll(() => remove());

const bash = (command: string, cwd = unpacked) => runTool('bash', ['-c', command], cwd);
const CMS =
  'openssl cms -verify -binary -inform PEM -in signatures/tagmanifest-sha256.txt.p7s -content tagmanifest-sha256.txt -CAfile org-root.pem -out /dev/null';

const OPENSSL = haveTools('signature with openssl', ['openssl', 'version'], ['bash', '-c', 'true']);
describe.skipIf(!OPENSSL)('openssl', () => {
  beforeAll(() => writeFile(join(unpacked, 'org-root.pem'), identity.rootPem));
  afterAll(() => rm(join(unpacked, 'org-root.pem')));

  it('accepts the certificates under its strict rules, the signer for signing mail', () => {
    expect(
      runTool(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-purpose',
          'smimesign',
          '-CAfile',
          'org-root.pem',
          'signatures/signer.pem',
        ],
        unpacked,
      ),
    ).toMatchObject({ code: 0 });
  });
  it('accepts the signature with nothing but the root', () => {
    const result = bash(CMS);
    expect(result.out).toMatch(/verification successful/iu);
    expect(result.code).toBe(0);
  });
  it('refuses it with another root, and over another content', async () => {
    await writeFile(
      join(folder, 'other.pem'),
      makeIdentity({ organisation: 'Prüfamt & Co', now: identity.createdAt }).rootPem,
    );
    expect(bash(CMS.replace('org-root.pem', '../other.pem')).code).not.toBe(0);
    expect(
      bash(CMS.replace('-content tagmanifest-sha256.txt', '-content tagmanifest-sha512.txt')).code,
    ).not.toBe(0);
  });
  it('accepts the signature after the certificate ended with the -attime that the text gives, and only with it', async () => {
    const old = makeIdentity({
      organisation: '',
      now: '2020-01-01T00:00:00.000Z',
      years: { root: 2, signer: 1 },
    });
    const input = await smallInput(folder, old, join(folder, 'old.zip'));
    await buildPack({ ...input, createdAt: '2020-06-01T10:00:00.000Z' }, run());
    const place = join(folder, 'old');
    await unpack(input.to, place);
    await writeFile(join(place, 'org-root.pem'), old.rootPem);
    const text = await readFile(join(place, 'HOW-TO-VERIFY.txt'), 'utf8');
    const attime = /"(-attime \d+)"/u.exec(text)?.[1] ?? '';
    expect(bash(CMS, place).code).not.toBe(0);
    expect(bash(`${CMS} ${attime}`, place).code).toBe(0);
    expect((await verifyPack(input.to, Buffer.from(old.rootPem), run())).verdict).toBe('VALID');
  });
});

const COREUTILS = haveTools('digests with sha256sum', ['sha256sum', '--version'], ['bash', '-c', 'true']);
describe.skipIf(!COREUTILS)('coreutils', () => {
  it.each(['tagmanifest-sha256.txt', 'manifest-sha256.txt'])('find every file of %s whole', (manifest) => {
    expect(runTool('sha256sum', ['--strict', '-c', manifest], unpacked)).toMatchObject({ code: 0 });
  });
  it.each(['tagmanifest-sha512.txt', 'manifest-sha512.txt'])('find every file of %s whole', (manifest) => {
    expect(runTool('sha512sum', ['--strict', '-c', manifest], unpacked)).toMatchObject({ code: 0 });
  });
  it('find no file too many, and one that is', async () => {
    const command =
      'diff <(find data -type f | LC_ALL=C sort) <(cut -c67- manifest-sha256.txt | LC_ALL=C sort)';
    expect(bash(command)).toEqual({ code: 0, out: '' });
    await writeFile(join(unpacked, 'data/extra'), '');
    try {
      expect(bash(command)).toMatchObject({ code: 1 });
    } finally {
      await rm(join(unpacked, 'data/extra'));
    }
  });
});

describe.skipIf(!OPENSSL || !COREUTILS)('HOW-TO-VERIFY.txt', () => {
  it('gives commands that all pass as they stand, in order, in the unpacked folder', async () => {
    const text = await readFile(join(unpacked, 'HOW-TO-VERIFY.txt'), 'utf8');
    const commands = text
      .split('\n')
      .flatMap((line) => /^ {5}((?:cp|openssl|sha256sum|diff) .*)$/u.exec(line)?.[1] ?? []);
    expect(commands.map((command) => command.split(' ')[0])).toEqual([
      'cp',
      'openssl',
      'openssl',
      'sha256sum',
      'sha256sum',
      'diff',
    ]);
    try {
      for (const command of commands) expect(bash(command), command).toMatchObject({ code: 0 });
      const printed = bash(commands[1] ?? '').out;
      expect(printed.toLowerCase().replaceAll(':', '')).toContain(identity.rootFingerprint);
      expect(text.toLowerCase().replaceAll(':', '')).toContain(identity.rootFingerprint);
    } finally {
      await rm(join(unpacked, 'org-root.pem'), { force: true });
    }
  });
  it('puts the signature before the digests and sends the reader elsewhere for the fingerprint', async () => {
    const text = await readFile(join(unpacked, 'HOW-TO-VERIFY.txt'), 'utf8');
    expect(text.indexOf('openssl cms')).toBeLessThan(text.indexOf('sha256sum'));
    expect(text).toContain('BY ANOTHER ROAD');
    expect(text).not.toMatch(/[^\n]{121,}(?<!\/dev\/null)\n/u);
  });
});

describe('a JOSE library', () => {
  it('accepts the JWS when the tag manifest is put into its middle', async () => {
    const [header, , signature] = (
      await readFile(join(unpacked, 'signatures/tagmanifest-sha256.txt.jws'), 'utf8')
    )
      .trim()
      .split('.');
    const content = await readFile(join(unpacked, 'tagmanifest-sha256.txt'));
    const certificate = new X509Certificate(await readFile(join(unpacked, 'signatures/signer.pem')));
    const { protectedHeader } = await compactVerify(
      `${header}.${content.toString('base64url')}.${signature}`,
      certificate.publicKey,
      { algorithms: ['ES256'] },
    );
    expect(protectedHeader).toEqual({
      alg: 'ES256',
      typ: 'evidence-pack+jws',
      'x5t#S256': Buffer.from(identity.signerFingerprint, 'hex').toString('base64url'),
    });
    await expect(
      compactVerify(
        `${header}.${Buffer.from('x').toString('base64url')}.${signature}`,
        certificate.publicKey,
      ),
    ).rejects.toThrow(/signature/iu);
  });
});

describe('the archive', () => {
  const PYTHON = haveTools('archive with Python', ['python3', '--version']);
  it.skipIf(!PYTHON)('is read by Python without complaint', () => {
    const script =
      'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(len(z.namelist()), z.infolist()[0].date_time)';
    expect(runTool('python3', ['-c', script, join(folder, 'pack.zip')])).toEqual({
      code: 0,
      out: '16 (1980, 1, 1, 0, 0, 0)\n',
    });
  });
  it.skipIf(!PYTHON)('stays valid when Python packs it again', async () => {
    const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as a, zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as b:
    for name in reversed(a.namelist()): b.writestr(name, a.read(name))
`;
    expect(
      runTool('python3', ['-c', script, join(folder, 'pack.zip'), join(folder, 'python.zip')]).code,
    ).toBe(0);
    expect((await verifyPack(join(folder, 'python.zip'), Buffer.from(identity.rootPem), run())).verdict).toBe(
      'VALID',
    );
  });
  const UNZIP = haveTools('archive with unzip', ['unzip', '-v']);
  it.skipIf(!UNZIP)('is read by unzip without complaint', () => {
    expect(runTool('unzip', ['-t', join(folder, 'pack.zip')])).toMatchObject({ code: 0 });
  });
  const ZIP = UNZIP && haveTools('archive with zip', ['zip', '-v']);
  it.skipIf(!ZIP)('stays valid when it is unpacked and packed again by unzip and zip', async () => {
    const place = join(folder, 'again');
    await mkdir(place);
    expect(runTool('unzip', ['-q', join(folder, 'pack.zip')], place).code).toBe(0);
    expect(runTool('zip', ['-q', '-r', join(folder, 'again.zip'), 'evidence-AUD-2026-014'], place).code).toBe(
      0,
    );
    expect((await verifyPack(join(folder, 'again.zip'), Buffer.from(identity.rootPem), run())).verdict).toBe(
      'VALID',
    );
    expect(
      (await verifyPack(join(place, 'evidence-AUD-2026-014'), Buffer.from(identity.rootPem), run())).verdict,
    ).toBe('VALID');
  });
  const BAGIT = haveTools('bag with bagit.py', ['python3', '-c', 'import bagit']);
  it.skipIf(!BAGIT)('is a valid bag for the Library of Congress', () => {
    expect(
      runTool('python3', ['-c', 'import sys, bagit; bagit.Bag(sys.argv[1]).validate()', unpacked]),
    ).toMatchObject({ code: 0 });
  });
});
