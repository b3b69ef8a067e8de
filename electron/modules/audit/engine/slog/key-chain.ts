// The keys of a secure log: host key and MAC files, and the chain of keys of which each entry uses one once.
import { cmac } from '@noble/ciphers/aes.js';
import type { KeyFile } from '../format.ts';

const KEY_BYTES = 32;
const MAC_BYTES = 16;
const ENCRYPTION = 0x36;
const MAC = 0x5c;
const NEXT = 0x6a;

export interface HostKey {
  readonly name: string;
  readonly key: Buffer;
  /** Number of the entry that this key is for: 0 for the initial one. */
  readonly counter: number;
  /** false when the file's own check value does not fit. */
  readonly isWhole: boolean;
}

export interface MacFile {
  readonly name: string;
  /** 16 bytes: the aggregated MAC over all entries so far. */
  readonly mac: Buffer;
}

/** Two blocks of a byte repeated, the last byte of the second one higher (slog.c, PRF). */
const derive = (key: Uint8Array, pattern: number): Buffer => {
  const block = new Uint8Array(16).fill(pattern);
  const out = Buffer.alloc(KEY_BYTES);
  out.set(cmac(block, key));
  block[15] = pattern + 1;
  out.set(cmac(block, key), 16);
  return out;
};

export const encryptionKey = (key: Uint8Array): Buffer => derive(key, ENCRYPTION);
export const macKey = (key: Uint8Array): Buffer => derive(key, MAC);
export const nextKey = (key: Uint8Array): Buffer => derive(key, NEXT);

/** The aggregated MAC after one more entry; `before` null for entry 0. */
export const aggregate = (key: Uint8Array, before: Uint8Array | null, body: Buffer): Buffer =>
  Buffer.from(cmac(before === null ? body : Buffer.concat([before, body]), macKey(key)));

const asText = (bytes: Uint8Array): Buffer | null => {
  const text = Buffer.from(bytes).toString('latin1').trim();
  return /^(?:0x)?[0-9a-f]{64}$/iu.test(text) ? Buffer.from(text.replace(/^0x/iu, ''), 'hex') : null;
};

/** A MAC file carries a MAC of zeros under itself as its own check (slog.c, writeBigMAC). */
const isMacFile = (bytes: Buffer): boolean => {
  const key = Buffer.alloc(KEY_BYTES);
  bytes.copy(key, 0, 0, MAC_BYTES);
  return Buffer.from(cmac(new Uint8Array(MAC_BYTES), key)).equals(bytes.subarray(MAC_BYTES, 2 * MAC_BYTES));
};

/** Tells host keys and MAC files apart by their sizes and check values (slog.c, writeKey and writeBigMAC). */
export const readSlogKeys = (
  files: readonly KeyFile[],
): { readonly keys: readonly HostKey[]; readonly macs: readonly MacFile[] } => {
  const keys: HostKey[] = [];
  const macs: MacFile[] = [];
  for (const { name, bytes: raw } of files) {
    const bytes = Buffer.from(raw);
    const hex = asText(raw);
    if (bytes.length === KEY_BYTES + MAC_BYTES + 8) {
      const key = bytes.subarray(0, KEY_BYTES);
      const counter = bytes.subarray(KEY_BYTES + MAC_BYTES);
      const isWhole = Buffer.from(cmac(counter, key)).equals(
        bytes.subarray(KEY_BYTES, KEY_BYTES + MAC_BYTES),
      );
      const number = counter.readBigUInt64LE();
      const isNumber = number <= BigInt(Number.MAX_SAFE_INTEGER);
      keys.push({ name, key, counter: isNumber ? Number(number) : 0, isWhole: isWhole && isNumber });
    } else if (bytes.length === 2 * MAC_BYTES && isMacFile(bytes)) {
      macs.push({ name, mac: bytes.subarray(0, MAC_BYTES) });
    } else if (bytes.length === MAC_BYTES) {
      macs.push({ name, mac: bytes });
    } else if (bytes.length === KEY_BYTES) {
      keys.push({ name, key: bytes, counter: 0, isWhole: true });
    } else if (hex !== null) {
      keys.push({ name, key: hex, counter: 0, isWhole: true });
    }
  }
  return { keys, macs };
};

/** Keys by entry number: forwards at the cost of one step each; backwards only those that were asked for beforehand. */
export class KeyChain {
  #key: Buffer;
  #at: number;
  readonly #late: Float64Array;
  readonly #lateKeys: Buffer;
  #lateSeen = 0;

  /** `late`: numbers that will be asked for after higher ones; ascending, each once. */
  constructor(start: HostKey, late: Float64Array = new Float64Array(0)) {
    this.#key = start.key;
    this.#at = start.counter;
    this.#late = late;
    this.#lateKeys = Buffer.alloc(late.length * KEY_BYTES);
  }

  /** How many steps the key of that number is away. */
  distance(number: number): number {
    return Math.max(0, number - this.#at);
  }

  /** null for a number before the first key, or one that is past and was not announced. */
  at(number: number): Buffer | null {
    while (this.#at < number) this.step();
    if (this.#at === number) return this.#key;
    let low = 0;
    let high = this.#lateSeen - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const here = this.#late[middle] as number;
      if (here === number) return this.#lateKeys.subarray(middle * KEY_BYTES, (middle + 1) * KEY_BYTES);
      if (here < number) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }

  step(): void {
    while (this.#lateSeen < this.#late.length && (this.#late[this.#lateSeen] as number) <= this.#at) {
      if (this.#late[this.#lateSeen] === this.#at) this.#key.copy(this.#lateKeys, this.#lateSeen * KEY_BYTES);
      this.#lateSeen += 1;
    }
    this.#key = nextKey(this.#key);
    this.#at += 1;
  }
}
