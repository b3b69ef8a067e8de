// Reads a detached OpenTimestamps proof (.ots): one forward pass without recursion, every limit of the format enforced.
import { createHash } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';

/** Magic bytes of a detached proof. */
export const MAGIC = Buffer.from('004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294', 'hex');
const VERSION = 1;
/** Bytes of a message, of a pending attestation's address, of an attestation's payload (python-opentimestamps). */
const MOST_MESSAGE = 4096;
const MOST_ADDRESS = 1000;
const MOST_PAYLOAD = 8192;
/** Operations on the way from the file's digest to an attestation: the reference implementation stops at 256. */
const MOST_DEPTH = 256;
/** Attestations and operations in one proof. */
const MOST_NODES = 100_000;

export class ProofFault extends Error {
  readonly offset: number;
  /** `short` = the file ends too early. */
  readonly nature: 'short' | 'version' | 'wrong';
  constructor(message: string, offset: number, nature: ProofFault['nature'] = 'wrong') {
    super(message);
    this.offset = offset;
    this.nature = nature;
  }
}

interface DigestKind {
  readonly name: string;
  readonly shown: string;
  readonly bytes: number;
  readonly weak: boolean;
}

const DIGESTS: Readonly<Record<number, DigestKind>> = {
  0x02: { name: 'sha1', shown: 'SHA-1', bytes: 20, weak: true },
  0x03: { name: 'ripemd160', shown: 'RIPEMD-160', bytes: 20, weak: false },
  0x08: { name: 'sha256', shown: 'SHA-256', bytes: 32, weak: false },
  0x67: { name: 'keccak256', shown: 'Keccak-256', bytes: 32, weak: false },
};
const OP = { append: 0xf0, prepend: 0xf1, reverse: 0xf2, hexlify: 0xf3 } as const;

/** The digests of the format by name. Electron's crypto has no Keccak. */
export const proofHasher = (
  name: string,
): { update(piece: Uint8Array): unknown; digest(as: 'hex'): string } => {
  if (name !== 'keccak256') return createHash(name);
  const sum = keccak_256.create();
  return {
    update: (piece) => sum.update(piece),
    digest: () => Buffer.from(sum.digest()).toString('hex'),
  };
};

const digestWith = (name: string, message: Uint8Array): Buffer =>
  name === 'keccak256' ? Buffer.from(keccak_256(message)) : createHash(name).update(message).digest();

const CHAINS: Readonly<Record<string, 'bitcoin' | 'litecoin' | 'ethereum' | 'pending'>> = {
  '0588960d73d71901': 'bitcoin',
  '06869a0d73d71b45': 'litecoin',
  '30fe8087b5c7ead7': 'ethereum',
  '83dfe30d2ef90c8e': 'pending',
};

export interface Attestation {
  readonly kind: 'bitcoin' | 'litecoin' | 'ethereum' | 'pending' | 'unknown';
  /** Block height; null for pending and unknown. */
  readonly height: number | null;
  /** Address of the calendar; null but for pending. */
  readonly address: string | null;
  /** Eight bytes, hex. */
  readonly tag: string;
  /** What is attested: for a block, its Merkle root as it stands in the header. */
  readonly message: Buffer;
  readonly payload: Buffer;
  readonly offset: number;
}

export interface Proof {
  readonly digest: DigestKind;
  /** Of the file, lower-case hex. */
  readonly hex: string;
  readonly attestations: readonly Attestation[];
  /** Bytes after the proof. */
  readonly trailing: number;
}

class Reader {
  readonly bytes: Buffer;
  at = 0;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new ProofFault('the proof ends before it is complete', this.at, 'short');
    this.at += 1;
    return value;
  }

  take(length: number): Buffer {
    if (this.at + length > this.bytes.length)
      throw new ProofFault('a length reaches beyond the end of the proof', this.at, 'short');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** LEB128. */
  number(): number {
    const start = this.at;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER || scale > 2 ** 49)
        throw new ProofFault('a number is larger than any that is used', start);
      if (byte < 0x80) return value;
    }
  }

  string(most: number, least: number, what: string): Buffer {
    const start = this.at;
    const length = this.number();
    if (length > most || length < least)
      throw new ProofFault(`${what} has ${length} bytes; ${least} to ${most} are allowed`, start);
    return this.take(length);
  }
}

const ADDRESS = /^[A-Za-z0-9\-._/:]*$/u;

const attestationOf = (reader: Reader, message: Buffer): Attestation => {
  const offset = reader.at;
  const tag = reader.take(8).toString('hex');
  const payload = reader.string(MOST_PAYLOAD, 0, 'an attestation');
  const kind = Object.hasOwn(CHAINS, tag) ? (CHAINS[tag] ?? 'unknown') : 'unknown';
  const base: Attestation = { kind, tag, message, payload, offset, height: null, address: null };
  if (kind === 'unknown') return base;
  const inner = new Reader(payload);
  try {
    if (kind !== 'pending') {
      const height = inner.number();
      if (inner.at !== payload.length)
        throw new ProofFault('an attestation has bytes after its block height', offset);
      return { ...base, height };
    }
    const address = inner.string(MOST_ADDRESS, 0, 'the address of a calendar').toString('latin1');
    if (!ADDRESS.test(address) || inner.at !== payload.length)
      throw new ProofFault('the address of a calendar holds characters that are not allowed', offset);
    return { ...base, address };
  } catch (error) {
    // Positions inside the payload mean nothing to a reader.
    throw error instanceof ProofFault ? new ProofFault(error.message, offset) : error;
  }
};

const applied = (tag: number, message: Buffer, reader: Reader, at: number): Buffer => {
  const result = ((): Buffer => {
    if (tag === OP.append) return Buffer.concat([message, reader.string(MOST_MESSAGE, 1, 'an operand')]);
    if (tag === OP.prepend) return Buffer.concat([reader.string(MOST_MESSAGE, 1, 'an operand'), message]);
    if (tag === OP.reverse) return Buffer.from(message.toReversed());
    if (tag === OP.hexlify) return Buffer.from(message.toString('hex'), 'latin1');
    const digest = DIGESTS[tag];
    if (digest === undefined)
      throw new ProofFault(`the operation 0x${tag.toString(16).padStart(2, '0')} is not known`, at);
    return digestWith(digest.name, message);
  })();
  if (result.length > MOST_MESSAGE)
    throw new ProofFault(`a message grows to ${result.length} bytes; ${MOST_MESSAGE} are allowed`, at);
  return result;
};

/** The branches: what stands before a fork byte belongs to the same message as what follows it. */
const readBranches = (reader: Reader, start: Buffer): Attestation[] => {
  const attestations: Attestation[] = [];
  const waiting: { readonly message: Buffer; readonly depth: number }[] = [{ message: start, depth: 0 }];
  let nodes = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const { message, depth } = node;
    const at = reader.at;
    nodes += 1;
    if (nodes > MOST_NODES) throw new ProofFault('it has more operations than any proof', at);
    if (depth > MOST_DEPTH)
      throw new ProofFault(`it is nested deeper than the ${MOST_DEPTH} levels that are allowed`, at);
    let tag = reader.byte();
    if (tag === 0xff) {
      waiting.push(node);
      tag = reader.byte();
    }
    if (tag === 0) attestations.push(attestationOf(reader, message));
    else waiting.push({ message: applied(tag, message, reader, at), depth: depth + 1 });
  }
  return attestations;
};

export const isProof = (beginning: Buffer): boolean =>
  beginning.length >= MAGIC.length && beginning.subarray(0, MAGIC.length).equals(MAGIC);

/** @throws ProofFault */
export const readProof = (bytes: Buffer): Proof => {
  const reader = new Reader(bytes);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, bytes.length)))
    throw new ProofFault('it does not begin as a detached OpenTimestamps proof does', 0);
  reader.take(MAGIC.length);
  const at = reader.at;
  const version = reader.number();
  if (version !== VERSION)
    throw new ProofFault(`its version is ${version}, and only version ${VERSION} is known`, at, 'version');
  const tag = reader.byte();
  const digest = DIGESTS[tag];
  if (digest === undefined)
    throw new ProofFault(
      `the digest of the file is of a kind that is not known (0x${tag.toString(16)})`,
      at + 1,
    );
  const file = Buffer.from(reader.take(digest.bytes));
  const attestations = readBranches(reader, file);
  return { digest, hex: file.toString('hex'), attestations, trailing: bytes.length - reader.at };
};
