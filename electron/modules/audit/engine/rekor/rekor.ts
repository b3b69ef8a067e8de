// Sigstore Rekor evidence: bundles and log entries, from the artefact through the log to its signed tree head.
import { createHash } from 'node:crypto';
import type { Detection } from '../../../../../shared/model/audit.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { AuditFormat, EngineRun, KeyFile, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { onlyFile } from '../lines/read-log.ts';
import { conclude, documentRecord } from '../merkle/conclude.ts';
import { parseJson } from '../merkle/json-text.ts';
import { readSmall, readUpTo } from '../merkle/small-file.ts';
import { bind } from './bind.ts';
import type { Artefact } from './bind.ts';
import { readBody } from './body.ts';
import { checkCertificate } from './certificate.ts';
import { checkEntry } from './check-entry.ts';
import { readSubmission, Unreadable } from './entry.ts';
import type { LogEntry, Submission } from './entry.ts';
import { checkStamp } from './timestamps.ts';
import { readTrust } from './trust.ts';
import type { Trust } from './trust.ts';
import { REKOR_METHOD } from './method.ts';

const ID = 'rekor';
const TITLE = 'Sigstore Rekor entry or bundle';
const TRUST_BYTES = 1024 * 1024;
const MOST_DOCUMENTS = 10_000;

const MARKS: readonly (readonly [RegExp, number])[] = [
  [/"mediaType"\s*:\s*"application\/vnd\.dev\.sigstore\.bundle/u, 0.97],
  [/"tlogEntries"\s*:|"canonicalizedBody"\s*:/u, 0.93],
  [/"SignedEntryTimestamp"\s*:/u, 0.9],
  [/"[lL]ogID"\s*:\s*"[0-9a-f]{64}"/u, 0.9],
];

const detect = async (source: Source): Promise<Detection | null> => {
  const [file, ...others] = source.files;
  if (file === undefined || others.length > 0) return null;
  const text = (await readUpTo(file)).toString('latin1');
  if (!/^\s*[[{]/u.test(text)) return null;
  const [, confidence] = MARKS.find(([mark]) => mark.test(text)) ?? [];
  if (confidence === undefined) return null;
  const reason = 'It has the fields of an entry in a Rekor transparency log.';
  return { format: ID, title: TITLE, confidence, reason };
};

/** One JSON document, or one per line (`gh attestation download`). */
const documentsOf = (bytes: Buffer): readonly unknown[] => {
  const whole = parseJson(bytes);
  if (whole !== undefined) return [whole];
  const lines = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.length < 2
    ? [undefined]
    : lines.slice(0, MOST_DOCUMENTS).map((line) => parseJson(Buffer.from(line)));
};

const ALGORITHMS = ['sha256', 'sha384', 'sha512'] as const;

/** Files that are trust material or say about themselves that they are no artefact. */
const isCompanion = async (name: string, head: Buffer): Promise<boolean> =>
  /(?:^|\/)readme[^/]*$|\.sigstore(?:\.json)?$|trusted_root/iu.test(name) ||
  head.includes('-----BEGIN ') ||
  /^\s*\{\s*"(?:mediaType|tlogs)"\s*:\s*(?:"application\/vnd\.dev\.sigstore|\[)/u.test(
    head.toString('latin1'),
  );

const artefactsOf = async (options: VerifyOptions, run: EngineRun): Promise<readonly Artefact[]> => {
  const artefacts: Artefact[] = [];
  const given = options.dataGiven ?? options.data?.length ?? 0;
  for (const [i, data] of (options.data ?? []).entries()) {
    for (const file of data.files) {
      if (await isCompanion(file.name, await readUpTo(file))) continue;
      const digests = ALGORITHMS.map((name) => ({ name, digest: createHash(name) }));
      for await (const part of file.open()) {
        throwIfCancelled(run.signal);
        for (const { digest } of digests) digest.update(part);
      }
      const made = new Map(digests.map(({ name, digest }) => [name, digest.digest()] as const));
      artefacts.push({ name: file.name, digests: made, isGiven: i < given });
    }
  }
  return artefacts;
};

/** Trust material may be given as a key or as data. */
const trustFiles = async (options: VerifyOptions): Promise<readonly KeyFile[]> => {
  const files = [...options.keys];
  for (const data of options.data ?? [])
    for (const file of data.files)
      if (file.bytes <= TRUST_BYTES && (await isCompanion(file.name, await readUpTo(file))))
        files.push({ name: file.name, bytes: await readSmall(file, ID) });
  return files;
};

interface State {
  readonly findings: FindingList;
  readonly proves: string[];
  readonly doesNotProve: Set<string>;
  readonly trust: Trust;
  readonly artefacts: readonly Artefact[];
  anchored: boolean;
}

/** The artefact that this document is about: of several files the one that fits. */
const artefactFor = (
  entry: LogEntry,
  submission: Submission,
  artefacts: readonly Artefact[],
): Artefact | null => {
  const texts = [entry.body, submission.content?.envelope?.payload ?? Buffer.alloc(0)].map((bytes) =>
    bytes.toString('latin1').toLowerCase(),
  );
  const fits = ({ digests }: Artefact): boolean =>
    [...digests.values()].some((digest) =>
      texts.some(
        (text) =>
          text.includes(digest.toString('hex')) || text.includes(digest.toString('base64').toLowerCase()),
      ),
    );
  // A file that only lies beside the bundle need not be what it is about.
  const given = artefacts.filter(({ isGiven }) => isGiven);
  return artefacts.find(fits) ?? (given.length === 1 ? (given[0] ?? null) : null);
};

const checkOne = (
  entry: LogEntry,
  submission: Submission,
  at: { readonly index: number; readonly path: string },
  state: State,
): void => {
  const { content } = submission;
  const { trust, findings } = state;
  const body = readBody(entry.body);
  const isV2 = entry.integratedTime === null;
  const checked = checkEntry(entry, trust, at, isV2 || (content !== null && content.version !== '0.1'));
  let { time } = checked;
  for (const stamp of content?.timestamps ?? []) {
    const signature = content?.signature ?? content?.envelope?.signatures[0];
    if (signature === undefined) continue;
    const { findings: faults, time: stamped } = checkStamp(stamp, signature, trust, at);
    for (const finding of faults) findings.add(finding);
    if (stamped !== null && content !== null)
      for (const finding of checkCertificate(content.certificates, stamped, trust, at).findings)
        findings.add(finding);
    time ??= stamped;
  }
  for (const finding of checked.findings) findings.add(finding);
  state.proves.push(...checked.proves);
  state.anchored &&= checked.anchored;
  if (body === null) {
    state.doesNotProve.add('What the entry says of the artefact: its kind is not one that is compared here.');
  } else {
    const artefact = artefactFor(entry, submission, state.artefacts);
    const bound = bind(body, content, trust.signers, artefact, at);
    for (const finding of bound.findings) findings.add(finding);
    state.proves.push(...bound.proves);
    if (artefact === null)
      state.doesNotProve.add(
        'That any file at hand is the one that was signed: give the file as data to compare it.',
      );
  }
  if (content === null || content.certificates.length === 0) return;
  const certificate = checkCertificate(content.certificates, time, trust, at);
  for (const finding of certificate.findings) findings.add(finding);
  state.proves.push(...certificate.proves);
  if (isV2 && content.timestamps.length === 0) {
    const message =
      'Neither the log nor a timestamp says when it was signed, so whether the certificate was valid then can not be told.';
    findings.add({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message });
  }
  if (trust.authorities.length === 0)
    state.doesNotProve.add(
      'Who signed: the authority that issued the certificate is not known. Give a trusted_root.json.',
    );
};

/** Some finding is often reached twice (the log's time and a timestamp say the same). */
const distinct = (list: FindingList): FindingList => {
  const once = new FindingList();
  const seen = new Set<string>();
  for (const finding of list.listed().findings) {
    const text = JSON.stringify(finding);
    if (!seen.has(text)) once.add(finding);
    seen.add(text);
  }
  return once;
};

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const file = onlyFile(source, ID);
  const documents = documentsOf(await readSmall(file, ID));
  const trust = readTrust(await trustFiles(options));
  const artefacts = await artefactsOf(options, run);
  const findings = new FindingList();
  for (const { file: name, reason } of trust.unusable)
    findings.add({ kind: 'MALFORMED', path: name, message: `A key in it can not be used: ${reason}.` });
  const state: State = { findings, proves: [], doesNotProve: new Set(), trust, artefacts, anchored: true };
  const dialects = new Set<string>();
  let records = 0;
  let strange = 0;
  for (const document of documents) {
    throwIfCancelled(run.signal);
    const at = { index: records, path: file.name };
    try {
      if (document === undefined) throw new Unreadable('it is no well-formed JSON');
      const submission = readSubmission(document);
      if (submission === null) {
        strange += 1;
        throw new Unreadable('it has not the fields of a bundle or log entry');
      }
      dialects.add(submission.dialect);
      for (const entry of submission.entries) {
        checkOne(entry, submission, { ...at, index: records }, state);
        records += 1;
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const message = `It can not be read: ${error.message}.`;
      findings.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message });
      state.anchored = false;
      records += 1;
    }
    run.progress({ step: 'verifying', done: records, total: documents.length, unit: 'records', records });
  }
  if (strange === documents.length) {
    const reason = 'it has not the fields of a Sigstore bundle or a Rekor entry';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  return conclude(source, options, run, began, {
    format: ID,
    ...(dialects.size === 0 ? {} : { dialect: [...dialects].join(', ') }),
    base: state.anchored ? 'INTACT' : 'INTACT_BUT_UNANCHORED',
    anchored: state.anchored,
    records,
    findings: distinct(findings),
    head: null,
    proves: [...new Set(state.proves)],
    doesNotProve: [
      ...state.doesNotProve,
      'That the certificate was logged in certificate transparency: signed certificate timestamps are not checked.',
      'That what was signed is harmless or true, only that it was signed and logged.',
    ],
  });
};

/** Rekor v1 and v2 evidence. Definitions: sigstore/protobuf-specs, Rekor's OpenAPI; design: audit.md section 3.5. */
export const rekor: AuditFormat = {
  id: ID,
  title: TITLE,
  summary: 'Sigstore bundles (0.1 to 0.3) and Rekor log entries: inclusion, checkpoint, promise, artefact.',
  method: REKOR_METHOD,
  detect,
  verify,
  record: (source, verified, index) =>
    documentRecord(
      Array.from({ length: verified.report.records }, () => onlyFile(source, ID)),
      verified,
      index,
    ),
};
