// The first pages of a report: cover, contents, and the summary that a reader in a hurry needs.
import type { AuditReportModel, StatedVerdict } from './audit-report-model.ts';
import { html, longText, type SafeHtml, typed } from './html.ts';
import { facts, type Section, sign } from './parts.ts';
import { positionsOf, titleOf } from './method-of.ts';
import { count, counted, digest, duration, path, size, time } from './words.ts';

export const NO_CERTIFICATE =
  'This report says what could be checked in the data as given, and with what result. It does not certify compliance with any law, standard or contract.';

/** UTF-16 units of a finding's message that the summary shows. */
const SUMMARY_LIMIT = 300;

export const verdictPanel = (verdict: StatedVerdict): SafeHtml =>
  html`<div class="verdict c-${verdict.class}">
    ${sign(verdict.class)}
    <div>
      <p class="verdict-word">${verdict.word}</p>
      <p class="verdict-class">
        ${verdict.classText}${verdict.code === null ? null : html` · <code>${verdict.code}</code>`}
      </p>
      <p>${verdict.meaning}</p>
    </div>
  </div>`;

export const cover = (model: AuditReportModel, verdict: StatedVerdict, index: SafeHtml): SafeHtml =>
  html`<header class="cover">
    <p class="issuer">${model.organisation === '' ? 'No organisation named' : typed(model.organisation)}</p>
    <div class="title">
      <p class="kind">Audit log verification report</p>
      <h1>${typed(model.imported.name)}</h1>
      <p class="case">${typed(model.case.name)}</p>
    </div>
    ${verdictPanel(verdict)}
    ${facts('About this report', [
      ['Case reference', model.case.reference === '' ? 'none given' : typed(model.case.reference)],
      ['Purpose', model.case.purpose === '' ? 'none given' : typed(model.case.purpose)],
      ['Verified', model.verification === null ? 'not verified' : time(model.verification.finishedAt)],
      ['Report written', time(model.createdAt)],
      ['Report', html`<code>${model.reportId}</code>`],
      ['Made with', `Probity ${model.appVersion}`],
    ])}
    <p class="notice">${NO_CERTIFICATE}</p>
    ${index}
  </header> `;

export const contents = (sections: readonly Section[]): SafeHtml =>
  html`<nav class="contents" aria-labelledby="contents-h">
    <h2 id="contents-h">Contents</h2>
    <ol>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ol>
  </nav> `;

/** Where the reader looks first: the earliest finding that makes the verdict what it is. */
const firstPlace = ({ code, report }: StatedVerdict): SafeHtml | null => {
  const first = report?.findings.find((finding) => finding.verdict === code) ?? report?.findings[0];
  if (first === undefined) return null;
  const where =
    first.path !== undefined
      ? html`In ${path(first.path)}`
      : first.index !== undefined
        ? html`At record
          ${count(first.index)}${first.line === undefined ? null : html` (line ${count(first.line)})`}`
        : html`In the log as a whole`;
  return html` ${where}: ${longText(first.message, SUMMARY_LIMIT)}`;
};

const paragraph = (model: AuditReportModel, verdict: StatedVerdict): SafeHtml => {
  const { report } = verdict;
  if (report === null) return html`<p>${verdict.meaning}</p>`;
  const total = report.findings.length + report.findingsOmitted;
  const what = titleOf(report.format);
  return html`<p>
    The ${model.imported.kind} <bdi>${model.imported.name}</bdi>, in the format “${what}”, was examined:
    ${size(report.source.bytes)}, ${counted(report.records, 'record')}. The verdict is <b>${verdict.word}</b>.
    ${verdict.meaning} There ${total === 1 ? 'is' : 'are'}
    ${total === 0 ? 'no findings' : counted(total, 'finding')}.${firstPlace(verdict)}
  </p>`;
};

const anchorText = (model: AuditReportModel, anchored: boolean): string => {
  const supplied = model.verification?.trustedHead !== null && model.verification !== null;
  if (anchored) return 'Yes: something from outside the log covers its last record';
  return supplied
    ? 'No: a trusted head was supplied, and it does not cover the last record'
    : 'No: nothing from outside the log covers its end';
};

export const summary = (model: AuditReportModel, verdict: StatedVerdict): Section => {
  const { report } = verdict;
  const objections = verdict.objections.map(
    (objection) => html`<p class="objection"><b>Contradiction.</b> ${objection}</p>`,
  );
  const figures =
    report === null
      ? null
      : facts('Key figures', [
          [positionsOf(report.format).total, count(report.records)],
          ['Findings', count(report.findings.length + report.findingsOmitted)],
          [
            'Findings that fail',
            count(
              report.findings.filter(
                (f) => f.verdict === 'TAMPERED' || f.verdict === 'FORK' || f.verdict === 'GAP',
              ).length,
            ),
          ],
          ['Anchored', anchorText(model, report.anchored)],
          ['Head of the log', report.head === null ? 'none' : digest(report.head)],
          [
            'Trusted head supplied',
            model.verification?.trustedHead === null || model.verification === null
              ? 'none'
              : digest(model.verification.trustedHead),
          ],
          ...(report.seal === undefined
            ? []
            : ([['Merkle root of the records', digest(report.seal.root)]] as const)),
          ['Digest of what was examined', digest(report.source.sha256)],
          ['Time taken', duration(report.throughput.seconds)],
        ]);
  return {
    id: 'summary',
    title: 'Summary',
    body: html`<p class="verdict-line c-${verdict.class}">
        ${sign(verdict.class)}<b>${verdict.word}</b> <span>${verdict.classText}</span>
      </p>
      ${objections}${paragraph(model, verdict)}${figures}`,
  };
};
