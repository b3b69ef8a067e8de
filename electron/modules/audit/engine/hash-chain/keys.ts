// Reads key files: what a secret for HMAC may be written as, and public keys for signatures.
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { KeyFile } from '../format.ts';
import type { LogKey } from './search.ts';

export interface PublicKey {
  readonly name: string;
  readonly key: KeyObject;
}

export interface Keys {
  /** Every way of reading the files as a secret, likeliest first. */
  readonly secrets: readonly LogKey[];
  readonly publicKeys: readonly PublicKey[];
}

const MAX_SECRET = 4096;
const MAX_KEYS = 16;
/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 public key from its 32 bytes; null where they are no point that can be used. */
export const ed25519Key = (raw: Buffer): KeyObject | null => {
  if (raw.length !== 32) return null;
  try {
    return createPublicKey({ key: Buffer.concat([ED25519_SPKI, raw]), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
};

const pemKey = (text: string): KeyObject | null => {
  try {
    const key = createPublicKey(text);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
};

const jwkKey = (jwk: Record<string, unknown>): KeyObject | null => {
  if (jwk['kty'] !== 'OKP' || typeof jwk['x'] !== 'string') return null;
  return ed25519Key(Buffer.from(jwk['x'], 'base64url'));
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const SECRET_NAMES = ['k', 'key', 'secret', 'hmac_key', 'hmacKey', 'value'];
const PUBLIC_NAMES = ['public_key', 'publicKey', 'ed25519', 'verify_key', 'x'];

/** The texts in a JSON document that may be keys. */
const textsIn = (
  value: unknown,
): { readonly secrets: string[]; readonly publics: string[]; readonly keys: KeyObject[] } => {
  const found = { secrets: [] as string[], publics: [] as string[], keys: [] as KeyObject[] };
  const objects = isObject(value)
    ? [value, ...(Array.isArray(value['keys']) ? value['keys'] : [])]
    : Array.isArray(value)
      ? value
      : [];
  for (const object of objects.slice(0, MAX_KEYS)) {
    if (!isObject(object)) continue;
    const key = jwkKey(object);
    if (key !== null) found.keys.push(key);
    for (const name of SECRET_NAMES) if (typeof object[name] === 'string') found.secrets.push(object[name]);
    for (const name of PUBLIC_NAMES) if (typeof object[name] === 'string') found.publics.push(object[name]);
  }
  return found;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The bytes that a text may stand for, beside its own: hex and base64. */
const decodings = (text: string): readonly Buffer[] => {
  const bare = text.replace(/^(?:0x|[a-z0-9]+:)/i, '');
  const found: Buffer[] = [];
  if (/^(?:[0-9a-fA-F]{2})+$/.test(bare)) found.push(Buffer.from(bare, 'hex'));
  if (/^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(text)) found.push(Buffer.from(text, 'base64'));
  return found;
};

export const readKeys = (files: readonly KeyFile[]): Keys => {
  const secrets: LogKey[] = [];
  const publicKeys: PublicKey[] = [];
  const seen = new Set<string>();
  const addSecret = (name: string, bytes: Buffer): void => {
    const id = bytes.toString('hex');
    if (bytes.length === 0 || bytes.length > MAX_SECRET || seen.has(id)) return;
    seen.add(id);
    if (secrets.length < MAX_KEYS) secrets.push({ name, bytes });
  };
  const addPublic = (name: string, key: KeyObject | null): void => {
    if (key !== null && publicKeys.length < MAX_KEYS) publicKeys.push({ name, key });
  };
  for (const { name, bytes } of files) {
    const raw = Buffer.from(bytes);
    const text = raw
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (text.includes('-----BEGIN')) {
      addPublic(name, pemKey(text));
      continue;
    }
    const json = /^[[{]/.test(text) ? textsIn(parsed(text)) : null;
    for (const key of json?.keys ?? []) addPublic(name, key);
    const lines = text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const texts = [...(json?.secrets ?? []), ...(json === null ? [text] : [])];
    for (const each of texts) addSecret(name, Buffer.from(each));
    for (const each of texts) for (const decoded of decodings(each)) addSecret(name, decoded);
    addSecret(name, raw);
    addPublic(name, ed25519Key(raw));
    for (const each of [
      ...(json?.publics ?? []),
      ...(json?.secrets ?? []),
      ...(json === null ? lines.slice(0, MAX_KEYS) : []),
    ])
      for (const decoded of decodings(each)) addPublic(name, ed25519Key(decoded));
  }
  return { secrets, publicKeys };
};
