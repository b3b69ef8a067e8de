// Forges certificates, CMS signatures and JWS in every way that a verifier must tell apart.
import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import {
  Boolean as Asn1Boolean,
  BitString,
  Integer,
  Null,
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
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  Extension,
  IssuerAndSerialNumber,
  PublicKeyInfo,
  RelativeDistinguishedNames,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  Time,
} from 'pkijs';
import { OID, exactBytes } from '../../../../electron/modules/evidence/engine/oids.ts';
import { pemOf } from '../../../../electron/modules/evidence/engine/pem.ts';
import type { Signer } from '../../../../electron/modules/evidence/engine/sign.ts';
import { MADE } from './pack-kit.ts';

export const ecKey = (namedCurve = 'prime256v1'): KeyObject =>
  generateKeyPairSync('ec', { namedCurve }).privateKey;
export const rsaKey = (modulusLength: number): KeyObject =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey;

const nameOf = (commonName: string): RelativeDistinguishedNames =>
  RelativeDistinguishedNames.fromBER(
    new Sequence({
      value: [
        new Asn1Set({
          value: [
            new Sequence({
              value: [new ObjectIdentifier({ value: OID.commonName }), new Utf8String({ value: commonName })],
            }),
          ],
        }),
      ],
    }).toBER(),
  );

export interface CertRequest {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly issuerKey: KeyObject;
  readonly ca: boolean;
  readonly from?: string;
  readonly to?: string;
  /** One byte of named bits; absent: no keyUsage extension. */
  readonly keyUsage?: number;
  readonly extendedKeyUsage?: string;
  readonly pathLength?: number;
  /** An extension that no one knows, marked critical. */
  readonly unknownCritical?: boolean;
}

const extension = (extnID: string, critical: boolean, value: BaseBlock): Extension =>
  new Extension({ extnID, critical, extnValue: value.toBER() });

/** A certificate as PEM, signed with SHA-256 by whatever key. */
export const certificate = (request: CertRequest): string => {
  const algorithm = request.issuerKey.asymmetricKeyType === 'rsa' ? OID.sha256WithRsa : OID.ecdsaWithSha256;
  const extensions = [
    extension(
      OID.basicConstraints,
      true,
      new Sequence({
        value: request.ca
          ? [
              new Asn1Boolean({ value: true }),
              ...(request.pathLength === undefined ? [] : [new Integer({ value: request.pathLength })]),
            ]
          : [],
      }),
    ),
  ];
  if (request.keyUsage !== undefined)
    extensions.push(
      extension(
        OID.keyUsage,
        true,
        new BitString({ valueHex: Uint8Array.of(request.keyUsage).buffer, unusedBits: 0 }),
      ),
    );
  if (request.extendedKeyUsage !== undefined)
    extensions.push(
      extension(
        OID.extendedKeyUsage,
        false,
        new Sequence({ value: [new ObjectIdentifier({ value: request.extendedKeyUsage })] }),
      ),
    );
  if (request.unknownCritical === true)
    extensions.push(extension('1.3.6.1.4.1.99999.1', true, new Sequence({ value: [] })));
  const parsed = new Certificate({
    version: 2,
    serialNumber: new Integer({ valueHex: exactBytes(Uint8Array.of(0x40, ...randomBytes(8))) }),
    signature: new AlgorithmIdentifier({ algorithmId: algorithm }),
    issuer: nameOf(request.issuer),
    subject: nameOf(request.subject),
    notBefore: new Time({ type: 0, value: new Date(request.from ?? '2026-01-01T00:00:00Z') }),
    notAfter: new Time({ type: 0, value: new Date(request.to ?? '2036-01-01T00:00:00Z') }),
    subjectPublicKeyInfo: PublicKeyInfo.fromBER(
      exactBytes(createPublicKey(request.key).export({ type: 'spki', format: 'der' })),
    ),
    extensions,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: algorithm }),
  });
  const body = new Uint8Array(parsed.encodeTBS().toBER());
  const signature = new BitString({ valueHex: exactBytes(sign('sha256', body, request.issuerKey)) });
  const whole = new Sequence({
    value: [fromBER(exactBytes(body)).result, parsed.signatureAlgorithm.toSchema(), signature],
  });
  return pemOf('CERTIFICATE', new Uint8Array(whole.toBER()));
};

/** A signer with a root of its own making; `extra` changes the signer's certificate. */
export const stranger = (
  key: KeyObject,
  extra: Partial<CertRequest> = {},
): { readonly signer: Signer; readonly root: string; readonly rootKey: KeyObject } => {
  const rootKey = ecKey();
  const root = certificate({
    subject: 'Other Root',
    issuer: 'Other Root',
    key: rootKey,
    issuerKey: rootKey,
    ca: true,
  });
  const pem = certificate({
    subject: 'Other Signer',
    issuer: 'Other Root',
    key,
    issuerKey: rootKey,
    ca: false,
    ...extra,
  });
  return { signer: { key, certificate: new X509Certificate(pem) }, root, rootKey };
};

export interface CmsRequest {
  readonly content: Uint8Array;
  readonly signer: Signer;
  readonly hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly at?: string | null;
  readonly contentType?: string;
  /** What messageDigest holds, one attribute for each. */
  readonly digests?: readonly Uint8Array[];
  /** Signs the content itself, without attributes. */
  readonly bare?: boolean;
  readonly attached?: boolean;
  readonly withoutCertificate?: boolean;
  readonly moreCertificates?: readonly string[];
  /** A second signer info. */
  readonly alsoBy?: Signer;
  /** Changes the attributes after they were signed. */
  readonly afterSigning?: (attributes: Attribute[]) => Attribute[];
  readonly label?: string;
}

const HASH_OID: Readonly<Record<string, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: OID.sha256,
  sha384: OID.sha384,
  sha512: OID.sha512,
};
const EC_OID: Readonly<Record<string, string>> = {
  sha1: '1.2.840.10045.4.1',
  sha256: OID.ecdsaWithSha256,
  sha384: OID.ecdsaWithSha384,
  sha512: OID.ecdsaWithSha512,
};
const parsedOf = (signer: Signer): Certificate => Certificate.fromBER(exactBytes(signer.certificate.raw));

const signerInfo = (request: CmsRequest, signer: Signer): SignerInfo => {
  const hash = request.hash ?? 'sha256';
  const digests = request.digests ?? [createHash(hash).update(request.content).digest()];
  const attribute = (type: string, value: BaseBlock) => new Attribute({ type, values: [value] });
  const attributes = [
    attribute(OID.contentType, new ObjectIdentifier({ value: request.contentType ?? OID.data })),
    ...(request.at === null
      ? []
      : [attribute(OID.signingTime, new Time({ type: 0, value: new Date(request.at ?? MADE) }).toSchema())]),
    ...digests.map((each) => attribute(OID.messageDigest, new OctetString({ valueHex: exactBytes(each) }))),
  ];
  const signedAttrs = new SignedAndUnsignedAttributes({ type: 0, attributes });
  const toBeSigned =
    request.bare === true ? Buffer.from(request.content) : Buffer.from(signedAttrs.toSchema().toBER());
  if (request.bare !== true) toBeSigned[0] = 0x31;
  const parsed = parsedOf(signer);
  const rsa = signer.key.asymmetricKeyType === 'rsa';
  return new SignerInfo({
    version: 1,
    sid: new IssuerAndSerialNumber({ issuer: parsed.issuer, serialNumber: parsed.serialNumber }),
    digestAlgorithm: new AlgorithmIdentifier({ algorithmId: HASH_OID[hash] ?? '' }),
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithmId: rsa ? OID.rsaEncryption : (EC_OID[hash] ?? ''),
      ...(rsa ? { algorithmParams: new Null() } : {}),
    }),
    signature: new OctetString({ valueHex: exactBytes(sign(hash, toBeSigned, signer.key)) }),
    ...(request.bare === true
      ? {}
      : {
          signedAttrs:
            request.afterSigning === undefined
              ? signedAttrs
              : new SignedAndUnsignedAttributes({ type: 0, attributes: request.afterSigning(attributes) }),
        }),
  });
};

/** A CMS signature as PEM, right unless the request makes it wrong. */
export const cms = (request: CmsRequest): Buffer => {
  const signers = [request.signer, ...(request.alsoBy === undefined ? [] : [request.alsoBy])];
  const more = (request.moreCertificates ?? []).map((pem) =>
    Certificate.fromBER(exactBytes(new X509Certificate(pem).raw)),
  );
  const signed = new SignedData({
    version: 1,
    digestAlgorithms: [new AlgorithmIdentifier({ algorithmId: HASH_OID[request.hash ?? 'sha256'] ?? '' })],
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: request.contentType ?? OID.data,
      ...(request.attached === true
        ? { eContent: new OctetString({ valueHex: exactBytes(request.content) }) }
        : {}),
    }),
    ...(request.withoutCertificate === true ? {} : { certificates: [...signers.map(parsedOf), ...more] }),
    signerInfos: signers.map((signer) => signerInfo(request, signer)),
  });
  const info = new ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) });
  return Buffer.from(pemOf(request.label ?? 'CMS', new Uint8Array(info.toSchema().toBER())));
};

const encode = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
export const thumbprintOf = (signer: Signer): string =>
  createHash('sha256').update(signer.certificate.raw).digest('base64url');

/** A detached JWS with any header, signed by `signer`'s key, by an HMAC secret, or not at all. */
export const jws = (
  content: Uint8Array,
  header: Readonly<Record<string, unknown>>,
  by: { readonly key: KeyObject; readonly hash?: string } | { readonly secret: Uint8Array } | null,
): Buffer => {
  const head = encode(JSON.stringify(header));
  const input = Buffer.from(`${head}.${encode(content)}`);
  const signature =
    by === null
      ? Buffer.alloc(0)
      : 'secret' in by
        ? createHmac('sha256', by.secret).update(input).digest()
        : sign(
            by.hash ?? 'sha256',
            input,
            by.key.asymmetricKeyType === 'rsa' ? by.key : { key: by.key, dsaEncoding: 'ieee-p1363' },
          );
  return Buffer.from(`${head}..${encode(signature)}\n`);
};
