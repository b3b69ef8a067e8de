// Encrypts single fields (private keys, identified persons) once more inside the encrypted database.
import { AppError } from '../../shared/errors/app-error.ts';
import { unwrap, wrap } from './key-wrap.ts';
import type { Secrets } from './vault.ts';

const KEY_VERSION = 1;
const FORM = /^probity-secret:(\d{1,9}):([A-Za-z0-9_-]+)$/u;

// The version is authenticated too: a ciphertext can't be made to name another key.
const bound = (version: number, context: string): string => `probity-secret\n${version}\n${context}`;

const altered = (): AppError => new AppError('record.altered', { kind: 'secret' });

/** `probity-secret:<key version>:<base64url>`. `fieldKey` is used, not copied: zeroing it ends these secrets. */
export const makeSecrets = (fieldKey: Uint8Array): Secrets => ({
  seal: (plain, context) =>
    `probity-secret:${KEY_VERSION}:${Buffer.from(wrap(fieldKey, plain, bound(KEY_VERSION, context))).toString('base64url')}`,
  open: (sealed, context) => {
    const [, version, text] = FORM.exec(sealed) ?? [];
    if (text === undefined || Number(version) !== KEY_VERSION) throw altered();
    const plain = unwrap(fieldKey, Buffer.from(text, 'base64url'), bound(KEY_VERSION, context));
    if (plain === null) throw altered();
    return plain;
  },
});
