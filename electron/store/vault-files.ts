// The files of a workspace folder: what must be there, read without trusting it, and made with narrow rights.
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { BACKUPS_FOLDER } from './backup.ts';
import { BLOBS_FOLDER } from './blob-files.ts';
import { DATABASE_FILE } from './connection.ts';
import { KEYSLOT_FILE, KEYSLOT_MAX_BYTES } from './keyslot-file.ts';

export const WORKSPACE_SUFFIX = '.probity';

/** The folder's name without `.probity`: moving or renaming the folder changes nothing inside. */
export const workspaceName = (folder: string): string => {
  const name = basename(folder);
  return name.endsWith(WORKSPACE_SUFFIX) && name !== WORKSPACE_SUFFIX
    ? name.slice(0, -WORKSPACE_SUFFIX.length)
    : name;
};

const damaged = (part: string): AppError => new AppError('workspace.damaged', { part });

/**
 * Links are not followed: a folder from elsewhere must not make Probity write to another place.
 * @throws AppError('workspace.not_found') when nothing of a workspace is there; AppError('workspace.damaged') when a
 * part is missing or isn't what it should be.
 */
export const checkFolder = (folder: string): void => {
  const kindOf = (name: string): 'file' | 'folder' | 'other' | 'absent' => {
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (found === undefined) return 'absent';
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  };
  const [slots, database] = [kindOf(KEYSLOT_FILE), kindOf(DATABASE_FILE)];
  if (slots === 'absent' && database === 'absent') {
    throw new AppError('workspace.not_found', { name: basename(folder) });
  }
  if (slots !== 'file') throw damaged(KEYSLOT_FILE);
  if (database !== 'file') throw damaged(DATABASE_FILE);
  if (kindOf(BLOBS_FOLDER) !== 'folder') throw damaged(BLOBS_FOLDER);
  if (!['folder', 'absent'].includes(kindOf(BACKUPS_FOLDER))) throw damaged(BACKUPS_FOLDER);
};

/** @throws AppError('workspace.damaged') when there is no such plain file of a believable size */
export const readKeyslotText = (folder: string): string => {
  const path = join(folder, KEYSLOT_FILE);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size > KEYSLOT_MAX_BYTES) throw damaged(KEYSLOT_FILE);
  return readFileSync(path, 'utf8');
};

/** On Windows a folder can't be opened; there the rename itself is durable. */
export const flushFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Replaces keyslots.json in one step: losing it would lose the workspace. */
export const writeKeyslotText = (folder: string, text: string): void => {
  const path = join(folder, KEYSLOT_FILE);
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  flushFolder(folder);
};

/** The empty shape of a new workspace in an existing folder. */
export const makeFolders = (folder: string): void => {
  mkdirSync(join(folder, BLOBS_FOLDER), { mode: 0o700 });
  mkdirSync(join(folder, BACKUPS_FOLDER), { mode: 0o700 });
  // SQLite gives what it makes beside a database the rights of the database.
  closeSync(openSync(join(folder, DATABASE_FILE), 'wx', 0o600));
};
