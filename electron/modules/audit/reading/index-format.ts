// The stored form of a log's index: segments of 65,536 rows in columns of 24 bytes a row, then dictionaries and counts.
import * as v from 'valibot';
import { AppError } from '../../../../shared/errors/app-error.ts';

/** A stored index of another version is built anew. */
export const INDEX_VERSION = 1;
export const SEGMENT_ROWS = 65_536;
/** What filters read: time (6), actor (4), action (2), result (2), flags (1). Column after column in each segment. */
export const FACT_BYTES = 15;
/** Where a row's bytes are: offset (5), length (4). Row after row, behind the columns of the segment. */
export const PLACE_BYTES = 9;
export const ROW_BYTES = FACT_BYTES + PLACE_BYTES;
/** More rows would not fit into the memory that a reader may use (15 bytes a row). */
export const MAX_ROWS = 40_000_000;

export const FLAG_UNREADABLE = 1;

/** Times are stored in milliseconds since this far before 1970, in 48 bits; all bits set = no time. */
const EPOCH = 2 ** 46;
export const NO_TIME = 2 ** 48 - 1;

/** Milliseconds since 1970 as stored; a time outside of ±2,230 years counts as none. */
export const storedTime = (milliseconds: number | null): number => {
  if (milliseconds === null) return NO_TIME;
  const value = Math.floor(milliseconds) + EPOCH;
  return value >= 0 && value < NO_TIME ? value : NO_TIME;
};

export const millisecondsOf = (stored: number): number | null => (stored === NO_TIME ? null : stored - EPOCH);

/** Bytes of a block of a referenced file, each with its own digest. */
export const BLOCK_BYTES = 262_144;
/** Bytes of SHA-256 that are kept of each block. */
export const BLOCK_DIGEST_BYTES = 16;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const DictionaryFooter = v.strictObject({
  values: v.array(v.nullable(v.string())),
  counts: v.array(Count),
});

export const IndexFooter = v.strictObject({
  version: v.literal(INDEX_VERSION),
  format: v.nullable(v.string()),
  rows: Count,
  unreadable: Count,
  withoutTime: Count,
  /** Stored times; null when no row has one. */
  firstTime: v.nullable(Count),
  lastTime: v.nullable(Count),
  isOrdered: v.boolean(),
  actor: DictionaryFooter,
  action: DictionaryFooter,
  result: DictionaryFooter,
  /** The first row of each file; one without a row is left out. */
  files: v.array(v.strictObject({ name: v.string(), firstRow: Count })),
  /** Whether places point into the text blob instead of the log itself. */
  hasText: v.boolean(),
  /** For a file that stays outside of the workspace: its size and the digests of its blocks (base64). */
  blocks: v.nullable(v.strictObject({ bytes: Count, digests: v.string() })),
  /** Of a table: the names of its columns, and what stands between them. */
  columns: v.nullable(v.strictObject({ names: v.array(v.string()), delimiter: v.string() })),
});
export type IndexFooter = v.InferOutput<typeof IndexFooter>;

const MAGIC = Buffer.from('PRBIDX1\n');
/** Length of the footer (4 bytes) and {@link MAGIC}. */
export const TAIL_BYTES = 4 + MAGIC.length;

export const footerBytes = (footer: IndexFooter): Buffer => {
  const body = Buffer.from(JSON.stringify(footer), 'utf8');
  const tail = Buffer.alloc(TAIL_BYTES);
  tail.writeUInt32LE(body.length);
  MAGIC.copy(tail, 4);
  return Buffer.concat([body, tail]);
};

const altered = (): AppError => new AppError('record.altered', { kind: 'index of the log' });

/** Length of the footer, from the last bytes of the index. @throws AppError record.altered */
export const footerLength = (tail: Buffer): number => {
  if (tail.length !== TAIL_BYTES || !tail.subarray(4).equals(MAGIC)) throw altered();
  return tail.readUInt32LE(0);
};

/** @throws AppError record.altered */
export const readFooter = (bytes: Buffer): IndexFooter => {
  try {
    return v.parse(IndexFooter, JSON.parse(bytes.toString('utf8')));
  } catch {
    throw altered();
  }
};

/** Numbers of dictionary values; in memory no wider than the dictionary needs. */
export type IdColumn = Uint8Array | Uint16Array | Uint32Array;

/** The columns of consecutive rows. */
export interface FactColumns {
  readonly timeLow: Uint32Array;
  readonly timeHigh: Uint16Array;
  readonly actor: IdColumn;
  readonly action: IdColumn;
  readonly result: IdColumn;
  readonly flags: Uint8Array;
}

export const makeColumns = (rows: number): FactColumns => ({
  timeLow: new Uint32Array(rows),
  timeHigh: new Uint16Array(rows),
  actor: new Uint32Array(rows),
  action: new Uint16Array(rows),
  result: new Uint16Array(rows),
  flags: new Uint8Array(rows),
});

/** In the order in which they are stored. */
export const columnList = (columns: FactColumns) => [
  columns.timeLow,
  columns.timeHigh,
  columns.actor,
  columns.action,
  columns.result,
  columns.flags,
];

export const rowsInSegment = (segment: number, rows: number): number =>
  Math.min(SEGMENT_ROWS, rows - segment * SEGMENT_ROWS);

/** Where the place of a row is stored. */
export const placeOffset = (row: number, rows: number): number => {
  const segment = Math.floor(row / SEGMENT_ROWS);
  const inside = rowsInSegment(segment, rows);
  return (
    segment * SEGMENT_ROWS * ROW_BYTES + inside * FACT_BYTES + (row - segment * SEGMENT_ROWS) * PLACE_BYTES
  );
};
