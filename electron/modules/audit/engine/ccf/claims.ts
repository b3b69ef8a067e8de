// The claims digest of Azure Confidential Ledger: binds a receipt to the entry that was written.
import { createHmac } from 'node:crypto';
import { fromBase64 } from '../merkle/base64.ts';
import { isFields } from '../merkle/json-text.ts';
import type { Fields } from '../merkle/json-text.ts';
import { sha256 } from '../merkle/sha256.ts';

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest();

const entryDigest = (entry: Fields): Uint8Array | null => {
  const { collectionId, contents, secretKey, protocol } = entry;
  const key = typeof secretKey === 'string' ? fromBase64(secretKey) : null;
  if (key === null || typeof collectionId !== 'string' || typeof contents !== 'string') return null;
  if (protocol !== 'LedgerEntryV1') return null;
  return sha256(Buffer.from(protocol), sha256(hmac(key, collectionId), hmac(key, contents)));
};

const givenDigest = (digest: Fields): Uint8Array | null => {
  const { value, protocol } = digest;
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{2})*$/iu.test(value) || typeof protocol !== 'string')
    return null;
  return sha256(Buffer.from(protocol), Buffer.from(value, 'hex'));
};

/** null where a claim is of a kind or protocol that is not known. Source: Azure Confidential Ledger, application claims. */
export const claimsDigest = (claims: readonly Fields[]): Buffer | null => {
  const digests: Uint8Array[] = [];
  for (const claim of claims) {
    const entry = isFields(claim.ledgerEntry) ? entryDigest(claim.ledgerEntry) : null;
    const digest = entry ?? (isFields(claim.digest) ? givenDigest(claim.digest) : null);
    if (digest === null) return null;
    digests.push(digest);
  }
  const count = Buffer.alloc(4);
  count.writeUInt32LE(digests.length);
  return Buffer.from(sha256(count, ...digests));
};
