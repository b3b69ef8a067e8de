// Reads a trusted head (a digest known from outside the log) from whatever a person has: pasted text, a listing, JSON.
import { AppError } from '../../../../shared/errors/app-error.ts';

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

const fromJson = (value: unknown, depth: number, into: Set<string>): void => {
  if (depth > MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (const each of value) fromJson(each, depth + 1, into);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (HEAD_KEYS.has(key) && typeof inner === 'string') fromLines(inner, into);
      else if (typeof inner === 'object') fromJson(inner, depth + 1, into);
    }
  } else if (typeof value === 'string' && depth <= 1) {
    fromLines(value, into);
  }
};

const fromLines = (text: string, into: Set<string>): void => {
  for (const line of text.split(/\r\n|\r|\n/u)) {
    const match = LINE.exec(line.trim());
    const digest = match?.[1] ?? match?.[2];
    if (digest !== undefined) into.add(digest.toLowerCase());
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
 * All heads in a pasted text or small file, lower-case hex, each once, in order of appearance.
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
    else fromLines(trimmed, found);
  }
  if (found.size === 0) throw new AppError('audit.head_invalid');
  return [...found];
};
