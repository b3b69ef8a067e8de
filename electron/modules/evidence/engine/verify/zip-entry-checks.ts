// What can be wrong with one entry of a ZIP archive, judged by its own headers.
import { parseExtraFields, type Entry, type LocalFileHeader } from 'yauzl';
import type { Problem } from './container.ts';
import { unsafePath } from './unsafe-path.ts';

export const FLAG = { encrypted: 0x1, descriptor: 0x8, utf8: 0x800 } as const;
/** Encrypted (0), descriptor (3), UTF-8 (11) and the two hints of DEFLATE (1, 2); anything else is not plain ZIP. */
const KNOWN_FLAGS = 0x80f;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const nameOf = (entry: Entry): { readonly path: string; readonly wrong: string | null } => {
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
  return (
    same(local.crc32, entry.crc32) &&
    same(compressed, entry.compressedSize) &&
    same(uncompressed, entry.uncompressedSize)
  );
};

/** The record after the data of an entry whose header could not know its sizes: with or without mark, 32 or 64 bit. */
export const descriptorAgrees = (entry: Entry, found: Buffer): boolean => {
  const marked = found.length === 16 || found.length === 24;
  if (marked && found.readUInt32LE(0) !== 0x08074b50) return false;
  const at = marked ? 4 : 0;
  const wide = found.length >= 20;
  const [compressed, uncompressed] = wide
    ? [Number(found.readBigUInt64LE(at + 4)), Number(found.readBigUInt64LE(at + 12))]
    : [found.readUInt32LE(at + 4), found.readUInt32LE(at + 8)];
  return (
    found.readUInt32LE(at) === entry.crc32 &&
    compressed === entry.compressedSize &&
    uncompressed === entry.uncompressedSize
  );
};

/** Checks of one entry that need nothing but itself. */
export const entryProblems = (
  entry: Entry,
  path: string,
  local: LocalFileHeader | null,
  nameWrong: string | null,
): Problem[] => {
  const problems: Problem[] = [];
  const add = (text: string) => problems.push({ text, item: path });
  const folder = path.endsWith('/');
  if (nameWrong !== null) add(`an entry's name holds ${nameWrong}`);
  if (hasOtherName(entry)) add('an entry carries a second name');
  const kind = kindWrong(entry, folder);
  if (kind !== null) add(`an entry is ${kind}`);
  if ((entry.generalPurposeBitFlag & FLAG.encrypted) !== 0) add('an entry is encrypted');
  else if ((entry.generalPurposeBitFlag & ~KNOWN_FLAGS) !== 0)
    add('an entry has flags that are not plain ZIP');
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    add('an entry is compressed in an unknown way');
  if (entry.fileCommentLength > 0) add('an entry carries a comment, which nothing signs');
  if (local === null) add('the header of an entry is missing');
  else if (!headersAgree(entry, local)) add('the header of an entry differs from the table of contents');
  return problems;
};
