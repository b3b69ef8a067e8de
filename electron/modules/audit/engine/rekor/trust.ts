// What Rekor evidence is checked with: a Sigstore trusted_root.json, or bare public keys of logs and signers.
import { createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { KeyFile } from '../format.ts';
import { fromBase64 } from '../merkle/base64.ts';
import { isFields, parseJson } from '../merkle/json-text.ts';
import type { Fields } from '../merkle/json-text.ts';
import { hex, sha256 } from '../merkle/sha256.ts';
import { pemKeys, readKeys } from '../signed-note/keys.ts';
import type { NoteKey } from '../signed-note/keys.ts';

/** Seconds since 1970, both ends included; null = open. */
export interface Window {
  readonly start: number;
  readonly end: number | null;
}

export interface LogKey {
  /** Log ID, lower-case hex. */
  readonly id: string;
  readonly key: KeyObject;
  readonly valid: Window;
  readonly file: string;
}

export interface Authority {
  /** From the issuing certificate up to the root. */
  readonly chain: readonly X509Certificate[];
  readonly valid: Window;
}

export interface Trust {
  readonly logs: readonly LogKey[];
  readonly authorities: readonly Authority[];
  /** DER certificates of timestamp authorities, for the RFC 3161 engine. */
  readonly timestampChains: readonly {
    readonly certificates: readonly Buffer[];
    readonly valid: Window | null;
  }[];
  /** Public keys that a signer may have used. */
  readonly signers: readonly KeyObject[];
  /** Witness keys. */
  readonly noteKeys: readonly NoteKey[];
  readonly unusable: readonly { readonly file: string; readonly reason: string }[];
}

const windowOf = (value: unknown): Window | null => {
  if (!isFields(value)) return null;
  const at = (text: unknown): number => (typeof text === 'string' ? Date.parse(text) / 1000 : Number.NaN);
  const start = at(value.start);
  const end = value.end === undefined || value.end === null ? null : at(value.end);
  return Number.isNaN(start) || (end !== null && Number.isNaN(end)) ? null : { start, end };
};

/** Whether a time lies in a window, both ends included. */
export const isWithin = (time: number, { start, end }: Window): boolean =>
  time >= start && (end === null || time <= end);

const keyOf = (der: Buffer): KeyObject | null => {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key: der, format: 'der', type });
    } catch {
      // The other encoding is tried, and null says that neither fits.
    }
  }
  return null;
};

const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter((each) => isFields(each)) : [];

const chainOf = (authority: Fields): readonly Buffer[] =>
  listOf(isFields(authority.certChain) ? authority.certChain.certificates : []).flatMap(({ rawBytes }) => {
    const der = typeof rawBytes === 'string' ? fromBase64(rawBytes) : null;
    return der === null ? [] : [der];
  });

const certificateOf = (der: Buffer): X509Certificate | null => {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
};

type Parts = { -readonly [K in keyof Trust]: Trust[K][number][] };

const addRoot = (root: Fields, file: string, into: Parts): void => {
  for (const log of listOf(root.tlogs)) {
    const publicKey = isFields(log.publicKey) ? log.publicKey : {};
    const raw = typeof publicKey.rawBytes === 'string' ? fromBase64(publicKey.rawBytes) : null;
    const idText = isFields(log.logId) ? log.logId.keyId : undefined;
    const id = typeof idText === 'string' ? fromBase64(idText) : null;
    const key = raw === null ? null : keyOf(raw);
    const valid = windowOf(publicKey.validFor);
    if (key === null || id === null || valid === null) {
      const what = valid === null ? 'has no start of validity' : 'can not be read';
      into.unusable.push({ file, reason: `the key of the log ${String(log.baseUrl).slice(0, 200)} ${what}` });
      continue;
    }
    into.logs.push({ id: hex(id), key, valid, file });
  }
  for (const authority of listOf(root.certificateAuthorities)) {
    const chain = chainOf(authority)
      .map(certificateOf)
      .filter((each) => each !== null);
    const valid = windowOf(authority.validFor);
    if (chain.length > 0 && valid !== null) into.authorities.push({ chain, valid });
  }
  for (const authority of listOf(root.timestampAuthorities))
    into.timestampChains.push({ certificates: chainOf(authority), valid: windowOf(authority.validFor) });
};

const ALWAYS: Window = { start: 0, end: null };

/** Reads all key files; a file that holds none of this adds nothing. */
export const readTrust = (files: readonly KeyFile[]): Trust => {
  const parts: Parts = {
    logs: [],
    authorities: [],
    timestampChains: [],
    signers: [],
    noteKeys: [],
    unusable: [],
  };
  for (const file of files) {
    const bytes = Buffer.from(file.bytes);
    const json = bytes.subarray(0, 64).toString('latin1').trimStart().startsWith('{')
      ? parseJson(bytes)
      : undefined;
    if (isFields(json) && ('tlogs' in json || 'certificateAuthorities' in json)) {
      addRoot(json, file.name, parts);
      continue;
    }
    const der = bytes[0] === 0x30 ? keyOf(bytes) : null;
    const keys = [...pemKeys(bytes.toString('latin1')), ...(der === null ? [] : [der])];
    for (const key of keys) {
      const id = hex(sha256(key.export({ format: 'der', type: 'spki' })));
      parts.logs.push({ id, key, valid: ALWAYS, file: file.name });
      parts.signers.push(key);
    }
    parts.noteKeys.push(...readKeys([file]).keys.filter(({ name }) => name !== null));
  }
  return parts;
};
