// Writes the audit report: one self-contained HTML document from one model, the same bytes for the same model.
import type { AuditReportModel } from './audit-report-model.ts';
import { statedVerdict } from './audit-report-model.ts';
import { documentText } from './document.ts';
import { html } from './html.ts';
import { section } from './parts.ts';
import { REPORT_CSS } from './report-style.ts';
import { findings } from './section-findings.ts';
import { contents, cover, summary } from './section-front.ts';
import { appendix, coverage, glossary } from './section-limits.ts';
import { anchors, conclusion, method, scope } from './section-method.ts';
import { records } from './section-records.ts';
import { howToVerify } from './section-verify.ts';

/** The title of a report: what the PDF's title bar and the list of reports show. */
export const reportTitle = (model: Pick<AuditReportModel, 'imported' | 'case'>): string =>
  `Audit log verification: ${model.imported.name} (${model.case.name})`;

/**
 * HTML5 with inline style, no script and nothing from outside; Electron prints it to a tagged PDF with
 * {@link reportPrintOptions}. The verdict it states is never better than its material (see {@link statedVerdict}).
 */
export const renderAuditReport = (model: AuditReportModel): string => {
  const verdict = statedVerdict(model.verification, model.imported.sha256);
  const sections = [
    summary(model, verdict),
    scope(model, verdict),
    method(model, verdict),
    conclusion(verdict),
    anchors(verdict),
    findings(verdict),
    records(model.quoted, verdict),
    coverage(verdict),
    howToVerify(model, verdict),
    glossary(model, verdict),
    appendix(verdict),
  ];
  return documentText({
    lang: model.locale,
    title: reportTitle(model),
    description: `${verdict.word}: ${verdict.meaning}`,
    css: REPORT_CSS,
    body: html`${cover(model, verdict, contents(sections))}
      <main>${sections.map((each, at) => section(each, at + 1))}</main>`,
  });
};
