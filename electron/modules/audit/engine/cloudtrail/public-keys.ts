// The public keys of `aws cloudtrail list-public-keys`: read from its JSON, chosen by their exact fingerprint.
import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface PublicKey {
  readonly fingerprint: string;
  readonly key: KeyObject;
  /** Seconds since 1970; null when the list doesn't say. */
  readonly validFrom: number | null;
  readonly validTo: number | null;
}

export interface KeyList {
  readonly keys: readonly PublicKey[];
  /** Fingerprints of entries whose value is no RSA key. */
  readonly broken: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The AWS CLI prints RFC 3339 (version 2) or seconds since 1970 (version 1). */
const seconds = (value: unknown): number | null => {
  if (typeof value === 'number' && Number.isFinite(value)) return Math.floor(value);
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(milliseconds) ? Math.floor(milliseconds / 1000) : null;
};

const rsaKey = (base64: string): KeyObject | null => {
  try {
    // PKCS #1 RSAPublicKey, not the usual SubjectPublicKeyInfo (AWS API reference, PublicKey).
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs1' });
    return key.asymmetricKeyType === 'rsa' ? key : null;
  } catch {
    return null;
  }
};

const candidates = (value: unknown): readonly unknown[] | null => {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) return null;
  if (Array.isArray(value.PublicKeyList)) return value.PublicKeyList;
  return 'Fingerprint' in value ? [value] : null;
};

/** Null when the JSON is no list of public keys; a list without a usable key has `keys: []`. */
export const readKeyList = (value: unknown): KeyList | null => {
  const entries = candidates(value)?.filter(
    (entry): entry is Fields & { Fingerprint: string; Value: string } =>
      isFields(entry) && typeof entry.Fingerprint === 'string' && typeof entry.Value === 'string',
  );
  if (entries === undefined || (entries.length === 0 && !(isFields(value) && 'PublicKeyList' in value)))
    return null;
  const keys: PublicKey[] = [];
  const broken: string[] = [];
  for (const entry of entries) {
    const key = rsaKey(entry.Value);
    if (key === null) broken.push(entry.Fingerprint);
    else
      keys.push({
        fingerprint: entry.Fingerprint,
        key,
        validFrom: seconds(entry.ValidityStartTime),
        validTo: seconds(entry.ValidityEndTime),
      });
  }
  return { keys, broken };
};

/** Signatures are hex in S3 metadata and in the next digest; null for anything else. */
const signatureBytes = (hex: string): Buffer | null =>
  hex.length % 2 === 0 && /^[0-9a-f]+$/iu.test(hex) ? Buffer.from(hex, 'hex') : null;

/** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2). */
export const signatureFits = (key: PublicKey, signed: string, signatureHex: string): boolean => {
  const signature = signatureBytes(signatureHex);
  return signature !== null && verify('sha256', Buffer.from(signed, 'utf8'), key.key, signature);
};
