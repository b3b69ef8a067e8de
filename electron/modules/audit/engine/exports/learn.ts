// Finds out from the first records which columns hold the time, the id and a number that counts up, and in which streams.
import { readEventTime } from './event-time.ts';
import { countOf, isObject, textOf, valueAt } from './record-values.ts';
import type { JsonObject } from './record-values.ts';

/** Whether a column that counts is called an id, so that no number of it may stand twice. */
export const isIdName = (path: string): boolean => ID_NAMES.has(lastName(path));

export interface Plan {
  readonly time: readonly string[];
  readonly id: readonly string[];
  readonly sequence: readonly string[];
  /** Columns whose values together name the stream that a sequence counts in. */
  readonly stream: readonly string[];
  /** Everything that was seen. */
  readonly paths: ReadonlySet<string>;
}

const TIME_NAMES = new Set(
  'timestamp time @timestamp eventtime event_time event.time datetime date_time created_at createdat creationtime creationdate published occurred_at occurredat logged_at ts date created when at start_time starttime receivetimestamp event_timestamp log_time epoch'.split(
    ' ',
  ),
);
const ID_NAMES = new Set(
  'id event_id eventid uuid guid record_id recordid log_id logid message_id messageid entry_id entryid insertid request_id requestid audit_id auditid _id _document_id transaction_id'.split(
    ' ',
  ),
);
const SEQUENCE_NAMES = new Set(
  'seq sequence sequence_number sequencenumber sequence_no sequence_id sequenceid seq_no seqno seq_num seqnum seqnr recordnumber record_number record_no event_number log_number lfd_nr lfdnr lfd serial serial_no serial_number'.split(
    ' ',
  ),
);
/** Names of columns that count up only where the data says so. */
const COUNTING_NAME = /(?:^|[._])(?:id|no|nr|num|number|index|idx|offset|row|record|rec|counter|key|pk)$/iu;
const STREAM_NAME =
  /(?:^|[._])(?:agent|agent_id|tenant|tenant_id|host|hostname|source|session|session_id|stream|channel|app|service|logger|node|node_id|chain|chain_id|shard|partition|topic|org|org_id|device|computer)$/iu;
const MAX_PATHS = 200;
const UNIQUE_TEXT = /^[\w:.+/=-]{8,}$/u;

/** Members of a record and of the objects in it, as paths. */
const pathsOf = (records: readonly JsonObject[]): string[] => {
  const paths = new Set<string>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      if (paths.size < MAX_PATHS) paths.add(name);
      if (!isObject(value) || name.includes('.')) continue;
      for (const inner of Object.keys(value)) {
        if (paths.size < MAX_PATHS && !inner.includes('.')) paths.add(`${name}.${inner}`);
      }
    }
  }
  return [...paths];
};

const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1).toLowerCase();

/** Names known before names found in the data; short paths before long ones. */
const byDepth = (a: string, b: string): number => a.split('.').length - b.split('.').length;

export interface Stepping {
  /** Steps of exactly one, up or down, whichever is more frequent, among all steps inside the streams. */
  readonly share: number;
  readonly steps: number;
}

/** How a number steps from record to record inside its streams. */
export const stepping = (
  rows: readonly { readonly stream: string; readonly value: number | null }[],
): Stepping => {
  const last = new Map<string, number>();
  let [up, down, steps] = [0, 0, 0];
  for (const { stream, value } of rows) {
    if (value === null) continue;
    const before = last.get(stream);
    last.set(stream, value);
    if (before === undefined) continue;
    steps += 1;
    if (value === before + 1) up += 1;
    else if (value === before - 1) down += 1;
  }
  return { share: steps === 0 ? 0 : Math.max(up, down) / steps, steps };
};

/** A share of steps of one that no chance gives. */
export const COUNTS_UP = 0.8;
const ENOUGH_STEPS = 3;

/** The candidate under which the numbers count up best; the first of equals, null when under none. */
export const bestStream = <T>(
  candidates: readonly T[],
  rowsOf: (candidate: T) => readonly { readonly stream: string; readonly value: number | null }[],
): { readonly candidate: T; readonly stepping: Stepping } | null => {
  let best: { candidate: T; stepping: Stepping } | null = null;
  for (const candidate of candidates) {
    const found = stepping(rowsOf(candidate));
    if (found.steps < ENOUGH_STEPS) continue;
    if (best === null || found.share > best.stepping.share + 0.05) best = { candidate, stepping: found };
  }
  return best;
};

const sequenceIn = (
  records: readonly JsonObject[],
  paths: readonly string[],
): Pick<Plan, 'sequence' | 'stream'> => {
  const numbers = paths.filter(
    (path) =>
      records.every((record) => {
        const value = valueAt(record, path);
        return value === undefined || value === null || value === '' || countOf(value) !== null;
      }) && records.some((record) => countOf(valueAt(record, path)) !== null),
  );
  const named = numbers.filter((path) => SEQUENCE_NAMES.has(lastName(path)));
  const counting = numbers.filter((path) => COUNTING_NAME.test(path) && !named.includes(path));
  const streams: readonly (readonly string[])[] = [
    [],
    ...paths.filter((path) => STREAM_NAME.test(path)).map((path) => [path]),
  ];
  for (const path of [...named, ...counting]) {
    const best = bestStream(streams, (stream) =>
      records.map((record) => ({ stream: streamOf(record, stream), value: countOf(valueAt(record, path)) })),
    );
    if (best !== null && best.stepping.share >= COUNTS_UP)
      return { sequence: [path], stream: best.candidate };
  }
  // A name that says so is believed where there is too little to see.
  return { sequence: named.slice(0, 1), stream: [] };
};

const SEPARATOR = '\u001F';

export const streamOf = (record: JsonObject, stream: readonly string[]): string =>
  stream.map((path) => textOf(valueAt(record, path)) ?? '').join(SEPARATOR);

/** The columns of a log of unknown make, by their names and by what stands in them. */
export const learnPlan = (records: readonly JsonObject[]): Plan => {
  const paths = pathsOf(records).toSorted(byDepth);
  const holds = (path: string, is: (value: unknown) => boolean): boolean =>
    records.length > 0 && records.filter((record) => is(valueAt(record, path))).length > records.length / 2;
  const isTime = (value: unknown): boolean => readEventTime(value) !== null;
  const times = paths.filter((path) => holds(path, isTime));
  const time = [
    ...times.filter((path) => TIME_NAMES.has(lastName(path))),
    // A plain number may be anything: by the data alone only written times count.
    ...times.filter(
      (path) =>
        !TIME_NAMES.has(lastName(path)) &&
        holds(path, (value) => typeof value === 'string' && !/^\d+$/u.test(value)),
    ),
  ];
  const counted = sequenceIn(records, paths);
  const id = paths.filter(
    (path) =>
      !counted.sequence.includes(path) &&
      ID_NAMES.has(lastName(path)) &&
      isUnique(records.map((record) => textOf(valueAt(record, path)))),
  );
  return { time: time.slice(0, 4), id: id.slice(0, 1), ...counted, paths: new Set(paths) };
};

/** Nearly all different, as ids are (a few records may stand twice), and none so short that chance would do. */
const isUnique = (values: readonly (string | null)[]): boolean => {
  const present = values.filter((value) => value !== null);
  if (present.length * 2 < values.length || present.length === 0) return false;
  const isNumber = present.every((value) => /^\d+$/u.test(value));
  if (!isNumber && !present.every((value) => UNIQUE_TEXT.test(value))) return false;
  return new Set(present).size >= present.length * 0.8;
};
