// Rekor entries from the forms they are handed over in: Sigstore bundles, API answers, cosign's older bundles.
import { fromBase64 } from '../merkle/base64.ts';
import { isFields } from '../merkle/json-text.ts';
import type { Fields } from '../merkle/json-text.ts';

export interface LogProof {
  readonly index: number;
  readonly size: number;
  readonly root: Buffer;
  readonly hashes: readonly Buffer[];
  /** Signed note; null where only hashes are given. */
  readonly checkpoint: string | null;
}

export interface LogEntry {
  /** The bytes that the leaf hash is made of. */
  readonly body: Buffer;
  /** Global index (v1 counts over all shards). */
  readonly logIndex: number;
  /** Lower-case hex. */
  readonly logId: string;
  /** Seconds since 1970; null where the log states none (v2). */
  readonly integratedTime: number | null;
  /** Signed entry timestamp. */
  readonly promise: Buffer | null;
  readonly proof: LogProof | null;
}

/** What a bundle holds beside its log entries. */
export interface BundleContent {
  readonly signature: Buffer | null;
  readonly digest: { readonly algorithm: string; readonly value: Buffer } | null;
  readonly envelope: Envelope | null;
  /** DER certificates, the signer's first. */
  readonly certificates: readonly Buffer[];
  /** The bundle names a key that it doesn't hold. */
  readonly hasKeyHint: boolean;
  /** RFC 3161 tokens, DER. */
  readonly timestamps: readonly Buffer[];
  /** Such as `0.3`. */
  readonly version: string;
}

export interface Envelope {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signatures: readonly Buffer[];
}

export interface Submission {
  readonly entries: readonly LogEntry[];
  readonly content: BundleContent | null;
  readonly dialect: string;
}

/** What makes a document unreadable; thrown inside this folder only, and turned into a finding. */
export class Unreadable extends Error {}

const bad = (what: string): never => {
  throw new Unreadable(what);
};

const bytesOf = (value: unknown, what: string): Buffer => {
  const bytes = typeof value === 'string' ? fromBase64(value) : null;
  return bytes ?? bad(`${what} is not valid base64`);
};

/** Protobuf's JSON writes 64-bit numbers as strings. */
const countOf = (value: unknown, what: string): number => {
  const number = typeof value === 'string' && /^\d{1,16}$/u.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    return bad(`${what} is no count`);
  return number;
};

const fieldsOf = (value: unknown, what: string): Fields =>
  isFields(value) ? value : bad(`${what} is missing`);

const hexOf = (value: unknown, what: string): Buffer =>
  typeof value === 'string' && /^(?:[0-9a-f]{2})+$/iu.test(value)
    ? Buffer.from(value, 'hex')
    : bad(`${what} is not hexadecimal`);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A TransparencyLogEntry of sigstore/protobuf-specs. */
const protobufEntry = (value: unknown): LogEntry => {
  const entry = fieldsOf(value, 'a log entry');
  const proof = isFields(entry.inclusionProof) ? entry.inclusionProof : null;
  const promise = isFields(entry.inclusionPromise) ? entry.inclusionPromise : null;
  const checkpoint = isFields(proof?.checkpoint) ? proof.checkpoint.envelope : undefined;
  const time = entry.integratedTime === undefined ? 0 : countOf(entry.integratedTime, 'integratedTime');
  return {
    body: bytesOf(entry.canonicalizedBody, 'canonicalizedBody'),
    logIndex: countOf(entry.logIndex ?? 0, 'logIndex'),
    logId: bytesOf(fieldsOf(entry.logId, 'logId').keyId, 'logId').toString('hex'),
    integratedTime: time === 0 ? null : time,
    promise: promise === null ? null : bytesOf(promise.signedEntryTimestamp, 'signedEntryTimestamp'),
    proof:
      proof === null
        ? null
        : {
            index: countOf(proof.logIndex ?? 0, 'inclusionProof.logIndex'),
            size: countOf(proof.treeSize, 'inclusionProof.treeSize'),
            root: bytesOf(proof.rootHash, 'inclusionProof.rootHash'),
            hashes: listOf(proof.hashes).map((hash) => bytesOf(hash, 'a hash of the proof')),
            checkpoint: typeof checkpoint === 'string' ? checkpoint : null,
          },
  };
};

/** A LogEntry of Rekor's API v1, as `GET /api/v1/log/entries` answers it. */
const apiEntry = (value: unknown): LogEntry => {
  const entry = fieldsOf(value, 'a log entry');
  const verification = isFields(entry.verification) ? entry.verification : {};
  const proof = isFields(verification.inclusionProof) ? verification.inclusionProof : null;
  const set = verification.signedEntryTimestamp;
  return {
    body: bytesOf(entry.body, 'body'),
    logIndex: countOf(entry.logIndex, 'logIndex'),
    logId: hexOf(entry.logID, 'logID').toString('hex'),
    integratedTime: countOf(entry.integratedTime, 'integratedTime'),
    promise: set === undefined || set === null ? null : bytesOf(set, 'signedEntryTimestamp'),
    proof:
      proof === null
        ? null
        : {
            index: countOf(proof.logIndex, 'inclusionProof.logIndex'),
            size: countOf(proof.treeSize, 'inclusionProof.treeSize'),
            root: hexOf(proof.rootHash, 'inclusionProof.rootHash'),
            hashes: listOf(proof.hashes).map((hash) => hexOf(hash, 'a hash of the proof')),
            checkpoint: typeof proof.checkpoint === 'string' ? proof.checkpoint : null,
          },
  };
};

const envelopeOf = (value: unknown): Envelope | null => {
  if (!isFields(value)) return null;
  return {
    payloadType: typeof value.payloadType === 'string' ? value.payloadType : '',
    payload: bytesOf(value.payload, 'the payload of the envelope'),
    signatures: listOf(value.signatures).map((each) =>
      bytesOf(fieldsOf(each, 'a signature of the envelope').sig, 'a signature of the envelope'),
    ),
  };
};

const VERSION =
  /^application\/vnd\.dev\.sigstore\.bundle(?:\+json;version=(0\.[1-3])|\.v(0\.3)(?:\.\d+)?\+json)$/u;

const contentOf = (bundle: Fields): BundleContent => {
  const material = fieldsOf(bundle.verificationMaterial, 'verificationMaterial');
  const message = isFields(bundle.messageSignature) ? bundle.messageSignature : null;
  const digest = isFields(message?.messageDigest) ? message.messageDigest : null;
  const chain = isFields(material.x509CertificateChain)
    ? listOf(material.x509CertificateChain.certificates)
    : [];
  const single = isFields(material.certificate) ? [material.certificate] : [];
  if (isFields(material.x509CertificateChain) && chain.length === 0) bad('its certificate chain is empty');
  const tokens = isFields(material.timestampVerificationData)
    ? listOf(material.timestampVerificationData.rfc3161Timestamps)
    : [];
  const [, old, recent] = VERSION.exec(String(bundle.mediaType)) ?? [];
  const envelope = envelopeOf(bundle.dsseEnvelope);
  return {
    signature: message === null ? null : bytesOf(message.signature, 'the signature'),
    digest:
      digest === null
        ? null
        : { algorithm: String(digest.algorithm), value: bytesOf(digest.digest, 'messageDigest') },
    envelope,
    certificates: [...single, ...chain].map((each) =>
      bytesOf(fieldsOf(each, 'a certificate').rawBytes, 'a certificate'),
    ),
    hasKeyHint: isFields(material.publicKey) || 'publicKey' in material,
    timestamps: tokens.map((each) => bytesOf(fieldsOf(each, 'a timestamp').signedTimestamp, 'a timestamp')),
    version:
      old ??
      recent ??
      bad(`its media type ${JSON.stringify(String(bundle.mediaType).slice(0, 80))} is not known`),
  };
};

/** cosign before bundles: `{SignedEntryTimestamp, Payload}`, alone or as `rekorBundle` beside signature and certificate. */
const cosignSubmission = (value: Fields): Submission => {
  const inner = isFields(value.rekorBundle) ? value.rekorBundle : value;
  const payload = fieldsOf(inner.Payload, 'Payload');
  const entry = apiEntry({
    ...payload,
    verification: { signedEntryTimestamp: inner.SignedEntryTimestamp },
  });
  const pem = typeof value.cert === 'string' ? Buffer.from(value.cert, 'base64').toString('latin1') : '';
  const der = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END/u.exec(pem)?.[1];
  const content =
    typeof value.base64Signature === 'string'
      ? {
          signature: bytesOf(value.base64Signature, 'base64Signature'),
          digest: null,
          envelope: null,
          certificates: der === undefined ? [] : [Buffer.from(der, 'base64')],
          hasKeyHint: der === undefined,
          timestamps: [],
          version: '0.1',
        }
      : null;
  return { entries: [entry], content, dialect: 'cosign bundle' };
};

const isApiAnswer = (value: Fields): boolean => {
  const answers = Object.values(value);
  return answers.length > 0 && answers.every((each) => isFields(each) && 'body' in each && 'logID' in each);
};

/** null where the JSON is none of the forms. @throws Unreadable where it is one and broken. */
export const readSubmission = (value: unknown): Submission | null => {
  if (Array.isArray(value) && value.length > 0 && value.every((each) => isFields(each) && isApiAnswer(each)))
    return {
      entries: value.flatMap((each: Fields) => Object.values(each).map(apiEntry)),
      content: null,
      dialect: 'Rekor API v1',
    };
  if (!isFields(value)) return null;
  if ('verificationMaterial' in value) {
    const content = contentOf(value);
    const material = fieldsOf(value.verificationMaterial, 'verificationMaterial');
    const entries = listOf(material.tlogEntries).map(protobufEntry);
    if (entries.length === 0) bad('it holds no entry of a transparency log');
    return { entries, content, dialect: `Sigstore bundle v${content.version}` };
  }
  if ('canonicalizedBody' in value)
    return { entries: [protobufEntry(value)], content: null, dialect: 'Rekor TransparencyLogEntry' };
  if ('SignedEntryTimestamp' in value || 'rekorBundle' in value) return cosignSubmission(value);
  if ('Body' in value && 'UUID' in value && 'LogID' in value)
    bad(
      'it is what `rekor-cli get` prints, which leaves out the proof and the signatures. Give the entry as the log itself answers it (/api/v1/log/entries)',
    );
  if ('body' in value && 'logID' in value)
    return { entries: [apiEntry(value)], content: null, dialect: 'Rekor API v1' };
  return isApiAnswer(value)
    ? { entries: Object.values(value).map(apiEntry), content: null, dialect: 'Rekor API v1' }
    : null;
};
