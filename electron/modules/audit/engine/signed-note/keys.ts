// Keys that signed notes are checked with: vkey lines, PEM or DER public keys and certificates; told apart by content.
import { createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { KeyFile } from '../format.ts';
import { fromBase64 } from '../merkle/base64.ts';
import { sha256 } from '../merkle/sha256.ts';

/** Signature type identifier bytes of c2sp.org/signed-note. */
export const TYPE = { ed25519: 1, ecdsa: 2, cosignature: 4, rfc6962: 5, mldsa: 6 } as const;
export type SignatureType = (typeof TYPE)[keyof typeof TYPE];

const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const MLDSA44_BYTES = 1312;

export interface NoteKey {
  /** File that it was read from. */
  readonly file: string;
  /** The key name of a vkey; null for a bare public key, which may have any name. */
  readonly name: string | null;
  readonly type: SignatureType;
  /** Eight lower-case hex digits for a signature with that name. */
  keyIdFor(name: string): string;
  /** Absent for ML-DSA-44, whose raw key is `raw`. */
  readonly key: KeyObject | null;
  readonly raw: Buffer;
  /** As text, to be put into a fork proof: a vkey line or PEM. */
  readonly text: string;
}

export interface KeyRing {
  readonly keys: readonly NoteKey[];
  /** What looked like a key and can't be used: file and reason. */
  readonly unusable: readonly { readonly file: string; readonly reason: string }[];
}

const firstFour = (...parts: readonly Uint8Array[]): string =>
  Buffer.from(sha256(...parts)).toString('hex', 0, 4);

const namedId = (name: string, type: number, material: Uint8Array): string =>
  firstFour(Buffer.from(`${name}\n`), Uint8Array.of(type), material);

const idRule = (type: SignatureType, raw: Buffer, spki: Buffer): ((name: string) => string) => {
  if (type === TYPE.ecdsa) return () => firstFour(spki);
  // static-ct-api: the material is the RFC 6962 log ID.
  if (type === TYPE.rfc6962) return (name) => namedId(name, type, sha256(spki));
  return (name) => namedId(name, type, raw);
};

const publicKey = (der: Buffer): KeyObject | null => {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
};

const VKEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u;

const keyOf = (type: number, material: Buffer): { readonly key: KeyObject | null } | null => {
  if (type === TYPE.ed25519 || type === TYPE.cosignature) {
    if (material.length !== 32) return null;
    const key = publicKey(Buffer.concat([ED25519_SPKI, material]));
    return key === null ? null : { key };
  }
  if (type === TYPE.mldsa) return material.length === MLDSA44_BYTES ? { key: null } : null;
  if (type !== TYPE.ecdsa && type !== TYPE.rfc6962) return null;
  const key = publicKey(material);
  return key === null ? null : { key };
};

/** A vkey, or why not; null where the text has not the form of one. */
const readVkey = (token: string, file: string): NoteKey | string | null => {
  const [, name, id, base64] = VKEY.exec(token) ?? [];
  if (name === undefined || id === undefined || base64 === undefined) return null;
  const blob = fromBase64(base64);
  const type = blob?.[0];
  if (blob === null || type === undefined) return `the key of ${name} is not valid base64`;
  const raw = blob.subarray(1);
  const known = Object.values(TYPE).find((each) => each === type);
  const made = known === undefined ? null : keyOf(known, raw);
  if (known === undefined || made === null)
    return `the key of ${name} has a type or length that is not known`;
  const keyIdFor = idRule(known, raw, raw);
  if (keyIdFor(name) !== id) return `the key ID of ${name} does not belong to its key`;
  return { file, name, type: known, keyIdFor, key: made.key, raw, text: token };
};

/** A bare public key stands for each kind of signature that it can make. */
const bareKeys = (key: KeyObject, file: string): readonly NoteKey[] => {
  const spki = key.export({ format: 'der', type: 'spki' });
  const text = key.export({ format: 'pem', type: 'spki' }).toString();
  const make = (type: SignatureType, raw: Buffer, keyIdFor = idRule(type, raw, spki)): NoteKey => ({
    file,
    name: null,
    type,
    keyIdFor,
    key,
    raw,
    text,
  });
  if (key.asymmetricKeyType === 'ed25519') {
    const raw = spki.subarray(ED25519_SPKI.length);
    // Rekor's key hint is the digest of the SubjectPublicKeyInfo, whatever the algorithm.
    const hinted = make(TYPE.ed25519, raw, () => firstFour(spki));
    return [make(TYPE.ed25519, raw), make(TYPE.cosignature, raw), hinted];
  }
  if (key.asymmetricKeyType === 'ec' || key.asymmetricKeyType === 'rsa')
    return [make(TYPE.ecdsa, spki), make(TYPE.rfc6962, spki)];
  return [];
};

const PEM = /-----BEGIN (PUBLIC KEY|CERTIFICATE)-----[\sA-Za-z0-9+/=]+-----END \1-----/gu;

/** Public keys in PEM text, certificates' keys too. */
export const pemKeys = (text: string): readonly KeyObject[] => {
  const keys: KeyObject[] = [];
  for (const [block, label] of text.matchAll(PEM)) {
    try {
      keys.push(label === 'CERTIFICATE' ? new X509Certificate(block).publicKey : createPublicKey(block));
    } catch {
      // A block that is no key is no key: the caller sees that none came out.
    }
  }
  return keys;
};

/** Keys of a text: every vkey in it (also after `log` or `witness` in a policy), and every PEM block. */
export const readKeyText = (text: string, file: string): KeyRing => {
  const keys: NoteKey[] = [];
  const unusable: { file: string; reason: string }[] = [];
  for (const line of text.split(/\r?\n/u)) {
    if (line.startsWith('#')) continue;
    for (const token of line.split(/[\s"',]+/u)) {
      const read = readVkey(token, file);
      if (typeof read === 'string') unusable.push({ file, reason: read });
      else if (read !== null) keys.push(read);
    }
  }
  for (const key of pemKeys(text)) keys.push(...bareKeys(key, file));
  return { keys, unusable };
};

/** All keys of the files; files without any are simply not key files. */
export const readKeys = (files: readonly KeyFile[]): KeyRing => {
  const rings = files.map(({ name, bytes }) => {
    const buffer = Buffer.from(bytes);
    const der = buffer[0] === 0x30 ? publicKey(buffer) : null;
    if (der !== null) return { keys: bareKeys(der, name), unusable: [] };
    return readKeyText(buffer.toString('utf8'), name);
  });
  return {
    keys: rings.flatMap(({ keys }) => keys),
    unusable: rings.flatMap(({ unusable }) => unusable),
  };
};

/** The note keys that a bare public key stands for. */
export const noteKeysOf = bareKeys;
