// How numbers, sizes, times and durations are written: exact, in one way everywhere.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 1234567 → `1,234,567`. */
export const formatCount = (n: number): string => whole.format(n);

/** `1 record`, `2,000 records`. */
export const plural = (n: number, one: string, many: string): string =>
  `${formatCount(n)} ${n === 1 ? one : many}`;

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units with three significant digits: 866 → `866 B`, 1536 → `1.50 KiB`. */
export const formatBytes = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return `${whole.format(value)} B`;
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
};

/** Seconds as a person reads a clock: 0.42 → `0.4 s`, 75 → `1 min 15 s`, 7260 → `2 h 01 min`. */
export const formatSeconds = (seconds: number): string => {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes} min ${String(total % 60).padStart(2, '0')} s`;
  return `${formatCount(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** day: the date in UTC, for narrow columns; second: the usual; full: with the fraction as stored. */
export type InstantPrecision = 'day' | 'second' | 'full';

/** An RFC 3339 instant for reading: `2026-11-21 09:30:00Z` (section 5.6 allows the space). Fractions are kept on request. */
export const formatInstant = (instant: string, precision: InstantPrecision = 'second'): string => {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00)$/u.exec(instant);
  if (match === null) return instant;
  if (precision === 'day') return match[1] ?? '';
  return `${match[1] ?? ''} ${match[2] ?? ''}${precision === 'full' ? (match[3] ?? '') : ''}Z`;
};

/** The same instant on this computer's clock, with its offset. Empty for text that isn't an instant. */
export const formatLocal = (instant: string): string => {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '';
  const two = (n: number): string => String(n).padStart(2, '0');
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
};

/** Keeps both ends: `3f9a12…c07d41`. Short text stays whole. */
export const truncateMiddle = (text: string, head: number, tail: number): string =>
  text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(text.length - tail)}`;

/** Groups of four, for reading a fingerprint aloud: `3f9a 12c0 …`. */
export const groupHex = (hex: string): string => (hex.match(/.{1,4}/gu) ?? []).join(' ');
