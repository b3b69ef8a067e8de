// Walks the objects of a journal file in file order, and finds the next whole one behind a damaged place.
import { jenkinsHash, sipHash } from './object-hash.ts';
import {
  align8,
  DATA,
  ENTRY,
  ENTRY_ARRAY,
  ENTRY_ITEMS_AT,
  FIELD,
  FIELD_PAYLOAD_AT,
  LIMIT_55,
  OBJECT_HEADER_BYTES,
  smallestObject,
  TAG,
  TAG_BYTES,
} from './layout.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';

/** A place where the objects do not follow on each other. */
export interface Damage {
  readonly at: number;
  /** First whole object after it; the end of the file where there is none. */
  readonly to: number;
  /** The object of that number (see {@link ObjectList}) was taken nevertheless, by what its content shows. */
  readonly kept: number | null;
  readonly why: string;
}

/** Grows by doubling: what is kept of every object. */
export class ObjectList {
  #offsets = new Uint32Array(1024);
  #sizes = new Uint32Array(1024);
  #types = new Uint8Array(1024);
  length = 0;

  /** `at` is a multiple of 8. */
  push(at: number, type: number, size: number): void {
    if (this.length === this.#types.length) {
      const double = <T extends Uint32Array | Uint8Array>(from: T, to: T): T => {
        to.set(from);
        return to;
      };
      this.#offsets = double(this.#offsets, new Uint32Array(this.length * 2));
      this.#sizes = double(this.#sizes, new Uint32Array(this.length * 2));
      this.#types = double(this.#types, new Uint8Array(this.length * 2));
    }
    this.#offsets[this.length] = at / 8;
    this.#sizes[this.length] = size;
    this.#types[this.length] = type;
    this.length += 1;
  }

  at(i: number): number {
    return (this.#offsets[i] as number) * 8;
  }

  /** Bytes of the object without padding; what is there of it where its own size is wrong. */
  size(i: number): number {
    return this.#sizes[i] as number;
  }

  type(i: number): number {
    return this.#types[i] as number;
  }

  /** The object that begins there, or -1. */
  find(at: number): number {
    let low = 0;
    let high = this.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const here = this.at(middle);
      if (here === at) return middle;
      if (here < at) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

export interface Walk {
  readonly objects: ObjectList;
  readonly damages: readonly Damage[];
  /** Where an object is cut off by the end of the file, or null. */
  readonly cutAt: number | null;
  /** End of the last object: from here on the file is empty. */
  readonly end: number;
}

const SURE = 3;

export class ObjectWalker {
  readonly #bytes: JournalBytes;
  readonly #header: JournalHeader;
  readonly #fileKey: Buffer;
  readonly #objects = new ObjectList();
  readonly #damages: Damage[] = [];
  #lastSeqnum = 0;
  #tags = 0;

  constructor(bytes: JournalBytes, header: JournalHeader) {
    this.#bytes = bytes;
    this.#header = header;
    this.#fileKey = bytes.buffer.subarray(24, 40);
  }

  /** `pause` is awaited now and then; it throws to stop. */
  async walk(start: number, pause: () => Promise<void>): Promise<Walk> {
    let at = start;
    let cutAt: number | null = null;
    for (let count = 0; at + OBJECT_HEADER_BYTES <= this.#bytes.length; count += 1) {
      if (count % 20_000 === 0) await pause();
      const size = this.#bytes.u64(at + 8);
      const type = this.#bytes.buffer[at] as number;
      if (this.#isPossible(at) && this.#follows(at + align8(size))) {
        this.#take(at, type, size);
        at += align8(size);
        continue;
      }
      if (this.#isEmptyFrom(at)) break;
      if (this.#isCut(at)) {
        cutAt = at;
        at = this.#bytes.length;
        break;
      }
      at = this.#pass(at);
    }
    return { objects: this.#objects, damages: this.#damages, cutAt, end: Math.min(at, this.#bytes.length) };
  }

  #take(at: number, type: number, size: number): void {
    this.#objects.push(at, type, size);
    if (type === ENTRY) this.#lastSeqnum = this.#bytes.u64(at + 16);
    if (type === TAG) this.#tags += 1;
  }

  /** Type and size can be true. */
  #isPossible(at: number): boolean {
    if (at + OBJECT_HEADER_BYTES > this.#bytes.length) return false;
    const type = this.#bytes.buffer[at] as number;
    const size = this.#bytes.u64(at + 8);
    return type >= DATA && type <= TAG && size >= smallestObject(type) && at + size <= this.#bytes.length;
  }

  /** Everything in the header is as it must be. */
  #isLikely(at: number): boolean {
    if (!this.#isPossible(at)) return false;
    const { buffer } = this.#bytes;
    const type = buffer[at] as number;
    const flags = buffer[at + 1] as number;
    const size = this.#bytes.u64(at + 8);
    const flagsFit = flags === 0 || (type === DATA && (flags === 1 || flags === 2 || flags === 4));
    if (!flagsFit || (type === TAG && size !== TAG_BYTES)) return false;
    for (let i = 2; i < 8; i += 1) if (buffer[at + i] !== 0) return false;
    return true;
  }

  /** An object, the empty end, or the end of the file stands there. */
  #follows(at: number): boolean {
    return (
      at + OBJECT_HEADER_BYTES > this.#bytes.length ||
      this.#isPossible(at) ||
      this.#isBlank(at) ||
      this.#isCut(at)
    );
  }

  #isBlank(at: number): boolean {
    for (let i = at; i < at + OBJECT_HEADER_BYTES; i += 1) if (this.#bytes.buffer[i] !== 0) return false;
    return true;
  }

  #isEmptyFrom(at: number): boolean {
    if (!this.#isBlank(at)) return false;
    const { buffer } = this.#bytes;
    for (let i = at; i < buffer.length; i += 1) if (buffer[i] !== 0) return false;
    return true;
  }

  /** A likely object that is larger than what is left of a file that is shorter than its header says. */
  #isCut(at: number): boolean {
    const { length, buffer } = this.#bytes;
    if (at + OBJECT_HEADER_BYTES > length || length >= this.#header.headerSize + this.#header.arenaSize)
      return false;
    const type = buffer[at] as number;
    const size = this.#bytes.u64(at + 8);
    if (type < DATA || type > TAG || at + size <= length) return false;
    return at + size <= this.#header.headerSize + this.#header.arenaSize && buffer[at + 2] === 0;
  }

  /** Moves past a damaged place; answers where the next object begins. */
  #pass(at: number): number {
    const size = this.#bytes.u64(at + 8);
    const after = at + align8(size);
    const type = this.#bytes.buffer[at] as number;
    // The size leads to another object, so only the type is wrong; or the reverse, and then the next object tells.
    if (
      size >= OBJECT_HEADER_BYTES &&
      after <= this.#bytes.length &&
      (this.#isSure(after) || this.#isEmptyFrom(after))
    ) {
      return this.#keep(at, after, this.#guess(at, size), size, 'its type is not one that fits its content');
    }
    const next = this.#nextSure(at + 8);
    if (this.#isPossible(at) && after < next && after > at) {
      // This object is whole; what follows it isn't.
      this.#take(at, type, size);
      return after;
    }
    const isKnown = type >= DATA && type <= TAG && next - at >= smallestObject(type);
    const kept = isKnown ? type : this.#guess(at, next - at);
    return this.#keep(at, next, kept, next - at, 'no object can be read here');
  }

  #keep(at: number, to: number, type: number | null, size: number, why: string): number {
    const kept = type === null ? null : this.#objects.length;
    this.#damages.push({ at, to, kept, why });
    if (type !== null) this.#take(at, type, size);
    return to;
  }

  /** What an object whose type is no longer legible was, by its content. */
  #guess(at: number, size: number): number | null {
    const { buffer } = this.#bytes;
    const seqnum = size >= 24 ? this.#bytes.u64(at + 16) : 0;
    if (size === TAG_BYTES && seqnum === this.#tags + 1) return TAG;
    const itemBytes = this.#header.isCompact ? 4 : 16;
    if (
      size > ENTRY_ITEMS_AT &&
      (size - ENTRY_ITEMS_AT) % itemBytes === 0 &&
      seqnum > this.#lastSeqnum &&
      seqnum <= this.#lastSeqnum + 1_000_000 &&
      this.#bytes.u64(at + 24) < LIMIT_55
    ) {
      return ENTRY;
    }
    for (const [type, payloadAt] of [
      [DATA, this.#header.isCompact ? 72 : 64],
      [FIELD, FIELD_PAYLOAD_AT],
    ] as const) {
      if (size <= payloadAt) continue;
      const out = { lo: 0, hi: 0 };
      if (this.#header.isKeyed) sipHash(this.#fileKey, buffer, at + payloadAt, at + size, out);
      else jenkinsHash(buffer, at + payloadAt, at + size, out);
      if (out.lo === this.#bytes.u32(at + 16) && out.hi === this.#bytes.u32(at + 20)) return type;
    }
    return null;
  }

  /** Three likely objects in a row, or fewer up to the empty end. */
  #isSure(at: number): boolean {
    let here = at;
    for (let i = 0; i < SURE; i += 1) {
      if (!this.#isLikely(here)) return i > 0 && (here >= this.#bytes.length || this.#isBlank(here));
      if (this.#bytes.buffer[here] === ENTRY_ARRAY && i === 0 && this.#bytes.u64(here + 16) % 8 !== 0)
        return false;
      here += align8(this.#bytes.u64(here + 8));
      if (here + OBJECT_HEADER_BYTES > this.#bytes.length) return true;
    }
    return true;
  }

  #nextSure(from: number): number {
    for (let at = from; at + OBJECT_HEADER_BYTES <= this.#bytes.length; at += 8) {
      const type = this.#bytes.buffer[at] as number;
      if (type >= DATA && type <= TAG && this.#isSure(at)) return at;
    }
    return this.#bytes.length;
  }
}
