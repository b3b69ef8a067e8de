// The findings by kind: how many of each, where they are, and what was expected there.
import { FINDING_TEXT } from '../../../../shared/model/verdict-text.ts';
import { type Finding, type FindingKind, VERDICTS, verdictClass } from '../../../../shared/model/verdict.ts';
import type { StatedVerdict } from './audit-report-model.ts';
import { html, type SafeHtml } from './html.ts';
import { type Section, sign } from './parts.ts';
import { positionsOf } from './method-of.ts';
import { count, counted, digest, path } from './words.ts';

/** How many findings the report lists; the rest is counted here and stands in findings.json. */
export const FINDINGS_LISTED = 500;
/** Each kind gets at least this many of them, so that a flood of one kind can't hide another. */
const LEAST_PER_KIND = 10;

/** Groups of at most so many findings are kept on one page. */
const WHOLE = 4;

interface Numbered {
  readonly number: number;
  readonly finding: Finding;
}
interface Group {
  readonly kind: FindingKind;
  readonly all: readonly Numbered[];
  readonly listed: readonly Numbered[];
}

const rankOf = (group: Group): number =>
  group.all.reduce<number>(
    (least, { finding }) =>
      Math.min(least, finding.verdict === undefined ? VERDICTS.length : VERDICTS.indexOf(finding.verdict)),
    VERDICTS.length,
  );

/** Findings by kind, worst kind first, each finding with its number in findings.json (from 1). */
export const groupFindings = (findings: readonly Finding[]): readonly Group[] => {
  const byKind = new Map<FindingKind, Numbered[]>();
  for (const [at, finding] of findings.entries()) {
    const group = byKind.get(finding.kind);
    const numbered = { number: at + 1, finding };
    if (group === undefined) byKind.set(finding.kind, [numbered]);
    else group.push(numbered);
  }
  const reserved = new Set([...byKind.values()].flatMap((all) => all.slice(0, LEAST_PER_KIND)));
  let free = FINDINGS_LISTED - reserved.size;
  const listed = new Set(reserved);
  for (const numbered of [...byKind.values()].flat().toSorted((a, b) => a.number - b.number)) {
    if (free <= 0) break;
    if (listed.has(numbered)) continue;
    listed.add(numbered);
    free -= 1;
  }
  return [...byKind]
    .map(([kind, all]): Group => ({ kind, all, listed: all.filter((each) => listed.has(each)) }))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || b.all.length - a.all.length || (a.kind < b.kind ? -1 : 1));
};

interface Column {
  readonly head: string;
  readonly kind: 'number' | 'text' | 'hash';
  readonly of: (finding: Finding) => SafeHtml | string | null;
}

const number = (value: number | undefined): string | null => (value === undefined ? null : count(value));
const hash = (value: string | undefined): SafeHtml | null => (value === undefined ? null : digest(value));

const columnsOf = (position: string): readonly Column[] => [
  { head: position, kind: 'number', of: (f) => number(f.index) },
  {
    head: `${position}s in a row`,
    kind: 'number',
    of: (f) => (f.count === undefined || f.count === 1 ? null : count(f.count)),
  },
  { head: 'Line', kind: 'number', of: (f) => number(f.line) },
  { head: 'Byte offset', kind: 'number', of: (f) => number(f.byteOffset) },
  { head: `Refers to ${position.toLowerCase()}`, kind: 'number', of: (f) => number(f.ofIndex) },
  { head: 'Expected', kind: 'hash', of: (f) => hash(f.expected) },
  { head: 'Found', kind: 'hash', of: (f) => hash(f.actual) },
];

const what = (finding: Finding): SafeHtml =>
  html`${finding.message}${finding.between === undefined ? null : html`<br />Between <code>${finding.between[0]}</code> and <code>${finding.between[1]}</code>`}${finding.path === undefined ? null : html`<br />${path(finding.path)}`}`;

const groupTable = (group: Group, position: string): SafeHtml => {
  const columns = columnsOf(position).filter((column) =>
    group.listed.some(({ finding }) => column.of(finding) !== null),
  );
  return html`<table class="findings">
    <caption>
      ${group.listed.length === group.all.length ? counted(group.all.length, 'finding') : html`${count(group.listed.length)} of ${counted(group.all.length, 'finding')}`}
      of this kind
    </caption>
    <thead>
      <tr>
        <th scope="col">No.</th>
        ${columns.map((column) => html`<th scope="col" class="k-${column.kind}">${column.head}</th>`)}
        <th scope="col">What was found</th>
      </tr>
    </thead>
    <tbody>
      ${group.listed.map(
        (each) =>
          html`<tr>
            <th scope="row">${count(each.number)}</th>
            ${columns.map((column) => html`<td class="k-${column.kind}">${column.of(each.finding) ?? '–'}</td>`)}
            <td>${what(each.finding)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};

const classOf = (group: Group): SafeHtml => {
  const worst = VERDICTS[rankOf(group)];
  if (worst === undefined) return html`<p class="weight">Remark: it does not change the verdict.</p>`;
  return html`<p class="weight c-${verdictClass(worst)}">
    ${sign(verdictClass(worst))} On its own it makes the verdict <code>${worst}</code>
  </p>`;
};

export const findings = ({ report }: StatedVerdict): Section => {
  const make = (body: SafeHtml): Section => ({ id: 'findings', title: 'Findings', body });
  if (report === null) return make(html`<p>There is no verification from which findings could be taken.</p>`);
  const groups = groupFindings(report.findings);
  if (groups.length === 0 && report.findingsOmitted === 0) {
    return make(
      html`<p>
        The verification reported no findings. Read this together with the section on what was not covered.
      </p>`,
    );
  }
  const positions = positionsOf(report.format);
  const listed = groups.reduce((sum, group) => sum + group.listed.length, 0);
  const rest = report.findings.length - listed;
  return make(
    html`<p>${positions.counting} The number of a finding is its place in <code>findings.json</code>.</p>
      ${
        groups.length < 2
          ? null
          : html`<table class="kinds">
              <caption>
                Findings by kind
              </caption>
              <thead>
                <tr>
                  <th scope="col">Kind</th>
                  <th scope="col" class="k-number">Number</th>
                </tr>
              </thead>
              <tbody>
                ${groups.map(
                  (group) =>
                    html`<tr>
                      <th scope="row"><a href="#f-${group.kind}">${FINDING_TEXT[group.kind].title}</a></th>
                      <td class="k-number">${count(group.all.length)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
      ${rest > 0 ? html`<p class="objection">${count(listed)} of ${count(report.findings.length)} findings are listed here, at least the first ${LEAST_PER_KIND} of each kind. The other ${count(rest)} stand in <code>findings.json</code>.</p>` : null}
      ${report.findingsOmitted > 0 ? html`<p class="objection">A further ${counted(report.findingsOmitted, 'finding was', 'findings were')} counted but not kept, because there were too many to hold.</p>` : null}
      ${groups.map(
        (group) =>
          html`<section class="group${group.listed.length <= WHOLE ? ' whole' : ''}">
            <h3 id="f-${group.kind}">${FINDING_TEXT[group.kind].title}</h3>
            <p>${FINDING_TEXT[group.kind].meaning}</p>
            ${classOf(group)} ${groupTable(group, positions.one)}
          </section>`,
      )}`,
  );
};
