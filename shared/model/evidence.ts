// Evidence packs (EP-1), the identity that signs them, and the result of checking one.
import * as v from 'valibot';
import { CaseId, Instant, PackId, ReportId, Sha256Hex, VerificationId } from './ids.ts';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The workspace's signing identity: a self-made root and the signer certificate it issued (ECDSA P-256). */
export const SigningIdentity = v.strictObject({
  commonName: v.string(),
  createdAt: Instant,
  notAfter: Instant,
  /** SHA-256 of the certificate's DER: what travels by letter or phone. */
  rootFingerprint: Sha256Hex,
  signerFingerprint: Sha256Hex,
  rootPem: v.string(),
});
export type SigningIdentity = v.InferOutput<typeof SigningIdentity>;

/** Records `from` to `to`, both included, of a verification: as its findings count, from zero. */
export const IndexRange = v.pipe(
  v.strictObject({
    from: Count,
    to: Count,
    /** Absent = the only verification of the pack. */
    verificationId: v.optional(VerificationId),
  }),
  v.check(({ from, to }) => from <= to, 'from is after to'),
);
export type IndexRange = v.InferOutput<typeof IndexRange>;

export const EvidencePack = v.strictObject({
  id: PackId,
  caseId: CaseId,
  verificationIds: v.array(VerificationId),
  createdAt: Instant,
  fileName: v.string(),
  bytes: Count,
  sha256: Sha256Hex,
  completeness: v.picklist(['complete', 'partial']),
  /** What is left out and why, one sentence each; empty for a complete pack. */
  missing: v.array(v.string()),
  signerFingerprint: Sha256Hex,
  rootFingerprint: Sha256Hex,
});
export type EvidencePack = v.InferOutput<typeof EvidencePack>;

export const Report = v.strictObject({
  id: ReportId,
  caseId: CaseId,
  verificationId: VerificationId,
  createdAt: Instant,
  title: v.string(),
  htmlBytes: Count,
  pdfBytes: Count,
  pdfSha256: Sha256Hex,
});
export type Report = v.InferOutput<typeof Report>;

/** The steps of a pack check, in the order they are done and shown. */
export const PACK_STEPS = [
  'container',
  'bag-declaration',
  'tag-manifest',
  'payload-manifest',
  'payload-complete',
  'payload-oxum',
  'expected-signatures',
  'signature-cms',
  'signature-jws',
  'signer-trust',
  'timestamp',
] as const;
export const PackStep = v.strictObject({
  id: v.picklist(PACK_STEPS),
  /** not-checked = something needed is absent and named in `detail`; it is never shown as a pass. */
  status: v.picklist(['pass', 'fail', 'not-checked']),
  detail: v.string(),
  /** The files at fault, at most 1,000. */
  items: v.array(v.string()),
});
export type PackStep = v.InferOutput<typeof PackStep>;

/**
 * VALID: every step passes and the signer chains to a root that the user gave.
 * VALID_SIGNER_UNKNOWN: whole and signed, but no root was given, so anyone could have signed it.
 */
export const PackVerification = v.strictObject({
  verdict: v.picklist(['VALID', 'VALID_SIGNER_UNKNOWN', 'INVALID']),
  steps: v.array(PackStep),
  pack: v.strictObject({
    name: v.string(),
    bytes: Count,
    sha256: Sha256Hex,
    externalIdentifier: v.nullable(v.string()),
    auditLogHead: v.nullable(v.string()),
    baggingDate: v.nullable(v.string()),
    completeness: v.nullable(v.string()),
    files: Count,
  }),
  signer: v.nullable(
    v.strictObject({
      subject: v.string(),
      fingerprint: Sha256Hex,
      issuerFingerprint: v.nullable(Sha256Hex),
      notBefore: v.string(),
      notAfter: v.string(),
    }),
  ),
});
export type PackVerification = v.InferOutput<typeof PackVerification>;
