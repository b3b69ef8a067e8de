// Signed segment receipts: what one machine has verified of its part of a log, for another machine to join.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { SegmentJson, segmentJson } from './packed-json.ts';
import type { Segment } from './segment.ts';

const TYPE = 'probity-segment-receipt';
const VERSION = 1;
/** Raised whenever the same bytes could give another segment than before: receipts of different engines don't join. */
const ENGINE = 'guardian-segments-1';

const Body = v.strictObject({
  type: v.literal(TYPE),
  version: v.literal(VERSION),
  engine: v.literal(ENGINE),
  format: v.literal('guardian-chain'),
  /** Name of the log's file, for people. */
  log: v.string(),
  segment: SegmentJson,
  /** Of a checkpoint: the state of the digest of all bytes up to the segment's end; null in other receipts. */
  digestState: v.nullable(v.string()),
});

/**
 * A receipt is a line of JSON: `receipt` is the body, `key` the public key (SPKI, DER, base64), `signature` Ed25519
 * (RFC 8032) in base64 over the UTF-8 of the body as `JSON.stringify` writes it.
 */
const Envelope = v.strictObject({
  receipt: v.looseObject({}),
  key: v.string(),
  signature: v.string(),
});

export interface Receipt {
  /** The file that it was read from. */
  readonly name: string;
  readonly log: string;
  readonly segment: Segment;
  readonly digestState: string | null;
  /** SPKI, DER, base64. */
  readonly key: string;
}

export interface Signer {
  /** SPKI, DER, base64. */
  readonly key: string;
  sign(bytes: Uint8Array): string;
}

const spkiOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).toString('base64');

const signerOf = (key: KeyObject): Signer => ({
  key: spkiOf(createPublicKey(key)),
  sign: (bytes) => sign(null, bytes, key).toString('base64'),
});

/** A key for this run only: it proves that a receipt is as it was written, not who wrote it. */
export const ephemeralSigner = (): Signer => signerOf(generateKeyPairSync('ed25519').privateKey);

const invalidKey = (name: string, reason: string): AppError =>
  new AppError('audit.key_invalid', { name, reason });

/** `pem`: an Ed25519 private key (PKCS #8). @throws AppError('audit.key_invalid') */
export const readSigner = (name: string, pem: Uint8Array): Signer => {
  try {
    const key = createPrivateKey(Buffer.from(pem));
    if (key.asymmetricKeyType === 'ed25519') return signerOf(key);
  } catch {
    throw invalidKey(name, 'it is no private key in PEM form');
  }
  throw invalidKey(name, 'it is no Ed25519 key');
};

/** The public key of a PEM file, private or public, as receipts state it. @throws AppError('audit.key_invalid') */
export const readTrustedKey = (name: string, pem: Uint8Array): string => {
  try {
    const key = createPublicKey(Buffer.from(pem));
    if (key.asymmetricKeyType === 'ed25519') return spkiOf(key);
  } catch {
    throw invalidKey(name, 'it is no public key in PEM form');
  }
  throw invalidKey(name, 'it is no Ed25519 key');
};

/** One line, without its line feed. */
export const writeReceipt = (
  segment: Segment,
  log: string,
  signer: Signer,
  digestState: string | null = null,
): string => {
  const receipt: v.InferInput<typeof Body> = {
    type: TYPE,
    version: VERSION,
    engine: ENGINE,
    format: 'guardian-chain',
    log,
    segment: segmentJson(segment),
    digestState,
  };
  const body = JSON.stringify(receipt);
  const signature = signer.sign(Buffer.from(body));
  return `{"receipt":${body},"key":${JSON.stringify(signer.key)},"signature":${JSON.stringify(signature)}}`;
};

/**
 * Reads one line. `trusted`: public keys of which one must have signed it; empty = any key, but the signature must fit.
 * @throws AppError('audit.receipt_invalid' | 'audit.receipt_untrusted')
 */
export const readReceipt = (name: string, line: string, trusted: readonly string[]): Receipt => {
  const refuse = (reason: string): AppError => new AppError('audit.receipt_invalid', { name, reason });
  const envelope = v.safeParse(Envelope, parsed(line));
  if (!envelope.success) throw refuse('it has not the form of a receipt');
  const { receipt, key, signature } = envelope.output;
  if (!isSigned(JSON.stringify(receipt), key, signature)) throw refuse('its signature does not fit');
  if (trusted.length > 0 && !trusted.includes(key)) throw new AppError('audit.receipt_untrusted', { name });
  if (receipt['version'] !== VERSION || receipt['engine'] !== ENGINE)
    throw refuse('it was made by another version of Probity');
  const body = v.safeParse(Body, receipt, { abortEarly: true });
  if (!body.success) throw refuse(body.issues[0].message);
  const { log, segment, digestState } = body.output;
  return { name, log, segment, digestState, key };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const isSigned = (body: string, key: string, signature: string): boolean => {
  try {
    const spki = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return (
      spki.asymmetricKeyType === 'ed25519' &&
      verify(null, Buffer.from(body), spki, Buffer.from(signature, 'base64'))
    );
  } catch {
    return false;
  }
};
