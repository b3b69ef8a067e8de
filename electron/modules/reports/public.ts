// What other modules may use of reports.
export { quotedDocument, openingDocument, type CommitmentFacts } from './engine/quoted-document.ts';
export { findingsDocument } from './engine/findings-document.ts';
export { type PackIndexFile, type PackIndexVerdict, renderPackIndex } from './engine/pack-index.ts';
export type { AuditReportModel } from './engine/audit-report-model.ts';
export { renderAuditReport } from './engine/audit-report.ts';
export { reportFooterTemplate } from './engine/print-options.ts';
export {
  composeReport,
  createReport,
  indexesAtFindings,
  printReport,
  quotedRecords,
  type ReportParts,
} from './service.ts';
