// Reads journald verification keys (`journalctl --setup-keys` prints them) from whatever text they were kept in.
import type { KeyFile } from '../format.ts';

export interface VerificationKey {
  /** Name of the file that it came in. */
  readonly name: string;
  /** 12 bytes. */
  readonly seed: Buffer;
  /** Microseconds since 1970 at which epoch 0 begins, and the length of an epoch. */
  readonly start: number;
  readonly interval: number;
}

const MAX_TEXT = 1 << 20;
const MAX_KEYS = 64;
/** 24 hex digits with dashes anywhere, a slash, start and interval in hex. */
const KEY = /(?<![0-9a-f])((?:[0-9a-f]{2}-*){12})\/([0-9a-f]{1,16})-([0-9a-f]{1,16})(?![0-9a-f])/giu;

const keysIn = (file: KeyFile): VerificationKey[] => {
  if (file.bytes.length > MAX_TEXT) return [];
  const found: VerificationKey[] = [];
  for (const [, digits = '', start = '', interval = ''] of Buffer.from(file.bytes)
    .toString('latin1')
    .matchAll(KEY)) {
    const length = Number.parseInt(interval, 16);
    const from = Number.parseInt(start, 16) * length;
    if (length === 0 || from === 0 || !Number.isSafeInteger(from)) continue;
    found.push({
      name: file.name,
      seed: Buffer.from(digits.replaceAll('-', ''), 'hex'),
      start: from,
      interval: length,
    });
  }
  return found;
};

/** All keys in all files, each once, 64 at most. */
export const parseVerificationKeys = (files: readonly KeyFile[]): readonly VerificationKey[] => {
  const unique = new Map<string, VerificationKey>();
  for (const key of files.flatMap(keysIn)) {
    const id = `${key.seed.toString('hex')}/${key.start}/${key.interval}`;
    if (!unique.has(id) && unique.size < MAX_KEYS) unique.set(id, key);
  }
  return [...unique.values()];
};
