// SQL of the records table.
import type { DigestedRecord } from '../../journal/record-digest.ts';
import { sql } from '../connection.ts';
import type { Db } from '../sqlite.ts';

/** `digest` and `seq` say which journal entry vouches for the row. */
export interface RecordRow extends DigestedRecord {
  readonly digest: string;
  readonly seq: number;
}

const COLUMNS =
  'kind, id, case_id AS caseId, created_at AS createdAt, updated_at AS updatedAt, body, digest, journal_seq AS seq';

export const findRecord = (db: Db, kind: string, id: string): RecordRow | null =>
  sql<[string, string], RecordRow>(db, `SELECT ${COLUMNS} FROM records WHERE kind = ? AND id = ?`).get(
    kind,
    id,
  ) ?? null;

export const putRecord = (db: Db, row: RecordRow): void => {
  sql<[RecordRow]>(
    db,
    `INSERT INTO records (kind, id, case_id, created_at, updated_at, body, digest, journal_seq)
     VALUES (@kind, @id, @caseId, @createdAt, @updatedAt, @body, @digest, @seq)
     ON CONFLICT (kind, id) DO UPDATE SET case_id = excluded.case_id, updated_at = excluded.updated_at,
       body = excluded.body, digest = excluded.digest, journal_seq = excluded.journal_seq`,
  ).run(row);
};

export const removeRecord = (db: Db, kind: string, id: string): void => {
  sql<[string, string]>(db, 'DELETE FROM records WHERE kind = ? AND id = ?').run(kind, id);
};

export interface RecordFilter {
  readonly kind: string;
  readonly caseId: string | null;
  /** -1 = all. */
  readonly limit: number;
}

/** Newest first; rows of the same instant in the reverse order of their arrival. */
export const listRecords = (db: Db, { kind, caseId, limit }: RecordFilter): RecordRow[] =>
  caseId === null
    ? sql<[string, number], RecordRow>(
        db,
        `SELECT ${COLUMNS} FROM records WHERE kind = ? ORDER BY created_at DESC, rowid DESC LIMIT ?`,
      ).all(kind, limit)
    : sql<[string, string, number], RecordRow>(
        db,
        `SELECT ${COLUMNS} FROM records WHERE kind = ? AND case_id = ? ORDER BY created_at DESC, rowid DESC LIMIT ?`,
      ).all(kind, caseId, limit);

/** All records in the order of their keys, from behind the given one. */
export const recordsAfter = (
  db: Db,
  after: { readonly kind: string; readonly id: string },
  limit: number,
): RecordRow[] =>
  sql<[string, string, number], RecordRow>(
    db,
    `SELECT ${COLUMNS} FROM records WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ?`,
  ).all(after.kind, after.id, limit);
