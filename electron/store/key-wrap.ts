// AES-256-GCM over a few bytes: keys and fields. Files use node:crypto (blob-codec.ts), which is fifty times faster.
import { gcm } from '@noble/ciphers/aes.js';
import { randomFillSync } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** 12 random bytes of nonce (NIST SP 800-38D 8.2.2), ciphertext, 16 bytes of tag. */
export const wrap = (key: Uint8Array, plain: Uint8Array, context: string): Uint8Array => {
  const nonce = randomFillSync(new Uint8Array(NONCE_BYTES));
  const sealed = gcm(key, nonce, Buffer.from(context, 'utf8')).encrypt(plain);
  const whole = new Uint8Array(NONCE_BYTES + sealed.length);
  whole.set(nonce);
  whole.set(sealed, NONCE_BYTES);
  return whole;
};

/** Null when the key is another one, or the bytes or the context were changed. */
export const unwrap = (key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array | null => {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const cipher = gcm(key, sealed.subarray(0, NONCE_BYTES), Buffer.from(context, 'utf8'));
  try {
    return cipher.decrypt(sealed.subarray(NONCE_BYTES));
  } catch {
    return null;
  }
};
