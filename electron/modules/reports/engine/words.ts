// Numbers, sizes, dates and digests as readers of a report expect them: the same text on every machine.
import { html, longText, type SafeHtml, VALUE_LIMIT } from './html.ts';
import { firstPart } from './visible.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `1,000,000` */
export const count = (n: number): string => n.toLocaleString('en');

/** `1 record`, `200 records` */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** `82.9 kB` (powers of 1,000) with the exact figure behind it where they differ. */
export const size = (bytes: number): string => {
  const exact = counted(bytes, 'byte');
  if (bytes < 1000) return exact;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1] ?? ''} (${exact})`;
};

/** `0.4 seconds`, `3 minutes 20 seconds` */
export const duration = (seconds: number): string => {
  if (!Number.isFinite(seconds) || seconds < 0) return 'not recorded';
  if (seconds < 0.05) return 'less than 0.1 seconds';
  if (seconds < 60) return `${seconds.toFixed(1)} seconds`;
  const whole = Math.round(seconds);
  return `${counted(Math.floor(whole / 60), 'minute')} ${counted(whole % 60, 'second')}`;
};

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/u;

/** `21 November 2026, 09:30:00 UTC`; anything that is no RFC 3339 UTC instant stays as it is. */
export const dateText = (instant: string): string => {
  const match = INSTANT.exec(instant);
  const month = MONTHS[Number(match?.[2]) - 1];
  return match === null || month === undefined
    ? instant
    : `${Number(match[3])} ${month} ${match[1]}, ${match[4]} UTC`;
};

/** `instant` and so many seconds, as RFC 3339 UTC; null where that is no date. */
export const secondsAfter = (instant: string, seconds: number): string | null => {
  const date = INSTANT.test(instant) ? new Date(Date.parse(instant) + seconds * 1000) : new Date(Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
};

/** The date as a `<time>` element; plain text where it is no instant. */
export const time = (instant: string): SafeHtml =>
  INSTANT.test(instant) ? html`<time datetime="${instant}">${dateText(instant)}</time>` : html`${instant}`;

/**
 * A digest for reading and for copying: groups of eight in alternating ink, with no character between them, so that
 * the copied text is the digest itself. Anything but hex prints as code, and what is longer than any digest (an RSA
 * signature) as its beginning.
 */
export const digest = (value: string): SafeHtml => {
  if (value.length > 128) return html`<code>${longText(value, 64)}</code>`;
  if (!/^[0-9a-f]{16,128}$/u.test(value)) return html`<code>${value}</code>`;
  const groups = value.match(/.{1,8}/gu) ?? [];
  return html`<code class="digest"
    >${groups.map((group, index) => (index % 2 === 0 ? html`<b>${group}</b>` : html`<i>${group}</i>`))}</code
  >`;
};

/** A path or object name, which may break after its own separators. */
export const path = (name: string): SafeHtml =>
  html`<code class="path"
    >${(firstPart(name, VALUE_LIMIT).match(/[^/_]*[/_]?/gu) ?? []).map((part) => html`${part}<wbr />`)}${name.length > VALUE_LIMIT ? html` [cut]` : null}</code
  >`;

/** A fingerprint as `openssl x509 -fingerprint` prints it: `AA:BB:…`. */
export const fingerprint = (hex: string): SafeHtml =>
  html`<code class="fingerprint">${hex.toUpperCase().replaceAll(/(..)(?!$)/gu, '$1:')}</code>`;
