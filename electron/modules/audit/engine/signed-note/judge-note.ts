// What a note's form and signatures say of it: findings, and whether a known key vouches for it.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { checkNote, isCosignature } from './check-note.ts';
import type { SignatureCheck } from './check-note.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { NoteKey } from './keys.ts';
import { isNote, parseNote } from './note.ts';
import type { Note } from './note.ts';

export interface JudgedNote {
  readonly path: string;
  readonly raw: Buffer;
  /** null when malformed. */
  readonly note: Note | null;
  readonly checkpoint: Checkpoint | null;
  readonly checks: readonly SignatureCheck[];
  readonly findings: readonly Finding[];
  /** A known key signed it, of a checkpoint a key of the log and not of a witness, and nothing about it is wrong. */
  readonly isSigned: boolean;
}

/** Where the note is a record of a larger source. */
interface At {
  readonly index?: number;
}

const listed = (checks: readonly SignatureCheck[]): string =>
  checks.map(({ signature: { name, keyId } }) => `${name} (key ID ${keyId})`).join(', ');

const signatureFindings = (
  path: string,
  at: At,
  checks: readonly SignatureCheck[],
  isCheckpoint: boolean,
): Finding[] => {
  const findings: Finding[] = [];
  for (const { signature, state, key } of checks) {
    const { name, keyId, line } = signature;
    const base = { kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', ...at, path, line } as const;
    if (state === 'invalid') {
      const message = `The signature of ${name} does not fit the text: the text, the signature or its time was altered after signing.`;
      findings.push({ ...base, message });
    } else if (state === 'renamed') {
      const expected = key?.keyIdFor(name) ?? '';
      const message = `The signature of ${name} is genuine, but the key ID in front of it was altered: no known key has the ID ${keyId}.`;
      findings.push({ ...base, expected, actual: keyId, message });
    }
  }
  if (findings.length > 0) return findings;
  const valid = checks.filter(({ state }) => state === 'valid');
  const isShort = isCheckpoint && valid.every(isCosignature);
  if (valid.length > 0 && !isShort) return findings;
  const unknown = checks.filter(({ state }) => state === 'unknown');
  const message =
    valid.length === 0
      ? `No key is known for any of its signatures, so it can not be checked. Needed is the key of ${listed(unknown)}.`
      : `Only witnesses are known by their keys (${listed(valid)}); the log’s own key is missing. Needed is the key of ${listed(unknown)}.`;
  findings.push({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, path, message });
  return findings;
};

/** Never throws. */
export const judgeNote = (
  path: string,
  bytes: Uint8Array,
  keys: readonly NoteKey[],
  at: At = {},
): JudgedNote => {
  const raw = Buffer.from(bytes);
  const note = parseNote(raw);
  if (!isNote(note)) {
    const message = `This is no well-formed signed note: ${note.problem}. Its signatures were not tried.`;
    const line = note.line === undefined ? {} : { line: note.line };
    const finding: Finding = { kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, path, ...line, message };
    return { path, raw, note: null, checkpoint: null, checks: [], findings: [finding], isSigned: false };
  }
  const checkpoint = parseCheckpoint(note.text);
  const checks = checkNote(note, keys);
  const findings = signatureFindings(path, at, checks, checkpoint !== null);
  return { path, raw, note, checkpoint, checks, findings, isSigned: findings.length === 0 };
};

/** RFC 3339 UTC; null for a time that no calendar has. */
export const instantOf = (seconds: number): string | null => {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
};

const signerOf = (check: SignatureCheck): string => {
  const time = check.time === null ? null : instantOf(check.time);
  const role = isCosignature(check) ? 'the witness ' : '';
  return `${role}${check.signature.name}${time === null ? '' : ` (at ${time})`}`;
};

/** What the signatures prove, one sentence; null when nothing. */
export const signersSentence = ({ path, checks, isSigned }: JudgedNote): string | null => {
  const valid = checks.filter(({ state }) => state === 'valid');
  if (!isSigned || valid.length === 0) return null;
  return `${path} was signed, as it stands, by ${valid.map(signerOf).join(', ')}.`;
};

/** What unknown signatures leave open, one sentence; null when there are none. */
export const unknownSentence = ({ path, checks }: JudgedNote): string | null => {
  const unknown = checks.filter(({ state }) => state === 'unknown');
  return unknown.length === 0
    ? null
    : `Anything by the signatures of ${listed(unknown)} on ${path}: their keys are not known, so they were ignored, as the specification asks.`;
};
