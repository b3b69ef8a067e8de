// The tags of a sealed journal: each is an HMAC, by a key that the machine has forgotten, over all objects since the last.
import { createHmac } from 'node:crypto';
import { DATA, ENTRY, FIELD, FIELD_PAYLOAD_AT, LIMIT_55, OBJECT_HEADER_BYTES, TAG } from './layout.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import { SealKeys } from './fsprg.ts';
import type { ObjectList } from './object-walk.ts';
import type { VerificationKey } from './verification-key.ts';

export interface Span {
  /** 1 for the first tag, by its place in the file. */
  readonly number: number;
  /** Object number of the tag, and of the first object that it covers. */
  readonly tag: number;
  readonly first: number;
  readonly seqnum: number;
  readonly epoch: number;
  /** Rows of the entries that it covers: from, up to but not including to. */
  readonly from: number;
  readonly to: number;
}

/** The spans of all tags in file order, and the entries that no tag covers. */
export const spansOf = (
  bytes: JournalBytes,
  objects: ObjectList,
): { readonly spans: readonly Span[]; readonly entries: number } => {
  const spans: Span[] = [];
  let first = 0;
  let from = 0;
  let entries = 0;
  for (let i = 0; i < objects.length; i += 1) {
    const type = objects.type(i);
    if (type === ENTRY) entries += 1;
    if (type !== TAG) continue;
    const at = objects.at(i);
    const seqnum = bytes.u64(at + 16);
    const epoch = bytes.u64(at + 24);
    spans.push({ number: spans.length + 1, tag: i, first, seqnum, epoch, from, to: entries });
    first = i + 1;
    from = entries;
  }
  return { spans, entries };
};

/** Header fields that a first tag covers (systemd journal_file_hmac_put_header): the rest changes while it is written. */
const SEALED_HEADER = [
  [0, 16],
  [24, 56],
  [72, 96],
  [104, 136],
] as const;

/** Calls `part` with every stretch of bytes that a tag covers, in order. */
export const sealedParts = (
  header: JournalHeader,
  objects: ObjectList,
  span: Span,
  part: (from: number, to: number) => void,
): void => {
  if (span.number === 1) for (const [from, to] of SEALED_HEADER) part(from, to);
  const payloadAt = header.isCompact ? 72 : 64;
  for (let i = span.first; i <= span.tag; i += 1) {
    const at = objects.at(i);
    const end = at + objects.size(i);
    part(at, at + OBJECT_HEADER_BYTES);
    switch (objects.type(i)) {
      case DATA:
        part(at + 16, at + 24);
        if (at + payloadAt < end) part(at + payloadAt, end);
        break;
      case FIELD:
        part(at + 16, at + 24);
        if (at + FIELD_PAYLOAD_AT < end) part(at + FIELD_PAYLOAD_AT, end);
        break;
      case ENTRY:
        part(at + 16, end);
        break;
      case TAG:
        part(at + 16, at + 32);
        break;
      default:
        break;
    }
  }
};

const SCRATCH = 64 * 1024;

/** What the HMAC of a tag should be. */
export const sealOf = (
  bytes: JournalBytes,
  header: JournalHeader,
  objects: ObjectList,
  span: Span,
  key: Buffer,
): Buffer => {
  const hmac = createHmac('sha256', key);
  // Gathered: one call for each of the small parts would cost more than the hashing.
  const scratch = Buffer.allocUnsafe(SCRATCH);
  let used = 0;
  const flush = (): void => {
    if (used > 0) hmac.update(scratch.subarray(0, used));
    used = 0;
  };
  sealedParts(header, objects, span, (from, to) => {
    if (used + to - from > SCRATCH) flush();
    if (to - from > SCRATCH) {
      hmac.update(bytes.buffer.subarray(from, to));
      return;
    }
    if (to - from <= 32)
      for (let i = from; i < to; i += 1, used += 1) scratch[used] = bytes.buffer[i] as number;
    else used += bytes.buffer.copy(scratch, used, from, to);
  });
  flush();
  return hmac.digest();
};

/** How many bits of the stored tag differ; 0 = it is right. */
export const differingBits = (stored: Buffer, computed: Buffer): number => {
  let bits = 0;
  for (let i = 0; i < computed.length; i += 1) {
    let x = ((stored[i] as number) ^ (computed[i] as number)) & 0xff;
    for (; x !== 0; x &= x - 1) bits += 1;
  }
  return bits;
};

/**
 * So near to the right tag that the tag itself was altered: of 2^256 values, fewer than 2^84 are as near, and who has no
 * key can't aim at them.
 */
export const NEAR_BITS = 16;

export interface CheckedSpan extends Span {
  /** good, altered = the tag itself, bad = what it covers, or more of the tag than NEAR_BITS. */
  readonly state: 'good' | 'altered' | 'bad';
  readonly bits: number;
}

export interface Sealing {
  /** The key that fits, or null when none does. */
  readonly key: VerificationKey | null;
  readonly keys: SealKeys | null;
  readonly spans: readonly CheckedSpan[];
}

/** Of a hostile file with very many tags, how many are tried with a key before it counts as the wrong one. */
const TRIED_TAGS = 2000;

/**
 * Checks all tags with the key that fits. `pause` is awaited now and then; it throws to stop.
 */
export const checkSeals = async (
  bytes: JournalBytes,
  header: JournalHeader,
  objects: ObjectList,
  spans: readonly Span[],
  keys: readonly VerificationKey[],
  made: Map<string, SealKeys>,
  pause: () => Promise<void>,
): Promise<Sealing> => {
  const bitsOf = (span: Span, seal: SealKeys): number => {
    if (span.epoch >= LIMIT_55) return 256;
    const at = objects.at(span.tag);
    if (objects.size(span.tag) < 64) return 256;
    const right = sealOf(bytes, header, objects, span, seal.keyOf(BigInt(span.epoch)));
    return differingBits(bytes.buffer.subarray(at + 32, at + 64), right);
  };
  for (const key of keys) {
    const id = key.seed.toString('hex');
    const seal = made.get(id) ?? new SealKeys(key.seed);
    made.set(id, seal);
    let fits = false;
    for (const span of spans.slice(0, TRIED_TAGS)) {
      await pause();
      if (bitsOf(span, seal) <= NEAR_BITS) {
        fits = true;
        break;
      }
    }
    if (!fits) continue;
    const checked: CheckedSpan[] = [];
    let badInARow = 0;
    for (const span of spans) {
      await pause();
      // So many bad ones in a row are no journal any more: making a key for each could take hours.
      const bits = badInARow > TRIED_TAGS ? 256 : bitsOf(span, seal);
      badInARow = bits <= NEAR_BITS ? 0 : badInARow + 1;
      const state = bits === 0 ? 'good' : bits <= NEAR_BITS ? 'altered' : 'bad';
      checked.push({ ...span, state, bits });
    }
    return { key, keys: seal, spans: checked };
  }
  return { key: null, keys: null, spans: spans.map((span) => ({ ...span, state: 'bad', bits: 256 })) };
};
