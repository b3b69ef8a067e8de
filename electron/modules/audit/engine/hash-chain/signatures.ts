// Signatures that records carry over their own hash: which field, over what exactly, and whether each is valid.
import { verify } from 'node:crypto';
import type { Recipe } from '../../../../../shared/chain/recipe.ts';
import { decodeDigest, digestHex, digestShape } from './digests.ts';
import { fieldAt, leavesOf } from './fields.ts';
import { ed25519Key } from './keys.ts';
import type { Keys, PublicKey } from './keys.ts';
import type { Preimage } from './digests.ts';
import { bodyOf, preimageOf } from './preimage.ts';
import type { ReadRecord } from './preimage.ts';

export type SignatureForm = NonNullable<Recipe['signature']>;

/** What is signed for one record, in each of the ways seen. */
export interface Signed {
  readonly own: string | null;
  readonly hashed: Preimage | null;
  readonly body: Preimage | null;
}

export interface SignatureFinding {
  /** null: the signatures were found, but no key given verifies any of them. */
  readonly form: SignatureForm | null;
  readonly field: string;
  readonly key: PublicKey | null;
  /** The key stands in the log itself. */
  readonly isEmbedded: boolean;
  /** Every record of the sample carries a signature. */
  readonly isEverywhere: boolean;
}

const NAME = /sig|ed25519/i;
const KEY_NAME = /pub|key|signer/i;
const OVER = ['hash-text', 'hash-hex', 'hash-bytes', 'hashed-text', 'body'] as const;
const BYTES = 64;
const TRIED = 4;

/** The 64 bytes of a stored Ed25519 signature, or null. */
export const signatureBytes = (stored: string): Buffer | null => {
  const shape = digestShape(stored);
  const bytes = shape === null ? null : decodeDigest(stored, shape);
  return bytes !== null && bytes.length === BYTES ? bytes : null;
};

const bufferOf = (data: Preimage): Buffer => (typeof data === 'string' ? Buffer.from(data) : data);

const messageOf = (signed: Signed, over: SignatureForm['over'], digest: Recipe['digest']): Buffer | null => {
  switch (over) {
    case 'hash-text':
      return signed.own === null ? null : Buffer.from(signed.own);
    case 'hash-hex':
      return signed.own === null ? null : Buffer.from(digestHex(signed.own, digest));
    case 'hash-bytes':
      return signed.own === null ? null : decodeDigest(signed.own, digest);
    case 'hashed-text':
      return signed.hashed === null ? null : bufferOf(signed.hashed);
    case 'body':
      return signed.body === null ? null : bufferOf(signed.body);
  }
};

export const isSignedBy = (
  key: PublicKey,
  signature: Buffer,
  signed: Signed,
  over: SignatureForm['over'],
  digest: Recipe['digest'],
): boolean => {
  const message = messageOf(signed, over, digest);
  return message !== null && verify(null, message, key.key, signature);
};

const textAt = (record: ReadRecord, path: string): string | null => {
  const value = fieldAt(record.dict, path);
  return typeof value === 'string' ? value : null;
};

const embeddedKeys = (records: readonly ReadRecord[]): readonly PublicKey[] => {
  const found = new Map<string, PublicKey>();
  for (const { dict } of records.slice(0, TRIED)) {
    for (const [path, value] of leavesOf(dict, 3)) {
      const shape = typeof value === 'string' && KEY_NAME.test(path) ? digestShape(value) : null;
      if (shape === null || typeof value !== 'string' || shape.bytes !== 32) continue;
      const key = ed25519Key(decodeDigest(value, shape) ?? Buffer.alloc(0));
      if (key !== null) found.set(value, { name: path, key });
    }
  }
  return [...found.values()];
};

/** null when the records carry no signatures. `recipe` null: only the stored hash can be what was signed. */
export const findSignature = (
  records: readonly ReadRecord[],
  recipe: Recipe,
  isHashKnown: boolean,
  keys: Keys,
): SignatureFinding | null => {
  const fields = new Set(
    records.flatMap(({ dict }) =>
      [...leavesOf(dict, 3)].flatMap(([path, value]) =>
        typeof value === 'string' &&
        NAME.test(path) &&
        path !== recipe.own &&
        path !== recipe.prev &&
        signatureBytes(value) !== null
          ? [path]
          : [],
      ),
    ),
  );
  const [field] = fields;
  if (field === undefined) return null;
  const carrying = records.filter((record) => signatureBytes(textAt(record, field) ?? '') !== null);
  const isEverywhere = carrying.length === records.length;
  const embedded = embeddedKeys(records);
  for (const record of carrying.slice(0, TRIED)) {
    const signature = signatureBytes(textAt(record, field) ?? '');
    if (signature === null) continue;
    const previous = recipe.prev === null ? null : textAt(record, recipe.prev);
    const signed: Signed = {
      own: recipe.own === null ? null : textAt(record, recipe.own),
      hashed: isHashKnown ? preimageOf(recipe, record, previous) : null,
      body: isHashKnown ? bodyOf(recipe, record, previous) : null,
    };
    for (const [isEmbedded, list] of [
      [false, keys.publicKeys],
      [true, embedded],
    ] as const) {
      for (const key of list) {
        for (const over of OVER) {
          if (isSignedBy(key, signature, signed, over, recipe.digest))
            return { form: { field, algorithm: 'ed25519', over }, field, key, isEmbedded, isEverywhere };
        }
      }
    }
  }
  return { form: null, field, key: null, isEmbedded: false, isEverywhere };
};
