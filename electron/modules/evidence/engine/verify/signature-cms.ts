// Checks the detached CMS signature over the tag manifest completely (RFC 5652 section 5.4 to 5.6).
import { createHash, verify } from 'node:crypto';
import { fromBER, GeneralizedTime, ObjectIdentifier, OctetString, UTCTime, type BaseBlock } from 'asn1js';
import { Certificate, ContentInfo, IssuerAndSerialNumber, SignedData, type SignerInfo } from 'pkijs';
import { OID, exactBytes } from '../oids.ts';
import { derOfPem } from '../pem.ts';
import { certificateOfDer, coversTime, type Cert } from './certificates.ts';

export interface CmsCheck {
  /** Sentences; none means that the signature is right. */
  readonly faults: readonly string[];
  /** From the signed attributes; only worth anything when there are no faults, and even then the signer's own word. */
  readonly signingTime: Temporal.Instant | null;
  /** Certificates that the signature carries. */
  readonly certificates: readonly Cert[];
}

const HASHES: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};
const EC: Readonly<Record<string, string>> = {
  [OID.ecdsaWithSha256]: 'sha256',
  [OID.ecdsaWithSha384]: 'sha384',
  [OID.ecdsaWithSha512]: 'sha512',
};
const RSA: Readonly<Record<string, string>> = {
  [OID.sha256WithRsa]: 'sha256',
  [OID.sha384WithRsa]: 'sha384',
  [OID.sha512WithRsa]: 'sha512',
};

/** Exactly one SignedData, with no byte after it. */
export const readSignedData = (der: Uint8Array): SignedData | null => {
  try {
    const { offset, result } = fromBER(exactBytes(der));
    if (offset !== der.length) return null;
    const info = new ContentInfo({ schema: result });
    return info.contentType === OID.signedData ? new SignedData({ schema: info.content }) : null;
  } catch {
    return null;
  }
};

const certificatesOf = (signed: SignedData): Cert[] =>
  (signed.certificates ?? []).flatMap((each) => {
    const cert =
      each instanceof Certificate ? certificateOfDer(new Uint8Array(each.toSchema().toBER())) : null;
    return cert === null ? [] : [cert];
  });

const namesSigner = ({ sid }: SignerInfo, cert: Cert): boolean => {
  if (sid instanceof IssuerAndSerialNumber) {
    return (
      Buffer.from(sid.issuer.toSchema().toBER()).equals(cert.issuerName) &&
      Buffer.from(sid.serialNumber.valueBlock.valueHexView).toString('hex') === cert.serial
    );
  }
  const value: unknown = sid;
  return (
    value instanceof OctetString &&
    Buffer.from(value.valueBlock.valueHexView).toString('hex') === cert.subjectKeyId
  );
};

/** The only value of the only attribute of a type, or null. */
const single = (info: SignerInfo, type: string): BaseBlock | null => {
  const found = (info.signedAttrs?.attributes ?? []).filter((attribute) => attribute.type === type);
  const [attribute] = found;
  return found.length === 1 && attribute?.values.length === 1 ? (attribute.values[0] as BaseBlock) : null;
};

const timeOf = (block: BaseBlock | null): Temporal.Instant | null => {
  if (!(block instanceof UTCTime || block instanceof GeneralizedTime)) return null;
  const time = block.toDate().getTime();
  return Number.isFinite(time) ? Temporal.Instant.fromEpochMilliseconds(time) : null;
};

/** The hash that the signature algorithm works with, or null when algorithm and key do not go together. */
const signatureHash = (info: SignerInfo, digest: string, cert: Cert): string | null => {
  const oid = info.signatureAlgorithm.algorithmId;
  const type = cert.x509.publicKey.asymmetricKeyType;
  if (type === 'ec') return EC[oid] ?? null;
  if (type !== 'rsa') return null;
  return oid === OID.rsaEncryption ? digest : (RSA[oid] ?? null);
};

const attributeFaults = (info: SignerInfo, content: Uint8Array, hash: string): string[] => {
  const faults: string[] = [];
  const type = single(info, OID.contentType);
  if (!(type instanceof ObjectIdentifier) || type.valueBlock.toString() !== OID.data)
    faults.push('its signed content type is missing or wrong');
  const stored = single(info, OID.messageDigest);
  const actual = createHash(hash).update(content).digest();
  if (!(stored instanceof OctetString)) faults.push('it signs no digest');
  else if (!actual.equals(stored.valueBlock.valueHexView))
    faults.push('it is a signature over another tagmanifest-sha256.txt');
  return faults;
};

const checkSigner = (
  signed: SignedData,
  info: SignerInfo,
  content: Uint8Array,
  signer: Cert,
): Pick<CmsCheck, 'faults' | 'signingTime'> => {
  const none = { signingTime: null };
  const hash = HASHES[info.digestAlgorithm.algorithmId];
  if (hash === undefined) return { ...none, faults: ['its digest algorithm is not allowed'] };
  if (info.signedAttrs === undefined) return { ...none, faults: ['it has no signed attributes'] };
  const faults = attributeFaults(info, content, hash);
  if (!signed.digestAlgorithms.some(({ algorithmId }) => algorithmId === info.digestAlgorithm.algorithmId))
    faults.push('it does not announce its digest algorithm');
  const signatureWith = signatureHash(info, hash, signer);
  if (signatureWith === null)
    return { ...none, faults: [...faults, 'its signature algorithm is not allowed or not that of the key'] };
  if (signatureWith !== hash) faults.push('it mixes two digest algorithms');
  // `encodedValue` is the attributes as they were read, under the tag of a SET: exactly what was signed.
  const right = verify(
    signatureWith,
    new Uint8Array(info.signedAttrs.encodedValue),
    signer.x509.publicKey,
    new Uint8Array(info.signature.valueBlock.valueHexView),
  );
  if (!right) faults.push('the signature does not match');
  const signingTime = timeOf(single(info, OID.signingTime));
  if (signingTime === null) faults.push('it does not say when it was made');
  else if (!coversTime(signer, signingTime))
    faults.push("it was made outside the validity of the signer's certificate");
  return { faults, signingTime };
};

/**
 * @param file tagmanifest-sha256.txt.p7s
 * @param content tagmanifest-sha256.txt
 * @param signer the certificate of signer.pem, which must be the one that signed
 */
export const checkCms = (file: Uint8Array, content: Uint8Array, signer: Cert | null): CmsCheck => {
  const der = derOfPem(file, ['CMS', 'PKCS7']);
  const signed = der === null ? null : readSignedData(der);
  if (signed === null)
    return { faults: ['it is not one CMS signature in PEM'], signingTime: null, certificates: [] };
  const certificates = certificatesOf(signed);
  const rest = { signingTime: null, certificates };
  const faults: string[] = [];
  if (signed.encapContentInfo.eContentType !== OID.data) faults.push('it does not sign plain data');
  if (signed.encapContentInfo.eContent !== undefined)
    faults.push('it is not detached: it carries content of its own');
  const [info] = signed.signerInfos;
  if (info === undefined || signed.signerInfos.length !== 1)
    return { ...rest, faults: [...faults, `it has ${signed.signerInfos.length} signers instead of one`] };
  if (signer === null) return { ...rest, faults: [...faults, 'signer.pem is missing or not a certificate'] };
  if (!certificates.some(({ fingerprint }) => fingerprint === signer.fingerprint))
    faults.push('it does not carry the certificate of signer.pem');
  if (!namesSigner(info, signer)) faults.push('it names another signer than signer.pem');
  faults.push(...signer.faults.map((fault) => `signer.pem: ${fault}`));
  try {
    const result = checkSigner(signed, info, content, signer);
    return { faults: [...faults, ...result.faults], signingTime: result.signingTime, certificates };
  } catch {
    return { ...rest, faults: [...faults, 'it can not be read'] };
  }
};
