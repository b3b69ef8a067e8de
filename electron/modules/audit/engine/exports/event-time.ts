// Reads the times that logs write, and keeps how they were written: the offset, and whether there was a year at all.

export interface EventTime {
  /** Since 1970 UTC, with fractions. A time without offset is taken as UTC, one without year as of the year 2000. */
  readonly milliseconds: number;
  /** Minutes east of UTC as written; null when the record names none. */
  readonly offsetMinutes: number | null;
  /** false for RFC 3164 (`Oct 11 22:14:15`). */
  readonly hasYear: boolean;
  /** As it stands in the record, cut at 64 characters. */
  readonly written: string;
}

const MAX_TEXT = 64;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A leap year, so that 29 February is a day. */
const NO_YEAR = 2000;

const MONTHS: ReadonlyMap<string, number> = new Map(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, at) => [
    name,
    at,
  ]),
);

const CLOCK = String.raw`(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?`;
const ZONE = String.raw`\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?`;

/** ISO 8601 and RFC 3339, also with a space between date and time. */
const ISO = new RegExp(String.raw`^(\d{4})[-/](\d\d)[-/](\d\d)[T ]${CLOCK}${ZONE}$`, 'iu');
/** `Oct 11 22:14:15`, `Oct 11 2026 22:14:15.003 UTC` (RFC 3164, CEF). */
const NAMED = new RegExp(
  String.raw`^([a-z]{3})\s{1,2}(\d\d?)\s(?:(\d{4})\s)?${CLOCK}(?:\s([A-Z]{3,5}|[+-]\d\d:?\d\d))?$`,
  'iu',
);
/** `10/Oct/2026:13:55:36 +0200`. */
const APACHE = new RegExp(String.raw`^(\d\d)/([a-z]{3})/(\d{4}):${CLOCK}${ZONE}$`, 'iu');
/** `5/21/2026 3:04:05 PM`, `21.05.2026 15:04:05`: PowerShell writes dates as the machine's region does. */
const REGIONAL = new RegExp(
  String.raw`^(\d\d?)([/.])(\d\d?)[/.](\d{4}),?\s${CLOCK}(?:\s(AM|PM))?${ZONE}$`,
  'iu',
);
const NET_DATE = /^\/?Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/?$/u;
const DIGITS = /^\d{9,20}(?:\.\d{1,9})?$/u;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/u;

/** undefined: no offset that this file knows. */
const offsetOf = (zone: string | undefined): number | null | undefined => {
  if (zone === undefined) return null;
  if (/^(?:z|utc|gmt)$/iu.test(zone)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)?$/u.exec(zone);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return minutes === 0 ? 0 : match[1] === '-' ? -minutes : minutes;
};

interface Parts {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  readonly clock: readonly (string | undefined)[];
  readonly afternoon?: boolean | null;
}

const millisecondsOf = ({ year, month, day, clock, afternoon = null }: Parts): number | null => {
  const [h = '0', m = '0', s = '0', fraction = ''] = clock;
  let hour = Number(h);
  if (afternoon !== null) hour = (hour % 12) + (afternoon ? 12 : 0);
  const [minute, second] = [Number(m), Number(s)];
  // A leap second is written as 60.
  if (month < 0 || month > 11 || day < 1 || hour > 24 || minute > 59 || second > 60) return null;
  const date = Date.UTC(year, month, day);
  if (new Date(date).getUTCDate() !== day) return null;
  const rest = fraction === '' ? 0 : Number(`0.${fraction}`) * 1_000;
  return date + hour * HOUR + minute * MINUTE + second * 1_000 + rest;
};

const timeOf = (
  parts: Parts,
  zone: string | undefined,
  written: string,
  hasYear = true,
): EventTime | null => {
  const local = millisecondsOf(parts);
  const offsetMinutes = offsetOf(zone);
  if (local === null) return null;
  // An abbreviation such as CEST says something, but not what: kept apart from a known offset.
  if (offsetMinutes === undefined) return { milliseconds: local, offsetMinutes: null, hasYear, written };
  return { milliseconds: local - (offsetMinutes ?? 0) * MINUTE, offsetMinutes, hasYear, written };
};

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size (years 1973 to 5138). */
const fromNumber = (value: number, written: string): EventTime | null => {
  if (!Number.isFinite(value) || value < 1e8 || value >= 1e20) return null;
  const milliseconds =
    value < 1e11 ? value * 1_000 : value < 1e14 ? value : value < 1e17 ? value / 1_000 : value / 1_000_000;
  return { milliseconds, offsetMinutes: 0, hasYear: true, written };
};

const readText = (text: string): EventTime | null => {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, h, m, s, fraction, zone] = iso;
    const parts = {
      year: Number(year),
      month: Number(month) - 1,
      day: Number(day),
      clock: [h, m, s, fraction],
    };
    return timeOf(parts, zone, text);
  }
  if (DIGITS.test(text)) return fromNumber(Number(text), text);
  const named = NAMED.exec(text);
  if (named !== null) {
    const [, name = '', day, year, h, m, s, fraction, zone] = named;
    const month = MONTHS.get(name.toLowerCase()) ?? -1;
    const parts = { year: Number(year ?? NO_YEAR), month, day: Number(day), clock: [h, m, s, fraction] };
    return timeOf(parts, zone, text, year !== undefined);
  }
  return readRegional(text);
};

const readRegional = (text: string): EventTime | null => {
  const regional = REGIONAL.exec(text);
  if (regional !== null) {
    const [, first, mark, second, year, h, m, s, fraction, half, zone] = regional;
    const dayFirst = mark === '.' || Number(first) > 12;
    const [day, month] = dayFirst ? [first, second] : [second, first];
    const afternoon = half === undefined ? null : half.toUpperCase() === 'PM';
    const clock = [h, m, s, fraction];
    return timeOf(
      { year: Number(year), month: Number(month) - 1, day: Number(day), clock, afternoon },
      zone,
      text,
    );
  }
  const apache = APACHE.exec(text);
  if (apache !== null) {
    const [, day, name = '', year, h, m, s, fraction, zone] = apache;
    const month = MONTHS.get(name.toLowerCase()) ?? -1;
    return timeOf({ year: Number(year), month, day: Number(day), clock: [h, m, s, fraction] }, zone, text);
  }
  const net = NET_DATE.exec(text);
  if (net !== null) return { milliseconds: Number(net[1]), offsetMinutes: 0, hasYear: true, written: text };
  const day = DAY.exec(text);
  if (day === null) return null;
  return timeOf(
    { year: Number(day[1]), month: Number(day[2]) - 1, day: Number(day[3]), clock: [] },
    undefined,
    text,
  );
};

/** A time as logs write it: text in any of the usual forms, or a number since 1970. null when it is none. */
export const readEventTime = (value: unknown): EventTime | null => {
  if (typeof value === 'number') return fromNumber(value, String(value));
  if (typeof value !== 'string' || value.length > MAX_TEXT) return null;
  return readText(value.trim());
};

/** RFC 3339 in UTC, to the millisecond; beyond the years that it can write, the number itself. */
export const instantOf = (milliseconds: number): string => {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString().replace('.000Z', 'Z');
};
