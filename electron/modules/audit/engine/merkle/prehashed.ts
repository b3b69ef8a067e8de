// ECDSA over a digest that was made elsewhere: BoringSSL always hashes by itself, so this goes through noble.
import type { KeyObject } from 'node:crypto';
import { p256, p384, p521 } from '@noble/curves/nist.js';

const CURVES = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const;

/**
 * Verifies an ECDSA signature (DER) over `digest`, used as it is (FIPS 186-5 cuts it to the curve's length).
 * @returns null where the key is not one of the NIST curves.
 */
export const verifyPrehashed = (
  key: KeyObject,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean | null => {
  if (key.asymmetricKeyType !== 'ec') return null;
  const { crv, x, y } = key.export({ format: 'jwk' });
  const curve = CURVES[crv as keyof typeof CURVES];
  if (curve === undefined || x === undefined || y === undefined) return null;
  const point = Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  try {
    return curve.verify(signature, digest, point, { prehash: false, lowS: false, format: 'der' });
  } catch {
    // noble throws for a signature that is no DER.
    return false;
  }
};
