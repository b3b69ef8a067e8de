// The digests that chains are made of: computing them by any algorithm, keyed or not, and reading them as they are stored.
import { createHmac, hash } from 'node:crypto';
import { blake2b, blake2s } from '@noble/hashes/blake2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hmac } from '@noble/hashes/hmac.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { keccak_256, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js';
import type { CHash } from '@noble/hashes/utils.js';
import type { Algorithm, DigestForm } from '../../../../../shared/chain/recipe.ts';

/** What is hashed: text is hashed as UTF-8. */
export type Preimage = string | Buffer;

type Digester = (data: Preimage) => Buffer;

// Electron's own crypto (BoringSSL) has these; the others come from noble.
const NATIVE: Partial<Record<Algorithm, string>> = {
  sha256: 'sha256',
  sha512: 'sha512',
  sha384: 'sha384',
  sha224: 'sha224',
  'sha512-256': 'sha512-256',
  sha1: 'sha1',
  md5: 'md5',
};

const noble = (digest: (data: Uint8Array) => Uint8Array): Digester => {
  return (data) => Buffer.from(digest(typeof data === 'string' ? Buffer.from(data) : data));
};
const native =
  (name: string): Digester =>
  (data) =>
    hash(name, data, 'buffer');

const NOBLE = {
  'sha3-256': sha3_256,
  'sha3-384': sha3_384,
  'sha3-512': sha3_512,
  'keccak-256': keccak_256,
  'blake2s-256': blake2s,
  'blake2b-512': blake2b,
  blake3,
  ripemd160,
} as const;

const DIGESTERS: Readonly<Record<Algorithm, Digester>> = {
  sha256: native('sha256'),
  sha512: native('sha512'),
  sha384: native('sha384'),
  sha224: native('sha224'),
  'sha512-256': native('sha512-256'),
  sha1: native('sha1'),
  md5: native('md5'),
  sha256d: (data) => hash('sha256', hash('sha256', data, 'buffer'), 'buffer'),
  'sha3-256': noble(sha3_256),
  'sha3-384': noble(sha3_384),
  'sha3-512': noble(sha3_512),
  'keccak-256': noble(keccak_256),
  'blake2b-256': noble((data) => blake2b(data, { dkLen: 32 })),
  'blake2b-512': noble(blake2b),
  'blake2s-256': noble(blake2s),
  blake3: noble(blake3),
  ripemd160: noble(ripemd160),
};

/** Bytes of the whole digest. */
export const DIGEST_BYTES: Readonly<Record<Algorithm, number>> = {
  sha256: 32,
  sha512: 64,
  sha384: 48,
  sha224: 28,
  'sha512-256': 32,
  'sha3-256': 32,
  'sha3-384': 48,
  'sha3-512': 64,
  'keccak-256': 32,
  'blake2b-256': 32,
  'blake2b-512': 64,
  'blake2s-256': 32,
  blake3: 32,
  sha256d: 32,
  sha1: 20,
  ripemd160: 20,
  md5: 16,
};

const bytesOf = (data: Preimage): Buffer => (typeof data === 'string' ? Buffer.from(data) : data);

const hmacOf = (algorithm: Algorithm, key: Buffer): Digester => {
  const name = NATIVE[algorithm];
  if (name !== undefined) return (data) => createHmac(name, key).update(data).digest();
  const digest: CHash | undefined = (NOBLE as Partial<Record<Algorithm, CHash>>)[algorithm];
  if (digest === undefined) return DIGESTERS[algorithm];
  return (data) => Buffer.from(hmac(digest, key, bytesOf(data)));
};

/** The whole digest, `key` used as the form says. */
export const digester = (
  algorithm: Algorithm,
  keyed: DigestForm['keyed'],
  key: Buffer | null,
): ((data: Preimage) => Buffer) => {
  const plain = DIGESTERS[algorithm];
  if (keyed === 'none' || key === null) return plain;
  if (keyed === 'hmac') return hmacOf(algorithm, key);
  return keyed === 'prefix'
    ? (data) => plain(Buffer.concat([key, bytesOf(data)]))
    : (data) => plain(Buffer.concat([bytesOf(data), key]));
};

/** Whether the runtime itself has the algorithm, so that it is fast. */
export const isNative = (algorithm: Algorithm): boolean => NATIVE[algorithm] !== undefined;

/** The whole digest in lower-case hex. */
export const hexDigester = (
  algorithm: Algorithm,
  keyed: DigestForm['keyed'],
  key: Buffer | null,
): ((data: Preimage) => string) => {
  const name = NATIVE[algorithm];
  if (name !== undefined && keyed === 'none') return (data) => hash(name, data, 'hex');
  const digest = digester(algorithm, keyed, key);
  return (data) => digest(data).toString('hex');
};

export const encodeDigest = (digest: Buffer, form: DigestForm): string => {
  const kept = form.bytes < digest.length ? digest.subarray(0, form.bytes) : digest;
  const text =
    form.encoding === 'hex-upper' ? kept.toString('hex').toUpperCase() : kept.toString(form.encoding);
  return form.prefix + text;
};

/** Answers the stored form of the digest of a text: one function, made once for a whole log. */
export const storedDigester = (form: DigestForm, key: Buffer | null): ((data: Preimage) => string) => {
  const name = NATIVE[form.algorithm];
  const isPlain = form.keyed === 'none' && form.prefix === '' && form.encoding === 'hex';
  if (name !== undefined && isPlain && form.bytes === DIGEST_BYTES[form.algorithm])
    return (data) => hash(name, data, 'hex');
  const digest = digester(form.algorithm, form.keyed, key);
  return (data) => encodeDigest(digest(data), form);
};

export type DigestShape = Pick<DigestForm, 'encoding' | 'prefix' | 'bytes'>;

const PREFIX = /^(?:0x|[a-zA-Z0-9-]{2,12}[:=-](?=[0-9A-Za-z+/_=-]{16,}$))/;
const HEX = /^(?:[0-9a-f]{16,128}|[0-9A-F]{16,128})$/;
// Base64 of 16 to 64 bytes; of 32 bytes it has 43 characters and at most one sign of equality.
const BASE64_LENGTHS: ReadonlyMap<number, number> = new Map([
  [22, 16],
  [27, 20],
  [38, 28],
  [43, 32],
  [64, 48],
  [86, 64],
]);

/** How a text that looks like a digest is written; null when it doesn't look like one. */
export const digestShape = (text: string): DigestShape | null => {
  if (text.length < 16 || text.length > 145) return null;
  const bare = shapeWithPrefix(text, '');
  if (bare !== null) return bare;
  const prefix = PREFIX.exec(text)?.[0] ?? '';
  return prefix === '' ? null : shapeWithPrefix(text.slice(prefix.length), prefix);
};

const shapeWithPrefix = (text: string, prefix: string): DigestShape | null => {
  if (HEX.test(text) && text.length % 2 === 0 && (/[a-fA-F]/.test(text) || text.length >= 32)) {
    // A number of sixteen and more digits is a number.
    const isLikely = /[a-fA-F]/.test(text) || /^0+$/.test(text);
    if (isLikely)
      return { encoding: /[A-F]/.test(text) ? 'hex-upper' : 'hex', prefix, bytes: text.length / 2 };
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$|^[A-Za-z0-9_-]+={0,2}$/.test(text)) return null;
  const bare = text.replace(/=+$/, '');
  const bytes = BASE64_LENGTHS.get(bare.length);
  if (bytes === undefined) return null;
  if (!/[0-9]/.test(bare) && bare.length < 40) return null;
  if (!(/[a-z]/.test(bare) && /[A-Z]/.test(bare))) return null;
  const isUrl = /[_-]/.test(bare) || (bare.length % 4 !== 0 && bare === text);
  return { encoding: isUrl ? 'base64url' : 'base64', prefix, bytes };
};

/** The digest without its prefix. */
export const bareDigest = (stored: string, shape: Pick<DigestShape, 'prefix'>): string =>
  shape.prefix !== '' && stored.startsWith(shape.prefix) ? stored.slice(shape.prefix.length) : stored;

const DECODED: Readonly<Record<DigestForm['encoding'], RegExp>> = {
  hex: /^(?:[0-9a-fA-F]{2})+$/,
  'hex-upper': /^(?:[0-9a-fA-F]{2})+$/,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
};

/** The bytes of a stored digest; null when it is none in this form. */
export const decodeDigest = (
  stored: string,
  shape: Pick<DigestShape, 'prefix' | 'encoding'>,
): Buffer | null => {
  const bare = bareDigest(stored, shape);
  if (!DECODED[shape.encoding].test(bare)) return null;
  const encoding = shape.encoding === 'hex-upper' ? 'hex' : shape.encoding;
  return Buffer.from(bare, encoding);
};

/** Lower-case hex of a stored digest, by which digests are compared; the text itself where it is none. */
export const digestHex = (stored: string, shape: Pick<DigestShape, 'prefix' | 'encoding'>): string => {
  if (shape.encoding === 'hex' && shape.prefix === '' && /^[0-9a-f]+$/.test(stored)) return stored;
  return decodeDigest(stored, shape)?.toString('hex') ?? stored;
};

const EXACT: readonly Algorithm[] = [
  'sha256',
  'sha3-256',
  'blake2b-256',
  'blake2s-256',
  'keccak-256',
  'blake3',
  'sha512-256',
  'sha256d',
  'sha512',
  'sha3-512',
  'blake2b-512',
  'sha384',
  'sha3-384',
  'sha224',
  'sha1',
  'ripemd160',
  'md5',
];
/** Of which digests are seen cut short. */
const CUT: readonly Algorithm[] = [
  'sha256',
  'sha512',
  'sha1',
  'md5',
  'sha3-256',
  'blake2b-512',
  'sha384',
  'blake3',
];

/** The algorithms that can have made a digest of so many bytes, likeliest first. */
export const algorithmsFor = (bytes: number): readonly Algorithm[] => {
  const exact = EXACT.filter((algorithm) => DIGEST_BYTES[algorithm] === bytes);
  const cut = CUT.filter((algorithm) => DIGEST_BYTES[algorithm] > bytes);
  if (exact.length > 0 && bytes > 16) return [...exact, ...cut.slice(1, 2)];
  return [...cut.slice(0, 1), ...exact, ...cut.slice(1)];
};
