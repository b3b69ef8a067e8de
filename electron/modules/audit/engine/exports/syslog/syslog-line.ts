// One syslog message: RFC 5424 with structured data, RFC 3164, and the files that daemons write without a priority.
import { readEventTime } from '../event-time.ts';
import type { EventTime } from '../event-time.ts';
import { countOf } from '../record-values.ts';

export interface SyslogMessage {
  readonly form: 'rfc5424' | 'rfc3164' | 'iso';
  /** 0..7; null where the message carries no priority. */
  readonly severity: number | null;
  readonly time: EventTime | null;
  readonly host: string | null;
  readonly app: string | null;
  readonly process: string | null;
  readonly messageId: string | null;
  /** `meta sequenceId` (RFC 5424 section 7.3.1). */
  readonly sequence: number | null;
  readonly ip: string | null;
  readonly message: string;
}

const HEADER = /^<(\d{1,3})>([1-9]\d{0,2}) (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /u;
const BSD =
  /^(?:<(\d{1,3})>)?([A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?) (\S{1,255}) (.*)$/su;
const ISO = /^(?:<(\d{1,3})>)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20}) (\S{1,255}) (.*)$/su;
const TAG = /^([^\s:[\]]{1,64})(?:\[([^\]\s]{1,32})\])?:? ?/u;
const SD_NAME = /[^\s="\]]{1,32}/uy;
const MAX_PRIORITY = 191;

export const SEVERITIES = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
] as const;

const nil = (value: string | undefined): string | null =>
  value === undefined || value === '-' ? null : value;

const priorityOf = (text: string | undefined): number | null | undefined => {
  if (text === undefined) return null;
  const priority = Number(text);
  return priority <= MAX_PRIORITY ? priority % 8 : undefined;
};

interface StructuredData {
  readonly params: ReadonlyMap<string, string>;
  readonly end: number;
}

/** `[id name="value" …]…` from `start` on (RFC 5424 section 6.3); a text says what is wrong. */
export const structuredData = (text: string, start: number): StructuredData | string => {
  const params = new Map<string, string>();
  if (text[start] === '-') return { params, end: start + 1 };
  if (text[start] !== '[') return 'its structured data is missing';
  let at = start;
  const name = (): string | null => {
    SD_NAME.lastIndex = at;
    const match = SD_NAME.exec(text);
    if (match === null) return null;
    at += match[0].length;
    return match[0];
  };
  while (text[at] === '[') {
    at += 1;
    const id = name();
    if (id === null) return 'an element of its structured data has no name';
    while (text[at] === ' ') {
      at += 1;
      const param = name();
      if (param === null || text[at] !== '=' || text[at + 1] !== '"') return 'its structured data is broken';
      at += 2;
      const from = at;
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      if (at >= text.length) return 'its structured data is not closed';
      if (!params.has(`${id} ${param}`))
        params.set(`${id} ${param}`, text.slice(from, at).replaceAll(/\\(["\\\]])/gu, '$1'));
      at += 1;
    }
    if (text[at] !== ']') return 'its structured data is not closed';
    at += 1;
  }
  return { params, end: at };
};

const readRfc5424 = (text: string, header: RegExpExecArray): SyslogMessage | string => {
  const [whole, priority, , written = '', host, app, process, messageId] = header;
  const severity = priorityOf(priority);
  if (severity === undefined) return 'its priority is above 191';
  const time = written === '-' ? null : readEventTime(written);
  if (written !== '-' && time === null) return 'its timestamp is none';
  const data = structuredData(text, whole.length);
  if (typeof data === 'string') return data;
  if (data.end < text.length && text[data.end] !== ' ')
    return 'text follows its structured data without a space';
  return {
    form: 'rfc5424',
    severity,
    time,
    host: nil(host),
    app: nil(app),
    process: nil(process),
    messageId: nil(messageId),
    sequence: countOf(data.params.get('meta sequenceId')),
    ip: data.params.get('origin ip') ?? null,
    message: text.slice(data.end + 1).replace(/^\uFEFF/u, ''),
  };
};

const readOlder = (match: RegExpExecArray, form: 'rfc3164' | 'iso'): SyslogMessage | string => {
  const [, priority, written, host, rest = ''] = match;
  const severity = priorityOf(priority);
  if (severity === undefined) return 'its priority is above 191';
  const time = readEventTime(written);
  if (time === null) return 'its timestamp is none';
  const tag = TAG.exec(rest);
  return {
    form,
    severity,
    time,
    host: nil(host),
    app: tag?.[1] ?? null,
    process: tag?.[2] ?? null,
    messageId: null,
    sequence: null,
    ip: null,
    message: rest.slice(tag?.[0].length ?? 0),
  };
};

/** A text says why the line is no syslog message. */
export const readSyslog = (text: string): SyslogMessage | string => {
  const header = HEADER.exec(text);
  if (header !== null) return readRfc5424(text, header);
  const bsd = BSD.exec(text);
  if (bsd !== null) return readOlder(bsd, 'rfc3164');
  const iso = ISO.exec(text);
  if (iso !== null) return readOlder(iso, 'iso');
  return 'it is no syslog message';
};
