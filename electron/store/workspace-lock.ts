// One process at a time: a lock file that names its owner, taken over when that owner is dead.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../shared/errors/app-error.ts';

export const LOCK_FILE = 'workspace.lock';
const MAX_BYTES = 1024;

const Owner = v.strictObject({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** When that process started, where the system tells: a number that comes again belongs to another process. */
  started: v.nullable(v.string()),
  token: v.string(),
});
type Owner = v.InferOutput<typeof Owner>;

/** Tokens of the locks that this process holds: tells them from those of a dead process that had our number. */
const held = new Set<string>();

// Field 22 of /proc/<pid>/stat, counted behind the command's closing bracket. Other systems have no such file.
const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const isHeld = (owner: Owner): boolean => {
  if (owner.pid === process.pid) return held.has(owner.token);
  if (!isAlive(owner.pid)) return false;
  const started = startOf(owner.pid);
  return owner.started === null || started === null || owner.started === started;
};

/** Null for no lock, or one that nobody could have written whole. */
const readOwner = (path: string): Owner | null => {
  try {
    const found = lstatSync(path);
    if (!found.isFile() || found.size > MAX_BYTES) return null;
    const read = v.safeParse(Owner, JSON.parse(readFileSync(path, 'utf8')));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
};

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const linkOrCopy = (aside: string, path: string, owner: Owner): boolean => {
  try {
    linkSync(aside, path);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    // File systems of memory sticks know no links; there the lock is whole a moment after it is seen.
    writeFileSync(path, `${JSON.stringify(owner)}\n`, { flag: 'wx', mode: 0o600 });
  }
  return true;
};

/** Written aside and linked into place, so that a lock is never seen half written. False when one is there. */
const place = (path: string, owner: Owner): boolean => {
  const aside = `${path}.${owner.token}`;
  try {
    const file = openSync(aside, 'wx', 0o600);
    writeSync(file, `${JSON.stringify(owner)}\n`);
    fsyncSync(file);
    closeSync(file);
    return linkOrCopy(aside, path, owner);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
};

/** Two processes may find the same dead lock: only the one that moves exactly that lock away goes on. */
const removeStale = (path: string, stale: Owner | null, token: string): void => {
  const aside = `${path}.${token}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = readOwner(aside);
  // It was another's fresh lock after all: back to its place.
  if (moved !== null && moved.token !== stale?.token) renameSync(aside, path);
  else rmSync(aside, { force: true });
};

export interface WorkspaceLock {
  release(): void;
}

/**
 * @throws AppError('workspace.in_use', {pid}) while another process, or another opening in this one, has it;
 * AppError('workspace.read_only') where no file can be made.
 */
export const lockWorkspace = (folder: string): WorkspaceLock => {
  const path = join(folder, LOCK_FILE);
  const token = randomBytes(16).toString('hex');
  const owner: Owner = { pid: process.pid, started: startOf(process.pid), token };
  try {
    // A lost race shows as a new live owner, which ends the loop.
    while (!place(path, owner)) {
      const other = readOwner(path);
      if (other !== null && isHeld(other)) throw new AppError('workspace.in_use', { pid: other.pid });
      removeStale(path, other, token);
    }
  } catch (error) {
    if (isCode(error, 'EROFS') || isCode(error, 'EACCES') || isCode(error, 'EPERM')) {
      throw new AppError('workspace.read_only');
    }
    throw error;
  }
  held.add(token);
  return {
    release: () => {
      held.delete(token);
      if (readOwner(path)?.token === token) rmSync(path, { force: true });
    },
  };
};
