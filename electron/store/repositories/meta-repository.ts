// SQL of the meta table: a few named values of the vault itself.
import { sql } from '../connection.ts';
import type { Db } from '../sqlite.ts';

export type MetaName = 'workspace' | 'created_at' | 'head';

export const getMeta = (db: Db, name: MetaName): string | null =>
  sql<[string], { value: string }>(db, 'SELECT value FROM meta WHERE name = ?').get(name)?.value ?? null;

export const setMeta = (db: Db, name: MetaName, value: string): void => {
  sql<[string, string]>(
    db,
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  ).run(name, value);
};
