// Windows event logs exported as XML (wevtutil, Event Viewer, Export-Clixml), JSON (evtx_dump, EvtxECmd, winlogbeat) or CSV.
import type { ExportAdapter, ExportSample } from '../adapter.ts';
import { shareOf } from '../adapter.ts';
import { csvObject } from '../csv-row.ts';
import { EMPTY_EVENT } from '../event.ts';
import type { NormalisedEvent, RecordReader } from '../event.ts';
import { readEventTime } from '../event-time.ts';
import { countOf, firstText, jsonObject, valueAt } from '../record-values.ts';
import type { JsonObject } from '../record-values.ts';
import { xmlValues } from './xml-record.ts';
import type { XmlValues } from './xml-record.ts';

interface Facts {
  readonly record: unknown;
  readonly channel: string | null;
  readonly computer: string | null;
  readonly time: unknown;
  readonly code: string | null;
  readonly provider: string | null;
  readonly actor: string | null;
  readonly target: string | null;
  readonly result: string | null;
  readonly sourceIp: string | null;
}

/** A record number counts inside one log of one computer. */
const eventOf = (facts: Facts): NormalisedEvent | string => {
  const number = countOf(facts.record);
  const stream = `${facts.channel ?? ''} on ${facts.computer ?? ''}`;
  if (number === null && facts.code === null) return 'it names neither a record number nor an event number';
  return {
    ...EMPTY_EVENT,
    time: readEventTime(facts.time),
    id: number === null ? null : `${number} in ${stream}`,
    sequence: number === null ? null : { value: number, stream },
    clock: stream,
    actor: facts.actor,
    action:
      facts.code === null ? facts.provider : `${facts.provider ?? facts.channel ?? 'event'} ${facts.code}`,
    target: facts.target ?? facts.computer,
    result: facts.result,
    sourceIp: facts.sourceIp,
  };
};

const AUDIT_SUCCESS = 0x20_0000_0000_0000n;
const AUDIT_FAILURE = 0x10_0000_0000_0000n;

/** The two audit bits of Keywords (winmeta.xml). */
const resultOf = (keywords: string | null): string | null => {
  if (keywords === null) return null;
  if (!/^0x[\da-f]{1,16}$/iu.test(keywords)) return keywords;
  const bits = BigInt(keywords);
  if ((bits & AUDIT_FAILURE) !== 0n) return 'failure';
  return (bits & AUDIT_SUCCESS) === 0n ? null : 'success';
};

const fromXml = (values: XmlValues): NormalisedEvent | string => {
  const first = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const value = values.get(name);
      if (value !== undefined && value !== '' && value !== '-') return value;
    }
    return null;
  };
  return eventOf({
    record: first('System/EventRecordID', '[RecordId]'),
    channel: first('System/Channel', '[LogName]'),
    computer: first('System/Computer', '[MachineName]'),
    time: first('TimeCreated/@SystemTime', '[TimeCreated]'),
    code: first('System/EventID', '[Id]'),
    provider: first('Provider/@Name', '[ProviderName]'),
    actor: first('[SubjectUserName]', '[TargetUserName]', 'Security/@UserID'),
    target: first('[ObjectName]', '[TargetUserName]', '[ProcessName]', '[NewProcessName]'),
    result: resultOf(first('System/Keywords')),
    sourceIp: first('[IpAddress]'),
  });
};

/** evtx_dump writes attributes as `#attributes`, others as `@Name` or flat. */
const SYSTEM = ['Event.System', 'System'] as const;
const DATA = ['Event.EventData', 'EventData', 'winlog.event_data'] as const;
const inAll = (places: readonly string[], ...names: readonly string[]): string[] =>
  names.flatMap((name) => places.map((place) => `${place}.${name}`));

const RECORD = [
  ...inAll(SYSTEM, 'EventRecordID'),
  'winlog.record_id',
  'EventRecordId',
  'EventRecordID',
  'RecordId',
  'RecordNumber',
];
const CHANNEL = [...inAll(SYSTEM, 'Channel'), 'winlog.channel', 'Channel', 'LogName'];
const COMPUTER = [
  ...inAll(SYSTEM, 'Computer'),
  'winlog.computer_name',
  'Computer',
  'MachineName',
  'Hostname',
];
const TIME = [
  ...inAll(
    SYSTEM,
    'TimeCreated.#attributes.SystemTime',
    'TimeCreated.@SystemTime',
    'TimeCreated.SystemTime',
    'TimeCreated_attributes.SystemTime',
    'TimeCreated',
  ),
  'TimeCreated',
  '@timestamp',
  'EventTime',
];
const CODE = [
  ...inAll(SYSTEM, 'EventID.#text', 'EventID'),
  'winlog.event_id',
  'event.code',
  'EventId',
  'EventID',
  'Id',
];
const PROVIDER = [
  ...inAll(
    SYSTEM,
    'Provider.#attributes.Name',
    'Provider.@Name',
    'Provider.Name',
    'Provider_attributes.Name',
  ),
  'winlog.provider_name',
  'Provider',
  'ProviderName',
  'SourceName',
];

const firstValue = (record: JsonObject, paths: readonly string[]): unknown => {
  for (const path of paths) {
    const value = valueAt(record, path);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return null;
};

const fromObject = (record: JsonObject): NormalisedEvent | string =>
  eventOf({
    record: firstValue(record, RECORD),
    channel: firstText(record, CHANNEL),
    computer: firstText(record, COMPUTER),
    time: firstValue(record, TIME),
    code: firstText(record, CODE),
    provider: firstText(record, PROVIDER),
    actor: firstText(record, [
      ...inAll(DATA, 'SubjectUserName', 'TargetUserName'),
      'UserName',
      'winlog.user.name',
      'UserId',
    ]),
    target: firstText(record, [
      ...inAll(DATA, 'ObjectName', 'ProcessName'),
      'TargetUserName',
      'ExecutableInfo',
    ]),
    result: resultOf(firstText(record, [...inAll(SYSTEM, 'Keywords'), 'event.outcome', 'Keywords', 'Level'])),
    sourceIp: firstText(record, [...inAll(DATA, 'IpAddress'), 'source.ip', 'RemoteHost']),
  });

const read: RecordReader = (text, context) => {
  if (text.startsWith('<')) {
    const values = xmlValues(text);
    return typeof values === 'string' ? values : fromXml(values);
  }
  const record = context.header === null ? jsonObject(text) : csvObject(text, context);
  return typeof record === 'string' ? record : fromObject(record);
};

const isEvent = (record: JsonObject): boolean =>
  countOf(firstValue(record, RECORD)) !== null && firstText(record, CHANNEL) !== null;

const recogniseXml = (sample: ExportSample): boolean =>
  shareOf(sample.records, (text) => {
    const values = xmlValues(text);
    return typeof values !== 'string' && typeof fromXml(values) !== 'string';
  }) >= 0.5;

export const windowsEvtx: ExportAdapter = {
  id: 'windows-evtx',
  title: 'Windows event log (exported)',
  summary: 'Windows event logs exported as XML, JSON or CSV, with the EventRecordID that counts in each log.',
  text: 'csv',
  recognise: (sample) => {
    const found = {
      confidence: 0.75,
      reason: 'The records are Windows events with EventRecordID, Channel and Computer.',
    };
    if (sample.layout === 'xml') return recogniseXml(sample) ? found : null;
    const { csv } = sample;
    const texts = csv === null ? sample.records : csv.rows;
    if (csv === null && sample.layout !== 'json') return null;
    const share = shareOf(texts, (text) => {
      const record = csv === null ? jsonObject(text) : csvObject(text, csv);
      return typeof record !== 'string' && isEvent(record);
    });
    return share < 0.5 ? null : found;
  },
  reader: () => read,
  sequenceName: 'EventRecordID',
  idName: 'EventRecordID',
  clockTolerance: 999,
  notes: [
    'That the log was not cleared before: whoever empties a Windows log leaves event 1102 or 104, nothing else.',
  ],
};
