// Checks the signatures of a note with a key ring: each signature is valid, invalid, or of a key that is not known.
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import { parseCheckpoint } from './checkpoint.ts';
import { TYPE } from './keys.ts';
import type { NoteKey } from './keys.ts';
import type { Note, NoteSignature } from './note.ts';

export interface SignatureCheck {
  readonly signature: NoteSignature;
  /** `renamed` = the signature verifies under a known key of that name, but the key ID in the line is another. */
  readonly state: 'valid' | 'invalid' | 'unknown' | 'renamed';
  readonly key: NoteKey | null;
  /** Of cosignatures and RFC 6962 tree heads: seconds since 1970; null where the signature states no time. */
  readonly time: number | null;
}

const TIME_BYTES = 8;

const timeOf = (bytes: Buffer): number | null => {
  if (bytes.length < TIME_BYTES) return null;
  const time = Number(bytes.readBigUInt64BE(0));
  return Number.isSafeInteger(time) ? time : null;
};

const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

const short = (text: string): Buffer | null => {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length < 1 || bytes.length > 255 ? null : Buffer.concat([Uint8Array.of(bytes.length), bytes]);
};

/** c2sp.org/tlog-cosignature, `cosigned_message`. */
const subtreeMessage = (note: Note, name: string, time: number): Buffer | null => {
  const checkpoint = parseCheckpoint(note.text);
  const cosigner = short(name);
  const origin = checkpoint === null ? null : short(checkpoint.origin);
  if (checkpoint === null || cosigner === null || origin === null) return null;
  const label = Buffer.from('subtree/v1\n\0', 'latin1');
  return Buffer.concat([label, cosigner, u64(time), origin, u64(0), u64(checkpoint.size), checkpoint.root]);
};

/** What a TreeHeadSignature is about: milliseconds since 1970, leaves, root. */
export interface TreeHead {
  readonly time: number;
  readonly size: number;
  readonly root: Buffer;
}

/**
 * RFC 6962 section 3.5. `signed` is the digitally-signed struct: hash algorithm (4 = SHA-256), signature algorithm (3 =
 * ECDSA, 1 = RSA), length, signature. @throws Error where OpenSSL refuses the signature's encoding.
 */
export const isTreeHeadSigned = ({ time, size, root }: TreeHead, signed: Buffer, key: KeyObject): boolean => {
  const algorithm = key.asymmetricKeyType === 'rsa' ? 1 : 3;
  if (signed.length < 4 || signed[0] !== 4 || signed[1] !== algorithm) return false;
  if (signed.readUInt16BE(2) !== signed.length - 4) return false;
  const head = Buffer.concat([Uint8Array.of(0, 1), u64(time), u64(size), root]);
  return verify('sha256', head, key, signed.subarray(4));
};

const verifies = (note: Note, { name, bytes }: NoteSignature, { type, key, raw }: NoteKey): boolean => {
  if (type === TYPE.mldsa) {
    const time = timeOf(bytes);
    const message = time === null ? null : subtreeMessage(note, name, time);
    const signature = bytes.subarray(TIME_BYTES);
    if (message === null || signature.length !== ml_dsa44.lengths.signature) return false;
    return ml_dsa44.verify(signature, message, raw);
  }
  if (key === null) return false;
  if (type === TYPE.ed25519) return verify(null, note.text, key, bytes);
  if (type === TYPE.ecdsa) return verify('sha256', note.text, key, bytes);
  const time = timeOf(bytes);
  if (time === null) return false;
  if (type === TYPE.cosignature) {
    const head = Buffer.from(`cosignature/v1\ntime ${time}\n`);
    return verify(null, Buffer.concat([head, note.text]), key, bytes.subarray(TIME_BYTES));
  }
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint === null) return false;
  return isTreeHeadSigned({ ...checkpoint, time }, bytes.subarray(TIME_BYTES), key);
};

/** false where the check throws. */
export const safely = (check: () => boolean): boolean => {
  try {
    return check();
  } catch {
    // OpenSSL and noble throw for signatures of an impossible length or encoding.
    return false;
  }
};

const statesTime = (type: number): boolean =>
  type === TYPE.cosignature || type === TYPE.rfc6962 || type === TYPE.mldsa;

const checkOne = (note: Note, signature: NoteSignature, keys: readonly NoteKey[]): SignatureCheck => {
  const { name, keyId, bytes } = signature;
  const known = keys.filter((key) => (key.name ?? name) === name && key.keyIdFor(name) === keyId);
  const good = known.find((key) => safely(() => verifies(note, signature, key)));
  const key = good ?? known[0];
  if (key !== undefined) {
    const stated = statesTime(key.type) ? timeOf(bytes) : null;
    const time = stated !== null && key.type === TYPE.rfc6962 ? Math.floor(stated / 1000) : stated;
    return { signature, state: good === undefined ? 'invalid' : 'valid', key, time };
  }
  const renamed = keys.find((each) => each.name === name && safely(() => verifies(note, signature, each)));
  return {
    signature,
    state: renamed === undefined ? 'unknown' : 'renamed',
    key: renamed ?? null,
    time: null,
  };
};

/** One answer for each signature line, in their order. */
export const checkNote = (note: Note, keys: readonly NoteKey[]): readonly SignatureCheck[] =>
  note.signatures.map((signature) => checkOne(note, signature, keys));

/** A witness's cosignature, as against the signature of the log itself. */
export const isCosignature = ({ key }: SignatureCheck): boolean =>
  key !== null && (key.type === TYPE.cosignature || key.type === TYPE.mldsa);
