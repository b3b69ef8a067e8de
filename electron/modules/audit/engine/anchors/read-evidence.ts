// Reads one file of evidence from outside: timestamp, block-chain proof, checkpoint, earlier report, picture or text.
import * as v from 'valibot';
import { isAppError } from '../../../../../shared/errors/app-error.ts';
import { Verdict, verdictClass } from '../../../../../shared/model/verdict.ts';
import type { KeyFile } from '../format.ts';
import type { BlockHeaders } from '../opentimestamps/block-headers.ts';
import { checkProof } from '../opentimestamps/check-proof.ts';
import { ProofFault, isProof, proofHasher, readProof } from '../opentimestamps/read-proof.ts';
import { digestOf } from '../rfc3161/algorithms.ts';
import type { TrustMaterial } from '../rfc3161/certificates.ts';
import { readTrustMaterial } from '../rfc3161/certificates.ts';
import { checkToken } from '../rfc3161/check-token.ts';
import { DerFault } from '../rfc3161/der.ts';
import { looksLike, readTimestampFile } from '../rfc3161/read-token.ts';
import { accuracyText, timeText } from '../rfc3161/token-facts.ts';
import { checkNote, isCosignature } from '../signed-note/check-note.ts';
import { parseCheckpoint } from '../signed-note/checkpoint.ts';
import type { NoteKey } from '../signed-note/keys.ts';
import { isNote, looksLikeNote, parseNote } from '../signed-note/note.ts';
import { headsOfFile } from '../trusted-head.ts';
import { evidence } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { nodeDigest } from './imprint.ts';
import { isPicture } from './qr-picture.ts';

/** What evidence is checked with. */
export interface Means {
  readonly material: TrustMaterial;
  readonly notes: readonly NoteKey[];
  readonly headers: readonly BlockHeaders[];
}

const tokenEvidence = ({ name, bytes }: KeyFile, { material }: Means): Evidence => {
  const who = 'The timestamp';
  try {
    const file = readTimestampFile(bytes);
    if (file.kind === 'request')
      return evidence(name, 'rfc3161', who, {
        why: 'It is a request for a timestamp, not the answer to one.',
      });
    if (file.kind === 'refusal')
      return evidence(name, 'rfc3161', who, {
        why: 'The authority refused the timestamp: the answer holds no token.',
      });
    const { info } = file.token;
    const check = checkToken(file.token, material);
    const digest = digestOf(info.imprint.algorithm);
    const why =
      file.trailing > 0
        ? 'Bytes follow the timestamp.'
        : digest === null
          ? 'It is over a digest that is not known here.'
          : (check.faults.find(({ verdict }) => verdict !== undefined)?.message ?? '');
    const author = check.signer?.subject ?? 'an unknown authority';
    const accuracy = check.trusted ? ` (${accuracyText(info)})` : '';
    return evidence(name, 'rfc3161', `The timestamp of ${author}${accuracy}`, {
      verified: check.trusted && why === '',
      why,
      time: timeText(info),
      stamped:
        digest === null
          ? null
          : { hex: info.imprint.hex, algorithm: digest.name, digest: nodeDigest(digest.name) },
    });
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    return evidence(name, 'rfc3161', who, { why: `It can not be read: ${error.message}.` });
  }
};

const proofEvidence = async ({ name, bytes }: KeyFile, { headers }: Means): Promise<Evidence> => {
  const who = 'The OpenTimestamps proof';
  try {
    const proof = readProof(Buffer.from(bytes));
    const check = await checkProof(proof, headers);
    const verified = check.attested !== null && proof.trailing === 0;
    const { name: algorithm } = proof.digest;
    const block = check.attested === null ? who : `Block ${check.attested.height} of Bitcoin`;
    return evidence(name, 'opentimestamps', block, {
      verified,
      why: verified
        ? ''
        : (check.findings.find(({ verdict }) => verdict !== undefined)?.message ?? 'Bytes follow the proof.'),
      time: check.attested?.time.toString() ?? null,
      stamped: {
        hex: proof.hex,
        algorithm,
        digest: (data) => {
          const sum = proofHasher(algorithm);
          sum.update(data);
          return sum.digest('hex');
        },
      },
    });
  } catch (error) {
    if (!(error instanceof ProofFault)) throw error;
    return evidence(name, 'opentimestamps', who, { why: `It can not be read: ${error.message}.` });
  }
};

const noteEvidence = ({ name, bytes }: KeyFile, { notes }: Means): Evidence => {
  const who = 'The checkpoint';
  const read = parseNote(bytes);
  if (!isNote(read))
    return evidence(name, 'checkpoint', who, { why: `It is no signed note: ${read.problem}.` });
  const checkpoint = parseCheckpoint(read.text);
  if (checkpoint === null)
    return evidence(name, 'checkpoint', who, { why: 'It is a signed note, but its text is no checkpoint.' });
  const checks = checkNote(read, notes);
  const right = checks.filter(({ state }) => state === 'valid');
  const isWrong = checks.some(({ state }) => state === 'invalid');
  const verified = right.length > 0 && !isWrong;
  const witness = right.find((check) => isCosignature(check) && check.time !== null)?.time ?? null;
  const names = right.map(({ signature }) => signature.name).join(', ');
  return evidence(name, 'checkpoint', `The checkpoint of ${checkpoint.origin}, signed by ${names}`, {
    verified,
    why: verified
      ? ''
      : isWrong
        ? 'A signature on the checkpoint does not match the key of its name.'
        : 'The public key of the log or of a witness is missing (--key): the signature on the checkpoint could not be checked.',
    heads: [checkpoint.root.toString('hex')],
    time: witness === null ? null : new Date(witness * 1000).toISOString(),
  });
};

const Earlier = v.object({
  verdict: Verdict,
  format: v.string(),
  records: v.number(),
  head: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{16,128}$/u))),
  source: v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)) }),
});

const json = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
};

/** What `probity audit verify --json` printed, or the findings.json of a pack. */
const reportEvidence = ({ name, bytes }: KeyFile): Evidence | null => {
  if (!/^\s*\{/u.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))) return null;
  const value = json(bytes);
  const inner = typeof value === 'object' && value !== null && 'report' in value ? value.report : value;
  const read = v.safeParse(Earlier, inner);
  if (!read.success) return null;
  const { verdict, records, head, source } = read.output;
  const isGood = verdictClass(verdict) !== 'fail';
  return evidence(name, 'report', `An earlier Probity report (${verdict}, ${records} records)`, {
    verified: isGood,
    why: isGood ? '' : `Its own verdict was ${verdict}: such a log can vouch for nothing.`,
    heads: head === null ? [] : [head],
    file: source.sha256,
  });
};

/** Reads one file. Never throws for what is in it. */
export const readEvidence = async (file: KeyFile, means: Means): Promise<Evidence> => {
  const { name, bytes } = file;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isProof(buffer)) return proofEvidence(file, means);
  if (looksLike(buffer) !== null) return tokenEvidence(file, means);
  if (looksLikeNote(buffer)) return noteEvidence(file, means);
  const report = reportEvidence(file);
  if (report !== null) return report;
  try {
    const heads = headsOfFile(name, bytes);
    const who = isPicture(bytes) ? 'The head in the QR code' : 'The head in the file';
    return evidence(name, 'head', who, { verified: true, heads });
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.code === 'audit.head_picture')
      return evidence(name, 'head', 'The picture', {
        why: `It can not be read: ${String(error.params['reason'])}.`,
      });
    const { certificates, lists } = readTrustMaterial([file]);
    const isKey = certificates.length + lists.length > 0;
    return evidence(name, 'unknown', 'The file', {
      why: isKey
        ? 'It is a certificate or a revocation list: it helps to check a timestamp, but vouches for nothing itself.'
        : 'It is no head, checkpoint, timestamp, proof, QR picture or earlier report that is known here.',
    });
  }
};
