// A salted commitment to one record of a log, and the Merkle leaf made of it: binding, and silent about what it holds.
import { createHash, createHmac, hash, type Hash } from 'node:crypto';
import { leafHash, type Sha256 } from '../../../../../shared/chain/merkle.ts';

/** Name and version of the scheme, as packs state it. */
export const COMMITMENT_SCHEME = 'probity-commitments/1';
/** Bytes of the secret from which the salts of one log are drawn; fresh for each pack. */
export const SECRET_BYTES = 32;

const SALT_LABEL = Buffer.from('probity-record-salt-v1', 'ascii');
const RECORD_LABEL = Buffer.from('probity-record-v1', 'ascii');
const FILE_LABEL = Buffer.from('probity-file-v1', 'ascii');
const TOO_LONG_LABEL = Buffer.from('probity-record-too-long-v1', 'ascii');

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

/** SHA-256 of the parts one after the other. */
export const sha256: Sha256 = (...parts) => {
  const [only] = parts;
  return hash('sha256', parts.length === 1 && only !== undefined ? only : Buffer.concat(parts), 'buffer');
};

/** `HMAC-SHA256(secret, "probity-record-salt-v1" || u64be(leaf))`, 32 bytes: salts of other leaves stay unknown. */
export const saltOf = (secret: Uint8Array, leaf: number): Buffer =>
  createHmac('sha256', secret).update(SALT_LABEL).update(u64(leaf)).digest();

/** `SHA-256("probity-record-v1" || u32be(|salt|) || salt || u64be(|record|) || record)`. */
export const recordCommitment = (salt: Uint8Array, record: Uint8Array): Uint8Array =>
  sha256(RECORD_LABEL, u32(salt.length), salt, u64(record.length), record);

/** A record over the reading limit is bound by its length only: `"probity-record-too-long-v1" || u32be(|salt|) || salt || u64be(|record|)`. */
export const tooLongCommitment = (salt: Uint8Array, length: number): Uint8Array =>
  sha256(TOO_LONG_LABEL, u32(salt.length), salt, u64(length));

/**
 * Begins the commitment to a whole file, to be fed with its bytes:
 * `SHA-256("probity-file-v1" || u32be(|salt|) || salt || u32be(|name|) || name || u64be(|bytes|) || bytes)`.
 */
export const beginFileCommitment = (salt: Uint8Array, name: string, bytes: number): Hash => {
  const utf8 = Buffer.from(name, 'utf8');
  return createHash('sha256')
    .update(FILE_LABEL)
    .update(u32(salt.length))
    .update(salt)
    .update(u32(utf8.length))
    .update(utf8)
    .update(u64(bytes));
};

/** The leaf of the tree: RFC 9162's leaf hash over the commitment, so that a proof can be checked without the record. */
export const commitmentLeaf = (commitment: Uint8Array): Uint8Array => leafHash(sha256, commitment);
