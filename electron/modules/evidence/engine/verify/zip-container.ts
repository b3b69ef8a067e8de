// A pack as a ZIP archive: opened without trust, read entry by entry with its checksums, never unpacked to disk.
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable, pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { fileError } from '../../../../ports/system-error.ts';
import { UnsoundFile, collisions, shadowed, type Container, type PackFile } from './container.ts';
import { listEntries, type ZipEntry } from './zip-entries.ts';
import { findTail, readAt } from './zip-tail.ts';

const CHUNK = 1024 * 1024;

async function* range(file: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length;) {
    const chunk = await readAt(file, start + at, Math.min(CHUNK, length - at));
    if (chunk.length === 0) throw new UnsoundFile('the archive ends inside it');
    at += chunk.length;
    yield chunk;
  }
}

async function* inflated(file: FileHandle, entry: ZipEntry): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: 64 * 1024 });
  const source = Readable.from(range(file, entry.dataStart, entry.compressedBytes), { objectMode: false });
  // Ends early where the compressed data does; the loop below sees every error itself.
  pipeline(source, inflate, () => undefined);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw error instanceof UnsoundFile ? error : new UnsoundFile('its compressed data is damaged');
  } finally {
    source.destroy();
    inflate.destroy();
  }
  if (inflate.bytesWritten !== entry.compressedBytes)
    throw new UnsoundFile('bytes stand after its compressed data');
}

async function* content(file: FileHandle, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  if (entry.unreadable !== null) throw new UnsoundFile(entry.unreadable);
  let checksum = 0;
  let bytes = 0;
  const chunks = entry.deflated ? inflated(file, entry) : range(file, entry.dataStart, entry.compressedBytes);
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > entry.bytes) throw new UnsoundFile('it is longer than announced');
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (bytes !== entry.bytes) throw new UnsoundFile('it is shorter than announced');
  if (checksum !== entry.crc32) throw new UnsoundFile('its checksum (CRC-32) is wrong');
}

const hashOf = async (file: FileHandle, size: number, passed: (bytes: number) => void): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of range(file, 0, size)) {
    hash.update(chunk);
    passed(chunk.length);
  }
  return hash.digest('hex');
};

/**
 * Opens an archive; the caller closes it. An archive that is damaged opens all the same, with its problems.
 * @param passed is told the bytes that were read for the digest of the whole file; it may throw to stop.
 * @throws AppError('evidence.not_a_pack') for a file that is no ZIP archive, file.* for one that can't be read.
 */
export const openZipContainer = async (
  path: string,
  passed: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Container> => {
  const name = basename(path);
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileError(error, name, 'file.not_found');
  });
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, Math.min(4, size));
    const startsAsZip = head.equals(Buffer.from('PK\u0003\u0004', 'latin1'));
    const tail = await findTail(file, size);
    if (!startsAsZip && tail === null)
      throw new AppError('evidence.not_a_pack', { name, reason: 'it is not a ZIP archive' });
    const sha256 = await hashOf(file, size, passed);
    const base = { kind: 'zip' as const, name, bytes: size, sha256, close: () => file.close() };
    if (tail === null) {
      return {
        ...base,
        files: [],
        problems: [{ text: 'the archive is cut off or damaged: it has no table of contents' }],
      };
    }
    const { entries, problems } = await listEntries(file, tail, signal);
    const files = entries
      .filter((entry) => !entry.folder)
      .map((entry): PackFile => ({ path: entry.path, bytes: entry.bytes, read: () => content(file, entry) }));
    const paths = files.map((each) => each.path);
    const allPaths = entries.map((entry) => (entry.folder ? entry.path.slice(0, -1) : entry.path));
    return { ...base, files, problems: [...problems, ...collisions(allPaths), ...shadowed(paths)] };
  } catch (error) {
    await file.close();
    throw error instanceof UnsoundFile
      ? new AppError('file.changed', { name })
      : fileError(error, name, 'file.changed');
  }
};
