// Binds a log entry to what the bundle holds: digest, signature and certificate must be those that were logged.
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { verifyPrehashed } from '../merkle/prehashed.ts';
import { hex } from '../merkle/sha256.ts';
import type { LoggedBody, Verifier } from './body.ts';
import type { BundleContent, Envelope } from './entry.ts';

/** A file that was given as the artefact. */
export interface Artefact {
  readonly name: string;
  /** By lower-case algorithm name without dashes: sha256, sha384, sha512. */
  readonly digests: ReadonlyMap<string, Buffer>;
  /** The user named it; otherwise it only lay beside the bundle. */
  readonly isGiven: boolean;
}

export interface Binding {
  readonly findings: readonly Finding[];
  readonly proves: readonly string[];
  readonly certificate: X509Certificate | null;
}

interface At {
  readonly index: number;
  readonly path: string;
}

/** `SHA2_256`, `sha256` and `SHA-256` are one algorithm. */
export const algorithmName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^sha2_/u, 'sha')
    .replaceAll(/[-_]/gu, '');

/** DSSE's pre-authentication encoding, what is signed. */
const preAuthentication = ({ payloadType, payload }: Envelope): Buffer => {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
};

const digestOf = (algorithm: string, bytes: Buffer): Buffer | null =>
  ['sha256', 'sha384', 'sha512'].includes(algorithm) ? createHash(algorithm).update(bytes).digest() : null;

const keyOf = (verifier: Verifier): KeyObject | null => {
  try {
    return verifier.isCertificate
      ? new X509Certificate(verifier.der).publicKey
      : createPublicKey({ key: verifier.der, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
};

const hashFor = (key: KeyObject): string | null => {
  if (key.asymmetricKeyType === 'ed25519') return null;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve === 'secp384r1' ? 'sha384' : curve === 'secp521r1' ? 'sha512' : 'sha256';
};

const isValid = (key: KeyObject, message: Buffer, signature: Buffer): boolean => {
  const tried = [hashFor(key), ...(key.asymmetricKeyType === 'ec' ? ['sha256'] : [])];
  return tried.some((algorithm) => {
    try {
      return verify(algorithm, message, key, signature);
    } catch {
      return false;
    }
  });
};

class Binder {
  readonly findings: Finding[] = [];
  readonly proves: string[] = [];
  readonly #at: At;
  constructor(at: At) {
    this.#at = at;
  }

  altered(
    kind: 'EVENT_HASH_MISMATCH' | 'SIGNATURE_INVALID',
    message: string,
    expected?: Buffer,
    actual?: Buffer,
  ): void {
    this.findings.push({
      kind,
      verdict: 'TAMPERED',
      ...this.#at,
      ...(expected === undefined ? {} : { expected: hex(expected) }),
      ...(actual === undefined ? {} : { actual: hex(actual) }),
      message,
    });
  }

  missing(message: string): void {
    this.findings.push({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...this.#at, message });
  }

  /** The signer's key: a certificate of the bundle, or a managed key that must have been given. */
  signer(body: LoggedBody, content: BundleContent, managed: readonly KeyObject[]): KeyObject | null {
    const verifiers = body.signatures.flatMap(({ verifier }) => (verifier === null ? [] : [verifier]));
    const [certificate] = content.certificates;
    if (certificate !== undefined) {
      const logged = verifiers.find(({ isCertificate }) => isCertificate);
      if (logged !== undefined && !verifiers.some(({ der }) => der.equals(certificate)))
        this.altered('SIGNATURE_INVALID', 'The certificate in the bundle is not the one that was logged.');
      else if (logged === undefined && verifiers.length > 0)
        this.altered('SIGNATURE_INVALID', 'A bare key was logged, and the bundle holds a certificate.');
      return keyOf({ der: certificate, isCertificate: true });
    }
    const logged = verifiers.map((verifier) => ({ verifier, key: keyOf(verifier) }));
    const found = logged.find(({ verifier }) =>
      managed.some((key) => key.export({ format: 'der', type: 'spki' }).equals(verifier.der)),
    );
    if (found === undefined && content.hasKeyHint)
      this.missing(
        managed.length === 0
          ? 'The bundle was signed with a key of the signer’s own, which is not in it. Give that public key.'
          : 'None of the keys given is the one that was logged with the signature.',
      );
    return found?.key ?? logged[0]?.key ?? null;
  }

  message(body: LoggedBody, content: BundleContent, key: KeyObject | null, artefact: Artefact | null): void {
    const { signature, digest } = content;
    if (signature === null) return;
    if (!body.signatures.some(({ bytes }) => bytes.equals(signature)))
      this.altered('SIGNATURE_INVALID', 'The signature in the bundle is not the one that was logged.');
    if (digest !== null && body.digest !== null && !digest.value.equals(body.digest.value))
      this.altered(
        'EVENT_HASH_MISMATCH',
        'The digest in the bundle is not the one that was logged.',
        body.digest.value,
        digest.value,
      );
    const logged = body.digest ?? digest;
    if (logged === null) return;
    this.artefact(artefact, logged.algorithm, logged.value);
    const signed = key === null ? null : verifyPrehashed(key, logged.value, signature);
    if (signed === false)
      this.altered(
        'SIGNATURE_INVALID',
        'The signature is not one of the signer’s key over the logged digest.',
      );
    if (signed === true) this.proves.push('The signer’s key signed the digest that was logged.');
  }

  artefact(artefact: Artefact | null, algorithm: string, value: Buffer): void {
    const actual = artefact?.digests.get(algorithmName(algorithm));
    if (artefact === null || actual === undefined) return;
    if (actual.equals(value)) this.proves.push(`${artefact.name} is the file that was signed and logged.`);
    else
      this.altered(
        'EVENT_HASH_MISMATCH',
        `${artefact.name} is not the file that was signed and logged.`,
        value,
        actual,
      );
  }

  envelope(body: LoggedBody, envelope: Envelope, key: KeyObject | null, artefact: Artefact | null): void {
    const signed = preAuthentication(envelope);
    if (body.digest !== null) {
      // v2 logs the digest of what is signed; v1 that of the payload.
      const of = body.digest.of === 'payload' ? envelope.payload : signed;
      const actual = digestOf(algorithmName(body.digest.algorithm), of);
      if (actual !== null && !actual.equals(body.digest.value))
        this.altered(
          'EVENT_HASH_MISMATCH',
          'The envelope in the bundle is not the one that was logged.',
          body.digest.value,
          actual,
        );
    }
    if (envelope.signatures.length === 0)
      this.altered('SIGNATURE_INVALID', 'The envelope carries no signature.');
    for (const signature of envelope.signatures) {
      if (!body.signatures.some(({ bytes }) => bytes.length === 0 || bytes.equals(signature)))
        this.altered('SIGNATURE_INVALID', 'A signature of the envelope is not one that was logged.');
      if (key !== null && !isValid(key, signed, signature))
        this.altered(
          'SIGNATURE_INVALID',
          'A signature of the envelope is not one of the signer’s key over it.',
        );
    }
    this.#subjects(envelope, artefact);
  }

  /** An in-toto statement names the files that it is about by their digests. */
  #subjects({ payload }: Envelope, artefact: Artefact | null): void {
    if (artefact === null) return;
    const text = payload.toString('latin1').toLowerCase();
    if ([...artefact.digests.values()].some((digest) => text.includes(`"${hex(digest)}"`)))
      this.proves.push(`${artefact.name} is one of the files that the signed statement is about.`);
    else
      this.altered(
        'EVENT_HASH_MISMATCH',
        `The digest of ${artefact.name} does not stand in the signed statement: it is about another file.`,
        undefined,
        artefact.digests.get('sha256'),
      );
  }
}

const certificateOf = (content: BundleContent): X509Certificate | null => {
  const [der] = content.certificates;
  try {
    return der === undefined ? null : new X509Certificate(der);
  } catch {
    return null;
  }
};

export const bind = (
  body: LoggedBody,
  content: BundleContent | null,
  managed: readonly KeyObject[],
  artefact: Artefact | null,
  at: At,
): Binding => {
  const binder = new Binder(at);
  if (content === null) {
    if (body.digest?.of === 'artefact') binder.artefact(artefact, body.digest.algorithm, body.digest.value);
    const [first] = body.signatures;
    const key = first?.verifier === null || first === undefined ? null : keyOf(first.verifier);
    if (first !== undefined && key !== null && body.digest?.of === 'artefact')
      if (verifyPrehashed(key, body.digest.value, first.bytes) === false)
        binder.altered(
          'SIGNATURE_INVALID',
          'The logged signature is not one of the logged key over the logged digest.',
        );
    return { findings: binder.findings, proves: binder.proves, certificate: null };
  }
  const key = binder.signer(body, content, managed);
  if (content.envelope === null) binder.message(body, content, key, artefact);
  else binder.envelope(body, content.envelope, key, artefact);
  return { findings: binder.findings, proves: binder.proves, certificate: certificateOf(content) };
};
