// What a pack may be and still verify, and how a verification tells what it found.
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { certificate, cms, ecKey, jws, rsaKey, stranger, thumbprintOf } from './support/forge.ts';
import { failedSteps, resign, signerOf, statusOf, TOP, zipOfFiles } from './support/pack-kit.ts';
import { rawZip } from './support/raw-zip.ts';
import { chainOf, entries, get, JWS, kit, other, P7S, SIGNER, some, useKit } from './support/tamper-kit.ts';

useKit();

describe('what a pack may be', () => {
  it('is valid as it was built', async () => {
    const result = await kit().verify(kit().zip);
    expect(
      result.steps.filter(({ status }) => status !== 'pass').map(({ id, status }) => [id, status]),
    ).toEqual([['timestamp', 'not-checked']]);
    expect(result.verdict).toBe('VALID');
  });
  it('is whole, but of an unknown signer, where no root is given', async () => {
    const result = await kit().verify(kit().zip, null);
    expect(result.verdict).toBe('VALID_SIGNER_UNKNOWN');
    expect(statusOf(result, 'signer-trust')).toBe('not-checked');
    expect(result.signer?.issuerFingerprint).toBe(kit().identity.rootFingerprint);
  });
  it('is of an unknown signer, too, when everything was forged and no root is given', async () => {
    const identity = other();
    const files = kit().files();
    files.set('signatures/root.pem', Buffer.from(identity.rootPem));
    await resign(files, signerOf(identity));
    expect((await kit().verify(zipOfFiles(files), null)).verdict).toBe('VALID_SIGNER_UNKNOWN');
  });
  it('is valid when another tool packed it again, in another order and compressed', async () => {
    const list = entries(kit().files())
      .toReversed()
      .map((entry) => ({ ...entry, method: 8, stored: deflateRawSync(entry.data), mode: 0o100600 }));
    expect(
      (
        await kit().verify(
          rawZip({ entries: [{ name: TOP, data: Buffer.alloc(0), mode: 0o040755 }, ...list] }),
        )
      ).verdict,
    ).toBe('VALID');
  });
  it('takes the root as DER and with text around it', async () => {
    const pem = kit().identity.rootPem;
    expect((await kit().verify(kit().zip, `subject=Root\n${pem}`)).verdict).toBe('VALID');
  });
  it.each([
    ['RSA with 2,048 bits', rsaKey(2048), 'RS256', 'sha256'],
    ['ECDSA on P-384', ecKey('secp384r1'), 'ES384', 'sha384'],
  ] as const)('is valid when a stranger signed it with %s', async (_, key, alg, hash) => {
    const { signer, root } = stranger(key);
    const files = kit().files();
    files.delete('signatures/root.pem');
    const content = get(files, 'tagmanifest-sha256.txt');
    files.set(SIGNER, Buffer.from(signer.certificate.toString()));
    files.set(P7S, cms({ content, signer, hash }));
    files.set(JWS, jws(content, { alg, 'x5t#S256': thumbprintOf(signer) }, { key, hash }));
    const result = await kit().verify(zipOfFiles(files), root);
    expect(failedSteps(result)).toEqual([]);
    expect(result.verdict).toBe('VALID');
  });
  it('is valid when the chain has a certificate between signer and root', async () => {
    const rootKey = ecKey();
    const middleKey = ecKey();
    const key = ecKey();
    const root = certificate({
      subject: 'Other Root',
      issuer: 'Other Root',
      key: rootKey,
      issuerKey: rootKey,
      ca: true,
      pathLength: 1,
    });
    const middle = certificate({
      subject: 'Middle',
      issuer: 'Other Root',
      key: middleKey,
      issuerKey: rootKey,
      ca: true,
    });
    const { zip } = await chainOf(
      certificate({ subject: 'Leaf', issuer: 'Middle', key, issuerKey: middleKey, ca: false }),
      key,
      [middle],
      root,
    );
    expect((await kit().verify(zip, root)).verdict).toBe('VALID');
  });
  it.each([
    ['RSA with 1,024 bits', () => rsaKey(1024)],
    ['a curve that is not on the list', () => ecKey('secp521r1')],
  ] as const)('is refused when it is signed with %s', async (_, makeKey) => {
    const key = makeKey();
    const { signer, root } = stranger(key);
    const files = kit().files();
    const content = get(files, 'tagmanifest-sha256.txt');
    files.set(SIGNER, Buffer.from(signer.certificate.toString()));
    files.set(P7S, cms({ content, signer }));
    expect(failedSteps(await kit().verify(zipOfFiles(files), root))).toEqual(
      expect.arrayContaining(['signature-cms', 'signature-jws', 'signer-trust']),
    );
  });
  it('names the file at fault', async () => {
    const files = kit().files();
    files.set('data/index.html', some);
    const step = (await kit().verify(zipOfFiles(files))).steps.find(({ id }) => id === 'payload-manifest');
    expect(step?.items).toEqual(['data/index.html']);
  });
  it('tells all faults of several kinds at once', async () => {
    const files = kit().files();
    files.set('data/index.html', some);
    files.set('data/extra', some);
    files.delete(JWS);
    files.set('signatures/x.exe', some);
    expect(failedSteps(await kit().verify(zipOfFiles(files)))).toEqual([
      'payload-manifest',
      'payload-complete',
      'payload-oxum',
      'expected-signatures',
      'signature-jws',
    ]);
  });

  it('shows names out of a hostile pack without their control characters', async () => {
    const files = kit().files();
    files.set('data/\u001b[2Jevil\u202e.txt', some);
    files.set(`data/${'x'.repeat(5000)}`, some);
    const items = (await kit().verify(zipOfFiles(files))).steps.flatMap((step) => step.items);
    expect(items).toContain('data/\\u{1b}[2Jevil\\u{202e}.txt');
    expect(Math.max(...items.map((item) => item.length))).toBeLessThan(500);
  });
});
