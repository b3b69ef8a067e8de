// One unit of work: records and their journal entry in one transaction, then the sealed head beside the database.
import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors/app-error.ts';
import { makeEntry, readLine } from '../journal/entry.ts';
import type { EntryInput, RecordMark } from '../journal/entry.ts';
import { sealHead } from '../journal/head.ts';
import type { Head } from '../journal/head.ts';
import { recordDigest } from '../journal/record-digest.ts';
import { canonicalJson } from './canonical-json.ts';
import { appendEntry, lastEntry, lineAt } from './repositories/journal-repository.ts';
import { setMeta } from './repositories/meta-repository.ts';
import { findRecord, putRecord, removeRecord } from './repositories/records-repository.ts';
import type { RecordRow } from './repositories/records-repository.ts';
import type { Db } from './sqlite.ts';

/** A change as it reaches the writer: bodies as JSON text. */
export interface WireChange {
  readonly puts: readonly {
    readonly kind: string;
    readonly id: string;
    readonly caseId: string | null;
    readonly body: string;
  }[];
  readonly removes: readonly { readonly kind: string; readonly id: string }[];
  readonly entry: EntryInput;
  /** RFC 3339 instant in UTC. */
  readonly at: string;
}

export interface Ledger {
  readonly db: Db;
  readonly workspace: string;
  readonly sealKey: Uint8Array;
  /** What writes, e.g. `Probity 0.1.0`. */
  readonly agent: string;
}

/** Whether a row is what the journal entry that it names vouches for. */
export const isVouched = (row: RecordRow, line: string | null): boolean => {
  const entry = line === null ? null : readLine(line);
  const digest = recordDigest(row);
  return (
    row.digest === digest &&
    entry !== null &&
    entry.additional_data.records.some(
      (mark) => mark.kind === row.kind && mark.id === row.id && 'digest' in mark && mark.digest === digest,
    )
  );
};

// Overwriting or removing would otherwise be the way to make an alteration unprovable.
const alteredMark = (db: Db, before: RecordRow | null): { found_altered?: true } =>
  before !== null && !isVouched(before, lineAt(db, before.seq)) ? { found_altered: true } : {};

const put = (db: Db, seq: number, { puts, at }: WireChange): RecordMark[] =>
  puts.map(({ kind, id, caseId, body }) => {
    const before = findRecord(db, kind, id);
    const content = {
      kind,
      id,
      caseId,
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
      body: canonicalJson(JSON.parse(body)),
    };
    const digest = recordDigest(content);
    putRecord(db, { ...content, digest, seq });
    return { kind, id, digest, ...alteredMark(db, before) };
  });

const remove = (db: Db, { removes }: WireChange): RecordMark[] =>
  removes.map(({ kind, id }) => {
    const before = findRecord(db, kind, id);
    if (before === null) throw new AppError('record.not_found', { kind });
    removeRecord(db, kind, id);
    return { kind, id, removed: true, ...alteredMark(db, before) };
  });

const checkDistinct = ({ puts, removes }: WireChange): void => {
  const keys = [...puts, ...removes].map(({ kind, id }) => `${kind} ${id}`);
  if (new Set(keys).size !== keys.length) throw new Error('a change names one record twice');
};

/**
 * All of it is written, or nothing. Sealing and the side file come from the new head, which is returned.
 * @throws AppError('record.not_found') when a record to remove isn't there.
 */
export const commitChange = (ledger: Ledger, change: WireChange): Head & { readonly chainHash: string } => {
  checkDistinct(change);
  const { db, workspace, sealKey, agent } = ledger;
  return db
    .transaction(() => {
      const last = lastEntry(db);
      const seq = last.seq + 1;
      const records = [...put(db, seq, change), ...remove(db, change)];
      const place = {
        seq,
        eventId: randomUUID(),
        timestamp: change.at,
        agent,
        previousHash: last.chainHash,
        records,
      };
      const entry = makeEntry(change.entry, place);
      appendEntry(db, entry);
      const head = { seq, chainHash: entry.chainHash };
      setMeta(db, 'head', sealHead(sealKey, workspace, head));
      return head;
    })
    .immediate();
};
