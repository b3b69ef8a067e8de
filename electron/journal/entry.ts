// One journal entry: made from what happened, read back from its line, and checked against its own hashes.
import { hash } from 'node:crypto';
import * as v from 'valibot';
import { makeGuardianRecord } from '../../shared/chain/guardian-record.ts';
import type { GuardianRecord } from '../../shared/chain/guardian-record.ts';
import type { JournalEntry } from '../../shared/model/journal.ts';

/** What the entry says about one record that the same transaction wrote. */
export type RecordMark =
  | {
      readonly kind: string;
      readonly id: string;
      readonly digest: string;
      /** The row that was overwritten or removed did not match its journalled digest. */
      readonly found_altered?: true;
    }
  | { readonly kind: string; readonly id: string; readonly removed: true; readonly found_altered?: true };

type Detail = Readonly<Record<string, string | number | boolean | null>>;

export interface EntryInput {
  readonly eventType: string;
  readonly principal: string;
  readonly resource: string | null;
  readonly action: string;
  readonly result: 'success' | 'denied' | 'failure';
  /** Without personal data: codes, counts, digests, ids. */
  readonly detail: Detail;
}

/** An entry as its table row: the Guardian line, its hashes, and what is searched. */
export interface EntryRow {
  readonly seq: number;
  readonly eventId: string;
  readonly timestamp: string;
  readonly result: string;
  /** Lower-cased text of the fields that a search looks at. */
  readonly search: string;
  readonly line: string;
  readonly eventHash: string;
  readonly chainHash: string;
  readonly previousHash: string | null;
}

const Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));

const Mark = v.union([
  v.strictObject({
    kind: v.string(),
    id: v.string(),
    digest: Hex,
    found_altered: v.optional(v.literal(true)),
  }),
  v.strictObject({
    kind: v.string(),
    id: v.string(),
    removed: v.literal(true),
    found_altered: v.optional(v.literal(true)),
  }),
]);

// Not v.record, which passes over names such as `constructor`.
const isDetail = (value: unknown): value is Detail =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every(
    (each: unknown) =>
      each === null || typeof each === 'string' || typeof each === 'boolean' || Number.isSafeInteger(each),
  );

const Line = v.strictObject({
  event_id: v.string(),
  timestamp: v.string(),
  event_type: v.string(),
  user_id: v.string(),
  resource_id: v.nullable(v.string()),
  action: v.string(),
  result: v.picklist(['success', 'denied', 'failure']),
  ip_address: v.null(),
  user_agent: v.string(),
  additional_data: v.strictObject({
    detail: v.custom<Detail>(isDetail),
    records: v.array(Mark),
  }),
  event_hash: Hex,
  chain_hash: Hex,
  previous_hash: v.nullable(Hex),
});
export type EntryLine = v.InferOutput<typeof Line>;

const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

// Other languages disagree with JavaScript on how a fraction is spelled; as text there is nothing to disagree on.
const plainDetail = (detail: Detail): Detail =>
  Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value,
    ]),
  );

type EventFields = Omit<EntryLine, 'event_hash' | 'chain_hash' | 'previous_hash'>;

const guardianRecord = (event: EventFields, previousHash: string | null): GuardianRecord => {
  const { detail, records } = event.additional_data;
  const present = (member: [string, string | true | undefined]): member is [string, string | true] =>
    member[1] !== undefined;
  const marks = records.map((mark) => Object.fromEntries(Object.entries(mark).filter(present)));
  return makeGuardianRecord(
    { ...event, additional_data: { detail, records: marks } },
    previousHash,
    sha256Hex,
  );
};

const searchText = (line: EventFields): string =>
  [
    line.timestamp,
    line.event_type,
    line.user_id,
    line.resource_id ?? '',
    line.action,
    line.result,
    JSON.stringify(line.additional_data.detail),
    ...line.additional_data.records.map((mark) => mark.id),
  ]
    .join('\n')
    .toWellFormed()
    .toLowerCase();

export interface EntryPlace {
  readonly seq: number;
  /** Random, in UUID form. */
  readonly eventId: string;
  /** RFC 3339 instant in UTC. */
  readonly timestamp: string;
  /** What wrote it, e.g. `Probity 0.1.0`. */
  readonly agent: string;
  /** The chain hash of the entry before; null for the first. */
  readonly previousHash: string | null;
  readonly records: readonly RecordMark[];
}

/** The next entry of the chain, in Guardian's format (ten fields and three hashes). */
export const makeEntry = (input: EntryInput, place: EntryPlace): EntryRow => {
  const event = {
    event_id: place.eventId,
    timestamp: place.timestamp,
    event_type: input.eventType,
    user_id: input.principal,
    resource_id: input.resource,
    action: input.action,
    result: input.result,
    ip_address: null,
    user_agent: place.agent,
    additional_data: { detail: plainDetail(input.detail), records: [...place.records] },
  };
  const made = guardianRecord(event, place.previousHash);
  return {
    seq: place.seq,
    eventId: place.eventId,
    timestamp: place.timestamp,
    result: input.result,
    search: searchText(event),
    line: made.line,
    eventHash: made.eventHash,
    chainHash: made.chainHash,
    previousHash: place.previousHash,
  };
};

/** The fields of a stored line, or null when it is no entry at all. */
export const readLine = (line: string): EntryLine | null => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const read = v.safeParse(Line, value);
  return read.success ? read.output : null;
};

/**
 * What is wrong with a stored entry by itself, in plain words; null when its line, its hashes and its columns agree.
 * It is written anew from its fields and compared byte by byte.
 */
export const entryFault = (row: EntryRow, line: EntryLine | null): string | null => {
  if (line === null) return 'it can not be read as an entry';
  const { event_hash: eventHash, chain_hash: chainHash, previous_hash: previousHash, ...event } = line;
  const made = guardianRecord(event, previousHash);
  if (made.eventHash !== eventHash) return 'its content does not match its hash';
  if (made.chainHash !== chainHash) return 'its chain hash is not that of its content';
  const columns =
    row.line === made.line &&
    row.eventHash === eventHash &&
    row.chainHash === chainHash &&
    row.previousHash === previousHash &&
    row.eventId === event.event_id &&
    row.timestamp === event.timestamp &&
    row.result === event.result &&
    row.search === searchText(event);
  return columns ? null : 'its columns do not match its line';
};

const UNREADABLE = '(unreadable)';

/** An entry for people. What can't be read is shown as it stands, because that is when one must see it. */
export const entryView = (row: EntryRow): JournalEntry => {
  const line = readLine(row.line);
  const { seq, eventId, timestamp, chainHash, previousHash } = row;
  if (line === null) {
    return {
      seq,
      eventId,
      timestamp,
      eventType: UNREADABLE,
      principal: UNREADABLE,
      resource: null,
      action: UNREADABLE,
      result: 'failure',
      detail: row.line.slice(0, 2000),
      chainHash,
      previousHash,
    };
  }
  return {
    seq,
    eventId: line.event_id,
    timestamp: line.timestamp,
    eventType: line.event_type,
    principal: line.user_id,
    resource: line.resource_id,
    action: line.action,
    result: line.result,
    detail: JSON.stringify(line.additional_data.detail),
    chainHash: line.chain_hash,
    previousHash: line.previous_hash,
  };
};
