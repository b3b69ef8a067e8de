// Follows the signer's certificate to the root that the user gave, at the time of signing (RFC 5280 section 6).
import { AppError } from '../../../../../shared/errors/app-error.ts';
import {
  certificateOfDer,
  certificateOfPem,
  coversTime,
  isIssuedBy,
  isSelfSigned,
  KEY_USAGE,
  type Cert,
} from './certificates.ts';
import { OID } from '../oids.ts';

/** More certificates between signer and root than anyone uses. */
const LONGEST_CHAIN = 8;

/**
 * The root certificate that a user chose: PEM, with text around it or not, or DER.
 * @throws AppError('evidence.root_invalid') when it is not exactly one certificate.
 */
export const readRoot = (bytes: Uint8Array, name: string): Cert => {
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = text.match(/-----BEGIN CERTIFICATE-----\r?\n[^-]+-----END CERTIFICATE-----/gu) ?? [];
  const [block] = blocks;
  const cert =
    block === undefined
      ? certificateOfDer(bytes)
      : blocks.length === 1
        ? certificateOfPem(Buffer.from(block, 'latin1'))
        : null;
  if (cert === null) throw new AppError('evidence.root_invalid', { name });
  return cert;
};

const caFaults = (cert: Cert, at: Temporal.Instant): string[] => {
  const faults = [...cert.faults];
  if (!cert.ca) faults.push('it is not the certificate of an authority (CA)');
  if (cert.keyUsage !== null && (cert.keyUsage & KEY_USAGE.keyCertSign) === 0)
    faults.push('it may not sign certificates');
  if (!coversTime(cert, at)) faults.push('it was not valid at the time of signing');
  return faults;
};

/** Whether the certificate may sign documents, as `openssl cms -verify` asks for too. */
export const signerFaults = (cert: Cert, at: Temporal.Instant): string[] => {
  const faults = [...cert.faults];
  if (!coversTime(cert, at)) faults.push('it was not valid at the time of signing');
  if (
    cert.keyUsage !== null &&
    (cert.keyUsage & (KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation)) === 0
  )
    faults.push('it may not sign documents');
  const allowed: readonly string[] = [OID.emailProtection, OID.documentSigning, OID.anyExtendedKeyUsage];
  if (cert.extendedKeyUsage !== null && !cert.extendedKeyUsage.some((purpose) => allowed.includes(purpose))) {
    faults.push('its purpose is not signing documents or mail');
  }
  return faults;
};

/** The certificates from the signer's issuer up to the root, or null when there is no way. */
const chain = (signer: Cert, pool: readonly Cert[], root: Cert): readonly Cert[] | null => {
  const way: Cert[] = [];
  let current = signer;
  while (way.length < LONGEST_CHAIN) {
    if (isIssuedBy(current, root)) return [...way, root];
    const used = new Set([signer, ...way].map(({ fingerprint }) => fingerprint));
    const child = current;
    const next = pool.find((cert) => !used.has(cert.fingerprint) && cert.ca && isIssuedBy(child, cert));
    if (next === undefined) return null;
    way.push(next);
    current = next;
  }
  return null;
};

/**
 * Why the signer does not chain to the root, or [] when it does.
 * @param pool other certificates that the signature carries; none of them is trusted for being there.
 */
export const trustFaults = (
  signer: Cert,
  pool: readonly Cert[],
  root: Cert,
  at: Temporal.Instant,
): string[] => {
  const faults = signerFaults(signer, at).map((fault) => `the signer's certificate: ${fault}`);
  faults.push(...caFaults(root, at).map((fault) => `the root that you gave: ${fault}`));
  if (!isSelfSigned(root))
    faults.push('the root that you gave: it is not a root, another certificate issued it');
  const way = chain(signer, pool, root);
  if (way === null) return [...faults, 'the signer does not chain to the root that you gave'];
  for (const [i, cert] of way.entries()) {
    if (cert !== root)
      faults.push(...caFaults(cert, at).map((fault) => `a certificate between signer and root: ${fault}`));
    if (cert.pathLength !== null && i > cert.pathLength)
      faults.push('a certificate on the way to the root allows fewer certificates below it');
  }
  return faults;
};

/** The certificate that issued the signer's, of those at hand, or null. */
export const issuerOf = (signer: Cert, candidates: readonly (Cert | null)[]): Cert | null =>
  candidates.find((cert) => cert !== null && isIssuedBy(signer, cert)) ?? null;
