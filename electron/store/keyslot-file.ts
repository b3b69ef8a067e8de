// keyslots.json: its form, its bounds, and what is refused before any key is derived.
import * as v from 'valibot';
import { AppError } from '../../shared/errors/app-error.ts';
import { Instant } from '../../shared/model/ids.ts';
import { KDF_CEILING, KDF_FLOOR, KDF_TOTAL_CEILING } from './kdf.ts';
import type { KdfParameters } from './kdf.ts';

export const KEYSLOT_FILE = 'keyslots.json';
export const KEYSLOT_VERSION = 1;
/** 32 slots take about 12 KB. */
export const KEYSLOT_MAX_BYTES = 64 * 1024;
const MAX_SLOTS = 32;

const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`, 'u')));
/** Exactly `bytes` bytes as unpadded base64url. */
const base64 = (bytes: number) =>
  v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_-]+$/u),
    v.check((text) => Buffer.from(text, 'base64url').length === bytes),
  );
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const common = {
  id: v.pipe(v.string(), v.regex(/^slot_[0-9a-f]{32}$/u)),
  createdAt: Instant,
  /** 12 bytes nonce, 32 bytes root key, 16 bytes tag. */
  wrapped: base64(60),
} as const;

const PassphraseSlot = v.strictObject({
  ...common,
  type: v.literal('passphrase'),
  kdf: v.strictObject({
    name: v.literal('argon2id'),
    version: v.literal(0x13),
    memoryKiB: Count,
    iterations: Count,
    parallelism: Count,
    salt: base64(16),
  }),
});
export type PassphraseSlot = v.InferOutput<typeof PassphraseSlot>;

const RecoverySlot = v.strictObject({
  ...common,
  type: v.literal('recovery'),
  kdf: v.strictObject({ name: v.literal('hkdf-sha256'), salt: base64(16) }),
});
export type RecoverySlot = v.InferOutput<typeof RecoverySlot>;

const KeyslotFile = v.strictObject({
  format: v.literal('probity-keyslots'),
  version: v.literal(KEYSLOT_VERSION),
  /** Random; the same in vault.db and journal-head.json. */
  workspace: hex(32),
  createdAt: Instant,
  slots: v.pipe(
    v.array(v.variant('type', [PassphraseSlot, RecoverySlot])),
    v.minLength(1),
    v.maxLength(MAX_SLOTS),
  ),
  /** HMAC-SHA256 over the canonical JSON of all the rest, under a key from the root: no slot is added or taken away. */
  mac: hex(64),
});
export type KeyslotFile = v.InferOutput<typeof KeyslotFile>;
export type Keyslot = KeyslotFile['slots'][number];

const damaged = (): AppError => new AppError('workspace.damaged', { part: KEYSLOT_FILE });

const mib = (kib: number): string => `${Math.floor(kib / 1024)} MiB`;

const checkKdfFloor = (kdf: KdfParameters): void => {
  const low = (detail: string): AppError => new AppError('workspace.kdf_floor', { detail });
  if (kdf.memoryKiB < KDF_FLOOR.memoryKiB) {
    throw low(`memory ${mib(kdf.memoryKiB)}, at least ${mib(KDF_FLOOR.memoryKiB)}`);
  }
  if (kdf.iterations < KDF_FLOOR.iterations) {
    throw low(`${kdf.iterations} passes, at least ${KDF_FLOOR.iterations}`);
  }
  if (kdf.parallelism < KDF_FLOOR.parallelism) {
    throw low(`parallelism ${kdf.parallelism}, at least ${KDF_FLOOR.parallelism}`);
  }
};

const tooMuchWork = (): AppError =>
  new AppError('workspace.damaged', { part: `${KEYSLOT_FILE} (it asks for more work than key slots need)` });

const checkKdfCeiling = (kdf: KdfParameters): void => {
  if (
    kdf.memoryKiB > KDF_CEILING.memoryKiB ||
    kdf.iterations > KDF_CEILING.iterations ||
    kdf.parallelism > KDF_CEILING.parallelism
  ) {
    throw tooMuchWork();
  }
};

/** @throws AppError('workspace.kdf_floor') below the floor; AppError('workspace.damaged') above the ceiling */
export const checkKdf = (kdf: KdfParameters): void => {
  checkKdfFloor(kdf);
  checkKdfCeiling(kdf);
};

const Versioned = v.object({
  format: v.literal('probity-keyslots'),
  version: v.pipe(v.number(), v.safeInteger()),
});

/**
 * @throws AppError('workspace.newer') for a later version of the file; AppError('workspace.kdf_floor') when a slot was
 * weakened; AppError('workspace.damaged') for everything else that isn't a key slot file.
 */
export const parseKeyslots = (text: string): KeyslotFile => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged();
  }
  const versioned = v.safeParse(Versioned, value);
  if (!versioned.success) throw damaged();
  if (versioned.output.version > KEYSLOT_VERSION) {
    throw new AppError('workspace.newer', { found: versioned.output.version, known: KEYSLOT_VERSION });
  }
  const read = v.safeParse(KeyslotFile, value);
  if (!read.success) throw damaged();
  let work = 0;
  for (const slot of read.output.slots) {
    if (slot.type !== 'passphrase') continue;
    checkKdf(slot.kdf);
    work += slot.kdf.memoryKiB * slot.kdf.iterations;
  }
  if (work > KDF_TOTAL_CEILING) throw tooMuchWork();
  return read.output;
};
