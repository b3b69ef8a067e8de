// The keys of a vault, each for one use, all from the one random root key.
import { hkdfSync } from 'node:crypto';

export const ROOT_KEY_BYTES = 32;

export interface VaultKeys {
  /** Pages of vault.db: 32 bytes. */
  readonly database: Buffer;
  /** The first 16 bytes of vault.db, which would otherwise be the one part of it that nothing authenticates. */
  readonly databaseSalt: Buffer;
  /** `Secrets`: 32 bytes. */
  readonly field: Buffer;
  /** Wraps each blob's own key: 32 bytes. */
  readonly blob: Buffer;
  /** MAC of the journal's head: 32 bytes. */
  readonly seal: Buffer;
  /** MAC of keyslots.json: 32 bytes. */
  readonly slots: Buffer;
}

/** HKDF-SHA256 (RFC 5869) with the workspace's id as salt and one label per key. */
export const deriveKeys = (root: Uint8Array, workspace: string): VaultKeys => {
  const derive = (label: string, bytes = 32): Buffer =>
    Buffer.from(hkdfSync('sha256', root, Buffer.from(workspace, 'utf8'), `probity/v1/${label}`, bytes));
  return {
    database: derive('database'),
    databaseSalt: derive('database-salt', 16),
    field: derive('field'),
    blob: derive('blob-wrap'),
    seal: derive('journal-seal'),
    slots: derive('keyslots-mac'),
  };
};

/** Overwrites key material. What V8 or a cipher copied on the way can't be reached from JavaScript. */
export const zero = (...keys: readonly (Uint8Array | null | undefined)[]): void => {
  for (const key of keys) key?.fill(0);
};

export const zeroKeys = (keys: VaultKeys): void =>
  zero(keys.database, keys.databaseSalt, keys.field, keys.blob, keys.seal, keys.slots);
