// Finds what was altered under a tag that fails: a repair that makes the tag right again proves where and how.
import { createHmac } from 'node:crypto';
import { ENTRY } from './layout.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import type { EntryTable } from './entries.ts';
import { entryHead } from './entries.ts';
import { sealedParts } from './seal.ts';
import type { Span } from './seal.ts';
import type { ObjectList } from './object-walk.ts';

export interface Traced {
  /** Row of the entry that was altered; null where it is another object. */
  readonly entry: number | null;
  readonly at: number;
  readonly what: string;
  readonly stored: string;
  readonly sealed: string;
}

/** Bytes that may be hashed for one file in search of repairs: about half a second. */
export class TraceBudget {
  left = 640 * 1024 * 1024;
}

/** What one trial costs beside its bytes. */
const TRIAL = 2048;
const MAX_SPAN = 4 * 1024 * 1024;

interface Candidate {
  readonly at: number;
  readonly bytes: Buffer;
  readonly what: string;
}

const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(Math.max(0, Math.min(value, Number.MAX_SAFE_INTEGER))));
  return bytes;
};

const number = (bytes: Buffer): string =>
  bytes.length === 8 ? bytes.readBigUInt64LE().toString() : bytes.toString('hex');

/** What the neighbours of an entry say that its number and times should be. */
function* fromNeighbours(
  bytes: JournalBytes,
  objects: ObjectList,
  table: EntryTable,
  row: number,
): Generator<Candidate> {
  const objectAt = (e: number): number | null => {
    const object = table.entryObjects[e];
    return object === undefined ? null : objects.at(object);
  };
  const at = objectAt(row);
  if (at === null) return;
  const own = entryHead(bytes, at);
  for (const other of [row - 1, row + 1]) {
    const there = objectAt(other);
    if (there === null) continue;
    const near = entryHead(bytes, there);
    const realtime = near.realtime + own.monotonic - near.monotonic;
    const monotonic = near.monotonic + own.realtime - near.realtime;
    if (realtime > 0) yield { at: at + 24, bytes: u64(realtime), what: 'its time' };
    if (monotonic > 0) yield { at: at + 32, bytes: u64(monotonic), what: 'its monotonic time' };
    yield { at: at + 16, bytes: u64(near.seqnum + row - other), what: 'its sequence number' };
    const boot = Buffer.from(near.bootId, 'hex');
    yield { at: at + 40, bytes: boot, what: 'its boot id' };
  }
}

/**
 * Tries repairs of one entry: by its neighbours, then each single bit, with the key of the tag. null = none of them
 * makes the tag right, or the budget is used up.
 */
export const traceAlteration = (
  bytes: JournalBytes,
  header: JournalHeader,
  objects: ObjectList,
  table: EntryTable,
  span: Span,
  keyOf: () => Buffer,
  budget: TraceBudget,
): Traced | null => {
  if (budget.left <= 0) return null;
  const key = keyOf();
  const parts: { readonly from: number; readonly to: number; readonly place: number }[] = [];
  let length = 0;
  sealedParts(header, objects, span, (from, to) => {
    parts.push({ from, to, place: length });
    length += to - from;
  });
  if (length > MAX_SPAN) return null;
  const sealed = Buffer.concat(parts.map(({ from, to }) => bytes.buffer.subarray(from, to)));
  const tagAt = objects.at(span.tag);
  const stored = bytes.buffer.subarray(tagAt + 32, tagAt + 64);
  const fits = (): boolean => {
    budget.left -= length + TRIAL;
    return createHmac('sha256', key).update(sealed).digest().equals(stored);
  };
  let cursor = 0;
  const placeOf = (at: number): number | null => {
    const holds = (i: number): boolean => {
      const part = parts[i];
      return part !== undefined && at >= part.from && at < part.to;
    };
    if (!holds(cursor)) cursor = parts.findIndex((_, i) => holds(i));
    const part = parts[cursor];
    return part === undefined ? null : part.place + at - part.from;
  };
  const traced = (entry: number | null, at: number, what: string, before: Buffer, after: Buffer): Traced => ({
    entry,
    at,
    what,
    stored: number(before),
    sealed: number(after),
  });
  for (let row = span.from; row < span.to && budget.left > 0; row += 1) {
    for (const { at, bytes: after, what } of fromNeighbours(bytes, objects, table, row)) {
      const place = placeOf(at);
      if (place === null) continue;
      const before = Buffer.from(sealed.subarray(place, place + after.length));
      if (before.equals(after)) continue;
      after.copy(sealed, place);
      if (fits()) return traced(row, at, what, before, after);
      before.copy(sealed, place);
    }
  }
  for (let i = span.first, row = span.from; i <= span.tag; i += 1) {
    const isEntry = objects.type(i) === ENTRY;
    const start = objects.at(i);
    // DATA and FIELD contents have a hash of their own; tables and arrays are not sealed beyond their header.
    const end = start + (isEntry ? objects.size(i) : 16);
    for (let at = start; at < end; at += 1) {
      const place = placeOf(at);
      if (place === null) continue;
      for (let bit = 0; bit < 8; bit += 1) {
        if (budget.left <= 0) return null;
        sealed[place] = (sealed[place] as number) ^ (1 << bit);
        if (fits()) {
          const after = Buffer.of(sealed[place] as number);
          const what = `one bit of its byte ${at - start}`;
          return traced(isEntry ? row : null, at, what, Buffer.of((after[0] as number) ^ (1 << bit)), after);
        }
        sealed[place] = (sealed[place] as number) ^ (1 << bit);
      }
    }
    if (isEntry) row += 1;
  }
  return null;
};

/**
 * Whether a tag is right once its own number and epoch are what its place and its neighbours say. Answers the epoch, or
 * null.
 */
export const traceTagEpoch = (
  bytes: JournalBytes,
  header: JournalHeader,
  objects: ObjectList,
  span: Span,
  epochs: readonly number[],
  keyOf: (epoch: number) => Buffer,
): number | null => {
  const parts: Buffer[] = [];
  sealedParts(header, objects, span, (from, to) => void parts.push(bytes.buffer.subarray(from, to)));
  const own = Buffer.alloc(16);
  // The number and the epoch of the tag are the last of what it covers.
  parts[parts.length - 1] = own;
  const at = objects.at(span.tag);
  const stored = bytes.buffer.subarray(at + 32, at + 64);
  own.writeBigUInt64LE(BigInt(span.number), 0);
  for (const epoch of epochs) {
    own.writeBigUInt64LE(BigInt(epoch), 8);
    const hmac = createHmac('sha256', keyOf(epoch));
    for (const part of parts) hmac.update(part);
    if (hmac.digest().equals(stored)) return epoch;
  }
  return null;
};
