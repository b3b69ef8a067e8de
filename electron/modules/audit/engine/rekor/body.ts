// What the body of a Rekor entry says was logged: digest, signatures and the keys that made them.
import { createPublicKey, X509Certificate } from 'node:crypto';
import { fromBase64 } from '../merkle/base64.ts';
import { isFields, parseJson } from '../merkle/json-text.ts';
import type { Fields } from '../merkle/json-text.ts';
import { Unreadable } from './entry.ts';

export interface Verifier {
  /** DER of the certificate or SubjectPublicKeyInfo. */
  readonly der: Buffer;
  readonly isCertificate: boolean;
}

export interface LoggedBody {
  readonly kind: string;
  /** What was signed: the artefact, a DSSE payload, or (v2) the DSSE pre-authentication encoding. null = not stated. */
  readonly digest: {
    readonly of: 'artefact' | 'payload';
    readonly algorithm: string;
    readonly value: Buffer;
  } | null;
  readonly signatures: readonly { readonly bytes: Buffer; readonly verifier: Verifier | null }[];
}

const object = (value: unknown): Fields => (isFields(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const base64 = (value: unknown): Buffer => {
  const bytes = fromBase64(text(value));
  if (bytes === null) throw new Unreadable('the body of the entry holds invalid base64');
  return bytes;
};

/** Rekor v1 keeps PEM, itself in base64. */
const pemVerifier = (value: unknown): Verifier | null => {
  const pem = base64(value).toString('latin1');
  try {
    return pem.includes('BEGIN CERTIFICATE')
      ? { der: new X509Certificate(pem).raw, isCertificate: true }
      : { der: createPublicKey(pem).export({ format: 'der', type: 'spki' }), isCertificate: false };
  } catch {
    return null;
  }
};

/** Rekor v2 keeps DER. */
const derVerifier = (value: unknown): Verifier | null => {
  const verifier = object(value);
  const isCertificate = 'x509Certificate' in verifier;
  const holder = object(isCertificate ? verifier.x509Certificate : verifier.publicKey);
  return 'rawBytes' in holder ? { der: base64(holder.rawBytes), isCertificate } : null;
};

const hexDigest = (value: unknown, of: 'artefact' | 'payload'): LoggedBody['digest'] => {
  const hash = object(value);
  const digits = text(hash.value);
  if (!/^(?:[0-9a-f]{2})+$/iu.test(digits)) return null;
  return { of, algorithm: text(hash.algorithm), value: Buffer.from(digits, 'hex') };
};

const rawDigest = (value: unknown, of: 'artefact' | 'payload'): LoggedBody['digest'] => {
  const hash = object(value);
  return 'digest' in hash ? { of, algorithm: text(hash.algorithm), value: base64(hash.digest) } : null;
};

const twice = (value: unknown): Buffer => base64(base64(value).toString('latin1'));

const hashedrekord = (spec: Fields): Omit<LoggedBody, 'kind'> => {
  if ('hashedRekordV002' in spec) {
    const v2 = object(spec.hashedRekordV002);
    const signature = object(v2.signature);
    const verifier = derVerifier(signature.verifier);
    return {
      digest: rawDigest(v2.data, 'artefact'),
      signatures: [{ bytes: base64(signature.content), verifier }],
    };
  }
  const signature = object(spec.signature);
  const verifier = pemVerifier(object(signature.publicKey).content);
  return {
    digest: hexDigest(object(spec.data).hash, 'artefact'),
    signatures: [{ bytes: base64(signature.content), verifier }],
  };
};

const dsse = (spec: Fields): Omit<LoggedBody, 'kind'> => {
  if ('dsseV002' in spec) {
    const v2 = object(spec.dsseV002);
    const signatures = list(v2.signatures).map((each) => ({
      bytes: base64(object(each).content),
      verifier: derVerifier(object(each).verifier),
    }));
    return { digest: rawDigest(v2.payloadHash, 'payload'), signatures };
  }
  const signatures = list(spec.signatures).map((each) => ({
    bytes: base64(object(each).signature),
    verifier: pemVerifier(object(each).verifier),
  }));
  return { digest: hexDigest(spec.payloadHash, 'payload'), signatures };
};

const intoto = (spec: Fields): Omit<LoggedBody, 'kind'> => {
  const content = object(spec.content);
  const envelope = object(content.envelope);
  const signatures = list(envelope.signatures).map((each) => ({
    bytes: twice(object(each).sig),
    verifier: pemVerifier(object(each).publicKey),
  }));
  const digest = hexDigest(content.payloadHash, 'payload');
  if (signatures.length > 0 || !('publicKey' in spec)) return { digest, signatures };
  // Version 0.0.1 keeps only the key.
  return { digest, signatures: [{ bytes: Buffer.alloc(0), verifier: pemVerifier(spec.publicKey) }] };
};

/** null for kinds that say nothing that could be compared. @throws Unreadable */
export const readBody = (bytes: Buffer): LoggedBody | null => {
  const body = parseJson(bytes);
  if (!isFields(body)) throw new Unreadable('the body of the entry is no JSON object');
  const spec = object(body.spec);
  if (body.kind === 'hashedrekord') return { kind: body.kind, ...hashedrekord(spec) };
  if (body.kind === 'dsse') return { kind: body.kind, ...dsse(spec) };
  if (body.kind === 'intoto') return { kind: body.kind, ...intoto(spec) };
  return null;
};
