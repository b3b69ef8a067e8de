// Signs the tag manifest: a detached CMS signature (RFC 5652) and a detached JWS (RFC 7515, appendix F).
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { ObjectIdentifier, OctetString, type BaseBlock } from 'asn1js';
import { CompactSign } from 'jose';
import {
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  Time,
} from 'pkijs';
import { OID, exactBytes } from './oids.ts';
import { pemOf } from './pem.ts';

/** A key with the certificate that names its holder. */
export interface Signer {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
}

/**
 * Ties a PKCS#8 DER key to its certificate.
 * @throws Error when they do not belong together or the key is not ECDSA P-256: a fault of the caller, not an outcome.
 */
export const openSigner = (privateKey: Uint8Array, certificatePem: string): Signer => {
  const der = Buffer.from(privateKey);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const certificate = new X509Certificate(certificatePem);
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('the signing key is not ECDSA P-256');
  }
  if (!createPublicKey(key).equals(certificate.publicKey))
    throw new Error('the signing key is not that of its certificate');
  return { key, certificate };
};

const attribute = (type: string, value: BaseBlock): Attribute => new Attribute({ type, values: [value] });

/** DER wants the members of a SET OF in the order of their encodings. */
const inDerOrder = (attributes: readonly Attribute[]): Attribute[] =>
  attributes.toSorted((a, b) =>
    Buffer.compare(Buffer.from(a.toSchema().toBER()), Buffer.from(b.toSchema().toBER())),
  );

/**
 * A detached CMS SignedData over `content` as PEM, with the attributes contentType, messageDigest and signingTime
 * (whole seconds of `signedAt`) and the signer's certificate, so that `openssl cms -verify` needs only the root.
 * The ECDSA signature is random, so two calls give different bytes.
 */
export const signCms = (content: Uint8Array, { key, certificate }: Signer, signedAt: string): string => {
  const time = new Date(Math.floor(Temporal.Instant.from(signedAt).epochMilliseconds / 1000) * 1000);
  const parsed = Certificate.fromBER(exactBytes(certificate.raw));
  const signedAttrs = new SignedAndUnsignedAttributes({
    type: 0,
    attributes: inDerOrder([
      attribute(OID.contentType, new ObjectIdentifier({ value: OID.data })),
      attribute(
        OID.signingTime,
        new Time({ type: time.getUTCFullYear() < 2050 ? 0 : 1, value: time }).toSchema(),
      ),
      attribute(
        OID.messageDigest,
        new OctetString({ valueHex: exactBytes(createHash('sha256').update(content).digest()) }),
      ),
    ]),
  });
  // What is signed is the attributes as a SET, although they are stored under [0] (RFC 5652 section 5.4).
  const toBeSigned = new Uint8Array(signedAttrs.toSchema().toBER());
  toBeSigned[0] = 0x31;
  const signed = new SignedData({
    version: 1,
    digestAlgorithms: [new AlgorithmIdentifier({ algorithmId: OID.sha256 })],
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: OID.data }),
    certificates: [parsed],
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: parsed.issuer, serialNumber: parsed.serialNumber }),
        digestAlgorithm: new AlgorithmIdentifier({ algorithmId: OID.sha256 }),
        signedAttrs,
        signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: OID.ecdsaWithSha256 }),
        signature: new OctetString({ valueHex: exactBytes(sign('sha256', toBeSigned, key)) }),
      }),
    ],
  });
  const info = new ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) });
  return pemOf('CMS', new Uint8Array(info.toSchema().toBER()));
};

/** SHA-256 of a certificate's DER as `x5t#S256` writes it (RFC 7515 section 4.1.8). */
export const thumbprint = (certificate: X509Certificate): string =>
  createHash('sha256').update(certificate.raw).digest('base64url');

/** A detached compact JWS over `content`, ES256, `header..signature`, with a final LF. */
export const signJws = async (content: Uint8Array, { key, certificate }: Signer): Promise<string> => {
  const whole = await new CompactSign(content)
    .setProtectedHeader({ alg: 'ES256', typ: 'evidence-pack+jws', 'x5t#S256': thumbprint(certificate) })
    .sign(key);
  const [header, , signature] = whole.split('.');
  return `${header}..${signature}\n`;
};
