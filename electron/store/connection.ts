// Opens connections to the encrypted database.
import { zero } from './derived-keys.ts';
import { Database } from './sqlite.ts';
import type { Db, Statement } from './sqlite.ts';

/** See `VaultKeys`. */
export interface DatabaseKey {
  readonly database: Uint8Array;
  readonly databaseSalt: Uint8Array;
}

export const DATABASE_FILE = 'vault.db';
/** `PRBY`: tells a vault from any other database that the same key could open. */
export const APPLICATION_ID = 0x50524259;
const BUSY_MS = 5000;

export interface OpenOptions {
  readonly path: string;
  readonly key: DatabaseKey;
  /** Path of the native addon where it isn't in node_modules (packaged app: outside the archive). */
  readonly addon: string | null;
  readonly readonly: boolean;
}

const RAW = Buffer.from('raw:', 'latin1');

// `raw:` and 48 bytes: key and salt as they are, no derivation inside SQLite (SQLite3MultipleCiphers, codec_algos.c).
const keyText = (key: DatabaseKey): Buffer => {
  const text = Buffer.alloc(RAW.length + key.database.length + key.databaseSalt.length);
  text.set(RAW);
  text.set(key.database, RAW.length);
  text.set(key.databaseSalt, RAW.length + key.database.length);
  return text;
};

/**
 * AEGIS-256 authenticates every page, so a changed page is an error and never a wrong value. The journal mode is the
 * caller's: at rest a vault is in rollback mode, one file that can be read without writing anything beside it.
 */
export const openConnection = (options: OpenOptions): Db => {
  const db = new Database(options.path, {
    readonly: options.readonly,
    fileMustExist: true,
    timeout: BUSY_MS,
    ...(options.addon === null ? {} : { nativeBinding: options.addon }),
  });
  try {
    db.pragma("cipher = 'aegis'");
    db.pragma("algorithm = 'aegis-256'");
    const text = keyText(options.key);
    db.key(text);
    zero(text);
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('foreign_keys = ON');
    if (!options.readonly) {
      db.pragma('secure_delete = ON');
      db.pragma('synchronous = FULL');
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** A number that a pragma answers. */
export const pragmaNumber = (db: Db, name: string): number => Number(db.pragma(name, { simple: true }));

const prepared = new WeakMap<Db, Map<string, unknown>>();

/** A prepared statement, kept for the life of its connection. Read it with get and all, never iterate: it is shared. */
export const sql = <P extends unknown[], R = unknown>(db: Db, text: string): Statement<P, R> => {
  const known = prepared.get(db) ?? new Map<string, unknown>();
  prepared.set(db, known);
  const statement = known.get(text) ?? db.prepare(text);
  known.set(text, statement);
  return statement as Statement<P, R>;
};
