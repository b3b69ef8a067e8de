// What was examined, how, and what follows from it: scope, method, verdict.
import { VERDICT_TEXT } from '../../../../shared/model/verdict-text.ts';
import type { AnchorCheck } from '../../../../shared/model/verdict.ts';
import type { AuditReportModel, StatedVerdict } from './audit-report-model.ts';
import { codeLines, html, prose, type SafeHtml, typed } from './html.ts';
import { facts, type Section, sentences } from './parts.ts';
import { methodOf, titleOf } from './method-of.ts';
import { counted, digest, duration, size, time } from './words.ts';

const CUSTODY: Readonly<Record<AuditReportModel['imported']['custody'], string>> = {
  copied: 'An encrypted copy is kept in the workspace; the original was not changed.',
  referenced:
    'The data stayed where it was; its digest is checked at each use. The original was not changed.',
};

const formatText = (model: AuditReportModel, report: StatedVerdict['report']): SafeHtml => {
  if (report === null) return html`not determined`;
  const detected = model.imported.detections.find(({ format }) => format === report.format);
  const name = html`${titleOf(report.format)}
  (<code>${report.format}</code>${report.dialect === undefined ? null : html`; ${report.dialect}`})`;
  return detected === undefined
    ? html`${name}. The format was named by the user, not detected.`
    : html`${name}. ${prose(detected.reason)}`;
};

export const scope = (model: AuditReportModel, verdict: StatedVerdict): Section => {
  const { imported } = model;
  return {
    id: 'scope',
    title: 'Scope',
    body: html`<p>
        The digest and the size were recorded before anything else read the data. They identify exactly what
        this report is about.
      </p>
      ${facts('What was examined', [
        ['Name as given', typed(imported.name)],
        ['Kind', imported.kind === 'file' ? 'One file' : `A folder of ${counted(imported.files, 'file')}`],
        ['Size', size(imported.bytes)],
        [imported.kind === 'file' ? 'SHA-256' : 'SHA-256 of the listing', digest(imported.sha256)],
        ['Taken in', time(imported.importedAt)],
        ['Custody', CUSTODY[imported.custody]],
        ['Format, and why', formatText(model, verdict.report)],
      ])}
      ${imported.kind === 'folder' ? html`<p>For a folder, the digest is that of its listing: one line per file, sorted by name, as <code>sha256sum</code> prints it.</p>` : null}`,
  };
};

/** How this very log is hashed, where that was inferred or given. */
const hashed = (report: StatedVerdict['report']): SafeHtml | null =>
  report?.recipe === undefined
    ? null
    : html`<h3 id="method-recipe">How the records are hashed</h3>
        <p>${prose(report.recipe.words)}</p>
        <p>The same as a document that Probity reads, for another log of this kind:</p>
        <pre class="command">${codeLines(report.recipe.json)}</pre>`;

const OUTCOME: Readonly<Record<AnchorCheck['outcome'], string>> = {
  covers: 'covers the last record',
  'covers-part': 'covers a part of the log',
  conflicts: 'conflicts with the log',
  unrelated: 'is about something else',
  unverified: 'could not be checked itself',
};

/** What evidence from outside was held against the log, and what each piece adds. */
export const anchors = ({ report }: StatedVerdict): Section => {
  const given = report?.anchors ?? [];
  return {
    id: 'anchors',
    title: 'Evidence from outside',
    body:
      given.length === 0
        ? html`<p>No evidence from outside the log was supplied beyond what is named in the summary.</p>`
        : html`<table>
            <caption>
              Evidence from outside, in the order given
            </caption>
            <thead>
              <tr>
                <th scope="col">Evidence</th>
                <th scope="col">Result</th>
                <th scope="col">Time that it proves</th>
                <th scope="col">What it adds</th>
              </tr>
            </thead>
            <tbody>
              ${given.map(
                (each) =>
                  html`<tr>
                    <th scope="row">${typed(each.name)}</th>
                    <td>${OUTCOME[each.outcome]}</td>
                    <td>${each.time === null ? 'none' : time(each.time)}</td>
                    <td>${each.adds}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`,
  };
};

export const method = (model: AuditReportModel, verdict: StatedVerdict): Section => {
  const { report } = verdict;
  const steps = report === null ? null : methodOf(report.format);
  const ran =
    report === null
      ? html`<p>No finished verification is on record.</p>`
      : html`<p>
          Probity ${model.appVersion} read ${counted(report.throughput.records, 'record')},
          ${counted(report.throughput.bytes, 'byte')}, in ${duration(report.throughput.seconds)}, on this
          computer and without any network. It did not stop at the first finding: all are reported.
        </p>`;
  if (steps === null) {
    return {
      id: 'method',
      title: 'Method',
      body: html`${ran}${report === null ? null : html`<p>This version of Probity holds no written description of the format <code>${report.format}</code>. Ask whoever made this report for it before you rely on the verdict.</p>`}`,
    };
  }
  return {
    id: 'method',
    title: 'Method',
    body: html`${ran}
      <h3 id="method-steps">The checks, step by step</h3>
      <ol>
        ${steps.steps.map((step) => html`<li>${prose(step)}</li>`)}
      </ol>
      ${hashed(report)}
      <h3 id="method-standards">Algorithms and standards</h3>
      ${sentences(steps.standards, 'None are named.')}`,
  };
};

export const conclusion = (verdict: StatedVerdict): Section => {
  const { code, report } = verdict;
  if (code === null || report === null) {
    return { id: 'verdict', title: 'Verdict', body: html`<p><b>${verdict.word}.</b> ${verdict.meaning}</p>` };
  }
  const words = VERDICT_TEXT[code];
  // The engine's sentences belong to the verdict that it gave; where this report states a worse one, they don't apply.
  const own = code === report.verdict;
  const proves = own && report.proves.length > 0 ? report.proves : [words.proves];
  const doesNotProve = own && report.doesNotProve.length > 0 ? report.doesNotProve : [words.doesNotProve];
  return {
    id: 'verdict',
    title: 'Verdict',
    body: html`<p><b>${verdict.word}</b> (<code>${code}</code>). ${words.meaning}</p>
      <h3 id="verdict-proves">What this proves</h3>
      ${sentences(proves, 'Nothing.')}
      <h3 id="verdict-not">What this does not prove</h3>
      ${sentences(doesNotProve, 'The verification named no limits; do not read that as certainty.')}
      <h3 id="verdict-next">What to do next</h3>
      <p>${words.next}</p>
      ${report.startsAfter === null ? null : html`<p>The first record names as its predecessor ${digest(report.startsAfter)}, which is not part of what was given.</p>`}
      ${report.head === null ? null : html`<p>The last hash of the log as given is ${digest(report.head)}.</p>`}`,
  };
};
