// Syslog files: RFC 5424 (lines or octet-counted, RFC 6587), and RFC 3164 with its times without year and zone.
import type { ExportAdapter, ExportSample } from '../adapter.ts';
import { EMPTY_EVENT } from '../event.ts';
import type { RecordReader } from '../event.ts';
import { bestStream } from '../learn.ts';
import { readSyslog, SEVERITIES } from './syslog-line.ts';
import type { SyslogMessage } from './syslog-line.ts';

const messagesOf = (sample: ExportSample): SyslogMessage[] =>
  sample.records.map(readSyslog).filter((message) => typeof message !== 'string');

type StreamOf = (message: SyslogMessage) => string;

/** Senders count for the host, for each program, or for each process. */
const STREAMS: readonly StreamOf[] = [
  ({ host }) => host ?? '',
  ({ host, app }) => [host, app].filter((part) => part !== null).join(' '),
  ({ host, app, process }) => [host, app, process].filter((part) => part !== null).join(' '),
];
const BY_HOST: StreamOf = STREAMS[0] ?? (() => '');

const streamIn = (sample: ExportSample | null): StreamOf => {
  if (sample === null) return BY_HOST;
  const messages = messagesOf(sample);
  const best = bestStream(STREAMS, (stream) =>
    messages.map((message) => ({ stream: stream(message), value: message.sequence })),
  );
  return best?.candidate ?? BY_HOST;
};

const reader = (sample: ExportSample | null): RecordReader => {
  const streamOf = streamIn(sample);
  return (text) => {
    const message = readSyslog(text);
    if (typeof message === 'string') return message;
    const { time, host, app, process, sequence, severity, messageId, ip } = message;
    return {
      ...EMPTY_EVENT,
      time,
      sequence: sequence === null ? null : { value: sequence, stream: streamOf(message) },
      clock: host ?? '',
      actor: app === null ? null : process === null ? app : `${app}[${process}]`,
      action: messageId ?? (message.message === '' ? null : message.message.slice(0, 256)),
      target: host,
      result: severity === null ? null : (SEVERITIES[severity] ?? null),
      sourceIp: ip,
    };
  };
};

export const syslogRfc5424: ExportAdapter = {
  id: 'syslog-rfc5424',
  title: 'Syslog (RFC 5424, RFC 3164)',
  summary: 'Syslog messages, one a line or octet-counted, with sequence numbers where the sender gives them.',
  text: 'lines',
  recognise: (sample) => {
    if (sample.layout !== 'text' && sample.layout !== 'octet-counted') return null;
    const messages = messagesOf(sample);
    if (messages.length * 2 < sample.records.length || messages.length === 0) return null;
    const modern = messages.filter(({ form }) => form === 'rfc5424').length;
    if (modern * 2 >= messages.length)
      return { confidence: 0.5, reason: 'The lines are syslog messages as RFC 5424 has them.' };
    const old = messages.filter(({ form }) => form === 'rfc3164').length;
    if (old * 2 >= messages.length)
      return {
        confidence: 0.3,
        reason: 'The lines are syslog messages as RFC 3164 has them: their times name no year and no zone.',
      };
    return {
      confidence: 0.2,
      reason: 'The lines begin with a time, a host and a program, as syslog files do.',
    };
  },
  reader,
  sequenceName: 'sequenceId',
  idName: null,
  clockTolerance: 2_000,
  notes: [
    'That every message arrived: syslog over UDP loses messages without a trace unless the sender numbers them.',
  ],
};
