// One line of an Acra audit log in its three forms: plain text, CEF, JSON.
import { hashedBytes, parseJsonLine } from './go-json.ts';

export interface AcraEntry {
  readonly form: 'plaintext' | 'cef' | 'json';
  /** What the MAC is over. A second way of writing it where versions of Go differ. */
  readonly raw: readonly Buffer[];
  /** 64 hex digits, lower case. */
  readonly integrity: string;
  readonly isNew: boolean;
  readonly isEnd: boolean;
}

const END_MESSAGE = 'End of current audit log chain';
const SPLIT = ' integrity=';
const DIGEST = /^[0-9a-f]{64}$/iu;
const NEW = ' chain=new';

const fromText = (bytes: Buffer, text: string): AcraEntry | null => {
  const parts = text.split(SPLIT);
  const [before = '', after] = parts;
  if (after === undefined || parts.length !== 2) return null;
  const form = before.startsWith('CEF:') || before.includes(' CEF:') ? 'cef' : 'plaintext';
  const rest = after.trimEnd();
  const isNew = rest.endsWith(NEW);
  const integrity = isNew ? rest.slice(0, -NEW.length) : rest;
  if (!DIGEST.test(integrity)) return null;
  return {
    form,
    // latin1 keeps one character for one byte, so that the bytes are those of the file.
    raw: [bytes.subarray(0, before.length)],
    integrity: integrity.toLowerCase(),
    isNew,
    isEnd: before.includes('chain=end') && before.includes(END_MESSAGE),
  };
};

const fromJson = (text: string): AcraEntry | null => {
  const parsed = parseJsonLine(text);
  if (parsed === null) return null;
  const { integrity, ...members } = parsed;
  if (typeof integrity !== 'string' || !DIGEST.test(integrity)) return null;
  const isNew = members['chain'] === 'new';
  const isEnd = members['chain'] === 'end' && members['msg'] === END_MESSAGE;
  const { chain: _chain, ...others } = members;
  const hashed = isNew ? others : members;
  const raw = [hashedBytes(hashed, true)];
  if (/[\\](?:[bf]|u000[8c])/iu.test(text)) raw.push(hashedBytes(hashed, false));
  return { form: 'json', raw, integrity: integrity.toLowerCase(), isNew, isEnd };
};

/** null for a line that carries no integrity value. `bytes`: the line without its end. */
export const parseEntry = (bytes: Buffer): AcraEntry | null => {
  if (bytes[0] === 0x7b) {
    const entry = fromJson(bytes.toString('utf8'));
    if (entry !== null) return entry;
  }
  return fromText(bytes, bytes.toString('latin1'));
};
