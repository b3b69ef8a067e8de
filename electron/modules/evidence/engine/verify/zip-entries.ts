// Reads the table of contents of a ZIP archive and holds it against the archive itself: headers, order, gaps, sizes.
import type { FileHandle } from 'node:fs/promises';
import {
  RandomAccessReader,
  fromRandomAccessReader,
  type Entry,
  type LocalFileHeader,
  type ZipFile,
} from 'yauzl';
import { MOST_FILES } from '../names.ts';
import type { Problem } from './container.ts';
import { descriptorAgrees, entryProblems, FLAG, nameOf } from './zip-entry-checks.ts';
import { readAt, type ZipTail } from './zip-tail.ts';

export interface ZipEntry {
  readonly path: string;
  readonly folder: boolean;
  readonly deflated: boolean;
  readonly dataStart: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  /** Why the content must not be read, or null. */
  readonly unreadable: string | null;
}

export interface ZipListing {
  /** In the order of their data. */
  readonly entries: readonly ZipEntry[];
  readonly problems: readonly Problem[];
}

/** Lets the ZIP reader use an open file without owning it. */
class HandleReader extends RandomAccessReader {
  readonly #file: FileHandle;
  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    readAt(this.#file, position, length).then(
      (found) => {
        found.copy(buffer, offset);
        callback(found.length === length ? null : new Error('unexpected end of file'));
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

/** Entries that unpack to more than this many times their size, beyond `FREE` bytes, are taken for a bomb. */
const RATIO = 200;
const FREE = 64 * 1024 * 1024;
const MOST_BYTES = 8 * 1024 ** 4;
const isBomb = (compressed: number, bytes: number): boolean => bytes > FREE && bytes > compressed * RATIO;

interface Read {
  readonly entry: Entry;
  readonly path: string;
  /** null: its header can't be read. */
  readonly local: LocalFileHeader | null;
}

const describe = ({ entry, path, local }: Read, overlaps: boolean, bomb: boolean): ZipEntry => {
  const readable =
    (entry.generalPurposeBitFlag & FLAG.encrypted) === 0 &&
    (entry.compressionMethod === 0 || entry.compressionMethod === 8);
  const stored = entry.compressionMethod === 0;
  const sizeWrong = stored && entry.compressedSize !== entry.uncompressedSize;
  return {
    path,
    folder: path.endsWith('/'),
    deflated: !stored,
    dataStart: local?.fileDataStart ?? 0,
    compressedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    crc32: entry.crc32,
    unreadable:
      local === null
        ? 'its header is missing'
        : !readable
          ? 'it is encrypted or in an unknown form'
          : overlaps
            ? 'it overlaps another file'
            : sizeWrong
              ? 'its sizes contradict each other'
              : bomb
                ? 'it would unpack to far more than its size'
                : null,
  };
};

const openZip = (file: FileHandle, tail: ZipTail): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false };
    fromRandomAccessReader(new HandleReader(file), tail.archiveEnd, options, (error, zip) =>
      error === null ? resolve(zip) : reject(error),
    );
  });

const readHeader = (zip: ZipFile, entry: Entry): Promise<LocalFileHeader | null> =>
  zip.readLocalFileHeaderPromise(entry).catch(() => null);

/** Holds the entries against the file from its first byte to the table of contents: every byte must be accounted for. */
const checkLayout = async (
  file: FileHandle,
  tail: ZipTail,
  read: readonly Read[],
  problems: Problem[],
): Promise<ZipEntry[]> => {
  const sorted = read.toSorted(
    (a, b) => a.entry.relativeOffsetOfLocalHeader - b.entry.relativeOffsetOfLocalHeader,
  );
  const total = sorted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  const allBomb = isBomb(tail.directoryStart, total) || total > MOST_BYTES;
  if (allBomb) problems.push({ text: `the archive would unpack to ${total} bytes, far more than its size` });
  const entries: ZipEntry[] = [];
  let expected = 0;
  for (const [i, each] of sorted.entries()) {
    const { entry, local, path } = each;
    const start = entry.relativeOffsetOfLocalHeader;
    const next = sorted[i + 1]?.entry.relativeOffsetOfLocalHeader ?? tail.directoryStart;
    const bomb = isBomb(entry.compressedSize, entry.uncompressedSize);
    if (bomb) problems.push({ text: 'an entry would unpack to far more than its size', item: path });
    if (start > expected)
      problems.push({ text: `${start - expected} bytes before an entry belong to no file`, item: path });
    const end = (local?.fileDataStart ?? start) + entry.compressedSize;
    const gap = next - end;
    const overlaps = start < expected || gap < 0;
    if (overlaps) problems.push({ text: 'an entry overlaps another', item: path });
    expected = end;
    if (local !== null && (entry.generalPurposeBitFlag & FLAG.descriptor) !== 0) {
      const fits = [12, 16, 20, 24].includes(gap) && descriptorAgrees(entry, await readAt(file, end, gap));
      if (fits) expected = next;
      else problems.push({ text: 'the record after an entry is missing or wrong', item: path });
    }
    entries.push(describe(each, overlaps, bomb || allBomb));
  }
  if (sorted.length > 0 && tail.directoryStart > expected)
    problems.push({ text: `${tail.directoryStart - expected} bytes belong to no file` });
  return entries;
};

/** Lists an archive. Never throws for its content: what can't be read is a problem. */
export const listEntries = async (
  file: FileHandle,
  tail: ZipTail,
  signal: AbortSignal,
): Promise<ZipListing> => {
  const problems: Problem[] = [...tail.problems];
  if (tail.entries > MOST_FILES)
    return {
      entries: [],
      problems: [
        ...problems,
        { text: `the archive claims ${tail.entries} entries; at most ${MOST_FILES} are read` },
      ],
    };
  const read: Read[] = [];
  let directoryBytes = 0;
  try {
    const zip = await openZip(file, tail);
    for await (const entry of zip.eachEntry()) {
      if (signal.aborted) break;
      const { path, wrong } = nameOf(entry);
      const each = { entry, path, local: await readHeader(zip, entry) };
      problems.push(...entryProblems(entry, path, each.local, wrong));
      read.push(each);
      directoryBytes += 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    }
    if (directoryBytes !== tail.directoryEnd - tail.directoryStart)
      problems.push({ text: 'the table of contents holds more than its entries' });
  } catch {
    problems.push({ text: 'the table of contents is damaged' });
  }
  return { entries: await checkLayout(file, tail, read, problems), problems };
};
