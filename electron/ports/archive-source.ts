// A log inside an archive, read where it lies: ZIP, tar (plain, gzip, zstd) and single zstd files look like folders and files.
import { inflated } from './inflate.ts';
import type { Source, SourceFile } from './source.ts';
import { looksLikeTar, openTar } from './tar-source.ts';
import { openZip } from './zip-source.ts';
import { openZstd } from './zstd-source.ts';

const HEADER_BYTES = 512;

/** The first bytes of a file. */
export const beginningOf = async (file: SourceFile, bytes: number): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of file.open({ start: 0, end: Math.min(bytes, file.bytes) })) parts.push(chunk);
  return Buffer.concat(parts);
};

const startsWith = (bytes: Buffer, ...magic: number[]): boolean =>
  magic.every((byte, at) => bytes[at] === byte);

const isZip = (bytes: Buffer): boolean =>
  startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0x50, 0x4b, 0x05, 0x06);
const isGzip = (bytes: Buffer): boolean => startsWith(bytes, 0x1f, 0x8b, 0x08);
const isZstd = (bytes: Buffer): boolean => startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd);

/** Whether compressed data holds a tar archive: only its first header is inflated. */
const holdsTar = async (file: SourceFile, method: 'gzip' | 'zstd'): Promise<boolean> => {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of inflated(file.open(), method, file.name)) {
      parts.push(chunk);
      size += chunk.length;
      if (size >= HEADER_BYTES) break;
    }
  } catch {
    // Damaged beyond its first header: the format that reads it says where.
    return false;
  }
  return looksLikeTar(Buffer.concat(parts));
};

/** A folder with one file is that file; a top folder that is named like the archive is left out of the names. */
const unwrapped = (archive: Source): Source => {
  const [only] = archive.files;
  const skipped = archive.skipped ?? [];
  if (only !== undefined && archive.files.length === 1 && skipped.length === 0) {
    const name = only.name.slice(only.name.lastIndexOf('/') + 1);
    return { name, kind: 'file', files: [{ name, bytes: only.bytes, open: only.open }], skipped };
  }
  const top = `${archive.name.replace(/\.(?:zip|tar|tgz|tar\.gz|tar\.zst|tzst)$/iu, '')}/`;
  if (![...archive.files.map(({ name }) => name), ...skipped].every((name) => name.startsWith(top)))
    return archive;
  return {
    ...archive,
    files: archive.files.map((file) => ({ ...file, name: file.name.slice(top.length) })),
    skipped: skipped.map((name) => name.slice(top.length)),
  };
};

/**
 * The content of an archive as a source, or the source itself where it is none. Nothing is written to disk: ZIP entries
 * are read in place, members of a tar and zstd files are held in memory up to a limit.
 * A gzip file that holds no tar stays as it is: every format reads gzip itself and says what is wrong with it.
 * @throws AppError('archive.unsafe' | 'archive.truncated' | 'archive.damaged' | 'archive.too_large' | file.*)
 */
export const openArchive = async (source: Source): Promise<Source> => {
  const [file] = source.files;
  if (source.kind !== 'file' || file === undefined || file.bytes === 0) return source;
  const beginning = await beginningOf(file, HEADER_BYTES);
  if (isZip(beginning)) return unwrapped(await openZip(source.name, file));
  if (looksLikeTar(beginning)) return unwrapped(await openTar(source.name, file, null));
  if (isGzip(beginning) && (await holdsTar(file, 'gzip')))
    return unwrapped(await openTar(source.name, file, 'gzip'));
  if (!isZstd(beginning)) return source;
  if (await holdsTar(file, 'zstd')) return unwrapped(await openTar(source.name, file, 'zstd'));
  return openZstd(source.name, file);
};
