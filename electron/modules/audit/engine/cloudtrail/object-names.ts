// The names that CloudTrail gives its objects, and what they tell: account, region, trail, time.

/** From `{account}_CloudTrail-Digest_{region}_{trail}_{homeRegion}_{YYYYMMDDTHHMMSSZ}[_backfill].json.gz`. */
export interface DigestName {
  /** Organisation id for an organisation trail, else ''. */
  readonly organisation: string;
  readonly account: string;
  readonly region: string;
  readonly trail: string;
  readonly homeRegion: string;
  /** The digest's end, seconds since 1970. */
  readonly end: number;
  readonly backfill: boolean;
}

/** From `{account}_CloudTrail[-Insight]_{region}_{YYYYMMDDTHHmmZ}_{unique}.json.gz`. */
export interface LogName {
  readonly account: string;
  readonly region: string;
  /** '' for the trail's events, else e.g. 'Insight'. */
  readonly variant: string;
  /** Delivery time to the minute, seconds since 1970. */
  readonly time: number;
}

const DIGEST_NAME =
  /^(\d{12})_CloudTrail-Digest_([a-z0-9-]+)_(.+)_([a-z0-9-]+)_(\d{8}T\d{6}Z)(_backfill)?\.json(?:\.gz)?$/u;
const LOG_NAME =
  /^(\d{12})_CloudTrail(?:-([A-Za-z]+))?_([a-z0-9-]+)_(\d{8}T\d{4}Z)_([A-Za-z0-9]+)\.json(?:\.gz)?$/u;
const ORGANISATION = /^o-[a-z0-9]{10,32}$/u;
const STAMP = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?Z$/u;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/u;

/** Last part of a path or object key. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The same name for an object and its unpacked form. */
export const objectBaseName = (path: string): string => {
  const base = baseName(path);
  return base.endsWith('.json') ? `${base}.gz` : base;
};

const stampSeconds = (stamp: string): number | null => {
  const parts = STAMP.exec(stamp);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second = '00'] = parts;
  return instantSeconds(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
};

/** Seconds since 1970 of an RFC 3339 UTC time as CloudTrail writes it; null for anything else. */
export const instantSeconds = (text: unknown): number | null => {
  if (typeof text !== 'string' || !INSTANT.test(text)) return null;
  const milliseconds = Date.parse(text);
  // Date.parse moves 31 February into March; a date that doesn't come back unchanged is not a date.
  const real =
    Number.isFinite(milliseconds) && new Date(milliseconds).toISOString().startsWith(text.slice(0, 19));
  return real && milliseconds >= 0 ? Math.floor(milliseconds / 1000) : null;
};

/** RFC 3339 UTC to the second. */
export const instantText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Reads a path or key of a digest; null when its last part is not a digest's name. */
export const parseDigestName = (path: string): DigestName | null => {
  const match = DIGEST_NAME.exec(baseName(path));
  if (match === null) return null;
  const [, account = '', region = '', trail = '', homeRegion = '', stamp = '', backfill] = match;
  const end = stampSeconds(stamp);
  if (end === null) return null;
  const organisation = path.split('/').find((part) => ORGANISATION.test(part)) ?? '';
  return { organisation, account, region, trail, homeRegion, end, backfill: backfill !== undefined };
};

/** Reads a path or key of a log; null when its last part is not a log's name. */
export const parseLogName = (path: string): LogName | null => {
  const match = LOG_NAME.exec(baseName(path));
  if (match === null) return null;
  const [, account = '', variant = '', region = '', stamp = ''] = match;
  const time = stampSeconds(stamp);
  return time === null ? null : { account, region, variant, time };
};

export type ObjectKind = 'digest' | 'log' | 'json' | 'other';

/**
 * What a file is by its name alone. A name that CloudTrail doesn't give, inside a folder that it does, still counts: a
 * renamed object must not drop out of sight.
 */
export const objectKind = (path: string): ObjectKind => {
  if (parseDigestName(path) !== null) return 'digest';
  if (parseLogName(path) !== null) return 'log';
  if (!/\.(?:json|gz)$/u.test(path)) return 'other';
  if (path.endsWith('.json')) return 'json';
  const folders = path.split('/').slice(0, -1);
  if (folders.includes('CloudTrail-Digest')) return 'digest';
  return folders.includes('CloudTrail') ? 'log' : 'json';
};
