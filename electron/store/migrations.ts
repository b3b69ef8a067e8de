// Numbered changes of the schema, each with its way back, each in one transaction.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { APPLICATION_ID, DATABASE_FILE, pragmaNumber } from './connection.ts';
import type { Db } from './sqlite.ts';

export interface Migration {
  /** 10, 20, 30, …: the schema's number once it is applied. */
  readonly number: number;
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

const FILE = /^(\d{4})-([a-z0-9-]+)\.(up|down)\.sql$/u;

/** Reads `resources/migrations/NNNN-name.up.sql` and `.down.sql`. Throws Error for a set with gaps: the app is broken. */
export const loadMigrations = async (resourcesDir: string): Promise<readonly Migration[]> => {
  const folder = join(resourcesDir, 'migrations');
  const found = new Map<number, { name: string; up?: string; down?: string }>();
  for (const file of (await readdir(folder)).toSorted()) {
    const [, digits, name, way] = FILE.exec(file) ?? [];
    if (digits === undefined || name === undefined || (way !== 'up' && way !== 'down')) continue;
    const migration = found.get(Number(digits)) ?? { name };
    if (migration.name !== name) throw new Error(`two migrations have the number ${digits}`);
    migration[way] = await readFile(join(folder, file), 'utf8');
    found.set(Number(digits), migration);
  }
  const list = [...found].map(([number, { name, up, down }], at) => {
    if (number !== (at + 1) * 10) throw new Error(`migration ${(at + 1) * 10} is missing`);
    if (up === undefined || down === undefined)
      throw new Error(`migration ${number} has no way ${up === undefined ? 'up' : 'down'}`);
    return { number, name, up, down };
  });
  if (list.length === 0) throw new Error('there are no migrations');
  return list;
};

export const latestSchema = (migrations: readonly Migration[]): number => migrations.at(-1)?.number ?? 0;

export const schemaOf = (db: Db): number => pragmaNumber(db, 'user_version');

const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS migrations (
  number INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  down TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT`;

const damaged = (): AppError => new AppError('workspace.damaged', { part: `${DATABASE_FILE} (its tables)` });

/** @throws AppError('workspace.newer' | 'workspace.damaged') when the schema isn't one of these migrations' */
export const checkSchema = (schema: number, migrations: readonly Migration[]): void => {
  const known = latestSchema(migrations);
  if (schema > known) throw new AppError('workspace.newer', { found: schema, known });
  if (schema !== 0 && !migrations.some((each) => each.number === schema)) throw damaged();
};

/**
 * Applies what is missing. Each migration is one transaction with its bookkeeping: when one fails or the process dies
 * in it, the schema before it stands. The way back is stored in the vault, because the app that must go back is an
 * older one that doesn't have it.
 */
export const migrateUp = (db: Db, migrations: readonly Migration[], at: string): void => {
  checkSchema(schemaOf(db), migrations);
  for (const { number, name, up, down } of migrations) {
    if (number <= schemaOf(db)) continue;
    db.transaction(() => {
      db.exec(BOOKKEEPING);
      db.exec(up);
      db.prepare('INSERT INTO migrations (number, name, down, applied_at) VALUES (?, ?, ?, ?)').run(
        number,
        name,
        down,
        at,
      );
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${number}`);
    }).immediate();
  }
};

/** Goes back to `target` (0 = no tables) with the scripts that the vault holds, newest first. */
export const migrateDown = (db: Db, target: number): void => {
  const steps = db
    .prepare<[number], { number: number; down: string }>(
      'SELECT number, down FROM migrations WHERE number > ? ORDER BY number DESC',
    )
    .all(target);
  for (const { number, down } of steps) {
    db.transaction(() => {
      db.exec(down);
      db.prepare('DELETE FROM migrations WHERE number = ?').run(number);
      const before = db
        .prepare<[], { last: number | null }>('SELECT max(number) AS last FROM migrations')
        .get();
      db.pragma(`user_version = ${before?.last ?? 0}`);
    }).immediate();
  }
};

/** The texts of all tables, indices, triggers and views: equal for two databases with the same schema. */
export const schemaTexts = (db: Db): string =>
  JSON.stringify(
    db
      .prepare(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
      )
      .raw()
      .all(),
  );
