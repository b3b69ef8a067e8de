// Wraps the root key once per slot, and gets it back from a passphrase or a recovery key.
import { createHmac, hkdfSync, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../shared/errors/app-error.ts';
import { canonicalJson } from './canonical-json.ts';
import { deriveKeys, ROOT_KEY_BYTES, zero, zeroKeys } from './derived-keys.ts';
import type { Kdf, KdfParameters } from './kdf.ts';
import { KEYSLOT_FILE, KEYSLOT_VERSION } from './keyslot-file.ts';
import type { Keyslot, KeyslotFile, PassphraseSlot, RecoverySlot } from './keyslot-file.ts';
import { unwrap, wrap } from './key-wrap.ts';
import { normalPassphrase } from './passphrase-policy.ts';
import { formatRecoveryKey, parseRecoveryKey } from './recovery-key.ts';

type Unwrapped<S extends Keyslot> = Omit<S, 'wrapped'>;
type KeyslotBody = Omit<KeyslotFile, 'mac'>;

// Every parameter of the slot is authenticated, so none can be changed, nor the slot moved to another workspace.
const contextOf = (workspace: string, slot: Unwrapped<Keyslot>): string => {
  const { id, type, createdAt, kdf } = slot;
  return canonicalJson({
    format: 'probity-keyslot',
    version: KEYSLOT_VERSION,
    workspace,
    id,
    type,
    createdAt,
    kdf,
  });
};

const macOf = (root: Uint8Array, body: KeyslotBody): string => {
  const { format, version, workspace, createdAt, slots } = body;
  const keys = deriveKeys(root, workspace);
  const text = canonicalJson({ format, version, workspace, createdAt, slots });
  const mac = createHmac('sha256', keys.slots).update(text).digest('hex');
  zeroKeys(keys);
  return mac;
};

const header = (at: string): { id: string; createdAt: string } => ({
  id: `slot_${randomBytes(16).toString('hex')}`,
  createdAt: at,
});

const newSalt = (): string => randomBytes(16).toString('base64url');

const passphraseBytes = (passphrase: string): Uint8Array =>
  new TextEncoder().encode(normalPassphrase(passphrase));

const passphraseKek = (
  slot: Unwrapped<PassphraseSlot>,
  passphrase: Uint8Array,
  kdf: Kdf,
): Promise<Uint8Array> => {
  const { memoryKiB, iterations, parallelism, salt } = slot.kdf;
  return kdf({ passphrase, salt: Buffer.from(salt, 'base64url'), memoryKiB, iterations, parallelism });
};

// The key is random and 256 bits long: there is nothing to guess, so nothing needs to be slow.
const recoveryKek = (slot: Unwrapped<RecoverySlot>, key: Uint8Array): Uint8Array =>
  new Uint8Array(
    hkdfSync('sha256', key, Buffer.from(slot.kdf.salt, 'base64url'), 'probity/v1/recovery-slot', 32),
  );

const sealSlot = <S extends Keyslot>(
  workspace: string,
  slot: Unwrapped<S>,
  kek: Uint8Array,
  root: Uint8Array,
) => {
  const wrapped = Buffer.from(wrap(kek, root, contextOf(workspace, slot as Unwrapped<Keyslot>))).toString(
    'base64url',
  );
  zero(kek);
  return { ...slot, wrapped };
};

const withMac = (root: Uint8Array, body: KeyslotBody): KeyslotFile => ({ ...body, mac: macOf(root, body) });

export interface NewKeyslots {
  readonly passphrase: string;
  readonly parameters: KdfParameters;
  /** RFC 3339. */
  readonly at: string;
}

/** A new workspace id, a new random root key, and the file with its one passphrase slot. The caller zeroes `root`. */
export const createKeyslots = async (
  request: NewKeyslots,
  kdf: Kdf,
): Promise<{ file: KeyslotFile; root: Buffer }> => {
  const root = randomFillSync(Buffer.alloc(ROOT_KEY_BYTES));
  const workspace = randomBytes(16).toString('hex');
  const slot: Unwrapped<PassphraseSlot> = {
    ...header(request.at),
    type: 'passphrase',
    kdf: { name: 'argon2id', version: 0x13, ...request.parameters, salt: newSalt() },
  };
  const passphrase = passphraseBytes(request.passphrase);
  const kek = await passphraseKek(slot, passphrase, kdf);
  zero(passphrase);
  const sealed: PassphraseSlot = sealSlot<PassphraseSlot>(workspace, slot, kek, root);
  const body: KeyslotBody = {
    format: 'probity-keyslots',
    version: KEYSLOT_VERSION,
    workspace,
    createdAt: request.at,
    slots: [sealed],
  };
  return { file: withMac(root, body), root };
};

/** Adds a slot for a new random recovery key, which is returned as text and kept nowhere. */
export const addRecoverySlot = (
  file: KeyslotFile,
  root: Uint8Array,
  at: string,
): { file: KeyslotFile; recoveryKey: string } => {
  const key = randomFillSync(Buffer.alloc(ROOT_KEY_BYTES));
  const slot: Unwrapped<RecoverySlot> = {
    ...header(at),
    type: 'recovery',
    kdf: { name: 'hkdf-sha256', salt: newSalt() },
  };
  const sealed: RecoverySlot = sealSlot<RecoverySlot>(file.workspace, slot, recoveryKek(slot, key), root);
  const recoveryKey = formatRecoveryKey(key);
  zero(key);
  const { mac: _old, ...body } = file;
  return { file: withMac(root, { ...body, slots: [...file.slots, sealed] }), recoveryKey };
};

/** One key-encryption key per slot, in the order of the slots. */
export type SlotKeys = readonly Uint8Array[];

/**
 * All the slow work of an attempt. Every slot is derived whatever was typed, so that a wrong passphrase, a right one
 * and a recovery key cost the same.
 */
export const deriveSlotKeys = async (file: KeyslotFile, secret: string, kdf: Kdf): Promise<SlotKeys> => {
  const passphrase = passphraseBytes(secret);
  // Text that is no recovery key is tried with one that opens nothing.
  const recovery = parseRecoveryKey(secret) ?? randomFillSync(Buffer.alloc(ROOT_KEY_BYTES));
  const keys: Uint8Array[] = [];
  for (const slot of file.slots) {
    // One at a time: two at once would need the memory twice.
    keys.push(
      slot.type === 'passphrase' ? await passphraseKek(slot, passphrase, kdf) : recoveryKek(slot, recovery),
    );
  }
  zero(passphrase, recovery);
  return keys;
};

/**
 * The root key, from whichever slot opens; the caller zeroes it. All slots are tried, and the slot keys are zeroed.
 * @throws AppError('workspace.wrong_passphrase') when none opens; AppError('workspace.damaged') when one opens but the
 * file isn't the one that was written with this root.
 */
export const openKeyslots = (file: KeyslotFile, keys: SlotKeys): Buffer => {
  let root: Buffer | null = null;
  for (const [at, slot] of file.slots.entries()) {
    const key = keys[at];
    const opened =
      key === undefined
        ? null
        : unwrap(key, Buffer.from(slot.wrapped, 'base64url'), contextOf(file.workspace, slot));
    zero(key);
    if (root === null && opened !== null) root = Buffer.from(opened.buffer, opened.byteOffset, opened.length);
  }
  if (root?.length !== ROOT_KEY_BYTES) throw new AppError('workspace.wrong_passphrase');
  const expected = Buffer.from(macOf(root, file), 'hex');
  if (!timingSafeEqual(expected, Buffer.from(file.mac, 'hex'))) {
    zero(root);
    throw new AppError('workspace.damaged', { part: KEYSLOT_FILE });
  }
  return root;
};
