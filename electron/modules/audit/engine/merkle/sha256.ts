// SHA-256 for the Merkle engine on Node's crypto: one call per node, without an object per hash.
import { createHash, hash } from 'node:crypto';
import type { Sha256 } from '../../../../../shared/chain/merkle.ts';

/** Up to here the parts are laid side by side first, which is faster than feeding a hash object (measured: twice). */
const SCRATCH_BYTES = 4096;
const scratch = Buffer.alloc(SCRATCH_BYTES);

/** {@link Sha256} of Node's crypto. */
export const sha256: Sha256 = (...parts) => {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > SCRATCH_BYTES) {
    const digest = createHash('sha256');
    for (const part of parts) digest.update(part);
    return digest.digest();
  }
  let at = 0;
  for (const part of parts) {
    scratch.set(part, at);
    at += part.length;
  }
  // Twice as fast as asking for a buffer, which is allocated outside of Node's pool (measured).
  return Buffer.from(hash('sha256', scratch.subarray(0, length), 'hex'), 'hex');
};

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
