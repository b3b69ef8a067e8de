// Finds the end of a ZIP archive: where its central directory lies and what stands after it (APPNOTE 4.3.14 to 4.3.16).
import type { FileHandle } from 'node:fs/promises';
import type { Problem } from './container.ts';

const END = { signature: 0x06054b50, bytes: 22 } as const;
const END64 = { signature: 0x06064b50, bytes: 56 } as const;
const LOCATOR = { signature: 0x07064b50, bytes: 20 } as const;
const LONGEST_COMMENT = 0xffff;

export interface ZipTail {
  /** Offsets in the file: the central directory is [directoryStart, directoryEnd). */
  readonly directoryStart: number;
  readonly directoryEnd: number;
  readonly entries: number;
  /** One past the end record and its comment; less than the file's size when something was appended. */
  readonly archiveEnd: number;
  readonly problems: readonly Problem[];
}

export const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(buffer, at, length - at, position + at);
    if (bytesRead === 0) return buffer.subarray(0, at);
    at += bytesRead;
  }
  return buffer;
};

interface Claim {
  readonly start: number;
  readonly size: number;
  readonly entries: number;
  /** Where the records that end the directory begin. */
  readonly end: number;
  readonly wrong: readonly string[];
}

const u64 = (buffer: Buffer, at: number): number => Number(buffer.readBigUInt64LE(at));

/** The claim of the ZIP64 records before the end record at `at`, or null when there are none. */
const readClaim64 = async (file: FileHandle, at: number, end: Buffer): Promise<Claim | null> => {
  if (at < LOCATOR.bytes + END64.bytes) return null;
  const locator = await readAt(file, at - LOCATOR.bytes, LOCATOR.bytes);
  if (locator.readUInt32LE(0) !== LOCATOR.signature) return null;
  const position = u64(locator, 8);
  const wrong: string[] = [];
  if (position !== at - LOCATOR.bytes - END64.bytes)
    wrong.push('its ZIP64 end record is not where it is announced');
  const record = await readAt(file, at - LOCATOR.bytes - END64.bytes, END64.bytes);
  if (record.readUInt32LE(0) !== END64.signature || u64(record, 4) !== END64.bytes - 12) return null;
  if (
    locator.readUInt32LE(4) !== 0 ||
    locator.readUInt32LE(16) !== 1 ||
    record.readUInt32LE(16) !== 0 ||
    record.readUInt32LE(20) !== 0
  ) {
    wrong.push('it claims to be split over several disks');
  }
  const [here, entries, size, start] = [u64(record, 24), u64(record, 32), u64(record, 40), u64(record, 48)];
  if (here !== entries) wrong.push('its entry counts differ');
  const agrees = (short: number, full: number, saturated: number) => short === saturated || short === full;
  if (
    !agrees(end.readUInt16LE(10), entries, 0xffff) ||
    !agrees(end.readUInt32LE(12), size, 0xffffffff) ||
    !agrees(end.readUInt32LE(16), start, 0xffffffff)
  ) {
    wrong.push('its two end records differ');
  }
  return { start, size, entries, end: at - LOCATOR.bytes - END64.bytes, wrong };
};

const readClaim = async (file: FileHandle, at: number, end: Buffer): Promise<Claim> => {
  const wrong: string[] = [];
  if (end.readUInt16LE(4) !== 0 || end.readUInt16LE(6) !== 0)
    wrong.push('it claims to be split over several disks');
  if (end.readUInt16LE(8) !== end.readUInt16LE(10)) wrong.push('its entry counts differ');
  const claim64 = await readClaim64(file, at, end);
  if (claim64 !== null) return { ...claim64, wrong: [...wrong, ...claim64.wrong] };
  return {
    start: end.readUInt32LE(16),
    size: end.readUInt32LE(12),
    entries: end.readUInt16LE(10),
    end: at,
    wrong,
  };
};

/**
 * The end record that closes the archive, or null when there is none. Where several byte runs look like one, the last
 * whose central directory lies right before it wins; other readers may choose otherwise, so anything after the record
 * and any comment is a problem.
 */
export const findTail = async (file: FileHandle, size: number): Promise<ZipTail | null> => {
  const from = Math.max(0, size - END.bytes - LONGEST_COMMENT);
  const tail = await readAt(file, from, size - from);
  let fallback: ZipTail | null = null;
  for (let i = tail.length - END.bytes; i >= 0; i -= 1) {
    if (tail.readUInt32LE(i) !== END.signature) continue;
    const record = tail.subarray(i, i + END.bytes);
    const at = from + i;
    const claim = await readClaim(file, at, record);
    const archiveEnd = at + END.bytes + record.readUInt16LE(20);
    const problems: Problem[] = claim.wrong.map((text) => ({ text: `the archive is damaged: ${text}` }));
    if (archiveEnd > size) problems.push({ text: 'the archive is cut off inside its comment' });
    if (archiveEnd < size)
      problems.push({ text: `${size - archiveEnd} bytes stand after the end of the archive` });
    if (record.readUInt16LE(20) > 0)
      problems.push({ text: 'the archive carries a comment, which nothing signs' });
    const fits = claim.start + claim.size === claim.end;
    if (!fits) problems.push({ text: 'the table of contents is not where the archive says' });
    const found = {
      directoryStart: claim.start,
      directoryEnd: claim.end,
      entries: claim.entries,
      archiveEnd: Math.min(archiveEnd, size),
      problems,
    };
    if (fits) return found;
    fallback ??= found;
  }
  return fallback;
};
