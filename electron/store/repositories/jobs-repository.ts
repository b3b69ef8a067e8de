// SQL of the jobs table.
import { sql } from '../connection.ts';
import type { Db } from '../sqlite.ts';

export interface JobRow {
  readonly id: string;
  readonly createdAt: string;
  readonly state: string;
  /** The job as JSON text. */
  readonly body: string;
}

export const saveJob = (db: Db, row: JobRow): void => {
  sql<[JobRow]>(
    db,
    `INSERT INTO jobs (id, created_at, state, body) VALUES (@id, @createdAt, @state, @body)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body`,
  ).run(row);
};

/** Newest first. */
export const listJobs = (db: Db, limit: number): string[] =>
  sql<[number], { body: string }>(db, 'SELECT body FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT ?')
    .all(limit)
    .map(({ body }) => body);

/** The jobs that no process works on any more, when the vault has just been opened. */
export const unfinishedJobs = (db: Db): string[] =>
  sql<[], { body: string }>(db, "SELECT body FROM jobs WHERE state IN ('queued', 'running', 'cancelling')")
    .all()
    .map(({ body }) => body);
