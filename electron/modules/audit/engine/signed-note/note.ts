// Signed notes (c2sp.org/signed-note): text, a blank line, signature lines. Anything else is malformed, before any key.
import { fromBase64 } from '../merkle/base64.ts';

export interface NoteSignature {
  readonly name: string;
  /** Eight lower-case hex digits. */
  readonly keyId: string;
  /** What follows the key ID. */
  readonly bytes: Buffer;
  /** One-based line in the note. */
  readonly line: number;
}

export interface Note {
  /** With its final line feed: exactly the bytes that are signed. */
  readonly text: Buffer;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteProblem {
  readonly problem: string;
  readonly line?: number;
}

/** The specification asks for at least 16; a note of a megabyte is no note. */
const MAX_SIGNATURES = 256;
export const MAX_NOTE_BYTES = 1024 * 1024;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// Control characters are what this pattern must find.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x09\x0b-\x1f]/u;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) (\S+)$/u;

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** The text, or null where the bytes are no UTF-8. */
const decode = (bytes: Uint8Array): string | null => {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
};

const readSignature = (content: string, line: number): NoteSignature | NoteProblem => {
  const [, name, base64] = SIGNATURE_LINE.exec(content) ?? [];
  if (name === undefined || base64 === undefined)
    return { problem: 'a line after the last blank line is no signature line', line };
  const blob = fromBase64(base64);
  if (blob === null) return { problem: 'a signature is not valid base64', line };
  if (blob.length < 5) return { problem: 'a signature is too short to hold a key ID and a signature', line };
  return { name, keyId: blob.toString('hex', 0, 4), bytes: blob.subarray(4), line };
};

/** Reads a note to the letter of the specification. Never throws. */
export const parseNote = (bytes: Uint8Array): Note | NoteProblem => {
  if (bytes.length > MAX_NOTE_BYTES) return { problem: 'it is larger than any note' };
  const all = decode(bytes);
  if (all === null) return { problem: 'it is not valid UTF-8' };
  const control = CONTROL.exec(all);
  if (control !== null) {
    const code = control[0].codePointAt(0) ?? 0;
    const shown = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const hint = code === 0x0d ? ' (a carriage return: the line endings were changed)' : '';
    return { problem: `it holds the control character ${shown}${hint}`, line: lineOf(all, control.index) };
  }
  if (!all.endsWith('\n')) return { problem: 'its last line does not end with a line feed' };
  const split = all.lastIndexOf('\n\n');
  if (split < 0) return { problem: 'it has no blank line between text and signatures' };
  const text = all.slice(0, split + 1);
  const lines = all.slice(split + 2, -1).split('\n');
  const first = text.split('\n').length + 1;
  if (split + 2 >= all.length) return { problem: 'no signature follows the last blank line', line: first };
  if (lines.length > MAX_SIGNATURES) return { problem: `it has more than ${MAX_SIGNATURES} signatures` };
  const signatures: NoteSignature[] = [];
  for (const [i, content] of lines.entries()) {
    const read = readSignature(content, first + i);
    if ('problem' in read) return read;
    signatures.push(read);
  }
  return { text: Buffer.from(text, 'utf8'), signatures };
};

export const isNote = (read: Note | NoteProblem): read is Note => 'signatures' in read;

/** Whether bytes were meant as a note: some line begins as a signature line does. For `detect`; says nothing of its form. */
export const looksLikeNote = (bytes: Buffer): boolean =>
  bytes.includes('\n\n\u2014 ') || bytes.includes('\n\u2014 ');

/** Proofs and answers of a sumdb end with a note, but what precedes it is not signed: they are formats of their own. */
const LONGER = /^(?:c2sp\.org\/tlog-proof@|\d+\n\S+ v\S+ h1:)/u;

/** Whether a file is a note and nothing besides. */
export const isNoteFile = (bytes: Buffer): boolean =>
  looksLikeNote(bytes) && !LONGER.test(bytes.toString('latin1', 0, 4096));
