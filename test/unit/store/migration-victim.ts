// A process that begins a migration which never ends, so that a test can kill it in the middle.
import { join } from 'node:path';
import { DATABASE_FILE, openConnection } from '../../../electron/store/connection.ts';
import { deriveKeys } from '../../../electron/store/derived-keys.ts';
import { loadMigrations, migrateUp } from '../../../electron/store/migrations.ts';

const [, , folder = ''] = process.argv;
const key = deriveKeys(Buffer.alloc(32, 5), 'a'.repeat(32));
const first = await loadMigrations(join(import.meta.dirname, '../../../resources'));
const db = openConnection({ path: join(folder, DATABASE_FILE), key, addon: null, readonly: false });
// A small cache, so that changed pages reach the file before the end.
db.pragma('cache_size = 10');
const up = `UPDATE meta SET value = 'half way';
  CREATE TABLE filler (text TEXT);
  INSERT INTO filler WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT hex(randomblob(500)) FROM n LIMIT 100000000;`;
process.stdout.write('begun\n');
migrateUp(db, [...first, { number: 20, name: 'endless', up, down: 'DROP TABLE filler;' }], '');
