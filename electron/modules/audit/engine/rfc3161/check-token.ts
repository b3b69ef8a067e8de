// Checks one RFC 3161 token: status, signed attributes, signature, the authority's certificate and its way to a root.
import { hash } from 'node:crypto';
import { algorithmOf, checkSignature, digestOf } from './algorithms.ts';
import { certificateOf, revocationListOf } from './certificates.ts';
import type { Cert, TrustMaterial } from './certificates.ts';
import { checkChain, invalid, missing, purposeFaults } from './chain.ts';
import type { Fault } from './chain.ts';
import { DerFault, Fields, TAG, contentOf, insideOf, oidOf } from './der.ts';
import type { Element } from './der.ts';
import { OID_TST_INFO, STATUS } from './read-token.ts';
import type { Signer, Token } from './read-token.ts';

const ATTRIBUTE = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

export interface TokenCheck {
  /** What is wrong or missing; those without a verdict are remarks. */
  readonly faults: readonly Fault[];
  readonly signer: Cert | null;
  /** From the signer to the root; null where no given root was reached. */
  readonly way: readonly Cert[] | null;
  readonly revocationChecked: boolean;
  /** Nothing is wrong and nothing is missing: the token is the authority's word. */
  readonly trusted: boolean;
}

/** The only value of the only attribute of a type, or null. */
const single = ({ attributes }: Signer, type: string): Element | null => {
  const [attribute, second] = attributes.filter((each) => each.type === type);
  const [value, other] = attribute?.values ?? [];
  return second === undefined && other === undefined ? (value ?? null) : null;
};

const isNamed = (cert: Cert, { issuer, serial, keyId }: Signer): boolean =>
  issuer === null
    ? keyId !== null && cert.subjectKeyId === keyId
    : cert.issuerName.equals(issuer) && cert.serial === serial;

/** Digest name and value of the first certificate identifier in a signing-certificate attribute. */
const essOf = (given: Element, version: 1 | 2): { readonly digest: string; readonly hex: string } | null => {
  // An early Sigstore authority wrapped the attribute in an OCTET STRING.
  const value = given.tag === TAG.octets ? insideOf(given) : given;
  const list = new Fields(new Fields(value).need(TAG.sequence));
  const first = new Fields(list.need(TAG.sequence));
  const algorithm = version === 2 ? first.optional(TAG.sequence) : null;
  const hex = contentOf(first.need(TAG.octets)).toString('hex');
  if (version === 1) return { digest: 'sha1', hex };
  const digest = algorithm === null ? 'sha256' : digestOf(algorithmOf(algorithm).oid)?.name;
  return digest === undefined ? null : { digest, hex };
};

/** RFC 3161 section 2.4.1 and RFC 5816: the token names its own signer's certificate by digest. */
const essFaults = (signer: Signer, cert: Cert): readonly Fault[] => {
  const v1 = single(signer, ATTRIBUTE.signingCertificate);
  const v2 = single(signer, ATTRIBUTE.signingCertificateV2);
  if (v1 === null && v2 === null)
    return [
      invalid(
        'The token does not say which certificate signed it (signingCertificate), as RFC 3161 asks for.',
      ),
    ];
  const faults: Fault[] = [];
  for (const [value, version] of [
    [v1, 1],
    [v2, 2],
  ] as const) {
    if (value === null) continue;
    if (value.tag === TAG.octets)
      faults.push({
        kind: 'REPAIRED',
        message:
          'The attribute that names the signer’s certificate is wrapped in a string of bytes; it was unwrapped. Strict tools, such as openssl ts, refuse such a token.',
      });
    const named = essOf(value, version);
    if (named === null) {
      faults.push(missing('The token names its certificate by a digest algorithm that is not known here.'));
      continue;
    }
    const actual = hash(named.digest, cert.der, 'hex');
    if (actual !== named.hex)
      faults.push({
        ...invalid(
          'The certificate is not the one that the token names as its signer’s (signingCertificate).',
        ),
        expected: named.hex,
        actual,
      });
  }
  return faults;
};

const attributeFaults = (token: Token, signer: Signer): readonly Fault[] => {
  if (signer.signedBytes === null)
    return [invalid('The token has no signed attributes, as RFC 3161 asks for.')];
  const faults: Fault[] = [];
  if (!token.digestAlgorithms.includes(signer.digest))
    faults.push(invalid('The token does not announce the digest algorithm that its signer used.'));
  const type = single(signer, ATTRIBUTE.contentType);
  if (type === null || oidOf(type) !== OID_TST_INFO)
    faults.push(invalid('The signed attributes do not say that a timestamp is signed.'));
  const stated = single(signer, ATTRIBUTE.messageDigest);
  const digest = digestOf(signer.digest);
  if (digest === null)
    return [
      ...faults,
      missing(`The signature uses a digest algorithm that is not known here (${signer.digest}).`),
    ];
  if (stated === null) return [...faults, invalid('The signed attributes hold no digest of the timestamp.')];
  const expected = contentOf(stated).toString('hex');
  const actual = hash(digest.name, token.content, 'hex');
  if (actual !== expected)
    faults.push({
      ...invalid(
        'What the token states (its time, its digest of the data, or its other fields) is not what was signed: it was altered after the authority signed it.',
      ),
      expected,
      actual,
    });
  return faults;
};

const signatureFaults = (signer: Signer, cert: Cert): readonly Fault[] => {
  if (signer.signedBytes === null) return [];
  if (cert.key === null)
    return [
      missing('The key of the certificate is of a kind that this program can not check signatures with.'),
    ];
  const beside = digestOf(signer.digest)?.name ?? null;
  const answer = checkSignature(signer.algorithm, beside, cert.key, signer.signedBytes, signer.signature);
  if (answer === 'right') return [];
  if (answer === 'weak')
    return [
      { kind: 'WEAK_DIGEST', message: 'The authority’s signature is over a weak digest (MD5 or SHA-1).' },
    ];
  return answer === 'wrong'
    ? [
        invalid(
          'The signature of the token does not match its certificate: the token was altered, or another key made it.',
        ),
      ]
    : [missing(`The token is signed with an algorithm that is not known here (${signer.algorithm.oid}).`)];
};

const formFaults = ({ status, info, signers }: Token): readonly Fault[] => {
  const faults: Fault[] = [];
  if (status !== null && status !== 0n && status !== 1n)
    faults.push(
      invalid(
        `The response holds a token, but its status says that none was granted (${status}: ${STATUS[Number(status)] ?? 'not known'}).`,
      ),
    );
  if (info.version !== 1n)
    faults.push(missing(`The timestamp is of version ${info.version}, which is not known here.`));
  if (signers.length !== 1)
    faults.push(invalid(`The token has ${signers.length} signers instead of one (RFC 3161 section 2.4.2).`));
  const digest = digestOf(info.imprint.algorithm);
  if (digest !== null && digest.bytes * 2 !== info.imprint.hex.length)
    faults.push(invalid('The digest of the data in the token does not have the length of its algorithm.'));
  if (digest?.weak === true)
    faults.push({
      kind: 'WEAK_DIGEST',
      message: `The token is over a ${digest.shown} digest: two different files with that digest can be made, so it no longer ties the time to one file alone.`,
    });
  return faults;
};

const guarded = (check: () => readonly Fault[]): readonly Fault[] => {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    return [{ ...invalid(`A signed attribute can not be read: ${error.message}.`), kind: 'MALFORMED' }];
  }
};

/** @param material certificates and lists that the user gave; those in the token are helpers, never roots. */
export const checkToken = (token: Token, material: TrustMaterial): TokenCheck => {
  const faults: Fault[] = [...formFaults(token)];
  const none = { signer: null, way: null, revocationChecked: false, trusted: false };
  const [signer] = token.signers;
  if (signer === undefined) return { ...none, faults };
  const carried = token.certificates.map(certificateOf).filter((cert) => cert !== null);
  const pool = [...carried, ...material.certificates];
  const cert = pool.find((each) => isNamed(each, signer));
  faults.push(...guarded(() => attributeFaults(token, signer)));
  if (cert === undefined) {
    const why =
      'The certificate that signed the token is neither in the token nor among the files given (--key)';
    return {
      ...none,
      faults: [
        ...faults,
        missing(`${why}: whose token this is, and whether it is genuine, can not be told.`),
      ],
    };
  }
  faults.push(
    ...signatureFaults(signer, cert),
    ...guarded(() => essFaults(signer, cert)),
    ...purposeFaults(cert),
  );
  const lists = [
    ...material.lists,
    ...token.lists.map((der) => revocationListOf(der, 'token')).filter((list) => list !== null),
  ];
  const chain = checkChain(cert, pool, material.certificates, lists, token.info.genTime);
  faults.push(...chain.faults);
  return {
    faults,
    signer: cert,
    way: chain.way,
    revocationChecked: chain.revocationChecked,
    trusted: chain.way !== null && faults.every(({ verdict }) => verdict === undefined),
  };
};
