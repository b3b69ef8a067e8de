// Google Cloud Audit Logs: LogEntry records of Cloud Logging, as gcloud, sinks and the console write them.
import type { ExportAdapter } from '../adapter.ts';
import { shareOf } from '../adapter.ts';
import { EMPTY_EVENT } from '../event.ts';
import type { RecordReader } from '../event.ts';
import { readEventTime } from '../event-time.ts';
import { firstText, jsonObject } from '../record-values.ts';
import type { JsonObject } from '../record-values.ts';

const isEntry = (record: JsonObject): boolean =>
  typeof record['insertId'] === 'string' &&
  typeof record['logName'] === 'string' &&
  (record['logName'].includes('/logs/') || 'protoPayload' in record);

const read: RecordReader = (text) => {
  const entry = jsonObject(text);
  if (typeof entry === 'string') return entry;
  const insertId = firstText(entry, ['insertId']);
  const log = firstText(entry, ['logName']) ?? '';
  const code = firstText(entry, ['protoPayload.status.code']);
  return {
    ...EMPTY_EVENT,
    time: readEventTime(entry['timestamp']) ?? readEventTime(entry['receiveTimestamp']),
    id: insertId === null ? null : `${log}/${insertId}`,
    actor: firstText(entry, [
      'protoPayload.authenticationInfo.principalEmail',
      'protoPayload.authenticationInfo.principalSubject',
    ]),
    action: firstText(entry, ['protoPayload.methodName', 'jsonPayload.event_type', 'textPayload']),
    target: firstText(entry, ['protoPayload.resourceName', 'resource.labels.project_id', 'resource.type']),
    result:
      code ??
      (firstText(entry, ['protoPayload.methodName']) === null ? firstText(entry, ['severity']) : 'OK'),
    sourceIp: firstText(entry, ['protoPayload.requestMetadata.callerIp', 'httpRequest.remoteIp']),
  };
};

export const gcpAudit: ExportAdapter = {
  id: 'gcp-audit',
  title: 'Google Cloud audit logs',
  summary:
    'LogEntry records of Cloud Logging with protoPayload, as JSON lines, an array or pages of the API.',
  text: null,
  recognise: (sample) => {
    if (sample.layout !== 'json') return null;
    const share = shareOf(sample.records, (text) => {
      const record = jsonObject(text);
      return typeof record !== 'string' && isEntry(record);
    });
    if (share < 0.5) return null;
    return {
      confidence: 0.75,
      reason: 'The records have insertId and logName as log entries of Google Cloud do.',
    };
  },
  reader: () => read,
  sequenceName: 'number',
  idName: 'insertId',
  // Sinks write entries in the order in which they arrive.
  clockTolerance: 60_000,
  notes: ['That no entry is missing: an insertId names an entry, it does not count.'],
};
