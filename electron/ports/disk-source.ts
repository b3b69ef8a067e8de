// Evidence where it lies: one file or a folder walked from disk, read without following links, noticing any change.
import { close, constants, fstat, open, read } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../shared/errors/app-error.ts';
import { mapPool } from './map-pool.ts';
import type { Source, SourceFile } from './source.ts';
import { fileError } from './system-error.ts';

/** Largest piece that a reader gets, in bytes. */
const CHUNK_BYTES = 1024 * 1024;
/** Calls under way at once: enough to hide the latency of a network drive, too few to run out of file handles. */
const WALK_POOL = 32;
// A link that appears after the walk is refused too, and a pipe must not block the open. Windows has neither flag.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

// Plain descriptors: a FileHandle object costs half as much again, which counts with thousands of small files.
const openFile = promisify(open);
const readFile = promisify(read);
const statFile = promisify(fstat);
const closeFile = promisify(close);

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A file name as text; a name that is not UTF-8 is shown with %XX for its odd bytes, so that it stays readable. */
const nameText = (raw: Buffer): string => {
  try {
    return UTF8.decode(raw);
  } catch {
    return raw
      .toString('latin1')
      .replaceAll(
        /[^ -~]|%/gu,
        (c) => `%${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`,
      );
  }
};

/** What tells one state of a file from another; kept for each of maybe 100,000 files, so no more than that. */
interface Identity {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
}
const identityOf = ({ size, mtimeNs, ino, dev }: BigIntStats): Identity => ({ size, mtimeNs, ino, dev });

/** Compares with what was listed: a change before the reading shows as well as one during it. */
const unchanged = async (descriptor: number, listed: Identity, name: string): Promise<void> => {
  const { size, mtimeNs, ino, dev } = await statFile(descriptor, { bigint: true });
  const same = size === listed.size && mtimeNs === listed.mtimeNs && ino === listed.ino && dev === listed.dev;
  if (!same) throw new AppError('file.changed', { name });
};

const readRegular = async function* (
  path: string | Buffer,
  name: string,
  listed: Identity,
  { start, end, isLent }: { readonly start: number; readonly end: number; readonly isLent: boolean },
): AsyncGenerator<Uint8Array, void, undefined> {
  const failed = (error: unknown): unknown => fileError(error, name, 'file.changed');
  const descriptor = await openFile(path, READ_FLAGS).catch((error: unknown) => {
    throw failed(error);
  });
  try {
    let at = start;
    // Buffers left to the collector would pile up to many times what is in use.
    const lent = isLent && start < end ? Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - start)) : null;
    while (at < end) {
      const length = Math.min(CHUNK_BYTES, end - at);
      const buffer = lent ?? Buffer.allocUnsafe(length);
      const { bytesRead } = await readFile(descriptor, buffer, 0, length, at);
      // Fewer bytes than it has by its size: it was cut while it was read.
      if (bytesRead === 0) throw new AppError('file.changed', { name });
      at += bytesRead;
      // Looked at before the last piece is handed out, so that a reader that has all has the word that it is good.
      if (at >= end) await unchanged(descriptor, listed, name);
      yield buffer.subarray(0, bytesRead);
    }
    if (start >= end) await unchanged(descriptor, listed, name);
  } catch (error) {
    throw failed(error);
  } finally {
    await closeFile(descriptor);
  }
};

const sourceFile = (pathOf: () => string | Buffer, name: string, found: BigIntStats): SourceFile => {
  const bytes = Number(found.size);
  const listed = identityOf(found);
  return {
    name,
    bytes,
    open: (options = {}) =>
      readRegular(pathOf(), name, listed, {
        start: options.start ?? 0,
        end: Math.min(options.end ?? bytes, bytes),
        isLent: options.isLent ?? false,
      }),
  };
};

// Made outside the walk, so that they hold on to nothing but what they need.
const pathByName = (top: string, name: string) => (): string => join(top, name);
const pathByBytes = (path: Buffer) => (): Buffer => path;

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

interface Folder {
  readonly path: Buffer;
  /** '' for the top folder, else its name with a trailing '/'. */
  readonly prefix: string;
}

const walk = async (top: string): Promise<{ files: SourceFile[]; skipped: string[] }> => {
  const files: SourceFile[] = [];
  const skipped: string[] = [];
  const separator = Buffer.from(sep);
  const visit = async (folder: Folder): Promise<Folder[]> => {
    const folderName = folder.prefix === '' ? basename(top) : folder.prefix.slice(0, -1);
    // Raw bytes: a name that is not UTF-8 could otherwise never be opened again.
    const raws = await readdir(folder.path, { encoding: 'buffer' }).catch((error: unknown) => {
      throw fileError(error, folderName, 'file.changed');
    });
    const inner = await mapPool(raws, WALK_POOL, async (raw): Promise<Folder | null> => {
      const path = Buffer.concat([folder.path, separator, raw]);
      const name = folder.prefix + nameText(raw);
      const found = await lstat(path, { bigint: true }).catch((error: unknown) => {
        throw fileError(error, name, 'file.changed');
      });
      if (found.isDirectory()) return { path, prefix: `${name}/` };
      // A name that is text leads back to its path; only one that isn't has to keep its bytes.
      const plain = Buffer.from(join(top, name)).equals(path);
      if (found.isFile())
        files.push(sourceFile(plain ? pathByName(top, name) : pathByBytes(path), name, found));
      else skipped.push(name);
      return null;
    });
    return inner.filter((each) => each !== null);
  };
  const waiting: Folder[] = [{ path: Buffer.from(top), prefix: '' }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const inner of await visit(folder)) waiting.push(inner);
  }
  return { files: files.toSorted(byName), skipped: skipped.toSorted() };
};

/**
 * Opens a file, or a folder with everything below it, for reading. Nothing is read yet. Links, sockets, pipes and
 * devices are never followed: inside a folder they are named in `skipped`.
 * @throws AppError('file.not_found' | 'file.no_permission' | 'file.not_regular' | 'file.unreadable'); while reading
 * also AppError('file.changed') when size, time or identity of a file are no longer those that were listed.
 */
export const openDiskSource = async (path: string): Promise<Source> => {
  // Without the trailing separator a link to a folder is seen as the link that it is.
  const top = resolve(path);
  const name = basename(top);
  const found = await lstat(top, { bigint: true }).catch((error: unknown) => {
    throw fileError(error, name, 'file.not_found');
  });
  if (found.isFile()) return { name, kind: 'file', files: [sourceFile(() => top, name, found)], skipped: [] };
  if (!found.isDirectory()) throw new AppError('file.not_regular', { name });
  return { name, kind: 'folder', ...(await walk(top)) };
};
