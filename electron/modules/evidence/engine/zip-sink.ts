// Streams a ZIP archive into `<target>.partial` and gives it its name only when it is whole and on the disk.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { link, lstat, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { AppError, isAppError } from '../../../../shared/errors/app-error.ts';

/**
 * What makes the bytes the same everywhere: no compression (its bytes change with the library's version), one fixed
 * mode, and 1980-01-01 00:00 as wall-clock time, which is what DOS time stamps hold, so the time zone drops out;
 * `forceDosTimestamp` keeps the extra field with the UTC time away.
 */
const entryOptions = () => ({
  compress: false,
  forceDosTimestamp: true,
  mtime: new Date(1980, 0, 1),
  mode: 0o100644,
});

/** Bytes that may wait in memory for a slow disk. */
const MOST_WAITING = 4 * 1024 * 1024;

const WRITE_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'the folder does not exist',
  ENAMETOOLONG: 'the name is too long',
  EFBIG: 'the file system does not take files of this size',
  EIO: 'the disk reports an error',
};

const writeFault = (path: string, error: unknown): unknown => {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (isAppError(error) || code === undefined) return error;
  if (code === 'EEXIST') return new AppError('file.exists', { name: basename(path) });
  return new AppError('file.cannot_write', { name: basename(path), reason: WRITE_FAULTS[code] ?? code });
};

/** @throws AppError('file.exists') when there is anything at `path`, a dangling link included. */
export const refuseExisting = async (path: string): Promise<void> => {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw writeFault(path, error);
  });
  if (found !== null) throw new AppError('file.exists', { name: basename(path) });
};

/** Gives the finished file its name without ever replacing one that is there. */
const publish = async (partial: string, target: string): Promise<void> => {
  try {
    // A hard link fails where the name is taken; a rename would replace it silently.
    await link(partial, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // File systems without hard links (FAT, some network shares).
    await refuseExisting(target);
    await rename(partial, target);
    return;
  }
  // The pack is in place; a second name that can't be taken away does not make it less so.
  await rm(partial).catch(() => undefined);
};

/** Makes the new name survive a power cut; not every file system lets a folder be synced. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
};

/** One archive being written: entries in the order of the calls, each awaited before the next. */
export class ZipSink {
  readonly #target: string;
  readonly #partial: string;
  readonly #file: FileHandle;
  readonly #zip = new ZipFile();
  readonly #output = this.#zip.outputStream as Readable & { readonly writableLength: number };
  readonly #hash = createHash('sha256');
  readonly #drained: Promise<void>;
  #bytes = 0;
  #failed: { readonly error: unknown } | null = null;
  /** The one entry that is being read, and the one call that waits: both end when the archive fails. */
  #reading: Readable | null = null;
  #waiting: ((error: unknown) => void) | null = null;

  private constructor(target: string, partial: string, file: FileHandle) {
    this.#target = target;
    this.#partial = partial;
    this.#file = file;
    this.#zip.on('error', (error: unknown) => this.#fail(error));
    this.#drained = this.#drain();
    this.#drained.catch((error: unknown) => this.#fail(error));
  }

  /** @throws AppError('file.exists' | 'file.cannot_write') */
  static async create(target: string): Promise<ZipSink> {
    await refuseExisting(target);
    const partial = `${target}.partial`;
    try {
      return new ZipSink(target, partial, await open(partial, 'wx'));
    } catch (error) {
      throw writeFault(partial, error);
    }
  }

  #fail(error: unknown): void {
    this.#failed ??= { error };
    this.#waiting?.(this.#failed.error);
    // The library connects streams by pipe(), which leaves the source open when the archive fails.
    this.#reading?.destroy();
    this.#output.destroy();
  }

  async #drain(): Promise<void> {
    for await (const chunk of this.#output as AsyncIterable<Buffer>) {
      this.#hash.update(chunk);
      for (let at = 0; at < chunk.length;) {
        at += (await this.#file.write(chunk, at, chunk.length - at)).bytesWritten;
      }
      this.#bytes += chunk.length;
    }
  }

  /** Not Promise.race: racing every entry against one lasting promise would keep them all in memory. */
  #orFailure(work: Promise<unknown>): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const fail = (error: unknown) => reject(writeFault(this.#target, error));
      this.#waiting = fail;
      if (this.#failed !== null) fail(this.#failed.error);
      work.then(() => resolve(), fail);
    }).finally(() => {
      this.#waiting = null;
    });
  }

  /** An entry that is already in memory. */
  async addBytes(path: string, bytes: Uint8Array): Promise<void> {
    this.#zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), path, entryOptions());
    // The library writes entries from memory without asking whether the disk keeps up.
    while (this.#output.writableLength > MOST_WAITING) await this.#orFailure(once(this.#output, 'drain'));
  }

  /**
   * Entries of exactly the given sizes, one after the other; `open` is asked for the content of each when its turn
   * comes, and an error of the content fails the whole archive with that error.
   *
   * All names are handed over at once, because the library keeps each in a slice of a shared buffer pool: names
   * allocated between the contents would pin every pool buffer that those passed through.
   */
  async addStreams(
    entries: readonly { readonly path: string; readonly bytes: number }[],
    open: (index: number) => AsyncIterable<Uint8Array>,
  ): Promise<void> {
    if (entries.length === 0) return;
    const done = Promise.withResolvers<void>();
    let index = 0;
    const next = (use: (error: unknown, stream: Readable) => void): void => {
      const stream = Readable.from(open(index), { objectMode: false, highWaterMark: 1024 * 1024 });
      index += 1;
      if (index === entries.length) stream.once('end', () => done.resolve());
      stream.once('error', (error) => this.#fail(error));
      this.#reading = stream;
      use(null, stream);
    };
    for (const { path, bytes } of entries)
      this.#zip.addReadStreamLazy(path, { ...entryOptions(), size: bytes }, next);
    await this.#orFailure(done.promise);
    this.#reading = null;
  }

  /** Completes, syncs and publishes the archive. Size in bytes and SHA-256 of the file. */
  async finish(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    this.#zip.end();
    await this.#orFailure(this.#drained);
    try {
      await this.#file.sync();
      await this.#file.close();
      await publish(this.#partial, this.#target);
      await syncFolder(dirname(this.#target));
    } catch (error) {
      throw writeFault(this.#target, error);
    }
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Leaves nothing behind. Safe to call after a failed {@link finish}. */
  async discard(): Promise<void> {
    this.#fail(new AppError('job.cancelled'));
    await this.#drained.catch(() => undefined);
    await this.#file.close().catch(() => undefined);
    await rm(this.#partial, { force: true });
  }
}
