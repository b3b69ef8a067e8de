// X.509 certificates and revocation lists as companions: found in files of any wrapping, read strictly (RFC 5280).
import { X509Certificate, createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { KeyFile } from '../format.ts';
import { algorithmOf } from './algorithms.ts';
import type { AlgorithmId } from './algorithms.ts';
import {
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
import { nameText, signedDataOf } from './read-token.ts';

export interface Cert {
  readonly der: Buffer;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  /** DER of the names. */
  readonly subjectName: Buffer;
  readonly issuerName: Buffer;
  /** Content of the INTEGER, hex. */
  readonly serial: string;
  readonly notBefore: Temporal.Instant;
  readonly notAfter: Temporal.Instant;
  /** null for a kind of key that this program can't use. */
  readonly key: KeyObject | null;
  readonly signed: Buffer;
  readonly algorithm: AlgorithmId;
  readonly signature: Buffer;
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly ca: boolean;
  readonly pathLength: number | null;
  /** Bits of keyUsage, the first named bit being 0x80; null where the extension is absent. */
  readonly keyUsage: number | null;
  readonly extendedKeyUsage: { readonly critical: boolean; readonly purposes: readonly string[] } | null;
  /** Critical extensions that are not evaluated here. */
  readonly unknownCritical: readonly string[];
}

export interface RevocationList {
  readonly file: string;
  readonly issuerName: Buffer;
  readonly issuer: string;
  readonly thisUpdate: Temporal.Instant;
  readonly nextUpdate: Temporal.Instant | null;
  readonly revoked: ReadonlyMap<string, { readonly at: Temporal.Instant; readonly reason: number | null }>;
  readonly signed: Buffer;
  readonly algorithm: AlgorithmId;
  readonly signature: Buffer;
}

const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  reason: '2.5.29.21',
} as const;
/** Critical extensions whose meaning limits nothing that matters for a timestamp. */
const HARMLESS: ReadonlySet<string> = new Set(['2.5.29.17', '2.5.29.18', '2.5.29.32', '2.5.29.33']);

interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

const extensionsOf = (list: Element): Extension[] =>
  childrenOf(list).map((each) => {
    const fields = new Fields(each);
    const oid = oidOf(fields.need(TAG.oid));
    const critical = fields.optional(TAG.boolean);
    const value = contentOf(fields.need(TAG.octets));
    fields.done();
    return { oid, critical: critical !== null && booleanOf(critical), value };
  });

const whole = (bytes: Buffer): Element => readElement(bytes, 0, bytes.length);

const extensionFacts = (extensions: readonly Extension[]) => {
  const facts = {
    subjectKeyId: null as string | null,
    authorityKeyId: null as string | null,
    ca: false,
    pathLength: null as number | null,
    keyUsage: null as number | null,
    extendedKeyUsage: null as Cert['extendedKeyUsage'],
    unknownCritical: [] as string[],
  };
  for (const { oid, critical, value } of extensions) {
    if (oid === EXTENSION.subjectKeyId) facts.subjectKeyId = contentOf(whole(value)).toString('hex');
    else if (oid === EXTENSION.authorityKeyId) {
      const id = new Fields(whole(value)).optional(0x80);
      facts.authorityKeyId = id === null ? null : contentOf(id).toString('hex');
    } else if (oid === EXTENSION.basicConstraints) {
      const fields = new Fields(whole(value));
      const ca = fields.optional(TAG.boolean);
      const length = fields.optional(TAG.integer);
      facts.ca = ca !== null && booleanOf(ca);
      facts.pathLength = length === null ? null : Number(integerOf(length));
    } else if (oid === EXTENSION.keyUsage) facts.keyUsage = contentOf(whole(value))[1] ?? 0;
    else if (oid === EXTENSION.extendedKeyUsage)
      facts.extendedKeyUsage = { critical, purposes: childrenOf(whole(value)).map(oidOf) };
    else if (critical && !HARMLESS.has(oid)) facts.unknownCritical.push(oid);
  }
  return facts;
};

const keyOf = (der: Buffer): KeyObject | null => {
  try {
    return new X509Certificate(der).publicKey;
  } catch {
    return null;
  }
};

/** A certificate, or null when the bytes are not exactly one. Never throws. */
export const certificateOf = (der: Buffer): Cert | null => {
  try {
    const outer = whole(der);
    if (outer.end !== der.length) return null;
    const parts = new Fields(outer);
    const body = parts.need(TAG.sequence);
    const algorithm = algorithmOf(parts.need(TAG.sequence));
    const signature = contentOf(parts.need(TAG.bitString)).subarray(1);
    parts.done();
    const fields = new Fields(body);
    fields.optional(context(0));
    const serial = contentOf(fields.need(TAG.integer)).toString('hex');
    fields.need(TAG.sequence);
    const issuer = fields.need(TAG.sequence);
    const validity = childrenOf(fields.need(TAG.sequence));
    const subject = fields.need(TAG.sequence);
    fields.need(TAG.sequence);
    fields.optional(0x81);
    fields.optional(0x82);
    const extensions = fields.optional(context(3));
    fields.done();
    const [from, to] = validity;
    if (from === undefined || to === undefined) return null;
    return {
      der,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      subject: nameText(subject),
      issuer: nameText(issuer),
      subjectName: encodingOf(subject),
      issuerName: encodingOf(issuer),
      serial,
      notBefore: timeOf(from),
      notAfter: timeOf(to),
      key: keyOf(der),
      signed: encodingOf(body),
      algorithm,
      signature,
      ...extensionFacts(extensions === null ? [] : extensionsOf(insideOf(extensions))),
    };
  } catch {
    return null;
  }
};

/** A revocation list (RFC 5280 section 5), or null. Never throws. */
export const revocationListOf = (der: Buffer, file: string): RevocationList | null => {
  try {
    const outer = whole(der);
    if (outer.end !== der.length) return null;
    const parts = new Fields(outer);
    const body = parts.need(TAG.sequence);
    const algorithm = algorithmOf(parts.need(TAG.sequence));
    const signature = contentOf(parts.need(TAG.bitString)).subarray(1);
    parts.done();
    const fields = new Fields(body);
    fields.optional(TAG.integer);
    fields.need(TAG.sequence);
    const issuer = fields.need(TAG.sequence);
    const thisUpdate = timeOf(fields.any());
    const next = fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime);
    const entries = fields.optional(TAG.sequence);
    fields.optional(context(0));
    fields.done();
    const revoked = new Map<string, { at: Temporal.Instant; reason: number | null }>();
    for (const entry of entries === null ? [] : childrenOf(entries)) {
      const each = new Fields(entry);
      const serial = contentOf(each.need(TAG.integer)).toString('hex');
      const at = timeOf(each.any());
      const extensions = each.optional(TAG.sequence);
      each.done();
      const reason = (extensions === null ? [] : extensionsOf(extensions)).find(
        ({ oid }) => oid === EXTENSION.reason,
      );
      revoked.set(serial, {
        at,
        reason: reason === undefined ? null : Number(integerOf(whole(reason.value))),
      });
    }
    return {
      file,
      issuerName: encodingOf(issuer),
      issuer: nameText(issuer),
      thisUpdate,
      nextUpdate: next === null ? null : timeOf(next),
      revoked,
      signed: encodingOf(body),
      algorithm,
      signature,
    };
  } catch {
    return null;
  }
};

export interface TrustMaterial {
  readonly certificates: readonly Cert[];
  readonly lists: readonly RevocationList[];
  /** Files that hold neither: they may be what a token is about. */
  readonly others: readonly KeyFile[];
}

const PEM = /-----BEGIN ([A-Z0-9 ]{1,64})-----([A-Za-z0-9+/=\s]+)-----END \1-----/gu;
/** More certificates than any bundle of roots holds. */
const MOST = 2000;

const blocksOf = (bytes: Uint8Array): readonly Buffer[] => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const blocks: Buffer[] = [];
  if (buffer.includes('-----BEGIN ')) {
    for (const [, , body = ''] of buffer.toString('latin1').matchAll(PEM)) {
      blocks.push(Buffer.from(body, 'base64'));
      if (blocks.length >= MOST) break;
    }
    return blocks;
  }
  return buffer[0] === TAG.sequence ? [buffer] : [];
};

/** The certificates of a CMS structure without signers, as `openssl crl2pkcs7` writes them. */
const bundled = (der: Buffer): readonly Buffer[] => {
  try {
    return signedDataOf(whole(der)).certificates;
  } catch {
    return [];
  }
};

/** Certificates and revocation lists in PEM (also bundles), DER or PKCS#7, told apart by content. */
export const readTrustMaterial = (files: readonly KeyFile[]): TrustMaterial => {
  const certificates = new Map<string, Cert>();
  const lists: RevocationList[] = [];
  const others: KeyFile[] = [];
  for (const file of files) {
    let found = 0;
    for (const block of blocksOf(file.bytes)) {
      const single = certificateOf(block);
      const list = single === null ? revocationListOf(block, file.name) : null;
      const certs = single === null && list === null ? bundled(block).map(certificateOf) : [single];
      if (list !== null) lists.push(list);
      found += list === null ? 0 : 1;
      for (const cert of certs) {
        if (cert === null || certificates.size >= MOST) continue;
        certificates.set(cert.fingerprint, cert);
        found += 1;
      }
    }
    if (found === 0) others.push(file);
  }
  return { certificates: [...certificates.values()], lists, others };
};
