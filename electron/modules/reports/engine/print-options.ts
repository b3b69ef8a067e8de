// How Electron prints a report: A4, tagged, with outline and running page numbers.
import type { AuditReportModel } from './audit-report-model.ts';
import { html, markupOf } from './html.ts';

const STYLE =
  'width:100%;margin:0 17mm;padding-top:2mm;border-top:0.5px solid #c9ced5;display:flex;justify-content:space-between;gap:8mm;font:7pt system-ui,sans-serif;color:#4b535d';

/** The footer of every page. Chromium fills the elements of class `pageNumber` and `totalPages`. */
export const reportFooterTemplate = (model: Pick<AuditReportModel, 'reportId' | 'organisation'>): string =>
  markupOf(
    html`<div style="${STYLE}">
      <span>${model.organisation === '' ? 'Probity' : model.organisation} · ${model.reportId}</span
      ><span>Page <span class="pageNumber"></span> of <span class="totalPages"></span></span>
    </div>`,
  );

/** For `webContents.printToPDF`. The margins are those of the style sheet's `@page`. */
export const reportPrintOptions = (model: Pick<AuditReportModel, 'reportId' | 'organisation'>) =>
  ({
    pageSize: 'A4',
    preferCSSPageSize: true,
    printBackground: true,
    displayHeaderFooter: true,
    headerTemplate: '<span></span>',
    footerTemplate: reportFooterTemplate(model),
    generateTaggedPDF: true,
    generateDocumentOutline: true,
  }) as const;
