// The bytes of a systemd journal file: header, object header, and where the fields of each object type stand.

/** Object types (systemd JOURNAL_FILE_FORMAT, "Objects"). */
export const DATA = 1;
export const FIELD = 2;
export const ENTRY = 3;
export const DATA_TABLE = 4;
export const FIELD_TABLE = 5;
export const ENTRY_ARRAY = 6;
export const TAG = 7;

export const TYPE_NAMES = [
  'unused',
  'DATA',
  'FIELD',
  'ENTRY',
  'DATA_HASH_TABLE',
  'FIELD_HASH_TABLE',
  'ENTRY_ARRAY',
  'TAG',
] as const;

export const SEALED = 1;
export const TAIL_ENTRY_BOOT_ID = 2;
export const SEALED_CONTINUOUS = 4;
const KNOWN_COMPATIBLE = SEALED | TAIL_ENTRY_BOOT_ID | SEALED_CONTINUOUS;
const KEYED_HASH = 4;
const COMPACT = 16;
const KNOWN_INCOMPATIBLE = 31;

export const STATE_ONLINE = 1;

/** `LPKSHHRH`. */
export const MAGIC = Buffer.from('LPKSHHRH', 'latin1');
/** Up to tail_entry_monotonic: what the first version of the format had. */
export const MIN_HEADER_BYTES = 208;
export const OBJECT_HEADER_BYTES = 16;
export const TAG_BYTES = 64;
/** Payload of an ENTRY before its items; of a TAG before its HMAC. */
export const ENTRY_ITEMS_AT = 64;
export const ARRAY_ITEMS_AT = 24;
export const TABLE_ITEMS_AT = 16;
export const FIELD_PAYLOAD_AT = 40;
/** Times and epochs are below this (systemd VALID_REALTIME, VALID_EPOCH). */
export const LIMIT_55 = 2 ** 55;

const SMALLEST = [0, 64, FIELD_PAYLOAD_AT, ENTRY_ITEMS_AT, 16, 16, ARRAY_ITEMS_AT, TAG_BYTES] as const;

export const smallestObject = (type: number): number => SMALLEST[type] ?? OBJECT_HEADER_BYTES;

/** Objects begin at multiples of eight. */
export const align8 = (size: number): number => Math.ceil(size / 8) * 8;

/** Little-endian reads. Numbers beyond 2^53 lose digits, which no valid offset, time or count reaches. */
export class JournalBytes {
  readonly buffer: Buffer;
  readonly view: DataView;
  readonly length: number;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.length = buffer.length;
  }

  u32(at: number): number {
    return this.view.getUint32(at, true);
  }

  u64(at: number): number {
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x1_0000_0000;
  }

  hex(at: number, bytes: number): string {
    return this.buffer.toString('hex', at, at + bytes);
  }
}

export interface JournalHeader {
  readonly compatible: number;
  readonly isSealed: boolean;
  readonly isContinuous: boolean;
  readonly isKeyed: boolean;
  readonly isCompact: boolean;
  /** The incompatible flags that allow XZ (1), LZ4 (2), ZSTD (4), in the numbers of the object flags. */
  readonly compressions: number;
  readonly hasUnknownFlags: boolean;
  readonly state: number;
  readonly reservedIsZero: boolean;
  /** 32 hex digits each. */
  readonly fileId: string;
  readonly machineId: string;
  readonly tailBootId: string;
  readonly seqnumId: string;
  readonly headerSize: number;
  readonly arenaSize: number;
  readonly dataTable: { readonly offset: number; readonly size: number };
  readonly fieldTable: { readonly offset: number; readonly size: number };
  readonly tailObject: number;
  readonly objects: number;
  readonly entries: number;
  readonly tailSeqnum: number;
  readonly headSeqnum: number;
  readonly entryArray: number;
  /** Microseconds since 1970; tailMonotonic since boot. */
  readonly headRealtime: number;
  readonly tailRealtime: number;
  readonly tailMonotonic: number;
  /** null where the header is of a version that lacks the count. */
  readonly dataObjects: number | null;
  readonly fields: number | null;
  readonly tags: number | null;
  readonly entryArrays: number | null;
}

export const isJournal = (bytes: Uint8Array): boolean =>
  bytes.length >= MAGIC.length && MAGIC.every((byte, i) => bytes[i] === byte);

/** null when there are fewer bytes than a header has, or no signature. */
export const parseHeader = (bytes: JournalBytes): JournalHeader | null => {
  if (bytes.length < MIN_HEADER_BYTES || !isJournal(bytes.buffer)) return null;
  const compatible = bytes.u32(8);
  const incompatible = bytes.u32(12);
  const headerSize = bytes.u64(88);
  const since = (at: number): number | null =>
    headerSize >= at + 8 && bytes.length >= at + 8 ? bytes.u64(at) : null;
  return {
    compatible,
    isSealed: (compatible & SEALED) !== 0,
    isContinuous: (compatible & SEALED_CONTINUOUS) !== 0,
    isKeyed: (incompatible & KEYED_HASH) !== 0,
    isCompact: (incompatible & COMPACT) !== 0,
    compressions: (incompatible & 3) | ((incompatible & 8) >> 1),
    hasUnknownFlags: (compatible & ~KNOWN_COMPATIBLE) !== 0 || (incompatible & ~KNOWN_INCOMPATIBLE) !== 0,
    state: bytes.buffer[16] ?? 0,
    reservedIsZero: bytes.buffer.subarray(17, 24).every((byte) => byte === 0),
    fileId: bytes.hex(24, 16),
    machineId: bytes.hex(40, 16),
    tailBootId: bytes.hex(56, 16),
    seqnumId: bytes.hex(72, 16),
    headerSize,
    arenaSize: bytes.u64(96),
    dataTable: { offset: bytes.u64(104), size: bytes.u64(112) },
    fieldTable: { offset: bytes.u64(120), size: bytes.u64(128) },
    tailObject: bytes.u64(136),
    objects: bytes.u64(144),
    entries: bytes.u64(152),
    tailSeqnum: bytes.u64(160),
    headSeqnum: bytes.u64(168),
    entryArray: bytes.u64(176),
    headRealtime: bytes.u64(184),
    tailRealtime: bytes.u64(192),
    tailMonotonic: bytes.u64(200),
    dataObjects: since(208),
    fields: since(216),
    tags: since(224),
    entryArrays: since(232),
  };
};
