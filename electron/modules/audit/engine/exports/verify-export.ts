// Verifies an export without cryptography: seals it in one pass, and checks numbers, ids and clocks on the way.
import { createHash } from 'node:crypto';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Finding, VerificationReport } from '../../../../../shared/model/verdict.ts';
import { sourceDigest } from '../../../../ports/listing.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import type { EngineRun, Verified, VerifyOptions } from '../format.ts';
import { formFindings } from '../lines/form-findings.ts';
import type { ExportAdapter } from './adapter.ts';
import { doesNotProveOf, provesOf } from './export-claims.ts';
import type { ClaimFacts } from './export-claims.ts';
import { clockFindings, numberFindings, placedAt, repeatedNumbers } from './export-findings.ts';
import { EVERY, ExportPass } from './export-pass.ts';
import {
  contextOf,
  describeLayout,
  looksHashed,
  openExport,
  recogniseExport,
  sampleOfExport,
} from './open-export.ts';
import type { Opening } from './open-export.ts';
import { layoutFor } from './cut/layout.ts';
import type { TextLayout } from './cut/layout.ts';
import type { RecordReader } from './event.ts';
import { readExport } from './read-export.ts';
import type { FileReading } from './read-export.ts';
import { MAX_LOOKED_AT, SecondLook } from './repeated-records.ts';

export interface ExportPart {
  readonly file: SourceFile;
  readonly layout: TextLayout;
  readonly read: RecordReader;
  /** null where the source is one file. */
  readonly path: string | null;
  /** Some field is named like a hash of a chain. */
  readonly looksHashed: boolean;
}

const partOf = (
  adapter: ExportAdapter,
  file: SourceFile,
  opening: Opening,
  path: string | null,
): ExportPart => {
  const sample = sampleOfExport(opening);
  return {
    file,
    layout: layoutFor(opening.layout, adapter.text),
    read: adapter.reader(sample),
    path,
    looksHashed: looksHashed(sample),
  };
};

/** The files that hold records of this make: all of a single file, those that are recognised of a folder. */
export const partsOf = async (adapter: ExportAdapter, source: Source): Promise<readonly ExportPart[]> => {
  const parts: ExportPart[] = [];
  for (const file of source.files) {
    if (file.bytes === 0) continue;
    const opening = await openExport(file);
    const isOnly = source.files.length === 1;
    if (!isOnly && recogniseExport(adapter, sampleOfExport(opening)) === null) continue;
    parts.push(partOf(adapter, file, opening, isOnly ? null : file.name));
  }
  return parts;
};

const mismatch = (source: Source, format: string, reason: string): AppError =>
  new AppError('audit.format_mismatch', { name: source.name, format, reason });

interface WholeReading {
  readonly pass: ExportPass;
  readonly bytes: number;
  readonly sha256: ReadonlyMap<string, string>;
  readonly encoding: FileReading['text']['encoding'];
}

/** What only readers of JSON can say of an end: elsewhere a shorter text may be a record too. */
const endFindings = (part: ExportPart, { form, text }: FileReading, isCut: boolean): Finding[] => {
  const findings: Finding[] = [];
  if (part.layout.cut === 'xml' && !form.isClosed && !isCut)
    findings.push({
      kind: 'TRUNCATED',
      verdict: 'GAP',
      message: 'The element around the events is not closed: the file is cut off after a complete record.',
    });
  if (part.layout.layout === 'text' && !form.endsWithNewline && !isCut) {
    const message = 'The last line has no line feed: whether its record is complete can not be said.';
    findings.push({ kind: 'TRUNCATED', message });
  }
  if (text.doubtful > 0) {
    const message = 'The UTF-16 text holds characters that stand for what could not be decoded (U+FFFD).';
    findings.push({ kind: 'MALFORMED', message });
  }
  return findings;
};

const endFile = (pass: ExportPass, part: ExportPart, reading: FileReading): void => {
  const { text, form, records } = reading;
  const { cut, layout } = part.layout;
  const logReading = {
    form: {
      ...form,
      isClosed: cut === 'xml' || form.isClosed,
      endsWithNewline: layout === 'text' || form.endsWithNewline,
    },
    troubles: text.troubles,
    isCompressed: text.isCompressed,
    records,
    bytes: text.storedBytes,
    sha256: '',
    seconds: 0,
  };
  const partial = pass.unreadRecords.finish(logReading);
  const found = [...formFindings(logReading, partial), ...endFindings(part, reading, partial !== null)];
  for (const finding of found) pass.findings.add(finding);
  pass.base += records;
};

const readAll = async (
  adapter: ExportAdapter,
  source: Source,
  parts: readonly ExportPart[],
  run: EngineRun,
): Promise<WholeReading> => {
  const pass = new ExportPass(adapter);
  const sha256 = new Map<string, string>();
  const total = source.files.reduce((sum, file) => sum + file.bytes, 0);
  let [done, encoding]: [number, WholeReading['encoding']] = [0, 'utf-8'];
  for (const part of parts) {
    pass.startFile(part.path, part.read, contextOf(part.layout), part.layout.cut === 'octets');
    const reading = await readExport(part.file, part.layout, pass, {
      signal: run.signal,
      advanced: (stored) => {
        run.progress({
          step: 'verifying',
          done: done + stored,
          total,
          unit: 'bytes',
          records: pass.seal.leaves,
        });
        if (pass.isHopeless)
          throw mismatch(
            source,
            adapter.id,
            'most of its lines are no records, and there are more than a million of them',
          );
        return true;
      },
    });
    done += reading.text.storedBytes;
    if (reading.text.encoding !== 'utf-8') encoding = reading.text.encoding;
    sha256.set(part.file.name, reading.text.sha256());
    endFile(pass, part, reading);
  }
  pass.findings.path = null;
  return { pass, bytes: done, sha256, encoding };
};

const digestOf = async (file: SourceFile): Promise<string> => {
  const digest = createHash('sha256');
  for await (const chunk of file.open()) digest.update(chunk);
  return digest.digest('hex');
};

/** Reads the rows again that may repeat one another. @throws AppError('file.changed') */
const lookAgain = async (
  adapter: ExportAdapter,
  source: Source,
  parts: readonly ExportPart[],
  whole: WholeReading,
  run: EngineRun,
): Promise<{ readonly count: number; readonly rows: ReadonlySet<number> }> => {
  const { pass } = whole;
  const { groups, count } = pass.fingerprints.repeated(MAX_LOOKED_AT);
  if (groups.length === 0) return { count: 0, rows: new Set() };
  const look = new SecondLook(groups);
  for (const part of parts) {
    look.startFile(part.path, part.read, contextOf(part.layout));
    const reading = await readExport(part.file, part.layout, look, {
      signal: run.signal,
      advanced: () => !look.isDone,
    });
    if (look.isDone) break;
    if (reading.text.sha256() !== whole.sha256.get(part.file.name))
      throw new AppError('file.changed', { name: source.name });
    look.base += reading.records;
  }
  const findings = [...look.findings(groups, adapter)];
  for (const finding of pooled(findings, pass.events)) {
    pass.findings.add(finding);
    if (finding.index !== undefined) pass.strip.mark(finding.index, 1, 'attention');
  }
  const rows = new Set(findings.flatMap(({ index }) => index ?? []));
  return { count: Math.max(count, findings.length), rows };
};

/** Logs without ids repeat themselves: where that is how they are, one remark says so. */
const pooled = (findings: readonly Finding[], events: number): readonly Finding[] => {
  const [first] = findings;
  if (first === undefined || first.verdict !== undefined || findings.length <= Math.max(20, events / 100))
    return findings;
  const message = `${findings.length} records stand a second time, byte for byte, the first one here. Their source gives no ids: it may well say the same twice in one second.`;
  return [{ ...first, message }];
};

const headFinding = (head: string): Finding => ({
  kind: 'HEAD_MISMATCH',
  verdict: 'TAMPERED',
  expected: head,
  message:
    'The trusted head is neither the SHA-256 of this export nor the root over its records: what was sealed then is not what lies here. Records were changed, added or removed since, or the digest belongs to something else (to an archive around the export, for instance).',
});

const notUtf8Finding = ({ notUtf8, firstNotUtf8 }: ExportPass): Finding[] => {
  if (firstNotUtf8 === null) return [];
  const message = `${notUtf8} records hold bytes that are no UTF-8, the first one here; they are read as U+FFFD, and sealed as they stand.`;
  return [{ kind: 'MALFORMED', ...placedAt(firstNotUtf8), message }];
};

/** Throws AppError('audit.format_mismatch' | 'file.changed' | 'job.cancelled'), and what the source throws. */
export const verifyExport = async (
  adapter: ExportAdapter,
  source: Source,
  options: VerifyOptions,
  run: EngineRun,
): Promise<Verified> => {
  const began = performance.now();
  const parts = await partsOf(adapter, source);
  if (parts.length === 0) throw mismatch(source, adapter.id, 'none of its files holds such records');
  const whole = await readAll(adapter, source, parts, run);
  const { pass, sha256 } = whole;
  if (pass.events === 0) throw mismatch(source, adapter.id, 'no record in it could be read');
  const repeated = await lookAgain(adapter, source, parts, whole, run);

  const entries: { name: string; sha256: string }[] = [];
  for (const file of source.files)
    entries.push({ name: file.name, sha256: sha256.get(file.name) ?? (await digestOf(file)) });
  const digest = sourceDigest(source.kind, entries);
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== digest)
    throw new AppError('file.changed', { name: source.name });

  const root = pass.seal.root();
  const hex = options.trustedHeads.find((head) => head === digest || head === root);
  const anchor: ClaimFacts['anchor'] =
    hex === undefined ? null : { hex, what: hex === digest ? 'file' : 'seal' };
  const numbers = numberFindings(pass.numbers, adapter);
  const found = [
    ...numbers.findings,
    ...repeatedNumbers(pass.numbers, adapter, (index) => repeated.rows.has(index)),
    ...clockFindings(pass.clocks),
    ...notUtf8Finding(pass),
    ...options.trustedHeads.filter((head) => head !== digest && head !== root).map(headFinding),
  ];
  for (const finding of found) {
    pass.findings.add(finding);
    if (finding.index !== undefined)
      pass.strip.mark(finding.index, 1, finding.verdict === 'GAP' ? 'failed' : 'attention');
  }
  const ignored = source.files.filter((file) => !sha256.has(file.name)).map(({ name }) => name);
  const facts: ClaimFacts = {
    adapter,
    records: pass.seal.leaves,
    events: pass.events,
    withId: pass.withId,
    repeated: repeated.count,
    numbers,
    clocks: pass.clocks,
    root,
    anchor,
    ignoredFiles: ignored.length,
    looksHashed: parts.some((part) => part.looksHashed),
  };
  const dialect = parts[0] === undefined ? '' : describeLayout(parts[0].layout, whole.encoding);
  const report = reportOf(facts, pass, dialect, ignored, {
    source: { name: source.name, kind: source.kind, bytes: sourceBytes(source), sha256: digest },
    throughput: { records: facts.records, bytes: whole.bytes, seconds: (performance.now() - began) / 1000 },
  });
  const isLocated = source.files.length === 1;
  return {
    report,
    locator: {
      every: EVERY,
      offsets: isLocated ? pass.offsets : [],
      ...(isLocated ? { lines: pass.lines } : {}),
    },
  };
};

const sourceBytes = (source: Source): number => source.files.reduce((sum, file) => sum + file.bytes, 0);

const reportOf = (
  facts: ClaimFacts,
  pass: ExportPass,
  dialect: string,
  unreferenced: readonly string[],
  rest: Pick<VerificationReport, 'source' | 'throughput'>,
): VerificationReport => {
  const anchored = facts.anchor !== null;
  const { findings, omitted } = pass.findings.listed();
  return {
    verdict: pass.findings.verdict(anchored ? 'INTACT' : 'NOT_TAMPER_EVIDENT'),
    format: facts.adapter.id,
    dialect,
    records: facts.records,
    anchored,
    findings: [...findings],
    findingsOmitted: omitted,
    coverage: {
      unprotectedFields: [],
      uncovered: [],
      unreferenced: [...unreferenced],
      weaknesses: [
        facts.looksHashed
          ? 'Some fields are named like hashes of a chain, but no way is known in which they could be verified.'
          : 'No record carries a hash or a signature.',
      ],
    },
    seal: { root: facts.root, leaves: facts.records },
    head: null,
    startsAfter: null,
    proves: provesOf(facts),
    doesNotProve: doesNotProveOf(facts),
    strip: pass.strip.build(facts.records, anchored ? null : 0),
    ...rest,
  };
};
