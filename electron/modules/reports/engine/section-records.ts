// Records under the lens: stored and recomputed hash side by side, and the very text that was hashed.
import type { RecordView } from '../../../../shared/model/verdict.ts';
import { html, longText, type SafeHtml } from './html.ts';
import type { StatedVerdict } from './audit-report-model.ts';
import { digestOr, type Section } from './parts.ts';
import { positionsOf } from './method-of.ts';
import { count } from './words.ts';

/** UTF-16 units of a record, or of the text that was hashed, that are printed. */
export const QUOTE_LIMIT = 3000;
/** Records that are quoted; the others are in the log itself. */
export const RECORDS_QUOTED = 25;

const place = (view: RecordView): string =>
  [
    view.line === null ? null : `line ${count(view.line)}`,
    view.byteOffset === null ? null : `byte offset ${count(view.byteOffset)}`,
    view.path,
  ]
    .filter((part) => part !== null)
    .join(', ');

const resultOf = ({ ok, stored, recomputed }: RecordView['checks'][number]): SafeHtml => {
  if (ok) return html`Passes`;
  return stored === null && recomputed === null ? html`Not checked` : html`<b>Fails</b>`;
};

const checks = (view: RecordView): SafeHtml =>
  html`<table class="checks">
    <caption>
      Stored and recomputed
    </caption>
    <thead>
      <tr>
        <th scope="col">Check</th>
        <th scope="col">Stored</th>
        <th scope="col">Recomputed</th>
        <th scope="col">Result</th>
      </tr>
    </thead>
    <tbody>
      ${view.checks.map(
        (check) =>
          html`<tr>
            <th scope="row">${check.name}</th>
            <td class="k-hash">${digestOr(check.stored, 'none')}</td>
            <td class="k-hash">${digestOr(check.recomputed, 'none')}</td>
            <td>${resultOf(check)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const quote = (caption: string, text: string, more: boolean): SafeHtml =>
  html`<figure class="quote">
    <figcaption>${caption}</figcaption>
    <pre>
${longText(text, QUOTE_LIMIT)}${more ? html`<span class="cut"> [only the beginning was kept]</span>` : null}</pre>
  </figure>`;

/** Each text once, with the checks that hashed it; the record itself is not printed a second time. */
const hashedTexts = (view: RecordView): SafeHtml[] => {
  const names = new Map<string, string[]>();
  for (const { name, hashed } of view.checks)
    if (hashed !== null) names.set(hashed, [...(names.get(hashed) ?? []), `“${name}”`]);
  return [...names].map(([text, of]) =>
    text === view.raw
      ? html`<p>What was hashed for ${of.join(' and ')} is that text, in full.</p>`
      : quote(`The text that was hashed for ${of.join(' and ')}`, text, false),
  );
};

const record = (view: RecordView, position: string): SafeHtml => {
  const title = `${position} ${count(view.index)}`;
  const where = place(view);
  return html`<section class="record">
    <h3 id="record-${view.index}">
      ${title}${where === '' ? null : html` <span class="where">${where}</span>`}
    </h3>
    ${view.checks.length === 0 ? html`<p>No hash of this record could be checked.</p>` : checks(view)}
    ${view.findings.map((finding) => html`<p class="remark">${finding.message}</p>`)}
    ${quote(`The ${position.toLowerCase()} as it stands`, view.raw, view.rawTruncated)} ${hashedTexts(view)}
  </section>`;
};

/** The views as they are quoted: each record once, at most {@link RECORDS_QUOTED}. */
export const quotedOnce = (views: readonly RecordView[]): readonly RecordView[] => {
  const seen = new Set<number>();
  return views.filter((view) => !seen.has(view.index) && seen.add(view.index)).slice(0, RECORDS_QUOTED);
};

export const records = (views: readonly RecordView[], { report }: StatedVerdict): Section => {
  const position = positionsOf(report?.format ?? '').one;
  const shown = quotedOnce(views);
  const more = new Set(views.map((view) => view.index)).size - shown.length;
  return {
    id: 'records',
    title: 'Quoted records',
    body:
      shown.length === 0
        ? html`<p>No record is quoted.</p>`
        : html`<p>
              A character that cannot be seen in print is shown in a box: <span class="unseen">\\n</span> for
              the end of a line, <span class="unseen">\\t</span> for a tab, others by their Unicode number.
              Records may hold personal data; handle this report accordingly.
            </p>
            ${more > 0 ? html`<p>The first ${count(shown.length)} are quoted; ${count(more)} more are left out for length.</p>` : null}
            ${shown.map((view) => record(view, position))}`,
  };
};
