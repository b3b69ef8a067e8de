// The entries of a ZIP archive as a source, inflated on the way and checked against size and checksum.
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { AppError } from '../../shared/errors/app-error.ts';
import { safeNames } from './archive-names.ts';
import type { Source, SourceFile } from './source.ts';

/** An entry that unpacks to more than this many times its size, beyond `FREE` bytes, is taken for a bomb. */
const RATIO = 200;
const FREE = 64 * 1024 * 1024;
const MOST_ENTRIES = 1_000_000;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;

class SourceReader extends RandomAccessReader {
  readonly #file: SourceFile;
  constructor(file: SourceFile) {
    super();
    this.#file = file;
  }
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#file.open({ start, end }), { objectMode: false });
  }
}

const damaged = (archive: string, error: unknown): unknown =>
  error instanceof AppError ? error : new AppError('archive.damaged', { name: archive });

async function* readEntry(
  zip: ZipFile,
  entry: Entry,
  archive: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const stream = await zip.openReadStreamPromise(entry);
    let position = 0;
    let sum = 0;
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      sum = crc32(bytes, sum);
      const from = Math.max(0, start - position);
      const to = Math.min(bytes.length, end - position);
      position += bytes.length;
      if (from < to) yield bytes.subarray(from, to);
      if (position >= end && end < entry.uncompressedSize) return;
    }
    if (sum !== entry.crc32) throw new AppError('archive.damaged', { name: archive });
  } catch (error) {
    throw damaged(archive, error);
  }
}

const fileOf = (zip: ZipFile, entry: Entry, archive: string): SourceFile => ({
  name: entry.fileName,
  bytes: entry.uncompressedSize,
  open: (options = {}) =>
    readEntry(
      zip,
      entry,
      archive,
      options.start ?? 0,
      Math.min(options.end ?? entry.uncompressedSize, entry.uncompressedSize),
    ),
});

/** Unix links and devices, by the mode that the archiver noted; anything encrypted or in an unknown form. */
const whyNot = (entry: Entry): 'skip' | 'unsafe' | null => {
  const mode = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (entry.versionMadeBy >>> 8 === 3 && mode !== 0 && mode !== REGULAR) return 'skip';
  if (entry.uncompressedSize > FREE && entry.uncompressedSize > entry.compressedSize * RATIO) return 'unsafe';
  return (entry.generalPurposeBitFlag & 1) !== 0 ||
    (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    ? 'unsafe'
    : null;
};

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** @throws AppError('archive.unsafe' | 'archive.damaged' | 'archive.too_large'), while reading too. */
export const openZip = async (name: string, file: SourceFile): Promise<Source> => {
  try {
    const zip = await fromRandomAccessReaderPromise(new SourceReader(file), file.bytes, {
      autoClose: false,
      lazyEntries: true,
      validateEntrySizes: true,
      strictFileNames: true,
    });
    if (zip.entryCount > MOST_ENTRIES) throw new AppError('archive.too_large', { name });
    const files: SourceFile[] = [];
    const skipped: string[] = [];
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      const why = whyNot(entry);
      if (why === 'unsafe')
        throw new AppError('archive.unsafe', {
          name,
          reason: 'it is encrypted, in an unknown form, or would unpack to far more than its size',
        });
      if (why === 'skip') skipped.push(entry.fileName);
      else files.push(fileOf(zip, entry, name));
    }
    safeNames(name, [...files.map((each) => each.name), ...skipped]);
    return { name, kind: 'folder', files: files.toSorted(byName), skipped: skipped.toSorted() };
  } catch (error) {
    if (error instanceof Error && /(?:invalid|absolute|relative).*(?:path|characters)/iu.test(error.message))
      throw new AppError('archive.unsafe', { name, reason: 'a name leads out of the archive' });
    throw damaged(name, error);
  }
};
