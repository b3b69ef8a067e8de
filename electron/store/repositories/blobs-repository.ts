// SQL of the blobs table: what is known of each encrypted file.
import { sql } from '../connection.ts';
import type { Db } from '../sqlite.ts';

export interface BlobRow {
  readonly id: string;
  /** Plain size in bytes and SHA-256 of the plain bytes. */
  readonly bytes: number;
  readonly sha256: string;
  /** The blob's own key under the vault's blob key; size and digest are authenticated with it. */
  readonly wrappedKey: string;
  readonly createdAt: string;
}

export const addBlob = (db: Db, row: BlobRow): void => {
  sql<[BlobRow]>(
    db,
    'INSERT INTO blobs (id, bytes, sha256, wrapped_key, created_at) VALUES (@id, @bytes, @sha256, @wrappedKey, @createdAt)',
  ).run(row);
};

export const findBlob = (db: Db, id: string): BlobRow | null =>
  sql<[string], BlobRow>(
    db,
    'SELECT id, bytes, sha256, wrapped_key AS wrappedKey, created_at AS createdAt FROM blobs WHERE id = ?',
  ).get(id) ?? null;

/** False when there was none. */
export const removeBlob = (db: Db, id: string): boolean =>
  sql<[string]>(db, 'DELETE FROM blobs WHERE id = ?').run(id).changes > 0;
