// A verified copy of the database before its schema changes: backups/vault-<schema>-<time>.db, the last three.
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { DATABASE_FILE, openConnection } from './connection.ts';
import type { DatabaseKey } from './connection.ts';
import { schemaOf } from './migrations.ts';
import { storeError } from './store-errors.ts';

export const BACKUPS_FOLDER = 'backups';
const KEPT = 3;
const NAME = /^vault-\d{4}-(\d{8}T\d{6}Z)\.db$/u;

export interface BackupOptions {
  readonly folder: string;
  readonly key: DatabaseKey;
  readonly addon: string | null;
  readonly schema: number;
  /** RFC 3339. */
  readonly at: string;
}

const flush = (path: string): void => {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
};

// Every page is read and authenticated, every index compared with its table.
const verify = (path: string, { key, addon, schema }: BackupOptions): void => {
  const bad = (): AppError => new AppError('workspace.damaged', { part: 'the backup before the migration' });
  const db = openConnection({ path, key, addon, readonly: true });
  try {
    if (db.pragma('integrity_check(1)', { simple: true }) !== 'ok' || schemaOf(db) !== schema) throw bad();
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
};

/**
 * Copies a database at rest, byte by byte, so it stays encrypted under the same key. It gets its name only when it has
 * been read back whole. Older ones beyond the last three are removed.
 * @returns the backup's file name.
 */
export const backUp = (options: BackupOptions): string => {
  const folder = join(options.folder, BACKUPS_FOLDER);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) mkdirSync(folder, { mode: 0o700 });
  else if (!found.isDirectory()) throw new AppError('workspace.damaged', { part: BACKUPS_FOLDER });
  const time = `${options.at.slice(0, 19).replaceAll(/[-:]/gu, '')}Z`;
  const name = `vault-${String(options.schema).padStart(4, '0')}-${time}.db`;
  const temporary = join(folder, `${name}.tmp`);
  rmSync(temporary, { force: true });
  try {
    copyFileSync(join(options.folder, DATABASE_FILE), temporary, constants.COPYFILE_FICLONE);
    flush(temporary);
    verify(temporary, options);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  renameSync(temporary, join(folder, name));
  const byAge = readdirSync(folder)
    .filter((each) => NAME.test(each))
    .toSorted((a, b) => ((NAME.exec(a)?.[1] ?? '') < (NAME.exec(b)?.[1] ?? '') ? 1 : -1));
  for (const old of byAge.slice(KEPT)) rmSync(join(folder, old));
  return name;
};
