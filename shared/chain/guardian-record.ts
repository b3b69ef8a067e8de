// Writes records of the Guardian AuditLogger format: the same bytes and hashes as its Python original.
import { compareCodePoints, pythonFloat, pythonString } from './python-text.ts';

const FLOAT: unique symbol = Symbol('python float');

/** A number that Python holds as a float: `pyFloat(1)` is written `1.0`. */
export interface PyFloat {
  readonly [FLOAT]: number;
}

export const pyFloat = (value: number): PyFloat => ({ [FLOAT]: value });

/** What Python's json module can write. A plain `number` must be a safe integer; floats are wrapped in {@link pyFloat}. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The ten fields of a Guardian event, in the order in which Guardian writes them. */
export interface GuardianEvent {
  readonly event_id: string;
  /** `datetime.isoformat()`, e.g. `2026-11-21T09:30:00.000123`. */
  readonly timestamp: string;
  readonly event_type: string;
  readonly user_id: string | null;
  readonly resource_id: string | null;
  readonly action: string;
  readonly result: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly additional_data: Readonly<Record<string, JsonValue>>;
}

export interface GuardianRecord {
  /** One line of the log, without its line feed; ASCII only. */
  readonly line: string;
  /** SHA-256 of the event's sorted JSON, 64 lower-case hex digits. */
  readonly eventHash: string;
  /** `eventHash` for a first record, else SHA-256 of the previous chain hash and `eventHash` as 128 ASCII characters. */
  readonly chainHash: string;
}

export const GUARDIAN_FIELDS = [
  'event_id',
  'timestamp',
  'event_type',
  'user_id',
  'resource_id',
  'action',
  'result',
  'ip_address',
  'user_agent',
  'additional_data',
] as const satisfies readonly (keyof GuardianEvent)[];

/** The three fields that Guardian adds to an event; all others are hashed. */
export const GUARDIAN_HASH_FIELDS = ['event_hash', 'chain_hash', 'previous_hash'] as const;

const isFloat = (value: object): value is PyFloat => FLOAT in value;

const isList = (value: object): value is readonly JsonValue[] => Array.isArray(value);

const writeMembers = (value: object, sorted: boolean): string => {
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>);
  if (sorted) entries.sort(([a], [b]) => compareCodePoints(a, b));
  return entries.map(([key, member]) => `${pythonString(key)}: ${pythonDumps(member, sorted)}`).join(', ');
};

/**
 * `json.dumps(value)` of CPython with its default separators and ensure_ascii; `sorted` is sort_keys.
 * Throws TypeError for a plain number that isn't a safe integer (a float must say so by {@link pyFloat}).
 */
export const pythonDumps = (value: JsonValue, sorted: boolean): string => {
  switch (typeof value) {
    case 'string':
      return pythonString(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'number':
      if (!Number.isSafeInteger(value)) throw new TypeError('a float must be given as pyFloat()');
      return String(value);
    default:
      if (value === null) return 'null';
      if (isFloat(value)) return pythonFloat(value[FLOAT]);
      if (isList(value)) return `[${value.map((item) => pythonDumps(item, sorted)).join(', ')}]`;
      return `{${writeMembers(value, sorted)}}`;
  }
};

/**
 * One record of a Guardian chain. `previousChainHash` is the chain hash of the record before, null for the first.
 * `sha256Hex` gets ASCII text and answers 64 lower-case hex digits. Throws TypeError as {@link pythonDumps} does.
 */
export const makeGuardianRecord = (
  event: GuardianEvent,
  previousChainHash: string | null,
  sha256Hex: (text: string) => string,
): GuardianRecord => {
  // Only the ten fields, in Guardian's order, whatever else or in whatever order the caller's object holds.
  const fields: Record<string, JsonValue> = {};
  for (const name of GUARDIAN_FIELDS) fields[name] = event[name];
  const eventHash = sha256Hex(pythonDumps(fields, true));
  const chainHash = previousChainHash === null ? eventHash : sha256Hex(previousChainHash + eventHash);
  const hashes = { event_hash: eventHash, chain_hash: chainHash, previous_hash: previousChainHash };
  return { line: pythonDumps({ ...fields, ...hashes }, false), eventHash, chainHash };
};
