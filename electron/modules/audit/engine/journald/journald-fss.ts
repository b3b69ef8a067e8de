// systemd journal files, sealed or not: one file, or a folder of rotated ones, plain or compressed as a whole.
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Detection } from '../../../../../shared/model/audit.ts';
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import { worse } from '../../../../../shared/model/verdict.ts';
import type { Verdict } from '../../../../../shared/model/verdict.ts';
import { sourceDigest } from '../../../../ports/listing.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { AuditFormat, EngineRun, KeyFile, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { requireRecord } from '../lines/locator.ts';
import { findingsOf } from '../lines/record-fields.ts';
import { Strip } from '../lines/strip.ts';
import { keyFilesOf } from './key-files.ts';
import { isJournal } from './layout.ts';
import { openJournal, verifyJournal } from './journal-file.ts';
import { beginningOf, loadJournal } from './load.ts';
import { JOURNALD_METHOD } from './method.ts';
import { viewEntry } from './record-view.ts';
import { checkRotation, inOrder } from './rotation.ts';
import type { NamedReport } from './rotation.ts';
import { dialectOf, doesNotProveOf, provesOf } from './sentences.ts';
import type { SealKeys } from './fsprg.ts';
import { parseVerificationKeys } from './verification-key.ts';

const ID = 'journald-fss';
const TITLE = 'systemd journal';

/** Names that journald gives: system.journal, system@….journal, user-1000.journal~, and such files compressed. */
const NAME = /\.journal~?(?:\.(?:gz|zst))?$/u;
const LOOKED_AT = 4;
const MAX_COMPANION = 64 * 1024;
const TURN_MS = 20;

const isJournalFile = async (file: SourceFile): Promise<boolean> =>
  file.bytes > 0 && isJournal(await beginningOf(file));

const detect = async (source: Source): Promise<Detection | null> => {
  const answer = (confidence: number, reason: string): Detection => ({
    format: ID,
    title: TITLE,
    confidence,
    reason,
  });
  if (source.kind === 'file') {
    const [file] = source.files;
    if (file === undefined || !(await isJournalFile(file))) return null;
    return answer(0.99, 'It begins with LPKSHHRH, as every systemd journal file does.');
  }
  const named = source.files.filter(({ name }) => NAME.test(name));
  for (const file of named.slice(0, LOOKED_AT)) {
    if (await isJournalFile(file))
      return answer(
        0.97,
        `${named.length} systemd journal files by their names; the first begin with LPKSHHRH.`,
      );
  }
  return null;
};

/** Reads small files of a folder that may hold a verification key. */
const companionKeys = async (files: readonly SourceFile[]): Promise<KeyFile[]> => {
  const found: KeyFile[] = [];
  for (const file of files.slice(0, 256)) {
    if (file.bytes === 0 || file.bytes > MAX_COMPANION) continue;
    const parts: Uint8Array[] = [];
    for await (const part of file.open()) parts.push(part);
    found.push({ name: file.name, bytes: Buffer.concat(parts) });
  }
  return found;
};

interface Placed extends NamedReport {
  /** Position among the files of the source. */
  readonly position: number;
}

/** The verdict when no finding says worse: the weakest of the files. */
const baseOf = (files: readonly NamedReport[]): Verdict =>
  files.map(({ report }) => report.base).reduce((a, b) => worse(a, b), 'INTACT');

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const isFolder = source.kind === 'folder';
  const names = source.files.map((file, position) => ({ file, position }));
  const isNamed = ({ file }: { file: SourceFile }): boolean => !isFolder || NAME.test(file.name);
  const candidates = names.filter(isNamed);
  const others = names.filter((each) => !isNamed(each)).map(({ file }) => file);
  const given = parseVerificationKeys(await keyFilesOf(options, ID));
  const inside = parseVerificationKeys(await companionKeys(others));
  const keys = [...given, ...inside];
  const total = source.files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  let records = 0;
  let turn = performance.now();
  const progress = (): void => run.progress({ step: 'verifying', done, total, unit: 'bytes', records });
  const pause = async (): Promise<void> => {
    throwIfCancelled(run.signal);
    if (performance.now() - turn < TURN_MS) return;
    progress();
    await nextTurn();
    turn = performance.now();
  };
  const stored: string[] = source.files.map(() => '');
  const made = new Map<string, SealKeys>();
  const placed: Placed[] = [];
  const unread: { readonly name: string; readonly why: string }[] = [];
  const advanced = (bytes: number): void => void (done += bytes);
  for (const { file, position } of candidates) {
    const loaded = await loadJournal(file, ID, run.signal, advanced);
    stored[position] = loaded.sha256;
    progress();
    if (isFolder && !isJournal(loaded.bytes)) {
      unread.push({ name: file.name, why: 'it does not begin like a journal file' });
      continue;
    }
    const report = await verifyJournal(file.name, loaded.bytes, loaded.trouble, { keys, made, pause });
    records += report.entries;
    placed.push({ name: file.name, position, report });
  }
  for (const { file, position } of names) {
    if (stored[position] !== '') continue;
    stored[position] = await loadDigest(file, run.signal, advanced);
  }
  if (placed.length === 0) {
    const reason = 'it holds no systemd journal file';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const sha256 = sourceDigest(
    source.kind,
    source.files.map(({ name }, i) => ({ name, sha256: stored[i] ?? '' })),
  );
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256)
    throw new AppError('file.changed', { name: source.name });

  const ordered = inOrder(placed);
  const findings = new FindingList();
  const strip = new Strip();
  const offsets: number[] = [];
  let index = 0;
  for (const { name, report } of ordered) {
    offsets.push(index);
    for (const finding of report.findings) {
      const moved = finding.index === undefined ? {} : { index: finding.index + index };
      findings.add({ ...finding, ...moved, ...(isFolder ? { path: name } : {}) });
    }
    for (const mark of report.marks) strip.mark(mark.index + index, mark.count, mark.state);
    index += report.entries;
  }
  for (const finding of isFolder ? checkRotation(ordered) : []) findings.add(finding);
  for (const { name, why } of unread) {
    const message = `${name} is named like a journal, but ${why}: it was not verified.`;
    findings.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', path: name, message });
  }
  if (keys.length > 0 && ordered.every(({ report }) => report.seal === null)) {
    const message =
      'A verification key was given, but the journal is not sealed: if the machine seals its journals, this is not the file that it wrote.';
    findings.add({ kind: 'UNPROTECTED_RECORD', message });
  }
  for (const head of options.trustedHeads) {
    if (ordered.some(({ report }) => report.head === head)) continue;
    const message =
      'The trusted head is not the HMAC of the last tag of a journal; it can not be compared with anything else here.';
    findings.add({ kind: 'HEAD_MISMATCH', expected: head, message });
  }
  const { findings: listed, omitted } = findings.listed();
  const verdict = findings.verdict(baseOf(ordered));
  const last = ordered.at(-1);
  const usesInside =
    inside.length > 0 &&
    ordered.some(({ report }) => inside.some((key) => key.name === report.seal?.keyName));
  return {
    locator: { every: 1, offsets, lines: ordered.map(({ position }) => position) },
    report: {
      verdict,
      format: ID,
      dialect: dialectOf(ordered),
      records: index,
      anchored: ordered.every(
        ({ report }) => report.seal !== null && report.base === 'INTACT' && !report.isTruncated,
      ),
      findings: [...listed],
      findingsOmitted: omitted,
      coverage: {
        unprotectedFields: [],
        uncovered: [],
        unreferenced: others
          .filter(({ name }) => !inside.some((key) => key.name === name))
          .map(({ name }) => name),
        weaknesses: [...new Set(ordered.flatMap(({ report }) => report.weaknesses))],
      },
      head: last?.report.head ?? null,
      startsAfter: null,
      proves: provesOf(ordered),
      doesNotProve: doesNotProveOf(ordered, usesInside),
      source: { name: source.name, kind: source.kind, bytes: total, sha256 },
      strip: strip.build(index, null),
      throughput: { records: index, bytes: total, seconds: (performance.now() - began) / 1000 },
    },
  };
};

/** The digest of a file that is no journal. */
const loadDigest = async (
  file: SourceFile,
  signal: AbortSignal,
  advanced: (bytes: number) => void,
): Promise<string> => {
  const digest = createHash('sha256');
  for await (const chunk of file.open()) {
    throwIfCancelled(signal);
    digest.update(chunk);
    advanced(chunk.length);
  }
  return digest.digest('hex');
};

const record = async (source: Source, verified: Verified, index: number): Promise<RecordView> => {
  requireRecord(verified, index);
  const { offsets, lines = [] } = verified.locator;
  const slot = offsets.findLastIndex((first) => first <= index);
  const file = source.files[lines[slot] ?? 0];
  if (file === undefined)
    throw new AppError('audit.no_such_record', { index, last: verified.report.records - 1 });
  const { signal } = new AbortController();
  const loaded = await loadJournal(file, ID, signal, () => undefined);
  const opened = await openJournal(file.name, loaded.bytes, () => Promise.resolve());
  const place = { index, path: source.kind === 'folder' ? file.name : null };
  return viewEntry(opened, index - (offsets[slot] ?? 0), place, findingsOf(verified.report, index));
};

/**
 * systemd journal files with Forward Secure Sealing. `index` counts entries in file order, in a folder on through the
 * files in the order in which the machine wrote them; `byteOffset` is in the inflated file.
 */
export const journaldFss: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'systemd journal files: every object, hash and index, and with the verification key every seal (FSS), tag by tag.',
  method: JOURNALD_METHOD,
  detect,
  verify,
  record,
};
