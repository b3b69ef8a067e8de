// GitHub audit log of an organisation or enterprise: JSON array, JSON lines (streaming) or CSV.
import type { ExportAdapter } from '../adapter.ts';
import { shareOf } from '../adapter.ts';
import { csvObject } from '../csv-row.ts';
import { EMPTY_EVENT } from '../event.ts';
import type { RecordReader } from '../event.ts';
import { readEventTime } from '../event-time.ts';
import { firstText, jsonObject } from '../record-values.ts';
import type { JsonObject } from '../record-values.ts';

const PLACES = ['org', 'org_id', 'business', 'repo', 'repository'] as const;

const isEntry = (names: JsonObject): boolean =>
  '@timestamp' in names &&
  'action' in names &&
  ('_document_id' in names || ('actor' in names && PLACES.some((name) => name in names)));

const read: RecordReader = (text, context) => {
  const entry = context.header === null ? jsonObject(text) : csvObject(text, context);
  if (typeof entry === 'string') return entry;
  return {
    ...EMPTY_EVENT,
    time: readEventTime(entry['@timestamp']) ?? readEventTime(entry['created_at']),
    id: firstText(entry, ['_document_id']),
    actor: firstText(entry, ['actor', 'actor_id', 'user']),
    action: firstText(entry, ['action']),
    target: firstText(entry, ['repo', 'repository', 'team', 'user', 'org', 'business']),
    result: firstText(entry, ['operation_type']),
    sourceIp: firstText(entry, ['actor_ip']),
  };
};

export const githubAudit: ExportAdapter = {
  id: 'github-audit',
  title: 'GitHub audit log',
  summary: 'The audit log of a GitHub organisation or enterprise, exported as JSON or CSV or streamed.',
  text: 'csv',
  recognise: (sample) => {
    const found = {
      confidence: 0.75,
      reason: 'The records have @timestamp, action and actor as GitHub’s audit log does.',
    };
    const { csv } = sample;
    if (csv !== null) return isEntry(Object.fromEntries(csv.header.map((name) => [name, '']))) ? found : null;
    if (sample.layout !== 'json') return null;
    const share = shareOf(sample.records, (text) => {
      const record = jsonObject(text);
      return typeof record !== 'string' && isEntry(record);
    });
    return share < 0.5 ? null : found;
  },
  reader: () => read,
  sequenceName: 'number',
  idName: '_document_id',
  clockTolerance: 999,
  notes: [
    'That no event is missing: a _document_id names an event, it does not count. Git events are kept for 7 days.',
  ],
};
