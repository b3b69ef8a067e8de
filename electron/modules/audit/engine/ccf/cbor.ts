// A small CBOR reader (RFC 8949) for COSE receipts: definite and indefinite items, bounded depth, nothing lenient.

export type Cbor =
  | number
  | bigint
  | string
  | boolean
  | null
  | Buffer
  | readonly Cbor[]
  | ReadonlyMap<Cbor, Cbor>
  | CborTag;

export class CborTag {
  readonly tag: number;
  readonly value: Cbor;
  constructor(tag: number, value: Cbor) {
    this.tag = tag;
    this.value = value;
  }
}

/** The bytes are no CBOR that this reader takes. */
export class CborFault extends Error {}

const MAX_DEPTH = 32;
const MAX_ITEMS = 100_000;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #items = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  take(count: number): Buffer {
    if (count > this.rest) throw new CborFault('a length runs past the end');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** The argument of an initial byte. */
  argument(low: number): number | bigint {
    if (low < 24) return low;
    if (low === 24) return this.take(1).readUInt8();
    if (low === 25) return this.take(2).readUInt16BE();
    if (low === 26) return this.take(4).readUInt32BE();
    if (low !== 27) throw new CborFault('an initial byte is not well-formed');
    const big = this.take(8).readBigUInt64BE();
    return big <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(big) : big;
  }

  count(low: number): number {
    const count = this.argument(low);
    if (typeof count !== 'number') throw new CborFault('a length is larger than any file');
    return count;
  }

  item(depth = 0): Cbor {
    this.#items += 1;
    if (depth > MAX_DEPTH || this.#items > MAX_ITEMS)
      throw new CborFault('it is nested or filled beyond reason');
    const initial = this.take(1).readUInt8();
    const low = initial & 31;
    switch (initial >> 5) {
      case 0:
        return this.argument(low);
      case 1: {
        const value = this.argument(low);
        return typeof value === 'bigint' ? -1n - value : -1 - value;
      }
      case 2:
        return this.take(this.count(low));
      case 3:
        return this.text(this.count(low));
      case 4:
        return Array.from({ length: this.bounded(low) }, () => this.item(depth + 1));
      case 5:
        return new Map(
          Array.from(
            { length: this.bounded(low) },
            () => [this.item(depth + 1), this.item(depth + 1)] as const,
          ),
        );
      case 6:
        return new CborTag(this.count(low), this.item(depth + 1));
      default:
        return this.simple(low);
    }
  }

  /** A count of items, each of which takes a byte at least. */
  bounded(low: number): number {
    const count = this.count(low);
    if (count > this.rest) throw new CborFault('a length runs past the end');
    return count;
  }

  text(count: number): string {
    try {
      return UTF8.decode(this.take(count));
    } catch (error) {
      if (error instanceof CborFault) throw error;
      throw new CborFault('a text is not UTF-8');
    }
  }

  simple(low: number): Cbor {
    if (low === 20 || low === 21) return low === 21;
    if (low === 22 || low === 23) return null;
    throw new CborFault('it holds a simple value or float that no receipt has');
  }
}

/** One item that fills the bytes. @throws CborFault */
export const readCbor = (bytes: Buffer): Cbor => {
  const reader = new Reader(bytes);
  const item = reader.item();
  if (reader.rest > 0) throw new CborFault('bytes follow its end');
  return item;
};
