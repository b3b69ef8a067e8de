// What a reader must not take as checked, the terms that the report uses, and the picture of the whole log.
import type { AuditReportModel, StatedVerdict } from './audit-report-model.ts';
import { html, type SafeHtml } from './html.ts';
import { type Section, sentences } from './parts.ts';
import { methodOf } from './method-of.ts';
import { NO_CERTIFICATE } from './section-front.ts';
import { chainStrip } from './strip.ts';
import { count, counted, path, time } from './words.ts';

/** Rows of a list of uncovered intervals or unreferenced files; the rest is counted. */
const ROWS = 200;

const cutNote = (all: number): SafeHtml | null =>
  all <= ROWS
    ? null
    : html`<p>
        The first ${count(ROWS)} of ${count(all)} are listed; the others stand in <code>findings.json</code>.
      </p>`;

const unprotected = (fields: readonly string[]): SafeHtml =>
  fields.length === 0
    ? html`<p>The verification named no field that the hashes leave out.</p>`
    : html`<p>The hashes do not cover these fields: they could be changed without any trace.</p>
        <ul>
          ${fields.slice(0, ROWS).map((field) => html`<li><code>${field}</code></li>`)}
        </ul>
        ${cutNote(fields.length)}`;

const uncovered = (intervals: readonly { readonly from: string; readonly to: string }[]): SafeHtml =>
  intervals.length === 0
    ? html`<p>The verification named no uncovered part of the log.</p>`
    : html`<table>
          <caption>
            Parts that nothing covers: ${counted(intervals.length, 'interval')}
          </caption>
          <thead>
            <tr>
              <th scope="col">No.</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
            </tr>
          </thead>
          <tbody>
            ${intervals.slice(0, ROWS).map(
              ({ from, to }, at) =>
                html`<tr>
                  <th scope="row">${at + 1}</th>
                  <td>${time(from)}</td>
                  <td>${time(to)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${cutNote(intervals.length)}`;

const unreferenced = (names: readonly string[]): SafeHtml =>
  names.length === 0
    ? html`<p>The verification named no file that nothing refers to.</p>`
    : html`<p>Nothing vouches for these files; they were not judged.</p>
        <ul>
          ${names.slice(0, ROWS).map((name) => html`<li>${path(name)}</li>`)}
        </ul>
        ${cutNote(names.length)}`;

export const coverage = ({ report }: StatedVerdict): Section => ({
  id: 'coverage',
  title: 'What was not covered',
  body:
    report === null
      ? html`<p>Nothing was covered: no finished verification is on record.</p>
          <p>${NO_CERTIFICATE}</p>`
      : html`<h3 id="coverage-fields">Fields without protection</h3>
          ${unprotected(report.coverage.unprotectedFields)}
          ${
            (report.coverage.weaknesses ?? []).length === 0
              ? null
              : html`<h3 id="coverage-weaknesses">Weaknesses of the hashes</h3>
                  ${sentences(report.coverage.weaknesses ?? [], 'None.')}`
          }
          <h3 id="coverage-intervals">Uncovered parts</h3>
          ${uncovered(report.coverage.uncovered)}
          <h3 id="coverage-files">Files without reference</h3>
          ${unreferenced(report.coverage.unreferenced)}
          <h3 id="coverage-limits">Limits of the method</h3>
          ${sentences(methodOf(report.format)?.limits ?? [], 'This version holds no description of the limits for this format. Do not read that as certainty.')}
          <h3 id="coverage-statement">No certificate</h3>
          <p>${NO_CERTIFICATE}</p>`,
});

const TERMS: readonly (readonly [string, string])[] = [
  [
    'Anchor',
    'Something kept outside the log that fixes its state at a moment: a head written down elsewhere, a signature, a timestamp.',
  ],
  ['Digest, hash', 'A short number computed from data. Any change of the data gives another number.'],
  [
    'Head',
    'The hash of the last record. Whoever knows it can tell whether the end was cut off or rewritten.',
  ],
  ['SHA-256', 'The hash function used here; 64 hexadecimal digits.'],
];

export const glossary = (model: AuditReportModel, { report }: StatedVerdict): Section => {
  const own = report === null ? [] : (methodOf(report.format)?.terms ?? []);
  const pack: readonly (readonly [string, string])[] = [
    [
      'Evidence pack',
      'A ZIP file with this report, the findings and the log, signed, that can be checked without Probity.',
    ],
    ...(model.rootFingerprint === null
      ? []
      : ([
          [
            'Fingerprint',
            'The SHA-256 digest of a certificate. Compare it by telephone or letter before you trust a signature.',
          ],
        ] as const)),
  ];
  const terms = [...TERMS, ...own, ...pack].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    id: 'glossary',
    title: 'Glossary',
    body: html`<table class="terms">
      <caption>
        Terms used in this report
      </caption>
      <tbody>
        ${terms.map(
          ([term, meaning]) =>
            html`<tr>
              <th scope="row">${term}</th>
              <td>${meaning}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  };
};

export const appendix = ({ report }: StatedVerdict): Section => ({
  id: 'strip',
  title: 'Appendix: the log as a whole',
  body: report === null ? html`<p>There is no verification to draw.</p>` : chainStrip(report.strip),
});
