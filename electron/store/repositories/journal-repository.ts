// SQL of the journal table. Rows are only ever added.
import type { EntryRow } from '../../journal/entry.ts';
import type { Head } from '../../journal/head.ts';
import { sql } from '../connection.ts';
import type { Db } from '../sqlite.ts';

const COLUMNS =
  'seq, event_id AS eventId, timestamp, result, search, line, event_hash AS eventHash, chain_hash AS chainHash, previous_hash AS previousHash';

export const appendEntry = (db: Db, row: EntryRow): void => {
  sql<[EntryRow]>(
    db,
    `INSERT INTO journal (seq, event_id, timestamp, result, search, line, event_hash, chain_hash, previous_hash)
     VALUES (@seq, @eventId, @timestamp, @result, @search, @line, @eventHash, @chainHash, @previousHash)`,
  ).run(row);
};

/** The last row as it stands in the table; seq 0 for none. */
export const lastEntry = (db: Db): Head =>
  sql<[], Head>(db, 'SELECT seq, chain_hash AS chainHash FROM journal ORDER BY seq DESC LIMIT 1').get() ?? {
    seq: 0,
    chainHash: null,
  };

export const chainHashAt = (db: Db, seq: number): string | null =>
  sql<[number], { chainHash: string }>(db, 'SELECT chain_hash AS chainHash FROM journal WHERE seq = ?').get(
    seq,
  )?.chainHash ?? null;

export const lineAt = (db: Db, seq: number): string | null =>
  sql<[number], { line: string }>(db, 'SELECT line FROM journal WHERE seq = ?').get(seq)?.line ?? null;

/** Oldest first, from behind `after`. */
export const entriesAfter = (db: Db, after: number, limit: number): EntryRow[] =>
  sql<[number, number], EntryRow>(
    db,
    `SELECT ${COLUMNS} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?`,
  ).all(after, limit);

export const linesAfter = (db: Db, after: number, limit: number): { seq: number; line: string }[] =>
  sql<[number, number], { seq: number; line: string }>(
    db,
    'SELECT seq, line FROM journal WHERE seq > ? ORDER BY seq LIMIT ?',
  ).all(after, limit);

export interface EntryFilter {
  readonly result: string | null;
  /** Lower case; found anywhere in the searched fields, or as a whole event id. */
  readonly text: string | null;
}

const MATCHES =
  '(@result IS NULL OR result = @result) AND (@text IS NULL OR instr(search, @text) > 0 OR event_id = @text)';

export const countEntries = (db: Db, filter: EntryFilter): number =>
  sql<[EntryFilter], { total: number }>(db, `SELECT count(*) AS total FROM journal WHERE ${MATCHES}`).get(
    filter,
  )?.total ?? 0;

/** Newest first, before `before`. */
export const pageEntries = (db: Db, filter: EntryFilter, before: number, limit: number): EntryRow[] =>
  sql<[EntryFilter & { before: number; limit: number }], EntryRow>(
    db,
    `SELECT ${COLUMNS} FROM journal WHERE seq < @before AND ${MATCHES} ORDER BY seq DESC LIMIT @limit`,
  ).all({ ...filter, before, limit });
