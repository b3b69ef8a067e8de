// Proves digests: by AWS's signature, wherever a copy of it was found, by a trusted head, or by a proven successor's hash.
import type { VerifyOptions } from '../format.ts';
import { objectOf } from './chain.ts';
import { stringToSign } from './digest-document.ts';
import { baseName } from './object-names.ts';
import { signatureFits } from './public-keys.ts';
import type { PublicKey } from './public-keys.ts';
import type { MetadataIndex } from './sidecars.ts';
import { isProven, isRead } from './trail-model.ts';
import type { Chain, FindingList, ReadDigest } from './trail-model.ts';

export interface Keyring {
  /** By exact fingerprint string: how AWS derives it is not published. */
  readonly byFingerprint: ReadonlyMap<string, readonly PublicKey[]>;
  /** True when the keys were given by the user, not found among the evidence. */
  readonly given: boolean;
}

const ALGORITHM = 'SHA256withRSA';

/** Fingerprints whose key is absent, with the digests that name them. */
export type UnknownKeys = Map<string, ReadDigest[]>;

export interface SignatureCopies {
  /** From S3 metadata. */
  readonly own: string | null;
  /** From the next digest's `previousDigestSignature`. */
  readonly inNext: string | null;
}

/** The two places where a digest's signature may have come along. */
export const signatureCopies = (item: ReadDigest, metadata: MetadataIndex): SignatureCopies => ({
  own: metadata.find(objectOf(item.file.document), item.path)?.signature ?? null,
  inNext: item.next?.file?.document?.previousSignature ?? null,
});

export const keysFor = (
  item: ReadDigest,
  metadata: MetadataIndex,
  keyring: Keyring,
): readonly PublicKey[] => {
  const algorithm =
    metadata.find(objectOf(item.file.document), item.path)?.algorithm ??
    item.file.document.signatureAlgorithm;
  return algorithm === ALGORITHM ? (keyring.byFingerprint.get(item.file.document.fingerprint) ?? []) : [];
};

const checkSignature = (
  item: ReadDigest,
  metadata: MetadataIndex,
  keyring: Keyring,
  unknown: UnknownKeys,
  findings: FindingList,
): void => {
  const { own, inNext } = signatureCopies(item, metadata);
  if (own !== null && inNext !== null && own.toLowerCase() !== inNext.toLowerCase() && item.next !== null) {
    findings.add({
      kind: 'LINK_BREAK',
      verdict: 'TAMPERED',
      item: item.next,
      at: item.next.end,
      expected: own,
      actual: inNext,
      message: `The signature of ${baseName(item.path)} that this digest carries is not the one in that digest's S3 metadata.`,
    });
  }
  if (own === null && inNext === null) return;
  const keys = keysFor(item, metadata, keyring);
  if (keys.length === 0) {
    item.proof = 'no-key';
    const { fingerprint } = item.file.document;
    const waiting = unknown.get(fingerprint);
    if (waiting === undefined) unknown.set(fingerprint, [item]);
    else waiting.push(item);
    return;
  }
  const signed = stringToSign(item.file.document, item.file.sha256);
  const fits = (signature: string | null): boolean =>
    signature !== null && keys.some((key) => signatureFits(key, signed, signature));
  const ownFits = fits(own);
  const nextFits = fits(inNext);
  if (ownFits || nextFits) item.proof = 'signed';
  else item.proof = 'bad';
  if (ownFits || (own === null && nextFits)) return;
  // Without metadata a wrong hash in the next digest already says all: the signature covers the hash.
  if (own === null && item.next?.file?.document?.previous?.hash !== item.file.sha256) return;
  findings.add({
    kind: 'SIGNATURE_INVALID',
    verdict: 'TAMPERED',
    item,
    at: item.end,
    message: nextFits
      ? 'The signature in the S3 metadata is wrong, though the copy of it in the next digest fits: the metadata was altered.'
      : `The signature does not fit the published key ${item.file.document.fingerprint}: the digest was altered, or signed by somebody else.`,
  });
};

const checkHash = (item: ReadDigest, findings: FindingList): void => {
  const successor = item.next;
  if (successor === null) return;
  const named = successor.file?.document?.previous ?? null;
  if (named === null) return;
  if (named.hashAlgorithm !== 'SHA-256') {
    findings.add({
      kind: 'MALFORMED',
      verdict: 'UNVERIFIABLE',
      item: successor,
      at: successor.end,
      message: `It names its predecessor by ${named.hashAlgorithm}, which can not be checked here.`,
    });
    return;
  }
  if (named.hash === item.file.sha256) return;
  const common = { verdict: 'TAMPERED', expected: named.hash, actual: item.file.sha256 } as const;
  if (item.proof === 'signed') {
    findings.add({
      ...common,
      kind: 'LINK_BREAK',
      item: successor,
      at: successor.end,
      message: `It names another SHA-256 for its predecessor ${baseName(item.path)}, whose own signature fits.`,
    });
  } else {
    findings.add({
      ...common,
      kind: 'DIGEST_INVALID',
      item,
      at: item.end,
      message: `The digest was altered: its SHA-256 is not the one that the next digest, ${baseName(successor.path)}, names.`,
    });
  }
};

/** A trusted head may be the SHA-256 of a digest's content, or of the .gz file as `sha256sum` prints it. */
const isHead = (item: ReadDigest, heads: ReadonlySet<string>): boolean =>
  heads.has(item.file.sha256) || heads.has(item.file.storedSha256);

/** One finding for each key that is absent and without which a digest stays unproven. */
const reportMissingKeys = (unknown: UnknownKeys, keyring: Keyring, findings: FindingList): void => {
  for (const [fingerprint, items] of unknown) {
    const open = items.filter((item) => item.proof === 'no-key');
    const [first] = open;
    if (first === undefined) continue;
    const where =
      keyring.byFingerprint.size === 0
        ? 'there is no list of public keys'
        : 'the list of public keys does not hold it';
    findings.add({
      kind: 'KEY_MISSING',
      verdict: 'UNVERIFIABLE',
      expected: fingerprint,
      at: first.end,
      message: `The public key with the fingerprint ${fingerprint} is missing: ${where}. ${open.length === 1 ? `The signature of ${baseName(first.path)} can` : `The signatures of ${open.length} digests, the first ${baseName(first.path)}, can`} not be checked without it; "aws cloudtrail list-public-keys" gives it for the time and region of the trail.`,
    });
  }
};

/** Backfill digests are only accepted by AWS's own tool with the time of their making, which is in the metadata alone. */
const reportUndatedBackfill = (
  chains: readonly Chain[],
  metadata: MetadataIndex,
  findings: FindingList,
): void => {
  for (const item of chains.filter((chain) => chain.name.backfill).flatMap((chain) => chain.items)) {
    if (!isRead(item)) continue;
    const own = metadata.find(objectOf(item.file.document), item.path);
    if (own === null || own.generated !== null) continue;
    findings.add({
      kind: 'DIGEST_INVALID',
      item,
      at: item.end,
      message:
        'The S3 metadata of this backfill digest lacks backfill-generation-timestamp, which CloudTrail always gives: the metadata is not as it was. The signature is checked all the same.',
    });
  }
};

/** Sets `proof` of every digest, newest first, and reports what doesn't fit. Returns the keys that would be needed. */
export const proveDigests = (
  chains: readonly Chain[],
  metadata: MetadataIndex,
  keyring: Keyring,
  options: VerifyOptions,
  findings: FindingList,
): UnknownKeys => {
  const unknown: UnknownKeys = new Map();
  const heads = new Set(options.trustedHeads.map((head) => head.toLowerCase()));
  const matched = new Set<string>();
  for (const chain of chains) {
    const read = chain.items.filter(isRead);
    for (const item of read) checkSignature(item, metadata, keyring, unknown, findings);
    for (const item of read) checkHash(item, findings);
    for (const item of read.toReversed()) {
      if (isHead(item, heads)) {
        matched.add(item.file.sha256).add(item.file.storedSha256);
        if (item.proof !== 'signed') item.proof = 'head';
      }
      const successor = item.next;
      const named = successor?.file?.document?.previous?.hash;
      // A digest whose hash a proven digest names is proven, whatever is known of its own signature.
      if (
        !isProven(item.proof) &&
        successor !== null &&
        isProven(successor.proof) &&
        named === item.file.sha256
      )
        item.proof = 'linked';
    }
  }
  reportMissingKeys(unknown, keyring, findings);
  reportUndatedBackfill(chains, metadata, findings);
  for (const head of heads) {
    if (matched.has(head)) continue;
    findings.add({
      kind: 'HEAD_MISMATCH',
      verdict: 'TAMPERED',
      expected: head,
      at: Number.MAX_SAFE_INTEGER,
      message:
        'No digest in the folder has the trusted head as its SHA-256: the trail was replaced, or its end was cut off.',
    });
  }
  return unknown;
};
