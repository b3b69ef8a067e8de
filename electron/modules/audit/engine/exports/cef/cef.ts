// ArcSight CEF and IBM LEEF files: events of security appliances, one a line.
import type { ExportAdapter, ExportSample } from '../adapter.ts';
import { shareOf } from '../adapter.ts';
import { EMPTY_EVENT } from '../event.ts';
import type { RecordReader } from '../event.ts';
import { readEventTime } from '../event-time.ts';
import type { EventTime } from '../event-time.ts';
import { bestStream, COUNTS_UP } from '../learn.ts';
import { countOf } from '../record-values.ts';
import { readPipeEvent } from './cef-line.ts';
import type { PipeEvent } from './cef-line.ts';

const TIMES = ['rt', 'deviceReceiptTime', 'end', 'start', 'art', 'devTime'] as const;
const BEFORE_TIME =
  /^(?:<\d{1,3}>)?(?:1 )?(\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d)(?: (\S+))?/u;

const first = (event: PipeEvent, names: readonly string[]): string | null => {
  for (const name of names) {
    const value = event.fields.get(name);
    if (value !== undefined && value !== '') return value;
  }
  return null;
};

const deviceOf = (event: PipeEvent): string =>
  [event.product, first(event, ['dvchost', 'deviceExternalId', 'dvc', 'identHostName'])]
    .filter((part) => part !== null)
    .join(' ');

const timeOf = (event: PipeEvent): EventTime | null => {
  for (const name of TIMES) {
    const time = readEventTime(event.fields.get(name));
    if (time !== null) return time;
  }
  const before = BEFORE_TIME.exec(event.before);
  return before === null ? null : readEventTime(before[1]);
};

/** What externalId is: a number that counts up, an id, or (often) only the number of the kind of event. */
type ExternalId = 'sequence' | 'id' | 'none';

const externalIdIn = (sample: ExportSample | null): ExternalId => {
  const events = (sample?.records ?? []).map(readPipeEvent).filter((event) => typeof event !== 'string');
  const values = events.flatMap((event) => event.fields.get('externalId') ?? []);
  const best = bestStream([deviceOf], (stream) =>
    events.map((event) => ({ stream: stream(event), value: countOf(event.fields.get('externalId')) })),
  );
  if (best !== null && best.stepping.share >= COUNTS_UP) return 'sequence';
  return values.length >= 5 && new Set(values).size >= values.length * 0.8 ? 'id' : 'none';
};

const reader = (sample: ExportSample | null): RecordReader => {
  const external = externalIdIn(sample);
  return (text) => {
    const event = readPipeEvent(text);
    if (typeof event === 'string') return event;
    const device = deviceOf(event);
    const value = external === 'sequence' ? countOf(event.fields.get('externalId')) : null;
    const externalId = external === 'none' ? null : first(event, ['externalId']);
    return {
      ...EMPTY_EVENT,
      time: timeOf(event),
      id: first(event, ['eventId']) ?? (externalId === null ? null : `${device} ${externalId}`),
      sequence: value === null ? null : { value, stream: device },
      clock: device,
      actor: first(event, ['suser', 'usrName', 'suid', 'duser', 'duid']),
      action: event.name === '' ? event.signature : event.name,
      target: first(event, [
        'request',
        'fname',
        'duser',
        'dhost',
        'dst',
        'resource',
        'destinationServiceName',
      ]),
      result: first(event, ['outcome', 'act', 'reason']) ?? event.severity,
      sourceIp: first(event, ['src', 'sourceAddress', 'shost']),
    };
  };
};

/** CEF and LEEF differ in their first word and how they write fields; one adapter for each. */
const pipeAdapter = (kind: PipeEvent['kind'], title: string, summary: string): ExportAdapter => ({
  id: kind,
  title,
  summary,
  text: 'lines',
  recognise: (sample) => {
    if (sample.layout !== 'text' && sample.layout !== 'octet-counted') return null;
    const share = shareOf(sample.records, (text) => {
      const event = readPipeEvent(text);
      return typeof event !== 'string' && event.kind === kind;
    });
    if (share < 0.5) return null;
    return {
      confidence: 0.7,
      reason: `The lines hold ${kind.toUpperCase()}: and fields between upright strokes.`,
    };
  },
  reader,
  sequenceName: 'externalId',
  idName: 'event id',
  clockTolerance: 2_000,
  notes: ['That every event arrived: what carries these events (often UDP) may lose some without a trace.'],
});

export const cef = pipeAdapter(
  'cef',
  'ArcSight CEF',
  'Events in the Common Event Format, one a line, with or without a syslog header.',
);
export const leef = pipeAdapter(
  'leef',
  'IBM LEEF',
  'Events in the Log Event Extended Format, one a line, with or without a syslog header.',
);
