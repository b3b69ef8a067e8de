// Microsoft 365 unified audit log: CSV of the Purview portal and PowerShell, JSON of the Management Activity API and Graph.
import type { ExportAdapter } from '../adapter.ts';
import { shareOf } from '../adapter.ts';
import { csvObject } from '../csv-row.ts';
import { EMPTY_EVENT } from '../event.ts';
import type { NormalisedEvent, RecordReader } from '../event.ts';
import { readEventTime } from '../event-time.ts';
import type { EventTime } from '../event-time.ts';
import { countOf, firstText, isObject, jsonObject } from '../record-values.ts';
import type { JsonObject } from '../record-values.ts';

const isRecord = (record: JsonObject): boolean => {
  const inner = auditDataOf(record);
  if (isObject(inner) && inner !== record) return true;
  return (
    ('Workload' in record || 'RecordType' in record) &&
    'Operation' in record &&
    'CreationTime' in record &&
    'Id' in record
  );
};

/** The record inside: PowerShell and the portal wrap it as text, Graph as an object. */
const auditDataOf = (record: JsonObject): JsonObject | string => {
  const wrapped = record['AuditData'] ?? record['auditData'];
  if (typeof wrapped === 'string') return jsonObject(wrapped);
  return isObject(wrapped) ? wrapped : record;
};

const inUtc = (time: EventTime | null): EventTime | null =>
  time === null || time.offsetMinutes !== null ? time : { ...time, offsetMinutes: 0 };

const eventOf = (outer: JsonObject, inner: JsonObject): NormalisedEvent => {
  const index = countOf(outer['ResultIndex']);
  // Times in AuditData are UTC and carry no zone; the columns beside it are as the exporting machine writes dates.
  const time =
    inUtc(readEventTime(inner['CreationTime'])) ??
    readEventTime(outer['createdDateTime']) ??
    readEventTime(outer['CreationDate']);
  return {
    ...EMPTY_EVENT,
    time,
    id: firstText(inner, ['Id']) ?? firstText(outer, ['RecordId', 'Identity', 'id']),
    sequence: index === null || index === 0 ? null : { value: index, stream: '' },
    actor:
      firstText(inner, ['UserId', 'UserKey']) ?? firstText(outer, ['UserIds', 'UserId', 'userPrincipalName']),
    action: firstText(inner, ['Operation']) ?? firstText(outer, ['Operations', 'Operation', 'operation']),
    target:
      firstText(inner, ['ObjectId', 'SourceFileName', 'MailboxOwnerUPN', 'Target']) ??
      firstText(outer, ['objectId']),
    result: firstText(inner, ['ResultStatus']),
    sourceIp:
      firstText(inner, ['ClientIP', 'ClientIPAddress', 'ActorIpAddress']) ?? firstText(outer, ['clientIp']),
  };
};

const read: RecordReader = (text, context) => {
  const outer = context.header === null ? jsonObject(text) : csvObject(text, context);
  if (typeof outer === 'string') return outer;
  const inner = auditDataOf(outer);
  if (typeof inner === 'string') return `its AuditData can not be read: ${inner}`;
  return eventOf(outer, inner);
};

export const m365Audit: ExportAdapter = {
  id: 'm365-audit',
  title: 'Microsoft 365 unified audit log',
  summary:
    'Audit searches of Purview, PowerShell (Search-UnifiedAuditLog), the Management Activity API and Graph.',
  text: 'csv',
  recognise: (sample) => {
    if (sample.csv?.header.includes('AuditData') === true)
      return {
        confidence: 0.75,
        reason: 'The table has the column AuditData of Microsoft 365 audit searches.',
      };
    if (sample.layout !== 'json') return null;
    const share = shareOf(sample.records, (text) => {
      const record = jsonObject(text);
      return typeof record !== 'string' && isRecord(record);
    });
    if (share < 0.5) return null;
    return {
      confidence: 0.75,
      reason: 'The records have CreationTime, Id, Operation and Workload as in Microsoft 365.',
    };
  },
  reader: () => read,
  sequenceName: 'ResultIndex',
  idName: 'Id',
  clockTolerance: 999,
  notes: [
    'That the export holds all records of its time: Microsoft delivers late records for days, an audit search gives at most 50,000, and how long records are kept depends on the licence.',
  ],
};
