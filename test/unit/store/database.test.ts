// The database below the vault: its form at rest, its migrations both ways, its backups.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../../../electron/store/backup.ts';
import { DATABASE_FILE, openConnection } from '../../../electron/store/connection.ts';
import { deriveKeys } from '../../../electron/store/derived-keys.ts';
import { inspectDatabase } from '../../../electron/store/inspect-database.ts';
import {
  loadMigrations,
  migrateDown,
  migrateUp,
  schemaOf,
  schemaTexts,
} from '../../../electron/store/migrations.ts';
import type { Migration } from '../../../electron/store/migrations.ts';
import { addBlob, findBlob } from '../../../electron/store/repositories/blobs-repository.ts';
import { Database } from '../../../electron/store/sqlite.ts';
import type { Db } from '../../../electron/store/sqlite.ts';
import { fingerprint, RESOURCES, scratch } from '../../integration/vault/support.ts';

const AT = '2026-11-21T09:30:00.000Z';
const KEYS = deriveKeys(Buffer.alloc(32, 5), 'a'.repeat(32));
const SECOND: Migration = {
  number: 20,
  name: 'second',
  up: 'CREATE TABLE notes (text TEXT NOT NULL) STRICT; ALTER TABLE jobs ADD COLUMN weight INTEGER;',
  down: 'ALTER TABLE jobs DROP COLUMN weight; DROP TABLE notes;',
};

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe('the database', () => {
  const temporary = scratch();
  let first: readonly Migration[];
  let made = 0;

  beforeAll(async () => {
    first = await loadMigrations(RESOURCES);
  });
  afterAll(temporary.remove);

  const connect = (folder: string, readonly = false): Db =>
    openConnection({ path: join(folder, DATABASE_FILE), key: KEYS, addon: null, readonly });
  const using = <T>(folder: string, work: (db: Db) => T): T => {
    const db = connect(folder);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  const newFolder = (): string => {
    made += 1;
    const folder = join(temporary.path, `w${made}`);
    mkdirSync(folder);
    writeFileSync(join(folder, DATABASE_FILE), '');
    return folder;
  };
  const newDatabase = (migrations = first): string => {
    const folder = newFolder();
    using(folder, (db) => {
      migrateUp(db, migrations, AT);
      db.exec("INSERT INTO meta (name, value) VALUES ('created_at', 'before')");
    });
    return folder;
  };
  const inspect = (folder: string, migrations = first, key = KEYS): number =>
    inspectDatabase({ folder, key, addon: null, migrations });

  it('is opened with the settings that keep it safe', () => {
    using(newDatabase(), (db) => {
      const simple = (name: string): unknown => db.pragma(name, { simple: true });
      expect(simple('cipher')).toBe('aegis');
      expect(simple('secure_delete')).toBe(1);
      expect(simple('synchronous')).toBe(2);
      expect(simple('temp_store')).toBe(2);
      expect(simple('foreign_keys')).toBe(1);
      expect(simple('trusted_schema')).toBe(0);
    });
  });

  it('is one file at rest, and a look at it changes and adds nothing', () => {
    const folder = newDatabase();
    const before = fingerprint(folder);
    expect(Object.keys(before)).toEqual([DATABASE_FILE]);
    expect(inspect(folder)).toBe(10);
    expect(fingerprint(folder)).toEqual(before);
  });

  it('is refused under another key, another workspace and as a plain database', () => {
    const folder = newDatabase();
    expect(() => inspect(folder, first, deriveKeys(Buffer.alloc(32, 6), 'a'.repeat(32)))).toThrow(
      code('workspace.damaged'),
    );
    expect(() => inspect(folder, first, deriveKeys(Buffer.alloc(32, 5), 'b'.repeat(32)))).toThrow(
      code('workspace.damaged'),
    );
    expect(() => inspect(folder, first, { ...KEYS, database: Buffer.alloc(32) })).toThrow(
      code('workspace.damaged'),
    );
    const plain = newFolder();
    const db = new Database(join(plain, DATABASE_FILE));
    migrateUp(db, first, AT);
    db.close();
    expect(() => inspect(plain)).toThrow(code('workspace.damaged'));
  });

  it('is refused when it is empty, cut, or no database', () => {
    const folder = newDatabase();
    const whole = readFileSync(join(folder, DATABASE_FILE));
    for (const bytes of [
      Buffer.alloc(0),
      whole.subarray(0, 23),
      whole.subarray(0, 4096),
      whole.subarray(0, -4096),
      whole.subarray(0, -1),
      randomBytes(8192),
    ]) {
      writeFileSync(join(folder, DATABASE_FILE), bytes);
      const before = fingerprint(folder);
      expect(() => inspect(folder)).toThrow(code('workspace.damaged'));
      expect(fingerprint(folder)).toEqual(before);
    }
  });

  it('is refused when a table, index or trigger was changed by someone with the key', () => {
    for (const change of [
      'DROP TABLE jobs',
      'CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM jobs; END',
      'CREATE VIEW v AS SELECT 1',
      'DROP INDEX records_by_case',
      'ALTER TABLE records ADD COLUMN extra TEXT',
      'PRAGMA application_id = 1',
      'PRAGMA user_version = 0',
    ]) {
      const folder = newDatabase();
      using(folder, (db) => db.exec(change));
      expect(() => inspect(folder), change).toThrow(code('workspace.damaged'));
    }
  });

  it('is refused as newer without a byte written', () => {
    const folder = newDatabase([...first, SECOND]);
    const before = fingerprint(folder);
    expect(() => inspect(folder)).toThrow(
      expect.objectContaining({ code: 'workspace.newer', params: { found: 20, known: 10 } }),
    );
    expect(fingerprint(folder)).toEqual(before);
  });

  it('is looked at in a copy after a crash, so that recovery waits until it is known to be whole', () => {
    const folder = newDatabase();
    const db = connect(folder);
    db.pragma('journal_mode = WAL');
    db.exec("UPDATE meta SET value = 'in the log'");
    const crashed = newFolder();
    for (const suffix of ['', '-wal'])
      copyFileSync(join(folder, DATABASE_FILE + suffix), join(crashed, DATABASE_FILE + suffix));
    db.close();
    const before = fingerprint(crashed);
    expect(Object.keys(before)).toContain(`${DATABASE_FILE}-wal`);
    expect(inspect(crashed)).toBe(10);
    expect(fingerprint(crashed)).toEqual(before);
    expect(using(crashed, (opened) => opened.prepare('SELECT value FROM meta').all())).toEqual([
      { value: 'in the log' },
    ]);
  });

  it('holds sizes beyond 32 bits exactly', () => {
    const row = { id: 'f'.repeat(32), bytes: 5_000_000_001, sha256: '', wrappedKey: '', createdAt: AT };
    using(newDatabase(), (db) => {
      addBlob(db, row);
      expect(findBlob(db, row.id)).toEqual(row);
    });
  });

  describe('migrations', () => {
    it('go up, down by the scripts in the vault, and up again', () => {
      const folder = newDatabase();
      using(folder, (db) => {
        const before = schemaTexts(db);
        migrateUp(db, [...first, SECOND], AT);
        expect(schemaOf(db)).toBe(20);
        const after = schemaTexts(db);
        db.exec("INSERT INTO notes (text) VALUES ('x')");
        migrateDown(db, 10);
        expect(schemaOf(db)).toBe(10);
        expect(schemaTexts(db)).toBe(before);
        migrateUp(db, [...first, SECOND], AT);
        expect(schemaTexts(db)).toBe(after);
        migrateDown(db, 0);
        expect(schemaOf(db)).toBe(0);
        expect(JSON.parse(schemaTexts(db))).toHaveLength(1);
        migrateUp(db, first, AT);
        expect(schemaTexts(db)).toBe(before);
      });
      expect(inspect(folder)).toBe(10);
    });

    it('leave the old schema when one fails in its middle', () => {
      const folder = newDatabase();
      const broken = { ...SECOND, up: `${SECOND.up} INSERT INTO no_such_table VALUES (1);` };
      using(folder, (db) => {
        const before = schemaTexts(db);
        expect(() => migrateUp(db, [...first, broken], AT)).toThrow('no_such_table');
        expect(schemaOf(db)).toBe(10);
        expect(schemaTexts(db)).toBe(before);
        expect(db.prepare('SELECT number FROM migrations').all()).toEqual([{ number: 10 }]);
      });
      expect(inspect(folder)).toBe(10);
    });

    it('leave the old schema and its data when the process is killed in the middle of one', async () => {
      const folder = newDatabase();
      const child = spawn(process.execPath, [join(import.meta.dirname, 'migration-victim.ts'), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill('SIGKILL');
      const [signal] = await new Promise<[string | null]>((resolve) =>
        child.once('exit', (_code, name) => resolve([name])),
      );
      expect(signal).toBe('SIGKILL');
      expect(existsSync(join(folder, `${DATABASE_FILE}-journal`))).toBe(true);
      expect(inspect(folder)).toBe(10);
      expect(using(folder, (db) => db.prepare('SELECT value FROM meta').all())).toEqual([
        { value: 'before' },
      ]);
      expect(inspect(folder)).toBe(10);
    });

    it('of the product are numbered by ten and reversible', async () => {
      expect(first.map(({ number }) => number)).toEqual(first.map((_each, at) => (at + 1) * 10));
      const db = new Database(':memory:');
      migrateUp(db, first, AT);
      migrateDown(db, 0);
      expect(JSON.parse(schemaTexts(db))).toHaveLength(1);
      db.close();
    });

    it('with a gap or without a way back are a broken app', async () => {
      const folder = join(temporary.path, 'broken', 'migrations');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, '0010-a.up.sql'), '');
      await expect(loadMigrations(join(folder, '..'))).rejects.toThrow('migration 10 has no way down');
      writeFileSync(join(folder, '0010-a.down.sql'), '');
      writeFileSync(join(folder, '0030-b.up.sql'), '');
      writeFileSync(join(folder, '0030-b.down.sql'), '');
      await expect(loadMigrations(join(folder, '..'))).rejects.toThrow('migration 20 is missing');
    });
  });

  describe('backups', () => {
    const backUpAt = (folder: string, at: string): string =>
      backUp({ folder, key: KEYS, addon: null, schema: 10, at });

    it('are whole, encrypted copies under the same key', () => {
      const folder = newDatabase();
      const name = backUpAt(folder, AT);
      expect(name).toBe('vault-0010-20261121T093000Z.db');
      const path = join(folder, 'backups', name);
      expect(readFileSync(path)).toEqual(readFileSync(join(folder, DATABASE_FILE)));
      expect(readFileSync(path).includes('created_at')).toBe(false);
    });

    it('keep the last three', () => {
      const folder = newDatabase();
      for (const day of ['20', '19', '23', '21', '22']) backUpAt(folder, `2026-11-${day}T09:30:00.000Z`);
      expect(readdirSync(join(folder, 'backups')).toSorted()).toEqual(
        [21, 22, 23].map((day) => `vault-0010-202611${day}T093000Z.db`),
      );
    });

    it('are not kept when they do not read back whole', () => {
      const folder = newDatabase();
      const bytes = readFileSync(join(folder, DATABASE_FILE));
      bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1;
      writeFileSync(join(folder, DATABASE_FILE), bytes);
      expect(() => backUpAt(folder, AT)).toThrow(code('workspace.damaged'));
      expect(readdirSync(join(folder, 'backups'))).toEqual([]);
    });
  });
});
