// Makes a workspace's signing identity: a self-signed root and the signer certificate that it issues.
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  Boolean as Asn1Boolean,
  BitString,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  Set as Asn1Set,
  Utf8String,
  fromBER,
  type BaseBlock,
} from 'asn1js';
import {
  AlgorithmIdentifier,
  Certificate,
  Extension,
  PublicKeyInfo,
  RelativeDistinguishedNames,
  Time,
} from 'pkijs';
import { cleanValue } from './bag.ts';
import { OID, exactBytes } from './oids.ts';
import { pemOf } from './pem.ts';

export interface IdentityRequest {
  /** The organisation's name as certificates show it; cut at 64 characters (RFC 5280 upper bound). May be empty. */
  readonly organisation: string;
  /** RFC 3339 UTC: when both certificates start. */
  readonly now: string;
  /** Life times in years; 10 and 3 where not given. The signer never outlives the root. */
  readonly years?: { readonly root: number; readonly signer: number };
}

export interface Identity {
  /** The signer's common name. */
  readonly commonName: string;
  readonly createdAt: string;
  /** RFC 3339 UTC, whole seconds: the signer's end. */
  readonly notAfter: string;
  readonly rootNotAfter: string;
  readonly rootPem: string;
  /** PKCS#8 DER. */
  readonly rootKeyPkcs8: Uint8Array;
  readonly signerPem: string;
  /** PKCS#8 DER. */
  readonly signerKeyPkcs8: Uint8Array;
  /** SHA-256 of the certificates' DER, lower-case hex. */
  readonly rootFingerprint: string;
  readonly signerFingerprint: string;
}

const der = (block: BaseBlock): Uint8Array => new Uint8Array(block.toBER());

const attribute = (type: string, value: string): BaseBlock =>
  new Asn1Set({
    value: [new Sequence({ value: [new ObjectIdentifier({ value: type }), new Utf8String({ value })] })],
  });

/** Written out, because the library would put both attributes into one relative name. */
const name = (organisation: string, commonName: string): RelativeDistinguishedNames => {
  const parts = [attribute(OID.commonName, commonName)];
  if (organisation !== '') parts.unshift(attribute(OID.organizationName, organisation));
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: parts }).toBER());
};

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5). */
const time = (instant: Temporal.Instant): Time => {
  const value = new Date(instant.epochMilliseconds);
  return new Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });
};

const extension = (extnID: string, critical: boolean, value: BaseBlock): Extension =>
  new Extension({ extnID, critical, extnValue: value.toBER() });

/** Named bits in DER: trailing zero bits are not written. */
const keyUsage = (bits: number, unusedBits: number): Extension =>
  extension(OID.keyUsage, true, new BitString({ valueHex: Uint8Array.of(bits).buffer, unusedBits }));
const KEY_CERT_SIGN_CRL_SIGN = keyUsage(0x06, 1);
const DIGITAL_SIGNATURE_NON_REPUDIATION = keyUsage(0xc0, 6);

/** SHA-1 of the key's bits: an identifier, not a proof (RFC 5280 section 4.2.1.2, method 1). */
const keyIdentifier = (key: KeyObject): Uint8Array => {
  const info = PublicKeyInfo.fromBER(exactBytes(key.export({ type: 'spki', format: 'der' })));
  return createHash('sha1').update(new Uint8Array(info.subjectPublicKey.valueBlock.valueHexView)).digest();
};

const authorityKeyIdentifier = (id: Uint8Array): BaseBlock => {
  // [0] IMPLICIT KeyIdentifier: an octet string under a context tag.
  const tagged = new OctetString({ valueHex: exactBytes(id) });
  tagged.idBlock.tagClass = 3;
  tagged.idBlock.tagNumber = 0;
  return new Sequence({ value: [tagged] });
};

interface Issue {
  readonly subject: RelativeDistinguishedNames;
  readonly issuer: RelativeDistinguishedNames;
  readonly notBefore: Temporal.Instant;
  readonly notAfter: Temporal.Instant;
  readonly publicKey: KeyObject;
  readonly issuerKey: KeyObject;
  readonly extensions: Extension[];
}

const issue = (request: Issue): Uint8Array => {
  const serial = randomBytes(16);
  // Positive and not zero-padded: the first byte is 0x40..0x7f.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const certificate = new Certificate({
    version: 2,
    serialNumber: new Integer({ valueHex: exactBytes(serial) }),
    signature: new AlgorithmIdentifier({ algorithmId: OID.ecdsaWithSha256 }),
    issuer: request.issuer,
    subject: request.subject,
    notBefore: time(request.notBefore),
    notAfter: time(request.notAfter),
    subjectPublicKeyInfo: PublicKeyInfo.fromBER(
      exactBytes(request.publicKey.export({ type: 'spki', format: 'der' })),
    ),
    extensions: request.extensions,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: OID.ecdsaWithSha256 }),
  });
  const toBeSigned = der(certificate.encodeTBS());
  certificate.signatureValue = new BitString({
    valueHex: exactBytes(sign('sha256', toBeSigned, request.issuerKey)),
  });
  return der(
    new Sequence({
      value: [
        fromBER(exactBytes(toBeSigned)).result,
        certificate.signatureAlgorithm.toSchema(),
        certificate.signatureValue,
      ],
    }),
  );
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const pkcs8 = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
const text = (instant: Temporal.Instant): string => instant.toString({ smallestUnit: 'second' });

/**
 * A new identity: ECDSA P-256 throughout (RFC 5280 certificates). The root is a CA that may sign certificates and
 * revocation lists; the signer may sign documents, with the extended key usage emailProtection because that is what
 * stock `openssl cms -verify` asks for.
 */
export const makeIdentity = ({
  organisation,
  now,
  years = { root: 10, signer: 3 },
}: IdentityRequest): Identity => {
  const start = Temporal.Instant.from(now).round({ smallestUnit: 'second', roundingMode: 'floor' });
  const zoned = start.toZonedDateTimeISO('UTC');
  const rootEnd = zoned.add({ years: years.root }).toInstant();
  const wantedEnd = zoned.add({ years: years.signer }).toInstant();
  const signerEnd = Temporal.Instant.compare(wantedEnd, rootEnd) > 0 ? rootEnd : wantedEnd;

  const organisationName = [...cleanValue(organisation)].slice(0, 64).join('').trim();
  const commonName = `Evidence Signer ${zoned.year}`;
  const rootName = name(organisationName, 'Evidence Root');
  const root = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const signer = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const rootKeyId = keyIdentifier(root.publicKey);

  const rootDer = issue({
    subject: rootName,
    issuer: rootName,
    notBefore: start,
    notAfter: rootEnd,
    publicKey: root.publicKey,
    issuerKey: root.privateKey,
    extensions: [
      extension(OID.basicConstraints, true, new Sequence({ value: [new Asn1Boolean({ value: true })] })),
      KEY_CERT_SIGN_CRL_SIGN,
      extension(OID.subjectKeyIdentifier, false, new OctetString({ valueHex: exactBytes(rootKeyId) })),
      extension(OID.authorityKeyIdentifier, false, authorityKeyIdentifier(rootKeyId)),
    ],
  });
  const signerDer = issue({
    subject: name(organisationName, commonName),
    issuer: rootName,
    notBefore: start,
    notAfter: signerEnd,
    publicKey: signer.publicKey,
    issuerKey: root.privateKey,
    extensions: [
      extension(OID.basicConstraints, true, new Sequence({ value: [] })),
      DIGITAL_SIGNATURE_NON_REPUDIATION,
      extension(
        OID.extendedKeyUsage,
        false,
        new Sequence({ value: [new ObjectIdentifier({ value: OID.emailProtection })] }),
      ),
      extension(
        OID.subjectKeyIdentifier,
        false,
        new OctetString({ valueHex: exactBytes(keyIdentifier(signer.publicKey)) }),
      ),
      extension(OID.authorityKeyIdentifier, false, authorityKeyIdentifier(rootKeyId)),
    ],
  });

  return {
    commonName,
    createdAt: now,
    notAfter: text(signerEnd),
    rootNotAfter: text(rootEnd),
    rootPem: pemOf('CERTIFICATE', rootDer),
    rootKeyPkcs8: pkcs8(root.privateKey),
    signerPem: pemOf('CERTIFICATE', signerDer),
    signerKeyPkcs8: pkcs8(signer.privateKey),
    rootFingerprint: sha256(rootDer),
    signerFingerprint: sha256(signerDer),
  };
};
