// Names and places of encrypted files, and what an interrupted session left of them.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const BLOBS_FOLDER = 'blobs';
/** Written, but not yet known to the database (or not yet renamed). */
export const PART = '.part';
/** About to be removed. */
export const GONE = '.gone';

const LEFT_OVER = /^([0-9a-f]{32})(\.part|\.gone)$/u;

export const isBlobId = (id: string): boolean => /^[0-9a-f]{32}$/u.test(id);

export const blobPath = (folder: string, id: string): string => join(folder, BLOBS_FOLDER, id);

/**
 * A put writes `<id>.part`, adds the row, renames; a removal renames to `<id>.gone`, deletes the row, unlinks. Whatever
 * step was the last, the row decides: with one the file is brought back to its name, without one it goes.
 */
export const settleBlobs = (folder: string, isKnown: (id: string) => boolean): void => {
  for (const name of readdirSync(join(folder, BLOBS_FOLDER))) {
    const [, id] = LEFT_OVER.exec(name) ?? [];
    if (id === undefined) continue;
    const leftOver = join(folder, BLOBS_FOLDER, name);
    const path = blobPath(folder, id);
    if (isKnown(id) && !existsSync(path)) renameSync(leftOver, path);
    else rmSync(leftOver, { force: true });
  }
};
