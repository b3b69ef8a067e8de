// Looks whether a database is whole and known before anything may write to it.
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { APPLICATION_ID, DATABASE_FILE, openConnection, pragmaNumber } from './connection.ts';
import type { DatabaseKey } from './connection.ts';
import { checkSchema, migrateUp, schemaOf, schemaTexts } from './migrations.ts';
import type { Migration } from './migrations.ts';
import { Database } from './sqlite.ts';
import type { Db } from './sqlite.ts';
import { storeError } from './store-errors.ts';

export interface InspectOptions {
  readonly folder: string;
  readonly key: DatabaseKey;
  readonly addon: string | null;
  readonly migrations: readonly Migration[];
}

const HEADER_BYTES = 24;
/** SQLite's own bytes 20..23 under AEGIS-256 (64 reserved bytes per page), which the cipher leaves readable. */
const PLAIN_TAIL = Buffer.from([64, 64, 32, 32]);
const PAGE_SIZE = Buffer.from([0x10, 0x00]);
const WAL_MODE = 2;

const damaged = (part: string = DATABASE_FILE): AppError => new AppError('workspace.damaged', { part });

// The first 24 bytes are outside the page's authentication; all of them are known beforehand.
const readMode = (path: string, key: DatabaseKey): 'rollback' | 'wal' => {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw damaged();
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, HEADER_BYTES, 0) !== HEADER_BYTES) throw damaged();
  } finally {
    closeSync(file);
  }
  const [writeVersion, readVersion] = [header[18], header[19]];
  const known =
    header.subarray(0, 16).equals(key.databaseSalt) &&
    header.subarray(16, 18).equals(PAGE_SIZE) &&
    header.subarray(20).equals(PLAIN_TAIL) &&
    writeVersion === readVersion &&
    (readVersion === 1 || readVersion === WAL_MODE);
  if (!known) throw damaged();
  return readVersion === WAL_MODE ? 'wal' : 'rollback';
};

const expectedTexts = (migrations: readonly Migration[], schema: number, addon: string | null): string => {
  const memory = new Database(':memory:', addon === null ? {} : { nativeBinding: addon });
  try {
    migrateUp(
      memory,
      migrations.filter((each) => each.number <= schema),
      '',
    );
    return schemaTexts(memory);
  } finally {
    memory.close();
  }
};

const judge = (db: Db, { migrations, addon }: InspectOptions): number => {
  // Reads, and so authenticates, every page that holds anything.
  if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged();
  if (pragmaNumber(db, 'application_id') !== APPLICATION_ID) throw damaged();
  const schema = schemaOf(db);
  checkSchema(schema, migrations);
  if (schemaTexts(db) !== expectedTexts(migrations, schema, addon))
    throw damaged(`${DATABASE_FILE} (its tables)`);
  return schema;
};

/** The database and what an interrupted session left beside it, in a private folder of the system's temporary ones. */
export const copyDatabase = (folder: string): { path: string; remove: () => void } => {
  const copy = mkdtempSync(join(tmpdir(), 'probity-'));
  const remove = (): void => rmSync(copy, { recursive: true, force: true });
  try {
    for (const suffix of ['', '-wal', '-journal']) {
      const from = join(folder, DATABASE_FILE + suffix);
      if (existsSync(from))
        copyFileSync(from, join(copy, DATABASE_FILE + suffix), constants.COPYFILE_FICLONE);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { path: join(copy, DATABASE_FILE), remove };
};

/** False when the last session did not end in order: then SQLite would write as soon as it reads. */
export const isAtRest = (folder: string, key: DatabaseKey): boolean => {
  const path = join(folder, DATABASE_FILE);
  return readMode(path, key) === 'rollback' && !existsSync(`${path}-wal`) && !existsSync(`${path}-journal`);
};

/**
 * Writes nothing into the folder: a database at rest is opened read-only, any other is looked at in a copy (of
 * encrypted pages), where SQLite may recover what a crash interrupted.
 * @returns the schema's number.
 * @throws AppError('workspace.damaged') for a wrong key, a changed byte or foreign tables; AppError('workspace.newer').
 */
export const inspectDatabase = (options: InspectOptions): number => {
  const { folder, key, addon } = options;
  const look = (path: string, readonly: boolean): number => {
    let db: Db | null = null;
    try {
      db = openConnection({ path, key, addon, readonly });
      return judge(db, options);
    } catch (error) {
      throw storeError(error);
    } finally {
      db?.close();
    }
  };
  if (isAtRest(folder, key)) return look(join(folder, DATABASE_FILE), true);
  const copy = copyDatabase(folder);
  try {
    return look(copy.path, false);
  } finally {
    copy.remove();
  }
};
