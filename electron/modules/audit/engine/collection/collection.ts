// A folder of several logs: each file is verified in its own format, with the files beside it as companions; one report for all.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Detection } from '../../../../../shared/model/audit.ts';
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import { detect as detectAll } from '../detect.ts';
import type { AuditFormat, EngineRun, KeyFile, Verified, VerifyOptions } from '../format.ts';
import { takeIn } from '../intake.ts';
import { joinReports, type PartReport } from './join-reports.ts';
import { COLLECTION_METHOD } from './method.ts';

const ID = 'collection';
const TITLE = 'Folder of several logs';
/** A file that a format is this sure of is a log; the others are looked at as companions. */
const SURE = 0.6;
/** Companions up to this size are offered as keys too, in bytes. */
const KEY_BYTES = 4 * 1024 * 1024;
const MOST_LOGS = 10_000;
/** Of a larger folder, so many files are looked at to recognise it; all of them when it is verified. */
const LOOKED_AT = 400;

const asSource = (file: SourceFile): Source => {
  const name = file.name.slice(file.name.lastIndexOf('/') + 1);
  return { name, kind: 'file', files: [{ name, bytes: file.bytes, open: file.open }] };
};

interface Member {
  readonly file: SourceFile;
  readonly best: Detection | null;
}

const look = async (files: readonly SourceFile[], formats: readonly AuditFormat[]): Promise<Member[]> => {
  const members: Member[] = [];
  for (const file of files) {
    const found = file.bytes === 0 ? [] : await detectAll(asSource(file), formats);
    members.push({ file, best: found[0] ?? null });
  }
  return members;
};

/** Files spread over the folder, and its largest ones: few large logs may stand among thousands of notes. */
const likelyLogs = (files: readonly SourceFile[]): readonly SourceFile[] => {
  if (files.length <= LOOKED_AT) return files;
  const every = Math.ceil((2 * files.length) / LOOKED_AT);
  const largest = files.toSorted((a, b) => b.bytes - a.bytes).slice(0, LOOKED_AT / 2);
  return [...new Set([...largest, ...files.filter((_, at) => at % every === 0)])];
};

/** The logs among the files: those that a format is sure of, or, where there are none, all that any format knows. */
const logsOf = (members: readonly Member[]): readonly Member[] => {
  const sure = members.filter(({ best }) => best !== null && best.confidence >= SURE);
  return sure.length > 0 ? sure : members.filter(({ best }) => best !== null);
};

const readAll = async (file: SourceFile): Promise<KeyFile> => {
  const parts: Uint8Array[] = [];
  for await (const part of file.open()) parts.push(part);
  return { name: file.name, bytes: Buffer.concat(parts) };
};

/** What is offered to every log: the small files that are no logs as keys, every other file as data. */
const companionsOf = async (
  members: readonly Member[],
  logs: readonly Member[],
  options: VerifyOptions,
): Promise<(log: Member) => VerifyOptions> => {
  const others = members.filter((member) => !logs.includes(member) && member.file.bytes > 0);
  const small = others.filter(({ file }) => file.bytes <= KEY_BYTES);
  const keys = [...options.keys];
  for (const { file } of small) keys.push(await readAll(file));
  return (log) => ({
    trustedHeads: [],
    keys,
    keysGiven: options.keys.length,
    dataGiven: options.data?.length ?? 0,
    data: [
      ...(options.data ?? []),
      ...members
        .filter((member) => member !== log && member.file.bytes > 0)
        .map(({ file }) => asSource(file)),
    ],
    ...(options.recipe === undefined ? {} : { recipe: options.recipe }),
  });
};

const formatOf = (formats: readonly AuditFormat[], id: string): AuditFormat => {
  const format = formats.find((each) => each.id === id);
  if (format === undefined) throw new AppError('record.not_found', { kind: 'log format' });
  return format;
};

/** A file that can't be verified at all must not hide the others: it becomes a finding of the whole. */
const verifyPart = async (
  format: AuditFormat,
  log: Member,
  options: VerifyOptions,
  run: EngineRun,
): Promise<PartReport> => {
  const path = log.file.name;
  try {
    return { path, verified: await format.verify(asSource(log.file), options, run), failure: null };
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('audit.'))
      return { path, verified: null, failure: String(error.params['reason'] ?? error.code) };
    throw error;
  }
};

const verifyParts = async (
  formats: readonly AuditFormat[],
  logs: readonly Member[],
  optionsFor: (log: Member) => VerifyOptions,
  run: EngineRun,
): Promise<PartReport[]> => {
  const parts: PartReport[] = [];
  let before = 0;
  let records = 0;
  const total = logs.reduce((sum, { file }) => sum + file.bytes, 0);
  for (const log of logs) {
    throwIfCancelled(run.signal);
    const inner: EngineRun = {
      signal: run.signal,
      progress: (p) =>
        run.progress({
          step: 'verifying',
          done: before + (p.unit === 'bytes' ? Math.min(p.done, log.file.bytes) : 0),
          total,
          unit: 'bytes',
          records: records + (p.records ?? 0),
        }),
    };
    const part = await verifyPart(formatOf(formats, log.best?.format ?? ''), log, optionsFor(log), inner);
    parts.push(part);
    before += log.file.bytes;
    records += part.verified?.report.records ?? 0;
  }
  return parts;
};

/**
 * A head belongs to one of the logs: held against the others it would only raise false alarms. The log that ends with it
 * has it, else the first that holds it; a head that no log holds is `unmatched`.
 */
const shareHeads = async (
  heads: readonly string[],
  logs: readonly Member[],
  parts: readonly PartReport[],
  tryHead: (log: Member, head: string) => Promise<PartReport>,
): Promise<{ headsOf: Map<Member, string[]>; unmatched: string[] }> => {
  const headsOf = new Map<Member, string[]>();
  const unmatched: string[] = [];
  for (const head of heads) {
    let owners = logs.filter((_, at) => parts[at]?.verified?.report.head === head);
    if (owners.length === 0) {
      for (const log of logs) {
        const { verified } = await tryHead(log, head);
        const refused = verified?.report.findings.some(({ kind }) => kind === 'HEAD_MISMATCH') ?? true;
        if (!refused) owners = [log];
        if (!refused) break;
      }
    }
    for (const owner of owners) headsOf.set(owner, [...(headsOf.get(owner) ?? []), head]);
    if (owners.length === 0) unmatched.push(head);
  }
  return { headsOf, unmatched };
};

const verify = async (
  formats: readonly AuditFormat[],
  source: Source,
  options: VerifyOptions,
  run: EngineRun,
): Promise<Verified> => {
  const began = performance.now();
  const members = await look(source.files, formats);
  const logs = logsOf(members);
  if (logs.length === 0 || logs.length > MOST_LOGS) {
    const reason = logs.length === 0 ? 'no file in it is a known log' : 'it holds more than 10,000 logs';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const optionsFor = await companionsOf(members, logs, options);
  const plain = await verifyParts(formats, logs, optionsFor, run);
  const { headsOf, unmatched } = await shareHeads(options.trustedHeads, logs, plain, (log, head) =>
    verifyPart(
      formatOf(formats, log.best?.format ?? ''),
      log,
      { ...optionsFor(log), trustedHeads: [head] },
      run,
    ),
  );
  const anchored = logs.filter((log) => headsOf.has(log));
  const again = await verifyParts(
    formats,
    anchored,
    (log) => ({ ...optionsFor(log), trustedHeads: headsOf.get(log) ?? [] }),
    run,
  );
  const parts = plain.map((part) => again.find(({ path }) => path === part.path) ?? part);
  const taken = await takeIn(source, { signal: run.signal, progress: () => undefined });
  const unread = members.filter((member) => !logs.includes(member)).map(({ file }) => file.name);
  return joinReports({
    id: ID,
    source: { name: taken.name, kind: taken.kind, bytes: taken.bytes, sha256: taken.sha256 },
    parts,
    companions: unread,
    unmatched,
    seconds: (performance.now() - began) / 1000,
  });
};

/** The part that holds a record, counted through all parts. */
const partAt = (verified: Verified, index: number): { readonly at: number; readonly first: number } => {
  let first = 0;
  for (const [at, part] of (verified.parts ?? []).entries()) {
    const next = first + part.verified.report.records;
    if (index < next) return { at, first };
    first = next;
  }
  throw new AppError('audit.no_such_record', { index, last: Math.max(0, first - 1) });
};

const record = async (
  formats: readonly AuditFormat[],
  source: Source,
  verified: Verified,
  index: number,
  options: VerifyOptions,
): Promise<RecordView> => {
  const { at, first } = partAt(verified, index);
  const part = verified.parts?.[at];
  const file = source.files.find(({ name }) => name === part?.path);
  if (part === undefined || file === undefined) throw new AppError('file.changed', { name: source.name });
  const format = formatOf(formats, part.verified.report.format);
  const view = await format.record(asSource(file), part.verified, index - first, options);
  return { ...view, index, path: part.path };
};

/** Any folder in which files are logs of the given formats. `Finding.index` counts records through all logs, by name. */
export const collectionOf = (formats: readonly AuditFormat[]): AuditFormat => ({
  id: ID,
  title: TITLE,
  summary:
    'Every log in a folder, each in its own format, with the keys and proofs beside them; the worst verdict counts.',
  method: COLLECTION_METHOD,
  detect: async (source) => {
    if (source.kind !== 'folder' || source.files.length < 2 || source.files.length > MOST_LOGS) return null;
    const lookedAt = likelyLogs(source.files);
    const logs = logsOf(await look(lookedAt, formats));
    if (logs.length === 0) return null;
    const names = [...new Set(logs.map(({ best }) => best?.title ?? ''))].slice(0, 4).join(', ');
    return {
      format: ID,
      title: TITLE,
      confidence: 0.4,
      reason: `${logs.length} of ${lookedAt.length} files that were looked at are logs or proofs: ${names}.`,
    };
  },
  verify: (source, options, run) => verify(formats, source, options, run),
  record: (source, verified, index, options) => record(formats, source, verified, index, options),
});
