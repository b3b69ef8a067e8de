// Bitcoin block headers as given: raw from the first block on, as text by height, or as JSON of a node or explorer.
import { hash } from 'node:crypto';
import type { SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun } from '../format.ts';
import { readUpTo } from '../merkle/small-file.ts';

export const HEADER_BYTES = 80;
/** Text and JSON files of headers are read whole up to this size, in bytes. */
const TEXT_BYTES = 64 * 1024 * 1024;
/** The hash of Bitcoin's first block, in the order of its bytes. */
const GENESIS = '6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000';
/** The easiest target that Bitcoin allows (difficulty 1). */
const EASIEST = 0xffffn << 208n;
const SPACE = 1n << 256n;

const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');
const blockHash = (header: Uint8Array): Buffer => sha256(sha256(header));
const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);

/** The usual way to write hashes of blocks: the bytes turned round. */
export const shownHash = (bytes: Uint8Array): string => Buffer.from(bytes.toReversed()).toString('hex');

/** The target in a header, or null where it is none or easier than Bitcoin allows. */
const targetOf = (header: Buffer): bigint | null => {
  const bits = header.readUInt32LE(72);
  const mantissa = BigInt(bits & 0x7fffff);
  const shift = 8n * (BigInt(bits >>> 24) - 3n);
  if ((bits & 0x800000) !== 0 || shift < 0n || shift > 232n) return null;
  const target = mantissa << shift;
  return target === 0n || target > EASIEST ? null : target;
};

/** Hashes that a block takes on average; null where the header's own hash does not show that work. */
const workOf = (header: Buffer, itsHash: Buffer): bigint | null => {
  const target = targetOf(header);
  return target === null || number(itsHash) > target ? null : SPACE / (target + 1n);
};

export interface BlockHeader {
  readonly bytes: Buffer;
  /** As it stands in the header, 32 bytes. */
  readonly root: Buffer;
  readonly time: Temporal.Instant;
  /** log2 of the hashes that this block took on average; null = it shows no work that Bitcoin would accept. */
  readonly workBits: number | null;
}

const log2 = (value: bigint): number => {
  const bits = value.toString(2).length;
  const top = Number(value >> BigInt(Math.max(0, bits - 53)));
  return Math.log2(top) + Math.max(0, bits - 53);
};

const headerOf = (bytes: Buffer): BlockHeader => {
  const work = workOf(bytes, blockHash(bytes));
  return {
    bytes,
    root: bytes.subarray(36, 68),
    time: Temporal.Instant.fromEpochMilliseconds(bytes.readUInt32LE(68) * 1000),
    workBits: work === null ? null : log2(work),
  };
};

export interface BlockHeaders {
  readonly file: string;
  /** What the file is, in words, and what it shows. */
  readonly words: string;
  /** Why it can't be relied on; null = nothing is wrong with it. */
  readonly problem: string | null;
  at(height: number): Promise<BlockHeader | null>;
}

/** Raw headers, each naming the hash of the one before it: the whole file is walked once. */
const rawHeaders = async (file: SourceFile, run: EngineRun): Promise<BlockHeaders> => {
  let before: Buffer = Buffer.alloc(32);
  let work = 0n;
  let height = 0;
  let problem: string | null = null;
  let rest: Buffer = Buffer.alloc(0);
  const total = file.bytes / HEADER_BYTES;
  for await (const piece of file.open()) {
    throwIfCancelled(run.signal);
    const bytes = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    let at = 0;
    for (; at + HEADER_BYTES <= bytes.length && problem === null; at += HEADER_BYTES) {
      const header = bytes.subarray(at, at + HEADER_BYTES);
      const itsHash = blockHash(header);
      const itsWork = workOf(header, itsHash);
      if (!header.subarray(4, 36).equals(before))
        problem = `the header at height ${height} does not name the hash of the one before it`;
      else if (itsWork === null)
        problem = `the header at height ${height} does not show the work that it claims`;
      else if (height === 0 && itsHash.toString('hex') !== GENESIS)
        problem = 'its first header is not that of Bitcoin’s first block';
      else work += itsWork;
      before = itsHash;
      height += 1;
    }
    if (problem !== null) break;
    rest = bytes.subarray(at);
    run.progress({ step: 'verifying', done: height, total, unit: 'records', records: height });
  }
  const shows =
    problem === null
      ? `an unbroken chain from Bitcoin’s first block, with 2^${log2(work).toFixed(1)} hashes of work`
      : problem;
  return {
    file: file.name,
    words: `${total} raw block headers: ${shows}`,
    problem,
    at: async (wanted) => {
      const start = wanted * HEADER_BYTES;
      if (start + HEADER_BYTES > file.bytes) return null;
      const parts: Uint8Array[] = [];
      for await (const part of file.open({ start, end: start + HEADER_BYTES })) parts.push(part);
      return headerOf(Buffer.concat(parts));
    },
  };
};

const turned = (value: unknown): Buffer | null =>
  typeof value === 'string' && /^[0-9a-fA-F]{64}$/u.test(value)
    ? Buffer.from(Buffer.from(value, 'hex').toReversed())
    : null;
const unsigned = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff
    ? value
    : typeof value === 'string' && /^[0-9a-fA-F]{8}$/u.test(value)
      ? Number.parseInt(value, 16)
      : null;

type Entry = Readonly<Record<string, unknown>>;

/** A header put together again from the fields that `bitcoin-cli getblockheader` or an Esplora explorer give. */
const fromFields = (entry: Entry): Buffer | null => {
  const first = (...names: readonly string[]): unknown =>
    names.map((name) => entry[name]).find((each) => each !== undefined);
  const version = first('version');
  const root = turned(first('merkleroot', 'merkle_root', 'mrkl_root'));
  const before =
    turned(first('previousblockhash', 'prev_block')) ?? (entry['height'] === 0 ? Buffer.alloc(32) : null);
  const time = unsigned(first('time', 'timestamp'));
  const bits = unsigned(first('bits'));
  const nonce = unsigned(first('nonce'));
  if (typeof version !== 'number' || !Number.isInteger(version) || Math.abs(version) > 0x7fffffff)
    return null;
  if (root === null || before === null || time === null || bits === null || nonce === null) return null;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(version, 0);
  before.copy(header, 4);
  root.copy(header, 36);
  header.writeUInt32LE(time, 68);
  header.writeUInt32LE(bits, 72);
  header.writeUInt32LE(nonce, 76);
  return header;
};

const HEX_HEADER = /^[0-9a-fA-F]{160}$/u;
const LINE = /^\s*(\d{1,9})[\s,;:]+([0-9a-fA-F]{160})\s*$/u;

const fromJson = (value: unknown, into: Map<number, Buffer>): void => {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const each of entries) {
    if (typeof each !== 'object' || each === null) continue;
    const entry = each as Entry;
    const { height } = entry;
    const text = entry['header'] ?? entry['hex'];
    if (typeof height === 'number' && Number.isSafeInteger(height) && height >= 0) {
      const bytes =
        typeof text === 'string' && HEX_HEADER.test(text) ? Buffer.from(text, 'hex') : fromFields(entry);
      if (bytes !== null) into.set(height, bytes);
      continue;
    }
    for (const [key, inner] of Object.entries(entry)) {
      if (/^\d{1,9}$/u.test(key) && typeof inner === 'string' && HEX_HEADER.test(inner))
        into.set(Number(key), Buffer.from(inner, 'hex'));
    }
  }
};

const listed = (text: string): ReadonlyMap<number, Buffer> => {
  const found = new Map<number, Buffer>();
  const trimmed = text.trim();
  if (/^[[{]/u.test(trimmed)) {
    try {
      fromJson(JSON.parse(trimmed), found);
    } catch {
      // No JSON: then it may still be lines.
    }
  }
  if (found.size > 0) return found;
  for (const line of trimmed.split(/\r?\n/u)) {
    const [, height, hex] = LINE.exec(line) ?? [];
    if (height !== undefined && hex !== undefined) found.set(Number(height), Buffer.from(hex, 'hex'));
  }
  return found;
};

/** Links between the neighbours that are in the list. */
const brokenLink = (headers: ReadonlyMap<number, Buffer>): number | null => {
  for (const [height, header] of headers) {
    const before = headers.get(height - 1);
    if (before !== undefined && !header.subarray(4, 36).equals(blockHash(before))) return height;
  }
  return null;
};

const textHeaders = (name: string, headers: ReadonlyMap<number, Buffer>): BlockHeaders => {
  const broken = brokenLink(headers);
  return {
    file: name,
    words: `${headers.size} block headers by height: each shows its own work; that they belong to Bitcoin’s chain rests on where they come from`,
    problem:
      broken === null ? null : `the header at height ${broken} does not name the hash of the one before it`,
    at: (height) => {
      const bytes = headers.get(height);
      return Promise.resolve(bytes === undefined ? null : headerOf(bytes));
    },
  };
};

/** Reads a file as block headers, or gives null when it is none. */
export const readHeaders = async (file: SourceFile, run: EngineRun): Promise<BlockHeaders | null> => {
  if (file.bytes < HEADER_BYTES) return null;
  const beginning = await readUpTo(file, 4096);
  const isText = /^[\s[{\d]/u.test(beginning.toString('latin1', 0, 1)) && !beginning.includes(0);
  if (isText) {
    if (file.bytes > TEXT_BYTES || !/[0-9a-fA-F]{64}/u.test(beginning.toString('latin1'))) return null;
    const headers = listed((await readUpTo(file, TEXT_BYTES)).toString('utf8'));
    return headers.size === 0 ? null : textHeaders(file.name, headers);
  }
  const isRaw = file.bytes % HEADER_BYTES === 0 && beginning.subarray(4, 36).every((byte) => byte === 0);
  return isRaw ? rawHeaders(file, run) : null;
};
