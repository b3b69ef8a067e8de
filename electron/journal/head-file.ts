// journal-head.json in the workspace folder: written after every commit, read at every opening.
import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export const HEAD_FILE = 'journal-head.json';
const MAX_BYTES = 4096;

/** The file's text; null when it is absent, '' (which no head is) when it is no plain small file. */
export const readHeadFile = (folder: string): string | null => {
  const path = join(folder, HEAD_FILE);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return found.isFile() && found.size <= MAX_BYTES ? readFileSync(path, 'utf8') : '';
};

/** Replaces the file in one step. The data is on the disk before the new name is. */
export const writeHeadFile = (folder: string, text: string): void => {
  const path = join(folder, HEAD_FILE);
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
};
