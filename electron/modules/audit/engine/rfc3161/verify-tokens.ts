// Verifies the timestamps of a file or folder: each token by itself, then against the data, heads and requests at hand.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import {
  bytesCandidate,
  fileCandidate,
  isNamedFor,
  nodeDigest,
  sourceCandidates,
} from '../anchors/imprint.ts';
import type { Candidate } from '../anchors/imprint.ts';
import { matchData } from '../anchors/match-data.ts';
import type { Match } from '../anchors/match-data.ts';
import { PROOF_BYTES, companionsBeside, givenOf, requireProofs } from '../anchors/proof-files.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun, KeyFile, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { conclude } from '../merkle/conclude.ts';
import { readUpTo } from '../merkle/small-file.ts';
import { digestOf } from './algorithms.ts';
import { readTrustMaterial } from './certificates.ts';
import type { TrustMaterial } from './certificates.ts';
import { checkToken } from './check-token.ts';
import type { TokenCheck } from './check-token.ts';
import { DerFault } from './der.ts';
import { STATUS, looksLike, readTimestampFile } from './read-token.ts';
import type { Request, Token } from './read-token.ts';
import { accuracyText, detailText, digestName, timeText } from './token-facts.ts';

export const ID = 'rfc3161';

/** Tokens and refusals; requests only where nothing else is there. */
export const isToken = (beginning: Buffer): boolean => {
  const kind = looksLike(beginning);
  return kind === 'token' || kind === 'refusal';
};

interface Companions {
  readonly material: TrustMaterial;
  readonly requests: readonly { readonly name: string; readonly given: boolean; readonly request: Request }[];
  readonly candidates: readonly Candidate[];
  /** Roots that lay in the same folder. */
  readonly rootsBeside: boolean;
}

const requestOf = (bytes: Uint8Array): Request | null => {
  if (looksLike(Buffer.from(bytes)) !== 'request') return null;
  const file = readTimestampFile(bytes);
  return file.kind === 'request' ? file.request : null;
};

const smallOf = async (sources: readonly Source[]): Promise<KeyFile[]> => {
  const files: KeyFile[] = [];
  for (const { files: each } of sources) {
    for (const file of each)
      if (file.bytes <= 64 * 1024) files.push({ name: file.name, bytes: await readUpTo(file) });
  }
  return files;
};

const companionsOf = async (
  beside: readonly SourceFile[],
  options: VerifyOptions,
  run: EngineRun,
): Promise<Companions> => {
  const given = givenOf(options);
  const besideFiles = await companionsBeside(beside);
  const data = options.data ?? [];
  const keys = [...options.keys, ...besideFiles];
  // A root may have been given as data, and a request as either.
  const offered = [...keys, ...(await smallOf(data.slice(0, given.data)))];
  const material = readTrustMaterial(offered);
  const named = new Set(options.keys.slice(0, given.keys).map(({ name }) => name));
  const fromUser = readTrustMaterial(options.keys.slice(0, given.keys)).certificates;
  const requests = material.others.flatMap((file) => {
    const request = requestOf(file.bytes);
    return request === null ? [] : [{ name: file.name, given: named.has(file.name), request }];
  });
  const isProofOrRequest = (bytes: Uint8Array): boolean => looksLike(Buffer.from(bytes)) !== null;
  const texts = material.others.filter(
    (file) => options.keys.includes(file) && !isProofOrRequest(file.bytes),
  );
  const useless = new Set(offered.filter((file) => !material.others.includes(file)).map(({ name }) => name));
  for (const { name } of requests) useless.add(name);
  const files = [
    ...sourceCandidates(data, given.data, run),
    ...beside.map((file) => fileCandidate({ name: file.name, given: false }, file, run)),
  ];
  return {
    material,
    requests,
    rootsBeside: fromUser.length === 0 && material.certificates.length > 0,
    candidates: [
      ...files.filter(({ name }) => !useless.has(name)),
      ...texts.map((file) => bytesCandidate(file, false)),
    ],
  };
};

const matchToken = async (
  name: string,
  { info }: Token,
  heads: readonly string[],
  { candidates }: Companions,
  alone: boolean,
): Promise<Match> => {
  const { hex, algorithm } = info.imprint;
  const digest = digestOf(algorithm);
  if (digest === null) {
    const message = `The token is over a digest that is not known here (${algorithm}): what it is about can not be checked.`;
    return { what: null, findings: [{ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', message }] };
  }
  const stamped = {
    name,
    noun: 'token',
    hex,
    algorithm: digest.name,
    shown: digest.shown,
    digest: nodeDigest(digest.name),
  } as const;
  return matchData(stamped, heads, candidates, alone);
};

const requestFindings = (
  name: string,
  { info }: Token,
  { requests }: Companions,
  isOnly: boolean,
): { readonly findings: readonly Finding[]; readonly answers: string | null } => {
  const findings: Finding[] = [];
  let answers: string | null = null;
  for (const { name: file, given, request } of requests) {
    const isSame =
      request.imprint.hex === info.imprint.hex && request.imprint.algorithm === info.imprint.algorithm;
    const concerns = (given && isOnly) || isNamedFor(name, file);
    if (isSame && request.nonce === info.nonce) answers = file;
    else if (concerns && !isSame)
      findings.push({
        kind: 'HEAD_MISMATCH',
        verdict: 'TAMPERED',
        expected: request.imprint.hex,
        actual: info.imprint.hex,
        message: `The token is not the answer to the request ${file}: it is over another digest.`,
      });
    else if (concerns)
      findings.push({
        kind: 'HEAD_MISMATCH',
        verdict: 'TAMPERED',
        expected: request.nonce === null ? 'no nonce' : request.nonce.toString(16),
        actual: info.nonce === null ? 'no nonce' : info.nonce.toString(16),
        message: `The token is not the answer to the request ${file}: its nonce is another one, as that of a token that was made at another time.`,
      });
  }
  return { findings: answers === null ? findings : [], answers };
};

const unreadable = (error: unknown): Finding => {
  if (!(error instanceof DerFault)) throw error;
  const { message, offset, nature } = error;
  if (nature === 'short')
    return {
      kind: 'MALFORMED',
      verdict: 'TAMPERED',
      byteOffset: offset,
      message: `The timestamp can not be read: ${message}. It was cut off, or a length in it was altered.`,
    };
  const said = `The timestamp can not be read: ${message}.`;
  return nature === 'ber'
    ? {
        kind: 'MALFORMED',
        verdict: 'UNVERIFIABLE',
        byteOffset: offset,
        message: `${said} RFC 3161 asks for DER; a tool that accepts BER may still read it.`,
      }
    : {
        kind: 'MALFORMED',
        verdict: 'TAMPERED',
        byteOffset: offset,
        message: `${said} It was altered or damaged.`,
      };
};

interface Outcome {
  readonly anchored: boolean;
  readonly head: string | null;
  readonly dialect: string | null;
  readonly proves: readonly string[];
  readonly doesNotProve: readonly string[];
}

const NOTHING: Outcome = { anchored: false, head: null, dialect: null, proves: [], doesNotProve: [] };

const sentences = (
  { info }: Token,
  check: TokenCheck,
  what: string | null,
  answers: string | null,
  rootsBeside: boolean,
): Pick<Outcome, 'proves' | 'doesNotProve'> => {
  const { signer, way } = check;
  const root = way?.at(-1);
  const when = `${timeText(info)} (${accuracyText(info)})`;
  const whole = check.faults.every(({ verdict, kind }) => verdict === undefined || kind === 'KEY_MISSING');
  const proves: string[] = [];
  if (check.trusted)
    proves.push(
      `The time-stamping authority ${signer?.subject ?? ''} states with a valid signature that the data with this ${digestName(info)} existed at ${when}. Its certificate leads to the root that was given, ${root?.subject ?? ''} (SHA-256 ${root?.fingerprint ?? ''}), and was valid at that time.`,
    );
  else if (whole && signer !== null)
    proves.push(
      `The token is undamaged and agrees with the certificate of ${signer.subject}; it states the time ${when}. Whether that certificate is genuine was not shown.`,
    );
  if (what !== null) proves.push(`${what}: its ${digestName(info)} is the one in the token.`);
  if (answers !== null) proves.push(`The token answers the request ${answers}: digest and nonce agree.`);
  proves.push(`The token states: ${detailText(info)}.`);
  const doesNotProve = [
    'Who made the data, that what it says is true, or that it did not exist before: a timestamp says only that it existed by then.',
  ];
  if (signer !== null && !check.revocationChecked)
    doesNotProve.push(
      'That the certificates had not been revoked: no revocation list of their issuers was given, and OCSP answers are not read.',
    );
  if (rootsBeside)
    doesNotProve.push(
      'That the authority is one to be relied on: the root certificate lay beside the token, so it came from the same hands.',
    );
  return { proves, doesNotProve };
};

const verifyOne = async (
  file: SourceFile,
  isOnly: boolean,
  companions: Companions,
  options: VerifyOptions,
  add: (finding: Finding) => void,
): Promise<Outcome> => {
  try {
    const read = readTimestampFile(await readUpTo(file, PROOF_BYTES));
    if (read.kind === 'request') {
      const message = `This is a request for a timestamp (.tsq), not a timestamp: the authority’s answer (.tsr) is missing. It asks for the digest ${read.request.imprint.hex}.`;
      add({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', message });
      return { ...NOTHING, head: read.request.imprint.hex, dialect: 'TimeStampReq' };
    }
    if (read.kind === 'refusal') {
      const why = read.words === '' ? '' : `: ${read.words}`;
      const message = `The authority gave no timestamp (status ${read.status}, ${STATUS[Number(read.status)] ?? 'not known'}${why}). Nothing is attested.`;
      add({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', message });
      return { ...NOTHING, dialect: 'TimeStampResp without a token' };
    }
    const { token, trailing, encoding } = read;
    if (trailing > 0) {
      const message = `${trailing} bytes follow the timestamp; nothing vouches for them.`;
      add({ kind: 'TRAILING_DATA', verdict: 'UNVERIFIABLE', message });
    }
    const check = checkToken(token, companions.material);
    for (const fault of check.faults) add(fault);
    const match = await matchToken(file.name, token, options.trustedHeads, companions, isOnly);
    for (const finding of match.findings) add(finding);
    const request = requestFindings(file.name, token, companions, isOnly);
    for (const finding of request.findings) add(finding);
    return {
      anchored: check.trusted && match.what !== null && trailing === 0 && request.findings.length === 0,
      head: token.info.imprint.hex,
      dialect: `${token.status === null ? 'TimeStampToken' : 'TimeStampResp'}, ${encoding}, ${digestName(token.info)}`,
      ...sentences(token, check, match.what, request.answers, companions.rootsBeside),
    };
  } catch (error) {
    add(unreadable(error));
    return NOTHING;
  }
};

export const verifyTokens = async (
  source: Source,
  options: VerifyOptions,
  run: EngineRun,
): Promise<Verified> => {
  const began = performance.now();
  const { proofs, beside } = await requireProofs(source, ID, isToken);
  const companions = await companionsOf(beside, options, run);
  const findings = new FindingList();
  const outcomes: Outcome[] = [];
  const isOnly = proofs.length === 1;
  for (const [index, file] of proofs.entries()) {
    throwIfCancelled(run.signal);
    const path = source.kind === 'folder' ? { path: file.name } : {};
    const add = (finding: Finding) => findings.add({ ...finding, index, ...path });
    outcomes.push(await verifyOne(file, isOnly, companions, options, add));
    run.progress({
      step: 'verifying',
      done: index + 1,
      total: proofs.length,
      unit: 'records',
      records: index + 1,
    });
  }
  const labelled = (pick: 'proves' | 'doesNotProve'): string[] => [
    ...new Set(
      outcomes.flatMap((outcome, i) =>
        outcome[pick].map((text) =>
          isOnly || pick === 'doesNotProve' ? text : `${proofs[i]?.name ?? ''}: ${text}`,
        ),
      ),
    ),
  ];
  const only = isOnly ? outcomes[0] : undefined;
  return conclude(source, options, run, began, {
    format: ID,
    ...(only?.dialect ? { dialect: only.dialect } : {}),
    base: 'INTACT',
    anchored: outcomes.every(({ anchored }) => anchored),
    records: proofs.length,
    findings,
    head: only?.head ?? null,
    proves: labelled('proves'),
    doesNotProve: labelled('doesNotProve'),
    weaknesses: findings
      .listed()
      .findings.filter(({ kind }) => kind === 'WEAK_DIGEST')
      .map(({ message }) => message),
  });
};
