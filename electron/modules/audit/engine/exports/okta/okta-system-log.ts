// Okta System Log: LogEvent records of /api/v1/logs, as JSON lines or an array.
import type { ExportAdapter } from '../adapter.ts';
import { shareOf } from '../adapter.ts';
import { EMPTY_EVENT } from '../event.ts';
import type { RecordReader } from '../event.ts';
import { readEventTime } from '../event-time.ts';
import { firstText, jsonObject } from '../record-values.ts';
import type { JsonObject } from '../record-values.ts';

const isEvent = (record: JsonObject): boolean =>
  typeof record['uuid'] === 'string' && 'published' in record && 'eventType' in record;

const read: RecordReader = (text) => {
  const event = jsonObject(text);
  if (typeof event === 'string') return event;
  return {
    ...EMPTY_EVENT,
    time: readEventTime(event['published']),
    id: firstText(event, ['uuid']),
    actor: firstText(event, ['actor.alternateId', 'actor.displayName', 'actor.id']),
    action: firstText(event, ['eventType', 'legacyEventType']),
    target: Array.isArray(event['target'])
      ? firstText({ target: event['target'][0] as unknown }, [
          'target.alternateId',
          'target.displayName',
          'target.id',
        ])
      : null,
    result: firstText(event, ['outcome.result']),
    sourceIp: firstText(event, ['client.ipAddress']),
  };
};

export const oktaSystemLog: ExportAdapter = {
  id: 'okta-system-log',
  title: 'Okta System Log',
  summary: 'Events of Okta’s System Log with uuid and published, as JSON lines or an array.',
  text: null,
  recognise: (sample) => {
    if (sample.layout !== 'json') return null;
    const share = shareOf(sample.records, (text) => {
      const record = jsonObject(text);
      return typeof record !== 'string' && isEvent(record);
    });
    if (share < 0.5) return null;
    return {
      confidence: 0.75,
      reason: 'The records have uuid, published and eventType as events of Okta do.',
    };
  },
  reader: () => read,
  sequenceName: 'number',
  idName: 'uuid',
  // A polled log comes in the order in which Okta stored it, which may differ by seconds.
  clockTolerance: 5_000,
  notes: [
    'That no event is missing: a uuid names an event, it does not count. Okta keeps events for 90 days.',
  ],
};
