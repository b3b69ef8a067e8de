// Reads the table of contents of a ZIP archive and holds it against the archive itself: headers, order, gaps, sizes.
import type { FileHandle } from 'node:fs/promises';
import { RandomAccessReader, fromRandomAccessReader, parseExtraFields, type Entry, type LocalFileHeader, type ZipFile } from 'yauzl';
import { MOST_FILES, type Problem } from './container.ts';
import { unsafePath } from './unsafe-path.ts';
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
  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
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

const FLAG = { encrypted: 0x1, descriptor: 0x8, utf8: 0x800 } as const;
/** Encrypted (0), descriptor (3), UTF-8 (11) and the two hints of DEFLATE (1, 2); anything else is not plain ZIP. */
const KNOWN_FLAGS = 0x80f;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const nameOf = (entry: Entry): { readonly path: string; readonly wrong: string | null } => {
  const raw = entry.fileNameRaw;
  const shown = raw.toString('latin1');
  if ((entry.generalPurposeBitFlag & FLAG.utf8) === 0 && /[^\x20-\x7e]/u.test(shown)) {
    return { path: shown, wrong: 'a name that is not marked as UTF-8' };
  }
  try {
    const path = strictUtf8.decode(raw);
    return { path, wrong: unsafePath(path.endsWith('/') ? path.slice(0, -1) : path) };
  } catch {
    return { path: shown, wrong: 'a name that is not UTF-8' };
  }
};

/** A second name, in the Info-ZIP Unicode Path field, makes some readers see another file. */
const hasOtherName = (entry: Entry): boolean =>
  entry.extraFields.some(({ id, data }) => id === 0x7075 && !data.subarray(5).equals(entry.fileNameRaw));

const kindWrong = (entry: Entry, folder: boolean): string | null => {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) return 'a symbolic link';
  if (type !== 0 && type !== (folder ? 0o040000 : 0o100000)) return 'neither a file nor a folder';
  if (folder && (entry.uncompressedSize !== 0 || entry.compressedSize !== 0)) return 'a folder with content';
  return null;
};

/** Sizes of a local header, from its ZIP64 field where they are saturated. */
const localSizes = (local: LocalFileHeader): readonly [compressed: number, uncompressed: number] => {
  const saturated = local.compressedSize === 0xffffffff && local.uncompressedSize === 0xffffffff;
  const zip64 = saturated ? parseExtraFields(local.extraField).find(({ id }) => id === 1)?.data : undefined;
  return zip64 !== undefined && zip64.length >= 16
    ? [Number(zip64.readBigUInt64LE(8)), Number(zip64.readBigUInt64LE(0))]
    : [local.compressedSize, local.uncompressedSize];
};

/** Whether a file's own header says the same as the table of contents: readers differ in which they believe. */
const headersAgree = (entry: Entry, local: LocalFileHeader): boolean => {
  if (
    !local.fileName.equals(entry.fileNameRaw) ||
    local.generalPurposeBitFlag !== entry.generalPurposeBitFlag ||
    local.compressionMethod !== entry.compressionMethod ||
    local.lastModFileTime !== entry.lastModFileTime ||
    local.lastModFileDate !== entry.lastModFileDate
  ) {
    return false;
  }
  const [compressed, uncompressed] = localSizes(local);
  const later = (entry.generalPurposeBitFlag & FLAG.descriptor) !== 0;
  const same = (found: number, wanted: number) => found === wanted || (later && found === 0);
  return same(local.crc32, entry.crc32) && same(compressed, entry.compressedSize) && same(uncompressed, entry.uncompressedSize);
};

/** The record after the data of an entry whose header could not know its sizes: with or without mark, 32 or 64 bit. */
const descriptorAgrees = (entry: Entry, found: Buffer): boolean => {
  const marked = found.length === 16 || found.length === 24;
  if (marked && found.readUInt32LE(0) !== 0x08074b50) return false;
  const at = marked ? 4 : 0;
  const wide = found.length >= 20;
  const [compressed, uncompressed] = wide
    ? [Number(found.readBigUInt64LE(at + 4)), Number(found.readBigUInt64LE(at + 12))]
    : [found.readUInt32LE(at + 4), found.readUInt32LE(at + 8)];
  return found.readUInt32LE(at) === entry.crc32 && compressed === entry.compressedSize && uncompressed === entry.uncompressedSize;
};

interface Read {
  readonly entry: Entry;
  readonly path: string;
  /** null: its header can't be read. */
  readonly local: LocalFileHeader | null;
}

const describe = ({ entry, path, local }: Read, overlaps: boolean, bomb: boolean): ZipEntry => {
  const readable = (entry.generalPurposeBitFlag & FLAG.encrypted) === 0 && (entry.compressionMethod === 0 || entry.compressionMethod === 8);
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
      local === null ? 'its header is missing'
      : !readable ? 'it is encrypted or in an unknown form'
      : overlaps ? 'it overlaps another file'
      : sizeWrong ? 'its sizes contradict each other'
      : bomb ? 'it would unpack to far more than its size'
      : null,
  };
};

const openZip = (file: FileHandle, tail: ZipTail): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false };
    fromRandomAccessReader(new HandleReader(file), tail.archiveEnd, options, (error, zip) => (error === null ? resolve(zip) : reject(error)));
  });

const readHeader = (zip: ZipFile, entry: Entry): Promise<LocalFileHeader | null> =>
  zip.readLocalFileHeaderPromise(entry).catch(() => null);

/** Checks of one entry that need nothing but itself. */
const entryProblems = ({ entry, path, local }: Read, nameWrong: string | null): Problem[] => {
  const problems: Problem[] = [];
  const add = (text: string) => problems.push({ text, item: path });
  const folder = path.endsWith('/');
  if (nameWrong !== null) add(`an entry's name holds ${nameWrong}`);
  if (hasOtherName(entry)) add('an entry carries a second name');
  const kind = kindWrong(entry, folder);
  if (kind !== null) add(`an entry is ${kind}`);
  if ((entry.generalPurposeBitFlag & FLAG.encrypted) !== 0) add('an entry is encrypted');
  else if ((entry.generalPurposeBitFlag & ~KNOWN_FLAGS) !== 0) add('an entry has flags that are not plain ZIP');
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) add('an entry is compressed in an unknown way');
  if (entry.fileCommentLength > 0) add('an entry carries a comment, which nothing signs');
  if (local === null) add('the header of an entry is missing');
  else if (!headersAgree(entry, local)) add('the header of an entry differs from the table of contents');
  return problems;
};

/** Holds the entries against the file from its first byte to the table of contents: every byte must be accounted for. */
const checkLayout = async (file: FileHandle, tail: ZipTail, read: readonly Read[], problems: Problem[]): Promise<ZipEntry[]> => {
  const sorted = read.toSorted((a, b) => a.entry.relativeOffsetOfLocalHeader - b.entry.relativeOffsetOfLocalHeader);
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
    if (start > expected) problems.push({ text: `${start - expected} bytes before an entry belong to no file`, item: path });
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
  if (sorted.length > 0 && tail.directoryStart > expected) problems.push({ text: `${tail.directoryStart - expected} bytes belong to no file` });
  return entries;
};

/** Lists an archive. Never throws for its content: what can't be read is a problem. */
export const listEntries = async (file: FileHandle, tail: ZipTail, signal: AbortSignal): Promise<ZipListing> => {
  const problems: Problem[] = [...tail.problems];
  if (tail.entries > MOST_FILES) return { entries: [], problems: [...problems, { text: `the archive claims ${tail.entries} entries; at most ${MOST_FILES} are read` }] };
  const read: Read[] = [];
  let directoryBytes = 0;
  try {
    const zip = await openZip(file, tail);
    for await (const entry of zip.eachEntry()) {
      if (signal.aborted) break;
      const { path, wrong } = nameOf(entry);
      const each = { entry, path, local: await readHeader(zip, entry) };
      problems.push(...entryProblems(each, wrong));
      read.push(each);
      directoryBytes += 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    }
    if (directoryBytes !== tail.directoryEnd - tail.directoryStart) problems.push({ text: 'the table of contents holds more than its entries' });
  } catch {
    problems.push({ text: 'the table of contents is damaged' });
  }
  return { entries: await checkLayout(file, tail, read, problems), problems };
};
