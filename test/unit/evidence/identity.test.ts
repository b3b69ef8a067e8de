// The signing identity: certificates that say what they should and nothing that a name could smuggle in.
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeIdentity } from '../../../electron/modules/evidence/engine/identity.ts';
import {
  certificateOfPem,
  isIssuedBy,
  isSelfSigned,
  KEY_USAGE,
} from '../../../electron/modules/evidence/engine/verify/certificates.ts';

const now = '2026-11-21T09:30:00.987Z';
const certificates = (identity: ReturnType<typeof makeIdentity>) => {
  const [root, signer] = [
    certificateOfPem(Buffer.from(identity.rootPem)),
    certificateOfPem(Buffer.from(identity.signerPem)),
  ];
  if (root === null || signer === null) throw new Error('not a certificate');
  return { root, signer };
};

describe('an identity', () => {
  const identity = makeIdentity({ organisation: 'Prüfamt & Co', now });
  const { root, signer } = certificates(identity);

  it('is a root that issued itself and the signer', () => {
    expect([
      isSelfSigned(root),
      isIssuedBy(signer, root),
      isSelfSigned(signer),
      isIssuedBy(root, signer),
    ]).toEqual([true, true, false, false]);
  });
  it('lets the root sign certificates and the signer documents, and neither the other', () => {
    expect([root.ca, root.keyUsage, root.extendedKeyUsage]).toEqual([
      true,
      KEY_USAGE.keyCertSign | 0x02,
      null,
    ]);
    expect([signer.ca, signer.keyUsage, signer.extendedKeyUsage]).toEqual([
      false,
      KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation,
      ['1.3.6.1.5.5.7.3.4'],
    ]);
    expect([root.faults, signer.faults]).toEqual([[], []]);
  });
  it('runs from the given second, ten and three years', () => {
    expect([root.notBefore, root.notAfter, signer.notBefore, signer.notAfter].map(String)).toEqual([
      '2026-11-21T09:30:00Z',
      '2036-11-21T09:30:00Z',
      '2026-11-21T09:30:00Z',
      '2029-11-21T09:30:00Z',
    ]);
    expect([identity.createdAt, identity.notAfter, identity.rootNotAfter, identity.commonName]).toEqual([
      now,
      '2029-11-21T09:30:00Z',
      '2036-11-21T09:30:00Z',
      'Evidence Signer 2026',
    ]);
  });
  it('names the fingerprints that others compute', () => {
    const of = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
    expect([identity.rootFingerprint, identity.signerFingerprint]).toEqual([
      of(identity.rootPem),
      of(identity.signerPem),
    ]);
    expect([root.fingerprint, signer.fingerprint]).toEqual([
      identity.rootFingerprint,
      identity.signerFingerprint,
    ]);
  });
  it('gives the keys of its certificates as PKCS#8', () => {
    for (const [pkcs8, cert] of [
      [identity.rootKeyPkcs8, root],
      [identity.signerKeyPkcs8, signer],
    ] as const) {
      const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
      expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
      expect(createPublicKey(key).equals(cert.x509.publicKey)).toBe(true);
    }
  });
  it('has key identifiers that match', () => {
    expect(signer.subjectKeyId).toMatch(/^[0-9a-f]{40}$/u);
    expect(signer.x509.checkIssued(root.x509)).toBe(true);
  });
});

describe('any identity', () => {
  it('has positive serial numbers of its own', () => {
    const serials = Array.from({ length: 20 }, () => makeIdentity({ organisation: '', now })).flatMap(
      (each) => Object.values(certificates(each)).map(({ serial }) => serial),
    );
    expect(new Set(serials).size).toBe(40);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/u);
  });
  it('takes any text for the organisation and lets it name nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 90, unit: 'binary' }),
          fc.constantFrom('A, CN=Evil', 'A\nCN=Evil', 'A/CN=Evil', '😀'.repeat(80), '  '),
        ),
        (organisation) => {
          const { root, signer } = certificates(makeIdentity({ organisation, now }));
          expect(isIssuedBy(signer, root)).toBe(true);
          // One line for each attribute; a line break inside a value would be escaped.
          expect(signer.x509.subject.split('\n').filter((line) => line.startsWith('CN='))).toEqual([
            'CN=Evidence Signer 2026',
          ]);
          expect(signer.x509.subject.split('\n').length).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 40 },
    );
  });
  it('never lets the signer outlive the root, and reaches beyond 2049', () => {
    const { root, signer } = certificates(
      makeIdentity({ organisation: 'A', now, years: { root: 30, signer: 40 } }),
    );
    expect([root.notAfter, signer.notAfter].map(String)).toEqual([
      '2056-11-21T09:30:00Z',
      '2056-11-21T09:30:00Z',
    ]);
    expect(
      String(
        certificates(
          makeIdentity({ organisation: 'A', now: '2024-02-29T00:00:00Z', years: { root: 1, signer: 1 } }),
        ).root.notAfter,
      ),
    ).toBe('2025-02-28T00:00:00Z');
  });
});
