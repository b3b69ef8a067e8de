// Digest and signature algorithms of timestamps, certificates and revocation lists, by object identifier.
import { constants, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { DerFault, Fields, TAG, context, insideOf, integerOf, oidOf } from './der.ts';
import type { Element } from './der.ts';

export interface Digest {
  /** Node's name. */
  readonly name: string;
  readonly shown: string;
  readonly bytes: number;
  readonly weak: boolean;
}

const digest = (name: string, shown: string, bytes: number, weak = false): Digest => ({
  name,
  shown,
  bytes,
  weak,
});

const DIGESTS: Readonly<Record<string, Digest>> = {
  '1.2.840.113549.2.5': digest('md5', 'MD5', 16, true),
  '1.3.14.3.2.26': digest('sha1', 'SHA-1', 20, true),
  '2.16.840.1.101.3.4.2.1': digest('sha256', 'SHA-256', 32),
  '2.16.840.1.101.3.4.2.2': digest('sha384', 'SHA-384', 48),
  '2.16.840.1.101.3.4.2.3': digest('sha512', 'SHA-512', 64),
  '2.16.840.1.101.3.4.2.4': digest('sha224', 'SHA-224', 28),
};

/** null for an algorithm that is not known here. */
export const digestOf = (oid: string): Digest | null =>
  Object.hasOwn(DIGESTS, oid) ? (DIGESTS[oid] ?? null) : null;

export const SHA256 = digest('sha256', 'SHA-256', 32);

interface Scheme {
  readonly key: 'rsa' | 'ec' | 'ed25519';
  /** null = the one that stands beside the signature. */
  readonly hash: string | null;
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  '1.2.840.113549.1.1.1': { key: 'rsa', hash: null },
  '1.2.840.113549.1.1.5': { key: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.14': { key: 'rsa', hash: 'sha224' },
  '1.2.840.113549.1.1.11': { key: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'sha512' },
  '1.2.840.10045.2.1': { key: 'ec', hash: null },
  '1.2.840.10045.4.1': { key: 'ec', hash: 'sha1' },
  '1.2.840.10045.4.3.1': { key: 'ec', hash: 'sha224' },
  '1.2.840.10045.4.3.2': { key: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', hash: 'sha512' },
  '1.3.101.112': { key: 'ed25519', hash: null },
};
const RSA_PSS = '1.2.840.113549.1.1.10';

export interface AlgorithmId {
  readonly oid: string;
  readonly parameters: Element | null;
}

/** AlgorithmIdentifier. @throws DerFault */
export const algorithmOf = (element: Element): AlgorithmId => {
  const fields = new Fields(element);
  const oid = oidOf(fields.need(TAG.oid));
  const parameters = fields.left ? fields.any() : null;
  fields.done();
  return { oid, parameters };
};

/** Object identifier of a digest algorithm, whose parameters are absent or NULL. @throws DerFault */
export const digestIdOf = (element: Element): string => {
  const { oid, parameters } = algorithmOf(element);
  if (parameters !== null && (parameters.tag !== 0x05 || parameters.end !== parameters.body))
    throw new DerFault('a digest algorithm has parameters', parameters.start);
  return oid;
};

/** RSASSA-PSS-params (RFC 4055); null when the two hashes differ or are not known. */
const pssOf = (parameters: Element | null): { readonly hash: string; readonly salt: number } | null => {
  if (parameters?.tag !== TAG.sequence) return { hash: 'sha1', salt: 20 };
  const fields = new Fields(parameters);
  const hashField = fields.optional(context(0));
  const maskField = fields.optional(context(1));
  const saltField = fields.optional(context(2));
  const hash = hashField === null ? 'sha1' : digestOf(algorithmOf(insideOf(hashField)).oid)?.name;
  const mask = maskField === null ? null : algorithmOf(insideOf(maskField)).parameters;
  const maskHash = mask === null ? 'sha1' : digestOf(algorithmOf(mask).oid)?.name;
  const salt = saltField === null ? 20 : Number(integerOf(insideOf(saltField)));
  if (hash === undefined || hash !== maskHash || salt < 0 || salt > 512) return null;
  return { hash, salt };
};

export type SignatureAnswer = 'right' | 'wrong' | 'unknown-algorithm' | 'weak';

/**
 * @param beside the digest algorithm named beside the signature, for identifiers that name none
 * @returns `weak` = right, over MD5 or SHA-1
 */
export const checkSignature = (
  { oid, parameters }: AlgorithmId,
  beside: string | null,
  key: KeyObject,
  message: Uint8Array,
  signature: Uint8Array,
): SignatureAnswer => {
  try {
    if (oid === RSA_PSS) {
      const pss = pssOf(parameters);
      if (pss === null || !(key.asymmetricKeyType ?? '').startsWith('rsa')) return 'unknown-algorithm';
      const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.salt };
      if (!verify(pss.hash, message, options, signature)) return 'wrong';
      return pss.hash === 'sha1' ? 'weak' : 'right';
    }
    const scheme = Object.hasOwn(SCHEMES, oid) ? SCHEMES[oid] : undefined;
    if (scheme === undefined) return 'unknown-algorithm';
    if (key.asymmetricKeyType !== scheme.key) return 'wrong';
    const hash = scheme.key === 'ed25519' ? null : (scheme.hash ?? beside);
    if (hash === null && scheme.key !== 'ed25519') return 'unknown-algorithm';
    if (!verify(hash, message, key, signature)) return 'wrong';
    return hash === 'sha1' || hash === 'md5' ? 'weak' : 'right';
  } catch {
    // OpenSSL throws for signatures of an impossible form.
    return 'wrong';
  }
};
