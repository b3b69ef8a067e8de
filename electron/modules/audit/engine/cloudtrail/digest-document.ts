// A digest file's JSON, read strictly: what a missing or odd field would leave unproven is refused by name.
import { instantSeconds } from './object-names.ts';

export interface LogEntry {
  readonly bucket: string;
  readonly key: string;
  /** Lower-case hex SHA-256 of the inflated log. */
  readonly hash: string;
  readonly hashAlgorithm: string;
  /** Seconds since 1970 of the newest event; null when the digest doesn't say. */
  readonly newest: number | null;
}

export interface PreviousDigest {
  readonly bucket: string;
  readonly key: string;
  readonly hash: string;
  readonly hashAlgorithm: string;
  /** Hex; null when the digest doesn't carry it. */
  readonly signature: string | null;
}

export interface DigestDocument {
  readonly account: string;
  /** Seconds since 1970; [start, end). */
  readonly start: number;
  readonly end: number;
  /** Exactly as written: part of the string that is signed. */
  readonly endText: string;
  readonly bucket: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly signatureAlgorithm: string;
  /** Exactly as written, or null: part of the string that is signed. */
  readonly previousSignature: string | null;
  readonly previous: PreviousDigest | null;
  readonly logs: readonly LogEntry[];
}

type Parsed = { readonly document: DigestDocument } | { readonly problem: string };

class Refused extends Error {}

const refuse = (what: string): never => {
  throw new Refused(what);
};

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

const text = (fields: Fields, name: string): string => {
  const value = own(fields, name);
  return typeof value === 'string' && value.length > 0 ? value : refuse(`${name} is missing`);
};

const optionalText = (fields: Fields, name: string): string | null => {
  const value = own(fields, name);
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : refuse(`${name} is not text`);
};

const instant = (fields: Fields, name: string): number =>
  instantSeconds(own(fields, name)) ?? refuse(`${name} is not a time`);

const sha256Hex = (value: string, name: string): string =>
  /^[0-9a-f]{64}$/iu.test(value) ? value.toLowerCase() : refuse(`${name} is not a SHA-256 digest`);

// Another algorithm is not an error of the file: the caller says that it can't be checked.
const hashOf = (
  fields: Fields,
  hashName: string,
  algorithmName: string,
): { hash: string; hashAlgorithm: string } => {
  const hashAlgorithm = optionalText(fields, algorithmName) ?? 'SHA-256';
  const value = text(fields, hashName);
  return hashAlgorithm === 'SHA-256'
    ? { hash: sha256Hex(value, hashName), hashAlgorithm: 'SHA-256' }
    : { hash: value.toLowerCase(), hashAlgorithm };
};

const logEntry = (value: unknown, index: number, ownBucket: string): LogEntry => {
  if (!isFields(value)) return refuse(`logFiles[${index}] is not an object`);
  const bucket = text(value, 's3Bucket');
  return {
    // One string for all entries instead of one each: a year of logs has 100,000 of them.
    bucket: bucket === ownBucket ? ownBucket : bucket,
    key: text(value, 's3Object'),
    ...hashOf(value, 'hashValue', 'hashAlgorithm'),
    newest: instantSeconds(own(value, 'newestEventTime')),
  };
};

const previousOf = (fields: Fields, signature: string | null): PreviousDigest | null => {
  const key = optionalText(fields, 'previousDigestS3Object');
  if (key === null) return null;
  return {
    bucket: text(fields, 'previousDigestS3Bucket'),
    key,
    ...hashOf(fields, 'previousDigestHashValue', 'previousDigestHashAlgorithm'),
    signature,
  };
};

const read = (fields: Fields): DigestDocument => {
  if (!Object.hasOwn(fields, 'previousDigestSignature')) refuse('previousDigestSignature is missing');
  const previousSignature = optionalText(fields, 'previousDigestSignature');
  const start = instant(fields, 'digestStartTime');
  const end = instant(fields, 'digestEndTime');
  if (end < start) refuse('digestEndTime is before digestStartTime');
  // CloudTrail writes an empty list (or none) for an hour without events.
  const logFiles = own(fields, 'logFiles') ?? [];
  if (!Array.isArray(logFiles)) return refuse('logFiles is not a list');
  const bucket = text(fields, 'digestS3Bucket');
  return {
    account: optionalText(fields, 'awsAccountId') ?? '',
    start,
    end,
    endText: text(fields, 'digestEndTime'),
    bucket,
    key: text(fields, 'digestS3Object'),
    fingerprint: text(fields, 'digestPublicKeyFingerprint'),
    signatureAlgorithm: optionalText(fields, 'digestSignatureAlgorithm') ?? 'SHA256withRSA',
    previousSignature,
    previous: previousOf(fields, previousSignature),
    logs: logFiles.map((each, index) => logEntry(each, index, bucket)),
  };
};

/** Parses inflated digest bytes; a problem is a reason in plain words, without content. */
export const parseDigest = (inflated: Uint8Array): Parsed => {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(inflated));
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (!isFields(value)) return { problem: 'it is not a JSON object' };
  try {
    return { document: read(value) };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw error;
  }
};

/** True for JSON that is a digest by its fields, whatever the file is called. */
export const looksLikeDigest = (value: unknown): boolean =>
  isFields(value) && Object.hasOwn(value, 'digestS3Object') && Object.hasOwn(value, 'digestEndTime');

/**
 * What CloudTrail signs: four lines joined by LF, none at the end, UTF-8; the literal `null` where there is no
 * predecessor. Source: AWS CloudTrail user guide, "Custom implementations of log file integrity validation".
 * @param digestSha256 lower-case hex SHA-256 of the inflated digest.
 */
export const stringToSign = (document: DigestDocument, digestSha256: string): string =>
  [
    document.endText,
    `${document.bucket}/${document.key}`,
    digestSha256,
    document.previousSignature ?? 'null',
  ].join('\n');
