// One log entry: its place in the tree, the checkpoint, the log's promise, and the times that they state.
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { leafHash } from '../../../../../shared/chain/merkle.ts';
import { rootFromInclusion } from '../../../../../shared/chain/merkle-verify.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { hex, sha256 } from '../merkle/sha256.ts';
import { checkNote } from '../signed-note/check-note.ts';
import { parseCheckpoint } from '../signed-note/checkpoint.ts';
import { instantOf } from '../signed-note/judge-note.ts';
import { noteKeysOf } from '../signed-note/keys.ts';
import type { NoteKey } from '../signed-note/keys.ts';
import { isNote, parseNote } from '../signed-note/note.ts';
import type { LogEntry, LogProof } from './entry.ts';
import { isWithin } from './trust.ts';
import type { LogKey, Trust } from './trust.ts';

export interface EntryCheck {
  readonly findings: readonly Finding[];
  readonly proves: readonly string[];
  /** Seconds since 1970, where the log's signature vouches for it. */
  readonly time: number | null;
  /** A signature of the log that is known covers the entry. */
  readonly anchored: boolean;
}

interface At {
  readonly index: number;
  readonly path: string;
}

const instant = (seconds: number): string => instantOf(seconds) ?? String(seconds);

const inclusion = (body: Buffer, proof: LogProof, at: At): Finding | null => {
  const led = rootFromInclusion(sha256, leafHash(sha256, body), proof.index, proof.size, proof.hashes);
  if (led !== null && proof.root.equals(led)) return null;
  const why =
    led === null
      ? `its ${proof.hashes.length} hashes do not fit entry ${proof.index} of ${proof.size}`
      : 'it leads to another root: the entry or a hash of the proof was altered';
  const roots = led === null ? {} : { expected: hex(proof.root), actual: hex(led) };
  const message = `The inclusion proof does not hold: ${why}.`;
  return { kind: 'CHAIN_HASH_MISMATCH', verdict: 'TAMPERED', ...at, ...roots, message };
};

/** Rekor's key hint is the beginning of the log ID; note key IDs by the rule are tried too. */
const logNoteKeys = (name: string, log: LogKey): readonly NoteKey[] =>
  noteKeysOf(log.key, log.file).map((key) => ({
    ...key,
    name,
    keyIdFor: (of) => (key.keyIdFor(of) === log.id.slice(0, 8) ? key.keyIdFor(of) : log.id.slice(0, 8)),
  }));

const checkpointOf = (
  text: string,
  proof: LogProof,
  log: LogKey | null,
  trust: Trust,
  at: At,
): {
  readonly findings: readonly Finding[];
  readonly signed: boolean;
  readonly proves: readonly string[];
} => {
  const findings: Finding[] = [];
  const note = parseNote(Buffer.from(text, 'utf8'));
  if (!isNote(note)) {
    const message = `The checkpoint is no well-formed signed note: ${note.problem}.`;
    return {
      findings: [{ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message }],
      signed: false,
      proves: [],
    };
  }
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint === null) {
    const message = 'The checkpoint does not have origin, size and root on its first three lines.';
    findings.push({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message });
  } else if (checkpoint.size !== proof.size || !checkpoint.root.equals(proof.root)) {
    const message = `The checkpoint is of another tree (size ${checkpoint.size}) than the inclusion proof (size ${proof.size}).`;
    const roots = { expected: hex(checkpoint.root), actual: hex(proof.root) };
    findings.push({ kind: 'HEAD_MISMATCH', verdict: 'TAMPERED', ...at, ...roots, message });
  }
  const origin = checkpoint?.origin ?? note.signatures[0]?.name ?? '';
  const [name = ''] = origin.split(' - ');
  const own = log === null ? [] : logNoteKeys(name, log);
  const checks = checkNote(note, [...own, ...trust.noteKeys]);
  for (const { signature, state } of checks) {
    if (state !== 'invalid' && state !== 'renamed') continue;
    const message =
      state === 'invalid'
        ? `The signature of ${signature.name} on the checkpoint is not valid: the checkpoint was altered.`
        : `The signature of ${signature.name} on the checkpoint is genuine, but its key hint ${signature.keyId} is not that of the log.`;
    findings.push({ kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', ...at, message });
  }
  const isOwn = (key: NoteKey | null): boolean => own.some((each) => each === key);
  const signed = checks.some(({ state, key }) => state === 'valid' && isOwn(key));
  if (log !== null && !signed && findings.length === 0) {
    const message = `None of the signatures on the checkpoint is by the log (${name}, key hint ${log.id.slice(0, 8)}).`;
    findings.push({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message });
  }
  const witnesses = checks.filter(({ state, key }) => state === 'valid' && !isOwn(key));
  const proves = witnesses.map(
    ({ signature, time }) =>
      `The witness ${signature.name} cosigned the checkpoint${time === null ? '' : ` at ${instant(time)}`}.`,
  );
  return { findings, signed: signed && findings.length === 0, proves };
};

/** The text under a signed entry timestamp: RFC 8785 JSON; none of its strings needs an escape. */
const promiseText = ({ body, integratedTime, logId, logIndex }: LogEntry): Buffer =>
  Buffer.from(
    JSON.stringify({ body: body.toString('base64'), integratedTime, logID: logId, logIndex }),
    'utf8',
  );

const isSignedBy = (key: KeyObject, text: Buffer, signature: Buffer): boolean => {
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', text, key, signature);
  } catch {
    return false;
  }
};

const promise = (entry: LogEntry, log: LogKey, at: At): Finding | null => {
  if (entry.promise === null || isSignedBy(log.key, promiseText(entry), entry.promise)) return null;
  const message =
    'The signed entry timestamp is not valid: the entry, its index, its time or the signature was altered.';
  return { kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', ...at, message };
};

const keyMissing = (entry: LogEntry, trust: Trust, at: At): Finding => {
  const known = trust.logs.length === 0 ? '' : ' None of the keys given is of that log.';
  const message = `The key of the log with ID ${entry.logId} is needed to check its signatures (a trusted_root.json, or its public key).${known}`;
  return { kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message };
};

/** @param mustProve Newer bundles and v2 logs are nothing without an inclusion proof. */
export const checkEntry = (entry: LogEntry, trust: Trust, at: At, mustProve: boolean): EntryCheck => {
  const findings: Finding[] = [];
  const proves: string[] = [];
  const log = trust.logs.find(({ id }) => id === entry.logId) ?? null;
  let signed = false;
  const { proof } = entry;
  if (log === null) findings.push(keyMissing(entry, trust, at));
  if (proof === null) {
    if (mustProve || entry.promise === null) {
      const message = 'The inclusion proof is missing, so that the entry is in the log can not be shown.';
      findings.push({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message });
    }
  } else {
    const mismatch = inclusion(entry.body, proof, at);
    if (mismatch !== null) findings.push(mismatch);
    else
      proves.push(
        `The entry is number ${proof.index} of the ${proof.size} under the root ${hex(proof.root)}.`,
      );
    if (proof.checkpoint !== null) {
      const checked = checkpointOf(proof.checkpoint, proof, log, trust, at);
      findings.push(...checked.findings);
      proves.push(...checked.proves);
      signed = checked.signed && mismatch === null;
      if (signed) proves.push('The log signed that root (checkpoint).');
    } else if (mustProve) {
      const message =
        'The inclusion proof comes without a checkpoint: it is a list of hashes that nobody signed.';
      findings.push({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message });
    }
  }
  const broken = log === null ? null : promise(entry, log, at);
  if (broken !== null) findings.push(broken);
  const promised = log !== null && entry.promise !== null && broken === null;
  const time = promised ? entry.integratedTime : null;
  if (time !== null) proves.push(`The log signed that it took the entry in at ${instant(time)}.`);
  if (log !== null && time !== null && !isWithin(time, log.valid)) {
    const message = `The log’s key was not valid at ${instant(time)}, when the entry says it was made.`;
    findings.push({ kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', ...at, message });
  }
  return { findings, proves, time, anchored: (signed || promised) && findings.length === 0 };
};
