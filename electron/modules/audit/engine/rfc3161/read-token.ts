// Reads RFC 3161 files: responses, bare tokens and requests, as DER, PEM or base64. Judges nothing but their form.
import {
  DerFault,
  Fields,
  TAG,
  booleanOf,
  childrenOf,
  contentOf,
  context,
  encodingOf,
  insideOf,
  integerOf,
  oidOf,
  readElement,
  timeOf,
} from './der.ts';
import type { Element } from './der.ts';
import { algorithmOf, digestIdOf } from './algorithms.ts';
import type { AlgorithmId } from './algorithms.ts';

export const OID_TST_INFO = '1.2.840.113549.1.9.16.1.4';
const OID_SIGNED_DATA = '1.2.840.113549.1.7.2';
const OID_TST_BYTES = Buffer.from('060b2a864886f70d0109100104', 'hex');
const OID_SIGNED_BYTES = Buffer.from('06092a864886f70d010702', 'hex');

export interface Imprint {
  /** Object identifier of the digest algorithm. */
  readonly algorithm: string;
  /** Lower-case hex. */
  readonly hex: string;
}

/** TSTInfo, RFC 3161 section 2.4.2. */
export interface TstInfo {
  readonly version: bigint;
  readonly policy: string;
  readonly imprint: Imprint;
  readonly serial: bigint;
  readonly genTime: Temporal.Instant;
  /** Microseconds; null where it is not stated. */
  readonly accuracy: number | null;
  readonly ordering: boolean;
  readonly nonce: bigint | null;
  /** The authority's name as it is stated, in words; null where it is not. */
  readonly tsa: string | null;
}

export interface Signer {
  /** Of the certificate: either issuer and serial, or the key identifier. */
  readonly issuer: Buffer | null;
  readonly serial: string | null;
  readonly keyId: string | null;
  readonly digest: string;
  readonly algorithm: AlgorithmId;
  readonly signature: Buffer;
  /** As they are signed: under the tag of a SET. null where there are none. */
  readonly signedBytes: Buffer | null;
  readonly attributes: readonly { readonly type: string; readonly values: readonly Element[] }[];
}

export interface Token {
  /** Of the response around it; null for a bare token. */
  readonly status: bigint | null;
  readonly content: Buffer;
  readonly info: TstInfo;
  readonly signers: readonly Signer[];
  readonly digestAlgorithms: readonly string[];
  /** DER of the certificates and revocation lists that it carries. */
  readonly certificates: readonly Buffer[];
  readonly lists: readonly Buffer[];
  /** The token itself, DER. */
  readonly der: Buffer;
}

export interface Request {
  readonly imprint: Imprint;
  readonly nonce: bigint | null;
  readonly policy: string | null;
}

export type TimestampFile =
  | { readonly kind: 'token'; readonly token: Token; readonly trailing: number; readonly encoding: string }
  | { readonly kind: 'refusal'; readonly status: bigint; readonly words: string }
  | { readonly kind: 'request'; readonly request: Request };

/** PKIStatus, RFC 3161 section 2.4.2. */
export const STATUS: readonly string[] = [
  'granted',
  'granted with modifications',
  'rejection',
  'waiting',
  'revocation warning',
  'revocation notification',
];
const FAILURES: Readonly<Record<number, string>> = {
  0: 'it does not support the digest algorithm',
  2: 'the request was not allowed',
  5: 'the request had a wrong form',
  14: 'its clock was not available',
  15: 'it does not support the policy',
  16: 'it does not support an extension',
  17: 'additional information was not available',
  25: 'its system failed',
};

const imprintOf = (element: Element): Imprint => {
  const fields = new Fields(element);
  const algorithm = digestIdOf(fields.need(TAG.sequence));
  const hex = contentOf(fields.need(TAG.octets)).toString('hex');
  fields.done();
  return { algorithm, hex };
};

const microseconds = (element: Element): number => {
  const fields = new Fields(element);
  const seconds = fields.optional(TAG.integer);
  const millis = fields.optional(0x80);
  const micros = fields.optional(0x81);
  fields.done();
  const value = (part: Element | null, scale: number): number =>
    part === null ? 0 : Number(integerOf(part)) * scale;
  return value(seconds, 1_000_000) + value(millis, 1000) + value(micros, 1);
};

const NAME_PARTS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.17': 'postalCode',
  '2.5.4.97': 'organizationIdentifier',
};

/** Text out of a file, made harmless for a terminal and a window, and not longer than a line. */
const printable = (text: string): string => {
  const plain = text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  return plain.length > 300 ? `${plain.slice(0, 300).toWellFormed()}…` : plain;
};

/** A Name (RFC 5280 section 4.1.2.4) in words. @throws DerFault */
export const nameText = (element: Element): string => {
  const parts = childrenOf(element)
    .flatMap((set) => childrenOf(set))
    .map((pair) => {
      const fields = new Fields(pair);
      const type = oidOf(fields.need(TAG.oid));
      const value = fields.any();
      const bytes = contentOf(value);
      // BMPString is UTF-16; the other kinds are read as UTF-8, which ASCII is too.
      const text =
        value.tag === 0x1e ? Buffer.from(bytes).swap16().toString('utf16le') : bytes.toString('utf8');
      return `${NAME_PARTS[type] ?? type}=${text}`;
    });
  return printable(parts.join(', '));
};

const safeName = (element: Element): string | null => {
  try {
    const inner = insideOf(element);
    if (inner.tag === context(4)) return nameText(insideOf(inner));
    return printable(contentOf(inner).toString('latin1'));
  } catch {
    return null;
  }
};

/** @throws DerFault */
const infoOf = (content: Buffer): TstInfo => {
  const element = readElement(content, 0, content.length);
  if (element.end !== content.length)
    throw new DerFault('bytes follow the timestamp in the token', element.end);
  const fields = new Fields(element);
  const version = integerOf(fields.need(TAG.integer));
  const policy = oidOf(fields.need(TAG.oid));
  const imprint = imprintOf(fields.need(TAG.sequence));
  const serial = integerOf(fields.need(TAG.integer));
  const genTime = timeOf(fields.need(TAG.generalizedTime));
  const accuracy = fields.optional(TAG.sequence);
  const ordering = fields.optional(TAG.boolean);
  const nonce = fields.optional(TAG.integer);
  const tsa = fields.optional(context(0));
  fields.optional(context(1));
  fields.done();
  return {
    version,
    policy,
    imprint,
    serial,
    genTime,
    accuracy: accuracy === null ? null : microseconds(accuracy),
    ordering: ordering !== null && booleanOf(ordering),
    nonce: nonce === null ? null : integerOf(nonce),
    tsa: tsa === null ? null : safeName(tsa),
  };
};

const signerOf = (element: Element): Signer => {
  const fields = new Fields(element);
  fields.need(TAG.integer);
  const byKey = fields.optional(0x80);
  const byName = byKey === null ? new Fields(fields.need(TAG.sequence)) : null;
  const issuer = byName === null ? null : encodingOf(byName.need(TAG.sequence));
  const serial = byName === null ? null : contentOf(byName.need(TAG.integer)).toString('hex');
  const digest = digestIdOf(fields.need(TAG.sequence));
  const attributes = fields.optional(context(0));
  const algorithm = algorithmOf(fields.need(TAG.sequence));
  const signature = contentOf(fields.need(TAG.octets));
  fields.optional(context(1));
  fields.done();
  const signedBytes = attributes === null ? null : Buffer.from(encodingOf(attributes));
  if (signedBytes !== null) signedBytes[0] = TAG.set;
  return {
    issuer,
    serial,
    keyId: byKey === null ? null : contentOf(byKey).toString('hex'),
    digest,
    algorithm,
    signature,
    signedBytes,
    attributes: (attributes === null ? [] : childrenOf(attributes)).map((attribute) => {
      const parts = new Fields(attribute);
      const type = oidOf(parts.need(TAG.oid));
      const values = childrenOf(parts.need(TAG.set));
      parts.done();
      return { type, values };
    }),
  };
};

/** The parts of any CMS SignedData. @throws DerFault */
export const signedDataOf = (contentInfo: Element) => {
  const outer = new Fields(contentInfo);
  const type = outer.need(TAG.oid);
  if (oidOf(type) !== OID_SIGNED_DATA) throw new DerFault('it is no signed CMS structure', type.start);
  const signed = new Fields(insideOf(outer.need(context(0))));
  outer.done();
  signed.need(TAG.integer);
  const digests = childrenOf(signed.need(TAG.set));
  const encapsulated = new Fields(signed.need(TAG.sequence));
  const contentType = encapsulated.need(TAG.oid);
  const content = encapsulated.optional(context(0));
  encapsulated.done();
  const certificates = signed.optional(context(0));
  const lists = signed.optional(context(1));
  const signers = signed.need(TAG.set);
  signed.done();
  const sequences = (list: Element | null): Buffer[] =>
    (list === null ? [] : childrenOf(list)).filter(({ tag }) => tag === TAG.sequence).map(encodingOf);
  return {
    contentType,
    content,
    digestAlgorithms: digests.map(digestIdOf),
    certificates: sequences(certificates),
    lists: sequences(lists),
    signers,
  };
};

const tokenOf = (contentInfo: Element, status: bigint | null): Token => {
  const signed = signedDataOf(contentInfo);
  const type = oidOf(signed.contentType);
  if (type !== OID_TST_INFO)
    throw new DerFault(`it signs content of the type ${type}, not a timestamp`, signed.contentType.start);
  if (signed.content === null) throw new DerFault('the token has no content', signed.contentType.start);
  const octets = insideOf(signed.content);
  if (octets.tag !== TAG.octets)
    throw new DerFault('the content of the token is not one string of bytes', octets.start, 'ber');
  const content = contentOf(octets);
  return {
    status,
    content,
    info: infoOf(content),
    signers: childrenOf(signed.signers).map(signerOf),
    digestAlgorithms: signed.digestAlgorithms,
    certificates: signed.certificates,
    lists: signed.lists,
    der: encodingOf(contentInfo),
  };
};

const failureWords = (info: Element | null): string => {
  if (info === null) return '';
  const bytes = contentOf(info).subarray(1);
  const reasons = Object.entries(FAILURES)
    .filter(([bit]) => ((bytes[Number(bit) >> 3] ?? 0) & (0x80 >> (Number(bit) & 7))) !== 0)
    .map(([, words]) => words);
  return reasons.join('; ');
};

const requestOf = (element: Element): Request => {
  const fields = new Fields(element);
  fields.need(TAG.integer);
  const imprint = imprintOf(fields.need(TAG.sequence));
  const policy = fields.optional(TAG.oid);
  const nonce = fields.optional(TAG.integer);
  fields.optional(TAG.boolean);
  fields.optional(context(0));
  fields.done();
  return {
    imprint,
    nonce: nonce === null ? null : integerOf(nonce),
    policy: policy === null ? null : oidOf(policy),
  };
};

const responseOf = (element: Element): Exclude<TimestampFile, { kind: 'request' }> => {
  const fields = new Fields(element);
  const statusFields = new Fields(fields.need(TAG.sequence));
  const status = integerOf(statusFields.need(TAG.integer));
  const free = statusFields.optional(TAG.sequence);
  const failure = statusFields.optional(TAG.bitString);
  statusFields.done();
  const contentInfo = fields.optional(TAG.sequence);
  fields.done();
  if (contentInfo !== null)
    return { kind: 'token', token: tokenOf(contentInfo, status), trailing: 0, encoding: 'DER' };
  const text = free === null ? [] : childrenOf(free).map((each) => contentOf(each).toString('utf8'));
  return {
    kind: 'refusal',
    status,
    words: printable([failureWords(failure), ...text].filter(Boolean).join('; ')),
  };
};

// Neither lets two parts compete for the same characters: on hostile text both stay linear.
const PEM = /-----BEGIN ([A-Z0-9 ]{1,64})-----([A-Za-z0-9+/=\s]+)-----END \1-----/u;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}$/u;

/** The bytes in DER, taken out of PEM or base64 where they are wrapped in it. */
export const unwrapped = (bytes: Uint8Array): { readonly der: Buffer; readonly encoding: string } => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer[0] === TAG.sequence && (buffer[1] ?? 0) >= 0x80) return { der: buffer, encoding: 'DER' };
  const text = buffer.toString('latin1').trim();
  const body = PEM.exec(text)?.[2];
  if (body !== undefined) return { der: Buffer.from(body, 'base64'), encoding: 'PEM' };
  if (BASE64.test(text)) {
    const der = Buffer.from(text, 'base64');
    if (der[0] === TAG.sequence) return { der, encoding: 'base64' };
  }
  return { der: buffer, encoding: 'DER' };
};

/** Which of the three the first bytes promise; null for neither. Never throws. */
export const looksLike = (beginning: Buffer): 'token' | 'request' | 'refusal' | null => {
  const { der } = unwrapped(beginning);
  if (der[0] !== TAG.sequence) return null;
  const head = der.subarray(0, 512);
  if (head.includes(OID_TST_BYTES) && head.includes(OID_SIGNED_BYTES)) return 'token';
  try {
    const element = readElement(der, 0, der.length);
    if (element.end !== der.length) return null;
    const [first, second, ...more] = childrenOf(element);
    if (first?.tag === TAG.integer && second?.tag === TAG.sequence) {
      requestOf(element);
      return 'request';
    }
    if (first?.tag === TAG.sequence && second === undefined && more.length === 0)
      return responseOf(element).kind === 'refusal' ? 'refusal' : null;
  } catch {
    return null;
  }
  return null;
};

/**
 * Reads a whole file. `trailing` counts bytes behind the outermost element.
 * @throws DerFault
 */
export const readTimestampFile = (bytes: Uint8Array): TimestampFile => {
  const { der, encoding } = unwrapped(bytes);
  const element = readElement(der, 0, der.length);
  const trailing = der.length - element.end;
  const [first, second] = childrenOf(element).map(({ tag }) => tag);
  if (element.tag !== TAG.sequence) throw new DerFault('it does not begin with a SEQUENCE', 0);
  if (first === TAG.oid)
    return { kind: 'token', token: tokenOf(element, null), trailing, encoding: `${encoding}, bare token` };
  if (first === TAG.integer && second === TAG.sequence)
    return { kind: 'request', request: requestOf(element) };
  const response = responseOf(element);
  return response.kind === 'token' ? { ...response, trailing, encoding } : response;
};
