// Any record as an event: by a plan learned from its neighbours where there is one, else by the names that logs use.
import { EMPTY_EVENT } from './event.ts';
import type { NormalisedEvent } from './event.ts';
import { readEventTime } from './event-time.ts';
import type { EventTime } from './event-time.ts';
import { isIdName, streamOf } from './learn.ts';
import type { Plan } from './learn.ts';
import { countOf, firstText, isObject, valueAt } from './record-values.ts';
import type { JsonObject } from './record-values.ts';

type Names = readonly string[];

/** Guardian, Agno, CloudTrail and hash-chained records as well as what applications write. */
const TIME: Names = [
  'timestamp',
  'time',
  '@timestamp',
  'eventTime',
  'event_time',
  'CreationTime',
  'created_at',
  'createdAt',
  'occurred_at',
  'datetime',
  'date',
  'ts',
  'logged_at',
  'at',
  'Time',
  'Timestamp',
  'Date',
];
const ACTOR: Names = [
  'actor',
  'userIdentity.arn',
  'userIdentity.userName',
  'userIdentity.invokedBy',
  'userIdentity.principalId',
  'userIdentity.type',
  'principal_id',
  'user',
  'username',
  'user_id',
  'userId',
  'UserId',
  'User',
  'agent_id',
  'agent',
  'principal',
  'subject',
  'who',
  'account',
  'security_context.user',
  'security_context.user_id',
];
const ACTION: Names = [
  'action',
  'eventName',
  'event_type',
  'eventType',
  'Operation',
  'operation',
  'verb',
  'event',
  'Action',
  'type',
  'method',
  'activity',
  'msg',
  'message',
];
const TARGET: Names = [
  'target',
  'resource',
  'resource_id',
  'requestURI',
  'ObjectId',
  'object',
  'repo',
  'eventSource',
  'path',
  'url',
  'Target',
];
const RESULT: Names = [
  'result',
  'outcome',
  'ResultStatus',
  'decision',
  'errorCode',
  'status',
  'success',
  'severity',
  'level',
  'Result',
];
const ADDRESS: Names = [
  'sourceIPAddress',
  'ip_address',
  'ip',
  'client_ip',
  'ClientIP',
  'actor_ip',
  'remote_addr',
  'src_ip',
];
const ID: Names = [
  'event_id',
  'eventID',
  'id',
  'uuid',
  'Id',
  '_id',
  'log_id',
  'record_id',
  'entry_id',
  'request_id',
];
const SEQUENCE: Names = ['seq', 'sequence', 'sequence_number', 'sequenceNumber', 'seq_no', 'record_number'];
/** What records that wrap an event call it. */
const WRAPPERS: Names = ['payload', 'event', 'body', 'data', 'record', 'entry'];

const firstTime = (record: JsonObject, paths: Names): EventTime | null => {
  for (const path of paths) {
    const time = readEventTime(valueAt(record, path));
    if (time !== null) return time;
  }
  return null;
};

const sequenceOf = (record: JsonObject, plan: Plan | null): NormalisedEvent['sequence'] => {
  for (const path of plan?.sequence ?? SEQUENCE) {
    const value = countOf(valueAt(record, path));
    if (value !== null) return { value, stream: plan === null ? '' : streamOf(record, plan.stream) };
  }
  return null;
};

/** A number that counts up under the name of an id is one, inside its stream. */
const idOf = (record: JsonObject, plan: Plan | null): string | null => {
  const id = firstText(record, plan?.id ?? ID);
  if (id !== null || plan === null) return id;
  const counted = firstText(record, plan.sequence.filter(isIdName));
  return counted === null ? null : `${counted} ${streamOf(record, plan.stream)}`.trimEnd();
};

/** Under which names what is looked for. */
export interface FieldNames {
  readonly actor: Names;
  readonly action: Names;
  readonly target: Names;
  readonly result: Names;
  readonly address: Names;
}

const ALL: FieldNames = { actor: ACTOR, action: ACTION, target: TARGET, result: RESULT, address: ADDRESS };

/** Only the names that the first records have: looking for dozens of others in each of millions takes time. */
export const namesIn = ({ paths }: Plan): FieldNames => {
  const seen = (names: Names): Names => names.filter((name) => paths.has(name));
  return {
    actor: seen(ACTOR),
    action: seen(ACTION),
    target: seen(TARGET),
    result: seen(RESULT),
    address: seen(ADDRESS),
  };
};

const shallow = (record: JsonObject, plan: Plan | null, names: FieldNames): NormalisedEvent => ({
  ...EMPTY_EVENT,
  time: (plan === null ? null : firstTime(record, plan.time)) ?? firstTime(record, TIME),
  id: idOf(record, plan),
  sequence: sequenceOf(record, plan),
  actor: firstText(record, names.actor),
  action: firstText(record, names.action),
  target: firstText(record, names.target),
  // CloudTrail names a result only where something failed.
  result:
    firstText(record, names.result) ??
    (Object.hasOwn(record, 'eventName') && Object.hasOwn(record, 'eventSource') ? 'success' : null),
  sourceIp: firstText(record, names.address),
});

/** Records that wrap what happened (`{"event": {…}}`, `{"payload": {…}}`) are looked into. */
export const genericEvent = (
  record: JsonObject,
  plan: Plan | null,
  names: FieldNames = ALL,
): NormalisedEvent => {
  const outer = shallow(record, plan, names);
  if (outer.time !== null && outer.action !== null) return outer;
  const inner = WRAPPERS.map((name) => (Object.hasOwn(record, name) ? record[name] : undefined)).find(
    isObject,
  );
  if (inner === undefined) return outer;
  const within = shallow(inner, null, ALL);
  return {
    ...outer,
    time: outer.time ?? within.time,
    actor: outer.actor ?? within.actor,
    action: outer.action ?? within.action,
    target: outer.target ?? within.target,
    result: outer.result ?? within.result,
    sourceIp: outer.sourceIp ?? within.sourceIp,
  };
};
