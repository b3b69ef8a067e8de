// Reports: gathers what one says, prints it, keeps it, and hands it out.
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { Report } from '../../../shared/model/evidence.ts';
import { ReportId, type CaseId } from '../../../shared/model/ids.ts';
import type { RecordView } from '../../../shared/model/verdict.ts';
import type { JobOutcome } from '../../jobs/job-manager.ts';
import type { JobRun } from '../../jobs/job-kinds.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import type { Host, PdfPrinter } from '../../ports/host.ts';
import type { Put, Vault } from '../../store/vault.ts';
import { type OpenVerification, recordView } from '../audit/public.ts';
import { getCase } from '../cases/public.ts';
import { getIdentity } from '../evidence/public.ts';
import { getSettings } from '../settings/public.ts';
import type { AuditReportModel } from './engine/audit-report-model.ts';
import { renderAuditReport, reportTitle } from './engine/audit-report.ts';
import { reportFooterTemplate } from './engine/print-options.ts';

/** Records that a report shows in full. */
const QUOTED = 20;

const ReportBody = v.strictObject({ report: Report, htmlBlob: v.string(), pdfBlob: v.string() });
type ReportBody = v.InferOutput<typeof ReportBody>;

export interface ReportParts {
  readonly host: Host;
  readonly printer: PdfPrinter;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The records that the first findings point to. */
export const indexesAtFindings = (opened: OpenVerification): ReadonlySet<number> => {
  const wanted = new Set<number>();
  for (const finding of opened.verified.report.findings) {
    if (finding.index !== undefined && wanted.size < QUOTED) wanted.add(finding.index);
  }
  return wanted;
};

/** Records under the lens. One that can't be read any more is left out: its finding stays. */
export const quotedRecords = async (
  vault: Vault,
  opened: OpenVerification,
  indexes: Iterable<number> = indexesAtFindings(opened),
): Promise<RecordView[]> => {
  const views: RecordView[] = [];
  for (const index of indexes) {
    try {
      views.push(await recordView(vault, opened, index));
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  }
  return views;
};

export interface PrintedReport {
  readonly id: ReportId;
  readonly title: string;
  readonly html: string;
  readonly model: AuditReportModel;
}

/** The report of one verification as HTML, with the records at its findings or those given. Stores nothing. */
export const composeReport = async (
  vault: Vault,
  opened: OpenVerification,
  parts: ReportParts,
  quoted?: readonly RecordView[],
): Promise<PrintedReport> => {
  const { log } = opened.imported;
  const { summary } = opened.body;
  const [subject, settings, identity] = [
    await getCase(vault, log.caseId),
    await getSettings(vault),
    await getIdentity(vault),
  ];
  const id = v.parse(ReportId, parts.ids.make('rep'));
  const model: AuditReportModel = {
    locale: 'en',
    reportId: id,
    createdAt: parts.clock.now(),
    appVersion: parts.host.appVersion,
    organisation: settings.organisation,
    rootFingerprint: identity.rootFingerprint,
    case: subject,
    imported: log,
    verification: {
      id: summary.id,
      finishedAt: summary.finishedAt,
      trustedHead: summary.trustedHead,
      report: opened.verified.report,
    },
    quoted: quoted ?? (await quotedRecords(vault, opened)),
  };
  return { id, title: reportTitle(model), html: renderAuditReport(model), model };
};

export const printReport = (report: PrintedReport, printer: PdfPrinter): Promise<Uint8Array> =>
  printer.print(report.html, reportFooterTemplate(report.model));

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const reportRecord = (body: ReportBody): Put => ({
  kind: 'report',
  id: body.report.id,
  caseId: body.report.caseId,
  body,
});

/** The work of a `report.create` job. */
export const createReport = async (
  vault: Vault,
  opened: OpenVerification,
  parts: ReportParts,
  run: JobRun,
): Promise<JobOutcome> => {
  const step = (name: string, done: number): void =>
    run.progress({ step: name, done, total: 3, unit: 'files' });
  step('composing', 0);
  const composed = await composeReport(vault, opened, parts);
  if (run.signal.aborted) throw new AppError('job.cancelled');
  step('printing', 1);
  const pdf = await printReport(composed, parts.printer);
  if (run.signal.aborted) throw new AppError('job.cancelled');
  step('keeping', 2);
  const html = await vault.blobs.put(one(Buffer.from(composed.html, 'utf8')));
  const kept = await vault.blobs.put(one(pdf));
  const report: Report = {
    id: composed.id,
    caseId: opened.body.summary.caseId,
    verificationId: opened.body.summary.id,
    createdAt: composed.model.createdAt,
    title: composed.title,
    htmlBytes: html.bytes,
    pdfBytes: kept.bytes,
    pdfSha256: createHash('sha256').update(pdf).digest('hex'),
  };
  step('keeping', 3);
  return {
    result: report.id,
    puts: [reportRecord({ report, htmlBlob: html.id, pdfBlob: kept.id })],
    detail: { verification: report.verificationId, pdfSha256: report.pdfSha256 },
  };
};

export const listReports = async (vault: Vault, caseId?: CaseId): Promise<Report[]> =>
  (await vault.records.list('report', caseId === undefined ? {} : { caseId })).map(
    (record) => v.parse(ReportBody, record.body).report,
  );

/** The stored bytes of a report. @throws AppError record.not_found | record.altered */
export const openReport = async (
  vault: Vault,
  id: ReportId,
  as: 'pdf' | 'html',
): Promise<AsyncIterable<Uint8Array>> => {
  const record = await vault.records.get('report', id);
  if (record === null) throw new AppError('record.not_found', { kind: 'report' });
  const body = v.parse(ReportBody, record.body);
  return vault.blobs.open(as === 'pdf' ? body.pdfBlob : body.htmlBlob);
};
