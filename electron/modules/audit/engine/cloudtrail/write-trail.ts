// Writes a genuine CloudTrail trail (logs, signed digests, metadata, key list) from a seed: for the sample and for tests.
import { createHash, createPublicKey, hash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { instantText } from './object-names.ts';

const DIGEST_SECONDS = 3600;
const LOG_SECONDS = 300;

/** An RSA key that signs digests, with the fingerprint under which the key list names it. */
export interface TrailSigner {
  readonly privateKey: KeyObject;
  readonly fingerprint: string;
}

export interface TrailSpec {
  /** Makes the content: the same seed gives the same bytes. */
  readonly seed: string;
  readonly account: string;
  readonly region: string;
  readonly homeRegion?: string;
  readonly trail: string;
  /** `o-…` for an organisation trail. */
  readonly organisation?: string;
  readonly bucket: string;
  /** Key prefix without slashes at its ends. */
  readonly prefix?: string;
  /** Start of the first digest, seconds since 1970. */
  readonly start: number;
  readonly digests: number;
  readonly logsPerDigest: number;
  readonly eventsPerLog: number;
  /** The signer of the n-th digest. */
  readonly signer: (digest: number) => TrailSigner;
  readonly backfill?: boolean;
  /** Makes the first digest continue this trail's last one. */
  readonly after?: WrittenTrail;
}

export interface WrittenTrail {
  /** Stored bytes by `bucket/key`. */
  readonly objects: Map<string, Uint8Array>;
  /** S3 user metadata of the digests, by `bucket/key`. */
  readonly metadata: Map<string, Readonly<Record<string, string>>>;
  /** `bucket/key`, in order of time. */
  readonly digests: string[];
  readonly logs: string[];
}

const stamp = (seconds: number, length: 'minute' | 'second'): string => {
  const text = instantText(seconds).replaceAll(/[-:]/gu, '');
  return length === 'second' ? text : `${text.slice(0, 13)}Z`;
};

const folderOf = (spec: TrailSpec, kind: 'CloudTrail' | 'CloudTrail-Digest', seconds: number): string =>
  [
    spec.prefix,
    'AWSLogs',
    spec.organisation,
    spec.account,
    kind,
    spec.region,
    instantText(seconds).slice(0, 10).replaceAll('-', '/'),
  ]
    .filter((part) => part !== undefined)
    .join('/');

/** An endless supply of bytes that depends on the seed and the place only. */
const draw = (spec: TrailSpec, ...place: readonly (string | number)[]): Buffer =>
  createHash('sha256')
    .update([spec.seed, spec.account, spec.region, spec.trail, ...place].join('|'))
    .digest();

const ACTIONS = [
  ['s3.amazonaws.com', 'GetObject', true],
  ['s3.amazonaws.com', 'PutObject', false],
  ['iam.amazonaws.com', 'ListUsers', true],
  ['sts.amazonaws.com', 'AssumeRole', true],
  ['kms.amazonaws.com', 'Decrypt', true],
  ['ec2.amazonaws.com', 'DescribeInstances', true],
] as const;

const eventOf = (spec: TrailSpec, seconds: number, place: readonly number[]): object => {
  const random = draw(spec, 'event', ...place);
  const hex = random.toString('hex');
  const [source, name, readOnly] = ACTIONS[random.readUInt8(0) % ACTIONS.length] ?? ACTIONS[0];
  const session = random.readUInt8(1) % 40;
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLE:session${session}`,
      arn: `arn:aws:sts::${spec.account}:assumed-role/developer/session${session}`,
      accountId: spec.account,
    },
    eventTime: instantText(seconds),
    eventSource: source,
    eventName: name,
    awsRegion: spec.region,
    sourceIPAddress: `203.0.113.${random.readUInt8(2) % 254}`,
    userAgent: 'aws-cli/2.31.0',
    requestParameters: {
      bucketName: `records-${random.readUInt8(3) % 9}`,
      key: `k/${random.readUInt32LE(4)}`,
    },
    responseElements: null,
    requestID: hex.slice(0, 16).toUpperCase(),
    eventID: `${hex.slice(16, 24)}-${hex.slice(24, 28)}-${hex.slice(28, 32)}-${hex.slice(32, 36)}-${hex.slice(36, 48)}`,
    readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: spec.account,
    eventCategory: 'Management',
  };
};

interface LogFileEntry {
  readonly s3Bucket: string;
  readonly s3Object: string;
  readonly hashValue: string;
  readonly hashAlgorithm: 'SHA-256';
  readonly newestEventTime: string;
  readonly oldestEventTime: string;
}

const writeLog = (spec: TrailSpec, written: WrittenTrail, digest: number, log: number): LogFileEntry => {
  const delivered = spec.start + digest * DIGEST_SECONDS + (log + 1) * LOG_SECONDS;
  const times = Array.from(
    { length: spec.eventsPerLog },
    (_, at) => delivered - LOG_SECONDS + 10 + Math.floor((at * 280) / spec.eventsPerLog),
  );
  const content = JSON.stringify({
    Records: times.map((seconds, at) => eventOf(spec, seconds, [digest, log, at])),
  });
  const unique = draw(spec, 'name', digest, log).toString('hex').slice(0, 16);
  const key = `${folderOf(spec, 'CloudTrail', delivered)}/${spec.account}_CloudTrail_${spec.region}_${stamp(delivered, 'minute')}_${unique}.json.gz`;
  written.objects.set(`${spec.bucket}/${key}`, gzipSync(content));
  written.logs.push(`${spec.bucket}/${key}`);
  return {
    s3Bucket: spec.bucket,
    s3Object: key,
    hashValue: hash('sha256', content, 'hex'),
    hashAlgorithm: 'SHA-256',
    newestEventTime: instantText(times.at(-1) ?? delivered),
    oldestEventTime: instantText(times[0] ?? delivered),
  };
};

interface Previous {
  readonly bucket: string;
  readonly key: string;
  readonly hash: string;
  readonly signature: string;
}

const lastOf = (trail: WrittenTrail | undefined): Previous | null => {
  const object = trail?.digests.at(-1);
  const stored = object === undefined ? undefined : trail?.objects.get(object);
  if (object === undefined || stored === undefined) return null;
  const slash = object.indexOf('/');
  return {
    bucket: object.slice(0, slash),
    key: object.slice(slash + 1),
    hash: hash('sha256', gunzipSync(stored), 'hex'),
    signature: trail?.metadata.get(object)?.signature ?? '',
  };
};

const writeDigest = (
  spec: TrailSpec,
  written: WrittenTrail,
  digest: number,
  previous: Previous | null,
): Previous => {
  const start = spec.start + digest * DIGEST_SECONDS;
  const end = start + DIGEST_SECONDS;
  const logFiles = Array.from({ length: spec.logsPerDigest }, (_, log) =>
    writeLog(spec, written, digest, log),
  );
  const name = `${spec.account}_CloudTrail-Digest_${spec.region}_${spec.trail}_${spec.homeRegion ?? spec.region}_${stamp(end, 'second')}`;
  const key = `${folderOf(spec, 'CloudTrail-Digest', end)}/${name}${spec.backfill === true ? '_backfill' : ''}.json.gz`;
  const { privateKey, fingerprint } = spec.signer(digest);
  const content = JSON.stringify({
    awsAccountId: spec.account,
    digestStartTime: instantText(start),
    digestEndTime: instantText(end),
    digestS3Bucket: spec.bucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: logFiles.at(-1)?.newestEventTime ?? null,
    oldestEventTime: logFiles[0]?.oldestEventTime ?? null,
    previousDigestS3Bucket: previous?.bucket ?? null,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous?.hash ?? null,
    previousDigestHashAlgorithm: previous === null ? null : 'SHA-256',
    previousDigestSignature: previous?.signature ?? null,
    logFiles,
  });
  const sha256 = hash('sha256', content, 'hex');
  const signed = [instantText(end), `${spec.bucket}/${key}`, sha256, previous?.signature ?? 'null'].join(
    '\n',
  );
  const signature = sign('sha256', Buffer.from(signed), privateKey).toString('hex');
  const object = `${spec.bucket}/${key}`;
  written.objects.set(object, gzipSync(content));
  written.digests.push(object);
  written.metadata.set(object, {
    signature,
    'signature-algorithm': 'SHA256withRSA',
    ...(spec.backfill === true && { 'backfill-generation-timestamp': instantText(end + 86_400) }),
  });
  return { bucket: spec.bucket, key, hash: sha256, signature };
};

/** Writes hourly digests with their logs, each digest signed and naming the one before it. */
export const writeTrail = (spec: TrailSpec): WrittenTrail => {
  const written: WrittenTrail = { objects: new Map(), metadata: new Map(), digests: [], logs: [] };
  let previous = lastOf(spec.after);
  for (let digest = 0; digest < spec.digests; digest += 1)
    previous = writeDigest(spec, written, digest, previous);
  return written;
};

/** The fingerprint is MD5 of the DER here; AWS does not publish how it makes its own. */
export const trailSigner = (privateKey: KeyObject): TrailSigner => {
  const der = createPublicKey(privateKey).export({ type: 'pkcs1', format: 'der' });
  return { privateKey, fingerprint: hash('md5', der, 'hex') };
};

/** JSON as `aws cloudtrail list-public-keys` prints it. Validity in seconds since 1970. */
export const publicKeyList = (signers: readonly TrailSigner[], validFrom: number, validTo: number): string =>
  `${JSON.stringify(
    {
      PublicKeyList: signers.map(({ privateKey, fingerprint }) => ({
        Value: createPublicKey(privateKey).export({ type: 'pkcs1', format: 'der' }).toString('base64'),
        ValidityStartTime: instantText(validFrom),
        ValidityEndTime: instantText(validTo),
        Fingerprint: fingerprint,
      })),
    },
    null,
    1,
  )}\n`;

/** The metadata that `aws s3 sync` loses, as one JSON document: `bucket/key` → user metadata. */
export const metadataDocument = (trails: readonly WrittenTrail[]): string =>
  `${JSON.stringify(Object.fromEntries(trails.flatMap((trail) => [...trail.metadata])), null, 1)}\n`;

/** Changes the text of a stored object, and compresses it again as anyone with gzip would. */
export const editObject = (stored: Uint8Array, edit: (text: string) => string): Uint8Array =>
  gzipSync(edit(gunzipSync(stored).toString('utf8')));
