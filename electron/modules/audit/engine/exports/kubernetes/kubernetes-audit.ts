// Kubernetes audit events (audit.k8s.io): JSON lines of the log backend, EventList of the webhook backend.
import type { ExportAdapter } from '../adapter.ts';
import { shareOf } from '../adapter.ts';
import { EMPTY_EVENT } from '../event.ts';
import type { RecordReader } from '../event.ts';
import { readEventTime } from '../event-time.ts';
import { firstText, jsonObject } from '../record-values.ts';
import type { JsonObject } from '../record-values.ts';

const isEvent = (record: JsonObject): boolean =>
  typeof record['auditID'] === 'string' && ('stage' in record || 'verb' in record);

const targetOf = (event: JsonObject): string | null => {
  const parts = ['objectRef.namespace', 'objectRef.resource', 'objectRef.name'].map((path) =>
    firstText(event, [path]),
  );
  const named = parts.filter((part) => part !== null);
  return named.length > 0 ? named.join('/') : firstText(event, ['requestURI']);
};

const read: RecordReader = (text) => {
  const event = jsonObject(text);
  if (typeof event === 'string') return event;
  const auditId = firstText(event, ['auditID']);
  return {
    ...EMPTY_EVENT,
    time: readEventTime(event['stageTimestamp']) ?? readEventTime(event['requestReceivedTimestamp']),
    // One request gives several events, one for each stage.
    id: auditId === null ? null : `${auditId} ${firstText(event, ['stage']) ?? ''}`.trimEnd(),
    actor: firstText(event, ['impersonatedUser.username', 'user.username']),
    action: firstText(event, ['verb']),
    target: targetOf(event),
    result: firstText(event, ['responseStatus.code', 'responseStatus.status', 'stage']),
    sourceIp: firstText(event, ['sourceIPs']),
  };
};

export const kubernetesAudit: ExportAdapter = {
  id: 'kubernetes-audit',
  title: 'Kubernetes audit log',
  summary: 'Audit events of a Kubernetes API server (audit.k8s.io) as JSON lines or EventList.',
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
      reason: 'The records have auditID and stage as audit events of Kubernetes do.',
    };
  },
  reader: () => read,
  sequenceName: 'number',
  idName: 'auditID and stage',
  // Requests end in another order than they are written, and several API servers write one log.
  clockTolerance: 5_000,
  notes: [
    'That every request was logged: the audit policy decides which are, and an auditID does not count.',
  ],
};
