// Checks every object of a journal by itself: flags, sizes, offsets, and the unkeyed hash of DATA and FIELD objects.
import {
  ARRAY_ITEMS_AT,
  DATA,
  DATA_TABLE,
  ENTRY,
  ENTRY_ARRAY,
  ENTRY_ITEMS_AT,
  FIELD,
  FIELD_PAYLOAD_AT,
  FIELD_TABLE,
  LIMIT_55,
  TABLE_ITEMS_AT,
  TAG,
  TAG_BYTES,
  TYPE_NAMES,
} from './layout.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import { hashHex, jenkinsHash, sipHash } from './object-hash.ts';
import type { Hash64 } from './object-hash.ts';
import type { ObjectList } from './object-walk.ts';
import { inflatePayload } from './payload.ts';

/** A hostile file could hold millions of small contents that inflate to 64 MiB each. */
const MAX_ALL_INFLATED = 4 * 1024 ** 3;

/** What is wrong with one object. */
export interface ObjectFault {
  /** Number of the object in the walk. */
  readonly object: number;
  readonly kind: 'form' | 'hash' | 'unread';
  readonly why: string;
  readonly expected?: string;
  readonly actual?: string;
}

export class ObjectChecker {
  readonly #bytes: JournalBytes;
  readonly #header: JournalHeader;
  readonly #objects: ObjectList;
  readonly #fileKey: Buffer;
  readonly #hash: Hash64 = { lo: 0, hi: 0 };
  #inflated = 0;

  constructor(bytes: JournalBytes, header: JournalHeader, objects: ObjectList) {
    this.#bytes = bytes;
    this.#header = header;
    this.#objects = objects;
    this.#fileKey = bytes.buffer.subarray(24, 40);
  }

  get payloadAt(): number {
    return this.#header.isCompact ? 72 : 64;
  }

  /** All faults of one object; [] for a good one. */
  check(i: number): readonly ObjectFault[] {
    const at = this.#objects.at(i);
    const type = this.#objects.type(i);
    const faults: ObjectFault[] = [];
    const form = (why: string): void => void faults.push({ object: i, kind: 'form', why });
    const flags = this.#bytes.buffer[at + 1] as number;
    if (flags !== 0 && type !== DATA) form(`its flags are ${flags}, and only DATA objects have any`);
    if (flags > 7) form(`its flags ${flags} are not known`);
    for (let k = 2; k < 8; k += 1) {
      if (this.#bytes.buffer[at + k] !== 0) {
        form('its reserved bytes are not zero');
        break;
      }
    }
    switch (type) {
      case DATA:
        this.#data(i, at, flags, faults, form);
        break;
      case FIELD:
        this.#field(i, at, faults, form);
        break;
      case ENTRY:
        this.#entry(i, at, form);
        break;
      case DATA_TABLE:
      case FIELD_TABLE:
        this.#table(i, at, form);
        break;
      case ENTRY_ARRAY:
        this.#array(i, at, form);
        break;
      case TAG:
        if (this.#objects.size(i) !== TAG_BYTES) form('a TAG has 64 bytes');
        else if (this.#bytes.u64(at + 24) >= LIMIT_55) form('its epoch is out of range');
        break;
      default:
        break;
    }
    return faults;
  }

  /** The content of a DATA object, inflated; null where it can't be. */
  content(i: number): Buffer | null {
    const at = this.#objects.at(i);
    const size = this.#objects.size(i);
    if (size <= this.payloadAt) return null;
    const stored = this.#bytes.buffer.subarray(at + this.payloadAt, at + size);
    const payload = inflatePayload(stored, (this.#bytes.buffer[at + 1] as number) & 7);
    return 'bytes' in payload ? payload.bytes : null;
  }

  #offset(at: number, what: string, form: (why: string) => void): void {
    const low = this.#bytes.buffer[at] as number;
    if (low % 8 !== 0) form(`its ${what} is no multiple of 8`);
  }

  #data(i: number, at: number, flags: number, faults: ObjectFault[], form: (why: string) => void): void {
    const size = this.#objects.size(i);
    if (size <= this.payloadAt) {
      form('it is too small to hold a field');
      return;
    }
    const entries = this.#bytes.u64(at + 56);
    const first = this.#bytes.u64(at + 40);
    if ((first === 0) !== (entries === 0)) form('its count of entries does not fit its first entry');
    if (entries < 2 && this.#bytes.u64(at + 48) !== 0)
      form('it has an entry array for fewer than two entries');
    for (const [where, what] of [
      [24, 'next hash offset'],
      [32, 'next field offset'],
      [40, 'entry offset'],
      [48, 'entry array offset'],
    ] as const) {
      this.#offset(at + where, what, form);
    }
    if (flags !== 0 && (flags & this.#header.compressions) !== flags) {
      form('it is compressed in a way that the header does not name');
    }
    const start = at + this.payloadAt;
    if (flags === 0) {
      this.#compare(i, at, this.#bytes.buffer, start, at + size, faults);
      return;
    }
    if (this.#inflated > MAX_ALL_INFLATED) {
      faults.push({ object: i, kind: 'unread', why: 'the contents before it inflate to more than 4 GiB' });
      return;
    }
    const payload = inflatePayload(this.#bytes.buffer.subarray(start, at + size), flags);
    if ('bytes' in payload) this.#inflated += payload.bytes.length;
    if ('bytes' in payload) this.#compare(i, at, payload.bytes, 0, payload.bytes.length, faults);
    else if (payload.problem === 'unread') faults.push({ object: i, kind: 'unread', why: payload.why });
    else faults.push({ object: i, kind: 'hash', why: payload.why });
  }

  #field(i: number, at: number, faults: ObjectFault[], form: (why: string) => void): void {
    const size = this.#objects.size(i);
    if (size <= FIELD_PAYLOAD_AT) {
      form('it is too small to hold a field name');
      return;
    }
    this.#offset(at + 24, 'next hash offset', form);
    this.#offset(at + 32, 'head data offset', form);
    this.#compare(i, at, this.#bytes.buffer, at + FIELD_PAYLOAD_AT, at + size, faults);
  }

  #compare(i: number, at: number, content: Buffer, start: number, end: number, faults: ObjectFault[]): void {
    const hash = this.#hash;
    if (this.#header.isKeyed) sipHash(this.#fileKey, content, start, end, hash);
    else jenkinsHash(content, start, end, hash);
    const lo = this.#bytes.u32(at + 16);
    const hi = this.#bytes.u32(at + 20);
    if (lo === hash.lo && hi === hash.hi) return;
    faults.push({
      object: i,
      kind: 'hash',
      why: 'its stored hash is not that of its content',
      expected: hashHex(lo, hi),
      actual: hashHex(hash.lo, hash.hi),
    });
  }

  #entry(i: number, at: number, form: (why: string) => void): void {
    const itemBytes = this.#header.isCompact ? 4 : 16;
    const items = this.#objects.size(i) - ENTRY_ITEMS_AT;
    if (items <= 0 || items % itemBytes !== 0) form('its size does not fit a list of fields');
    if (this.#bytes.u64(at + 16) === 0) form('its sequence number is 0');
    const realtime = this.#bytes.u64(at + 24);
    if (realtime === 0 || realtime >= LIMIT_55) form('its time is out of range');
    if (this.#bytes.u64(at + 32) >= LIMIT_55) form('its monotonic time is out of range');
  }

  #table(i: number, at: number, form: (why: string) => void): void {
    const size = this.#objects.size(i) - TABLE_ITEMS_AT;
    if (size <= 0 || size % 16 !== 0) {
      form('its size does not fit a hash table');
      return;
    }
    const end = at + TABLE_ITEMS_AT + size;
    for (let item = at + TABLE_ITEMS_AT; item < end; item += 16) {
      const head = this.#bytes.u64(item);
      const tail = this.#bytes.u64(item + 8);
      if ((head === 0) === (tail === 0) && head % 8 === 0 && tail % 8 === 0) continue;
      form(`the head and tail of its bucket ${(item - at - TABLE_ITEMS_AT) / 16} do not fit each other`);
      return;
    }
  }

  #array(i: number, at: number, form: (why: string) => void): void {
    const size = this.#objects.size(i) - ARRAY_ITEMS_AT;
    const itemBytes = this.#header.isCompact ? 4 : 8;
    if (size <= 0 || size % itemBytes !== 0) form('its size does not fit a list of entries');
    this.#offset(at + 16, 'next array offset', form);
  }
}

/** `DATA object at 0x3a03a0`. */
export const nameObject = (objects: ObjectList, i: number): string =>
  `${TYPE_NAMES[objects.type(i)] ?? 'object'} object at 0x${objects.at(i).toString(16)}`;
