// Reads a trusted head (a digest known from outside the log) from whatever a person has: pasted text, a listing, JSON.
import { AppError } from '../../../../shared/errors/app-error.ts';
import { isPicture, textOfPicture } from './anchors/qr-picture.ts';

/** Keys of JSON documents that hold a head. */
const HEAD_KEYS: ReadonlySet<string> = new Set([
  'head',
  'chain_hash',
  'head_chain_hash',
  'chainHash',
  'headChainHash',
  'trusted_head',
  'trustedHead',
]);
/** A small file is expected; more text than this is no head. */
const MAX_CHARACTERS = 1_000_000;
const MAX_DEPTH = 16;

/** The line forms: a digest alone, `sha256:<digest>`, `<digest>  name`, `<digest> *name`, `SHA256 (name) = <digest>`, `label: <digest>`. */
const LINE =
  /^(?:\\?(?:sha-?256:)?(?:0x)?([0-9A-Fa-f]{64})(?:\s.*)?|.*[\s:=](?:sha-?256:)?(?:0x)?([0-9A-Fa-f]{64}))$/iu;
/** Digests of other lengths only where their algorithm is named: `sha512:<digest>`, `SHA512 (name) = <digest>`. */
const NAMED =
  /(?:^|[\s"'=])(sha-?512|sha3-?512|blake2b|sha-?384|sha3-?384|sha-?1|ripemd-?160|md5)(?::\s*|\s*=\s*|\s+\(.*\)\s*=\s*|\s+)(?:0x)?([0-9a-f]{32,128})$/iu;
const NAMED_DIGITS: Readonly<Record<string, number>> = {
  sha512: 128,
  sha3512: 128,
  blake2b: 128,
  sha384: 96,
  sha3384: 96,
  sha1: 40,
  ripemd160: 40,
  md5: 32,
};
/** A cut digest only where it is called what it is: `head: 0123456789abcdef`. */
const LABELLED =
  /(?:^|[\s_-])(?:head|tip|checkpoint|(?:chain|last|trusted|entry|record)[\s_-]?(?:hash|head|digest))\s*[:=]\s*(?:0x)?([0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{96}|[0-9a-f]{128})$/iu;
/** 32 bytes in base64: alone, after `sha256:` or `sha256-`, or after a label. */
const BASE64 = /^(?:.*[\s:=])?(?:sha-?256[:-])?([A-Za-z0-9+/]{43}=)$/iu;
const LENGTHS: ReadonlySet<number> = new Set([16, 32, 40, 64, 96, 128]);

/** The digest of a line as lower-case hex, or null. */
const digestInLine = (line: string): string | null => {
  const plain = LINE.exec(line);
  const sha256 = plain?.[1] ?? plain?.[2];
  if (sha256 !== undefined) return sha256.toLowerCase();
  // Longer than any label and digest: the patterns below are not meant for it.
  if (line.length > LONGEST_LINE) return null;
  const [, algorithm, named] = NAMED.exec(line) ?? [];
  const digits = NAMED_DIGITS[(algorithm ?? '').toLowerCase().replaceAll('-', '')];
  if (named !== undefined && named.length === digits) return named.toLowerCase();
  const labelled = LABELLED.exec(line)?.[1];
  if (labelled !== undefined) return labelled.toLowerCase();
  const base64 = BASE64.exec(line)?.[1];
  if (base64 === undefined) return null;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === base64 ? bytes.toString('hex') : null;
};
const LONGEST_LINE = 1000;

/** A text that is one digest and nothing else: hex of any usual length in one piece, or 64 bytes in base64. */
const wholeDigest = (text: string): string | null => {
  const hex = /^(?:0x)?([0-9a-f]{16,128})$/iu.exec(text)?.[1];
  if (hex !== undefined) return LENGTHS.has(hex.length) ? hex.toLowerCase() : null;
  if (!/^[A-Za-z0-9+/]{86}==$/u.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.toString('hex') : null;
};

/** A value under a key that names a head: hex of any usual length, or what a line may hold. */
const digestInValue = (value: string): string | null => {
  const text = value.trim();
  const hex = /^(?:sha-?\d{1,3}:)?(?:0x)?([0-9a-f]{16,128})$/iu.exec(text)?.[1];
  return hex !== undefined && LENGTHS.has(hex.length) ? hex.toLowerCase() : digestInLine(text);
};

const fromJson = (value: unknown, depth: number, into: Set<string>): void => {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (const each of value) fromJson(each, depth + 1, into);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (HEAD_KEYS.has(key) && typeof inner === 'string') {
        const digest = digestInValue(inner);
        if (digest === null) fromLines(inner, into);
        else into.add(digest);
      } else if (typeof inner === 'object') fromJson(inner, depth + 1, into);
    }
  } else if (typeof value === 'string' && depth <= 1) {
    fromLines(value, into);
  }
};

const fromLines = (text: string, into: Set<string>): void => {
  for (const line of text.split(/\r\n|\r|\n/u)) {
    const digest = digestInLine(line.trim());
    if (digest !== null) into.add(digest);
    else if (line.trimStart().startsWith('{')) fromJson(parsedJson(line), 0, into);
  }
};

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * All heads in a pasted text or small file, lower-case hex (64 digits; others where they are named, or all that the text holds), each once, in order of appearance.
 * @throws AppError('audit.head_invalid') when there is none.
 */
export const parseTrustedHeads = (text: string): string[] => {
  const found = new Set<string>();
  const trimmed = text.replace(/^\uFEFF/u, '').trim();
  if (trimmed.length > 0 && trimmed.length <= MAX_CHARACTERS) {
    const json = /^[[{"]/u.test(trimmed) ? parsedJson(trimmed) : undefined;
    // A digest copied from print is broken into groups.
    const joined = trimmed.replaceAll(/\s/gu, '');
    if (json !== undefined) fromJson(json, 0, found);
    else if (/^[0-9A-Fa-f]{64}$/u.test(joined)) found.add(joined.toLowerCase());
    else {
      const whole = wholeDigest(trimmed);
      if (whole === null) fromLines(trimmed, found);
      else found.add(whole);
    }
  }
  if (found.size === 0) throw new AppError('audit.head_invalid');
  return [...found];
};

/**
 * All heads in a file: text, JSON, a listing, or a picture of a QR code that holds one of these.
 * @throws AppError('audit.head_invalid' | 'audit.head_picture')
 */
export const headsOfFile = (name: string, bytes: Uint8Array): string[] =>
  parseTrustedHeads(isPicture(bytes) ? textOfPicture(name, bytes) : Buffer.from(bytes).toString('utf8'));
