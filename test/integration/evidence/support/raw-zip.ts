// Writes ZIP archives byte by byte, so that a test can make any of their fields lie.
import { crc32 } from 'node:zlib';

export interface RawEntry {
  readonly name: string | Buffer;
  readonly data: Buffer;
  /** What the local header says instead of the central one. */
  readonly localName?: string | Buffer;
  readonly localBytes?: number;
  readonly flags?: number;
  readonly method?: number;
  /** Content and sizes as written, e.g. deflated data; `data` then only gives size and checksum. */
  readonly stored?: Buffer;
  readonly bytes?: number;
  readonly crc?: number;
  readonly mode?: number;
  readonly comment?: string;
  readonly extra?: Buffer;
  /** Bytes between this entry's data and the next header. */
  readonly after?: Buffer;
  /** Points the central header at another entry's data. */
  readonly sameDataAs?: number;
}

const u16 = (value: number): Buffer => {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
};
const u32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};

export interface RawZip {
  readonly entries: readonly RawEntry[];
  readonly comment?: string;
  /** Added to the number of entries in the end record. */
  readonly countOff?: number;
}

export const rawZip = ({ entries, comment = '', countOff = 0 }: RawZip): Buffer => {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  const push = (...buffers: Buffer[]) => {
    for (const buffer of buffers) {
      parts.push(buffer);
      at += buffer.length;
    }
  };
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const localName = Buffer.from(entry.localName ?? entry.name);
    const stored = entry.stored ?? entry.data;
    const flags = entry.flags ?? 0x800;
    const middle = (bytes: number) => [
      u16(flags),
      u16(entry.method ?? 0),
      u16(0),
      u16(0x21),
      u32(entry.crc ?? crc32(entry.data)),
      u32(stored.length),
      u32(bytes),
    ];
    const bytes = entry.bytes ?? entry.data.length;
    const offset = entry.sameDataAs === undefined ? at : (offsets[entry.sameDataAs] ?? 0);
    offsets.push(at);
    if (entry.sameDataAs === undefined) {
      push(
        u32(0x04034b50),
        u16(20),
        ...middle(entry.localBytes ?? bytes),
        u16(localName.length),
        u16(0),
        localName,
        stored,
        entry.after ?? Buffer.alloc(0),
      );
    }
    const extra = entry.extra ?? Buffer.alloc(0);
    const remark = Buffer.from(entry.comment ?? '');
    central.push(
      u32(0x02014b50),
      u16(0x031e),
      u16(20),
      ...middle(bytes),
      u16(name.length),
      u16(extra.length),
      u16(remark.length),
      u16(0),
      u16(0),
      u32(((entry.mode ?? 0o100644) << 16) >>> 0),
      u32(offset),
      name,
      extra,
      remark,
    );
  }
  const start = at;
  push(...central);
  const count = entries.length + countOff;
  const size = at - start;
  push(
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(count),
    u16(count),
    u32(size),
    u32(start),
    u16(comment.length),
    Buffer.from(comment),
  );
  return Buffer.concat(parts);
};
