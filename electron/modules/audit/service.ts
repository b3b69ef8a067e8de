// The audit room's rules: what can be imported, verified, listed and looked at, for handlers and other modules.
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import type { CaseId, ImportId, VerificationId } from '../../../shared/model/ids.ts';
import type { Finding, FindingKind, RecordView, VerificationReport } from '../../../shared/model/verdict.ts';
import type { SourceSpec } from '../../jobs/job-kinds.ts';
import { openArchive } from '../../ports/archive-source.ts';
import { openSourceSpec } from '../../ports/open-source-spec.ts';
import type { Vault } from '../../store/vault.ts';
import type { AuditFormat, Verified } from './engine/format.ts';
import { FORMATS } from './engine/formats.ts';
import type { FormatMethod } from './engine/method.ts';
import { sourceOf } from './import-log.ts';
import {
  getImport,
  getVerification,
  type ImportBody,
  listImports,
  listVerifications,
  readVerified,
  type VerificationBody,
} from './repository.ts';

/** What a first look at a report carries; the rest is paged. */
export const FIRST_FINDINGS = 2_000;
const FIRST_STRETCHES = 20_000;

const formatOf = (id: string): AuditFormat => {
  const format = FORMATS.find((each) => each.id === id);
  if (format === undefined) throw new AppError('record.not_found', { kind: 'log format' });
  return format;
};

/** A verification with everything it rests on. */
export interface OpenVerification {
  readonly body: VerificationBody;
  readonly imported: ImportBody;
  readonly verified: Verified;
}

/** Reads verifications and remembers the last few: a report of many findings is paged and looked into often. */
export class Verifications {
  readonly #recent = new Map<string, OpenVerification>();

  /** @throws AppError record.not_found | record.altered */
  async open(vault: Vault, id: VerificationId): Promise<OpenVerification> {
    const known = this.#recent.get(id);
    if (known !== undefined) return known;
    const body = await getVerification(vault, id);
    const opened = {
      body,
      imported: await getImport(vault, body.summary.importId),
      verified: await readVerified(vault, body),
    };
    this.#recent.set(id, opened);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > 4 && oldest !== undefined) this.#recent.delete(oldest);
    return opened;
  }

  /** Before a lock: nothing of the workspace stays behind. */
  forget(): void {
    this.#recent.clear();
  }
}

export const importedLogs = async (vault: Vault, caseId?: CaseId): Promise<ImportedLog[]> =>
  (await listImports(vault, caseId)).map((body) => body.log);

export const importedLog = async (vault: Vault, id: ImportId): Promise<ImportedLog> =>
  (await getImport(vault, id)).log;

export const summaries = async (
  vault: Vault,
  caseId?: CaseId,
  importId?: ImportId,
): Promise<VerificationSummary[]> =>
  (await listVerifications(vault, caseId))
    .map((body) => body.summary)
    .filter((summary) => importId === undefined || summary.importId === importId);

/** The report as far as a first look needs it. */
export const firstLook = (report: VerificationReport): VerificationReport => ({
  ...report,
  findings: report.findings.slice(0, FIRST_FINDINGS),
  strip: { ...report.strip, stretches: report.strip.stretches.slice(0, FIRST_STRETCHES) },
});

export const findingsPage = (
  report: VerificationReport,
  query: { readonly kind?: FindingKind | undefined; readonly offset: number; readonly limit: number },
): { total: number; findings: Finding[] } => {
  const wanted =
    query.kind === undefined
      ? report.findings
      : report.findings.filter((finding) => finding.kind === query.kind);
  return { total: wanted.length, findings: wanted.slice(query.offset, query.offset + query.limit) };
};

/** @throws AppError audit.no_such_record | file.* */
export const recordView = async (
  vault: Vault,
  opened: OpenVerification,
  index: number,
): Promise<RecordView> => {
  const { body, imported, verified } = opened;
  const source = await openArchive(await openSourceSpec(await sourceOf(vault, imported)));
  const keys = body.keys.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') }));
  const data = await Promise.all(body.data.map(async (path) => openSourceSpec({ at: 'path', path })));
  const options = {
    trustedHeads: body.trustedHeads,
    keys,
    data,
    ...(body.recipe === null ? {} : { recipe: body.recipe }),
  };
  const view = await formatOf(verified.report.format).record(source, verified, index, options);
  return { ...view, findings: verified.report.findings.filter((finding) => covers(finding, index)) };
};

const covers = (finding: Finding, index: number): boolean =>
  finding.index !== undefined && index >= finding.index && index < finding.index + (finding.count ?? 1);

/** Where the bytes of an import are, with the digest that they must have. */
export const logSource = async (
  vault: Vault,
  opened: OpenVerification,
): Promise<{ log: ImportedLog; source: SourceSpec }> => ({
  log: opened.imported.log,
  source: await sourceOf(vault, opened.imported),
});

export const formatInfos = (): { id: string; title: string; summary: string }[] =>
  FORMATS.map(({ id, title, summary }) => ({ id, title, summary }));

/** How a format is checked; null for one that is not known here. */
export const formatMethod = (id: string): FormatMethod | null =>
  FORMATS.find((each) => each.id === id)?.method ?? null;

export const formatTitle = (id: string): string | null =>
  FORMATS.find((each) => each.id === id)?.title ?? null;
