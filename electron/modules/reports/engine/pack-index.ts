// Writes the readable index of an evidence pack: what it holds, what was found, what is missing, how to check it.
import { type AuditReportModel, statedVerdict } from './audit-report-model.ts';
import { documentText } from './document.ts';
import { html, type SafeHtml, typed } from './html.ts';
import { facts, section, type Section, sentences, sign } from './parts.ts';
import { REPORT_CSS } from './report-style.ts';
import { fingerprintText, packCommands } from './section-verify.ts';
import { count, counted, digest, path, size, time } from './words.ts';

export interface PackIndexFile {
  /** Path in the pack, e.g. `data/evidence/<sha256>.jsonl`. */
  readonly path: string;
  /** The name it had before; null for files that were made for the pack. */
  readonly originalName: string | null;
  /** What it is, in a few words: `Log as imported`, `Report`, `Findings`. */
  readonly role: string;
  /** null = not known when the index was written (the index itself): the manifests have it. */
  readonly bytes: number | null;
  readonly sha256: string | null;
}

export interface PackIndexVerdict {
  readonly imported: Pick<AuditReportModel['imported'], 'name' | 'sha256'>;
  readonly verification: AuditReportModel['verification'];
  /** Paths in the pack; null = not in it. */
  readonly reportPath: string | null;
  readonly findingsPath: string | null;
}

export interface PackIndexModel {
  readonly locale: 'en';
  /** The folder in the archive, e.g. `evidence-2026-11-21-…`. */
  readonly name: string;
  readonly externalIdentifier: string;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  readonly appVersion: string;
  readonly organisation: string;
  readonly rootFingerprint: string | null;
  readonly case: AuditReportModel['case'];
  readonly verdicts: readonly PackIndexVerdict[];
  readonly files: readonly PackIndexFile[];
  /** One sentence each: what is left out and why. Non-empty makes the pack partial. */
  readonly missing: readonly string[];
}

/** Files that are listed by name; a pack with more says so and points to the manifest. */
export const FILES_LISTED = 5000;

/** Only names that a pack allows become links, and only inside data/, so that no link leads out of the pack. */
const SAFE_PATH = /^data\/[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/u;

const link = (target: string | null, text: string, of: string): SafeHtml => {
  if (target === null) return html`${text}: not in the pack`;
  return SAFE_PATH.test(target)
    ? html`<a href="./${target.slice('data/'.length)}" aria-label="${text} on ${of}">${text}</a>`
    : html`${target}`;
};

const verdictRow = ({ imported, verification, reportPath, findingsPath }: PackIndexVerdict): SafeHtml => {
  const verdict = statedVerdict(verification, imported.sha256);
  return html`<tr>
    <th scope="row">${typed(imported.name)}</th>
    <td class="c-${verdict.class}">
      <span class="weight">${sign(verdict.class)}</span>
      ${verdict.word}${verdict.code === null ? null : html` <code>${verdict.code}</code>`}<br />${verdict.classText}
    </td>
    <td class="k-number">${verdict.report === null ? '–' : count(verdict.report.records)}</td>
    <td class="k-number">
      ${verdict.report === null ? '–' : count(verdict.report.findings.length + verdict.report.findingsOmitted)}
    </td>
    <td>
      ${link(reportPath, 'Report', imported.name)}<br />${link(findingsPath, 'Findings', imported.name)}
    </td>
  </tr>`;
};

const verdicts = (model: PackIndexModel): Section => ({
  id: 'verdicts',
  title: 'Verdicts',
  body:
    model.verdicts.length === 0
      ? html`<p>This pack holds no verification.</p>`
      : html`<table>
            <caption>
              ${counted(model.verdicts.length, 'log')} and what was concluded
            </caption>
            <thead>
              <tr>
                <th scope="col">Log</th>
                <th scope="col">Verdict</th>
                <th scope="col" class="k-number">Records</th>
                <th scope="col" class="k-number">Findings</th>
                <th scope="col">Documents</th>
              </tr>
            </thead>
            <tbody>
              ${model.verdicts.map(verdictRow)}
            </tbody>
          </table>
          ${model.verdicts.map((each) => {
            const verdict = statedVerdict(each.verification, each.imported.sha256);
            return html`<p>
              <bdi>${each.imported.name}</bdi>:
              ${verdict.meaning}${verdict.objections.map((objection) => html` ${objection}`)}
            </p>`;
          })}`,
});

const fileRow = (file: PackIndexFile): SafeHtml =>
  html`<tr>
    <th scope="row">
      ${SAFE_PATH.test(file.path) ? html`<a href="./${file.path.slice('data/'.length)}">${path(file.path)}</a>` : path(file.path)}
    </th>
    <td>${file.role}</td>
    <td>${file.originalName === null ? '–' : path(file.originalName)}</td>
    <td>${file.bytes === null ? 'see manifest' : size(file.bytes)}</td>
    <td class="k-hash">${file.sha256 === null ? 'see manifest' : digest(file.sha256)}</td>
  </tr>`;

const contents = (model: PackIndexModel): Section => {
  const listed = model.files.slice(0, FILES_LISTED);
  return {
    id: 'files',
    title: 'Contents',
    body: html`<table class="files">
        <caption>
          ${counted(model.files.length, 'file')}
        </caption>
        <thead>
          <tr>
            <th scope="col">Name in the pack</th>
            <th scope="col">What it is</th>
            <th scope="col">Original name</th>
            <th scope="col">Size</th>
            <th scope="col" class="k-hash">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          ${listed.map(fileRow)}
        </tbody>
      </table>
      ${
        listed.length === model.files.length
          ? null
          : html`<p>
              The first ${count(listed.length)} are listed; <code>manifest-sha256.txt</code> names all.
            </p>`
      }`,
  };
};

const completeness = (model: PackIndexModel): Section => ({
  id: 'completeness',
  title: 'Completeness',
  body:
    model.missing.length === 0
      ? html`<p>
          Whoever made the pack declares it complete: nothing was left out of what was chosen for it. It
          carries no timestamp of a third party; the dates in it are the maker’s own word.
        </p>`
      : html`<p><b>This pack is partial.</b> It does not hold:</p>
          ${sentences(model.missing, '')}
          <p>It carries no timestamp of a third party; the dates in it are the maker’s own word.</p>`,
});

const check = (model: PackIndexModel): Section => ({
  id: 'check',
  title: 'How to check this pack',
  body: html`<p>
      <code>HOW-TO-VERIFY.txt</code>, beside the folder <code>data</code>, explains each step. In short, in
      the folder that holds it:
    </p>
    ${packCommands()} ${fingerprintText(model.rootFingerprint)}
    <p>This page is part of the pack and is checked with it. Opened alone, it proves nothing.</p>`,
});

/** `data/index.html` of a pack: HTML5, no script, links only to files of the pack. The same bytes for the same model. */
export const renderPackIndex = (model: PackIndexModel): string => {
  const sections = [verdicts(model), contents(model), completeness(model), check(model)];
  return documentText({
    lang: model.locale,
    title: `Evidence pack: ${model.case.name}`,
    description: 'Index of an evidence pack',
    css: REPORT_CSS,
    body: html`<header class="pack">
        <p class="issuer">
          ${model.organisation === '' ? 'No organisation named' : typed(model.organisation)}
        </p>
        <p class="kind">Evidence pack</p>
        <h1>${typed(model.case.name)}</h1>
        <p>
          The logs of a case as they were examined, what was found in them, and what is needed to check both
          without the software that made this.
        </p>
        ${facts('About this pack', [
          ['Pack', html`<code>${model.name}</code>`],
          ['Identifier', html`<code>${model.externalIdentifier}</code>`],
          ['Case reference', model.case.reference === '' ? 'none given' : typed(model.case.reference)],
          ['Purpose', model.case.purpose === '' ? 'none given' : typed(model.case.purpose)],
          ['Made', time(model.createdAt)],
          ['Made with', `Probity ${model.appVersion}`],
          ['Completeness', model.missing.length === 0 ? 'declared complete' : 'partial: see below'],
        ])}
        <p class="notice">
          This pack shows what could be checked in the data as given, and with what result. It does not
          certify compliance with any law, standard or contract.
        </p>
      </header>
      <main>${sections.map((each, at) => section(each, at + 1))}</main>`,
  });
};
