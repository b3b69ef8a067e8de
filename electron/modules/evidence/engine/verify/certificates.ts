// X.509 certificates as evidence: parsed strictly, their keys and uses held against what is allowed here (RFC 5280).
import { createHash, X509Certificate } from 'node:crypto';
import { BitString } from 'asn1js';
import { BasicConstraints, Certificate, ExtKeyUsage } from 'pkijs';
import { OID, exactBytes } from '../oids.ts';
import { derOfPem } from '../pem.ts';

export interface Cert {
  readonly x509: X509Certificate;
  readonly der: Uint8Array;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** `O=…, CN=…` in the certificate's order. */
  readonly subject: string;
  readonly serial: string;
  /** DER of the names. */
  readonly issuerName: Buffer;
  readonly subjectName: Buffer;
  readonly subjectKeyId: string | null;
  readonly notBefore: Temporal.Instant;
  readonly notAfter: Temporal.Instant;
  readonly ca: boolean;
  readonly pathLength: number | null;
  /** Bits of keyUsage, the first named bit being 0x80; null where the extension is absent. */
  readonly keyUsage: number | null;
  readonly extendedKeyUsage: readonly string[] | null;
  /** Why the certificate can't be relied on whoever issued it, e.g. a weak key. */
  readonly faults: readonly string[];
}

export const KEY_USAGE = { digitalSignature: 0x80, nonRepudiation: 0x40, keyCertSign: 0x04 } as const;

const STRONG_SIGNATURES: ReadonlySet<string> = new Set([
  OID.ecdsaWithSha256,
  OID.ecdsaWithSha384,
  OID.ecdsaWithSha512,
  OID.sha256WithRsa,
  OID.sha384WithRsa,
  OID.sha512WithRsa,
]);
/** Extensions whose meaning is either checked here or limits nothing that is. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.subjectAltName,
  OID.certificatePolicies,
]);

const READ_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extendedKeyUsage,
]);

/** Why a key is too weak or of a kind that is not used here, or null: ECDSA P-256 or P-384, RSA from 2,048 bits. */
export const keyFault = (certificate: X509Certificate): string | null => {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  if (type === 'ec')
    return details?.namedCurve === 'prime256v1' || details?.namedCurve === 'secp384r1'
      ? null
      : 'its curve is not P-256 or P-384';
  if (type === 'rsa')
    return (details?.modulusLength ?? 0) >= 2048 ? null : 'its RSA key is shorter than 2,048 bits';
  return 'its key is neither ECDSA nor RSA';
};

const extensionFacts = (parsed: Certificate) => {
  const facts: {
    ca: boolean;
    pathLength: number | null;
    keyUsage: number | null;
    extendedKeyUsage: string[] | null;
  } = {
    ca: false,
    pathLength: null,
    keyUsage: null,
    extendedKeyUsage: null,
  };
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const extension of parsed.extensions ?? []) {
    const { extnID, critical } = extension;
    // Others are not parsed: an odd one that limits nothing must not make the certificate unreadable.
    const value: unknown = READ_EXTENSIONS.has(extnID) ? extension.parsedValue : null;
    if (seen.has(extnID)) faults.push('an extension occurs twice');
    seen.add(extnID);
    if (critical && !KNOWN_EXTENSIONS.has(extnID))
      faults.push('it carries a critical extension that is not known here');
    if (extnID === OID.basicConstraints && value instanceof BasicConstraints) {
      facts.ca = value.cA;
      facts.pathLength = typeof value.pathLenConstraint === 'number' ? value.pathLenConstraint : null;
    } else if (extnID === OID.keyUsage && value instanceof BitString) {
      facts.keyUsage = value.valueBlock.valueHexView[0] ?? 0;
    } else if (extnID === OID.extendedKeyUsage && value instanceof ExtKeyUsage) {
      facts.extendedKeyUsage = [...value.keyPurposes];
    } else if (READ_EXTENSIONS.has(extnID)) {
      faults.push('an extension can not be read');
    }
  }
  return { ...facts, faults };
};

/** A certificate from its DER, or null when the bytes are not exactly one certificate. */
export const certificateOfDer = (der: Uint8Array): Cert | null => {
  try {
    const x509 = new X509Certificate(der);
    if (!x509.raw.equals(der)) return null;
    const parsed = Certificate.fromBER(exactBytes(der));
    const faults: string[] = [];
    const weak = keyFault(x509);
    if (weak !== null) faults.push(weak);
    const algorithm = parsed.signatureAlgorithm.algorithmId;
    if (!STRONG_SIGNATURES.has(algorithm) || parsed.signature.algorithmId !== algorithm)
      faults.push('it is signed with an algorithm that is not allowed');
    const extensions = extensionFacts(parsed);
    const keyId = parsed.extensions?.find(({ extnID }) => extnID === OID.subjectKeyIdentifier)?.extnValue
      .valueBlock.valueHexView;
    return {
      x509,
      der,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      subject: x509.subject.split('\n').join(', '),
      serial: Buffer.from(parsed.serialNumber.valueBlock.valueHexView).toString('hex'),
      issuerName: Buffer.from(parsed.issuer.toSchema().toBER()),
      subjectName: Buffer.from(parsed.subject.toSchema().toBER()),
      // The extension holds an OCTET STRING: two bytes of tag and length before the identifier.
      subjectKeyId: keyId === undefined ? null : Buffer.from(keyId.subarray(2)).toString('hex'),
      notBefore: Temporal.Instant.fromEpochMilliseconds(x509.validFromDate.getTime()),
      notAfter: Temporal.Instant.fromEpochMilliseconds(x509.validToDate.getTime()),
      ca: extensions.ca,
      pathLength: extensions.pathLength,
      keyUsage: extensions.keyUsage,
      extendedKeyUsage: extensions.extendedKeyUsage,
      faults: [...faults, ...extensions.faults],
    };
  } catch {
    return null;
  }
};

/** A certificate from a file that holds exactly one PEM block, or null. */
export const certificateOfPem = (file: Uint8Array): Cert | null => {
  const der = derOfPem(file, ['CERTIFICATE']);
  return der === null ? null : certificateOfDer(der);
};

/** Whether `at` lies in the certificate's time of validity, both ends included. */
export const coversTime = (cert: Cert, at: Temporal.Instant): boolean =>
  Temporal.Instant.compare(cert.notBefore, at) <= 0 && Temporal.Instant.compare(at, cert.notAfter) <= 0;

/** Names chain, key identifiers agree where both are there, and the signature is the issuer's. */
export const isIssuedBy = (child: Cert, issuer: Cert): boolean => {
  try {
    return (
      child.issuerName.equals(issuer.subjectName) &&
      child.x509.checkIssued(issuer.x509) &&
      child.x509.verify(issuer.x509.publicKey)
    );
  } catch {
    return false;
  }
};

export const isSelfSigned = (cert: Cert): boolean => isIssuedBy(cert, cert);
