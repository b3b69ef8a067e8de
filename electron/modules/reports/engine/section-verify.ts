// How a reader checks the report and the log without Probity and without trusting whoever made it.
import type { AuditReportModel, StatedVerdict } from './audit-report-model.ts';
import { codeLines, html, prose, type SafeHtml } from './html.ts';
import type { Section } from './parts.ts';
import { methodOf } from './method-of.ts';
import { digest, fingerprint } from './words.ts';

const block = (code: string): SafeHtml => html`<pre class="command">${codeLines(code)}</pre>`;
const command = (label: string, code: string): SafeHtml => html`<li>${label}${block(code)}</li>`;

/** The listing of a folder as it is made at intake, with GNU or BSD tools (macOS: shasum -a 256 for sha256sum). */
const LISTING = `cd FOLDER
find . -type f | sed 's|^\\./||' | LC_ALL=C sort | tr '\\n' '\\0' \\
  | xargs -0 sha256sum | sha256sum`;

/** The stock commands of a pack, in the order of HOW-TO-VERIFY.txt: the signature first. */
export const packCommands = (): SafeHtml =>
  html`<ol>
    ${command('Who signed it. It must say “verification successful”:', 'openssl cms -verify -binary -inform PEM \\\n  -in signatures/tagmanifest-sha256.txt.p7s \\\n  -content tagmanifest-sha256.txt -CAfile org-root.pem -out /dev/null')}
    ${command('The description is whole. Every line must end in OK:', 'sha256sum --strict -c tagmanifest-sha256.txt')}
    ${command('The content is whole. Every line must end in OK:', 'sha256sum --strict -c manifest-sha256.txt')}
    ${command('Nothing was added. It must print nothing:', 'diff <(find data -type f | LC_ALL=C sort) \\\n  <(cut -c67- manifest-sha256.txt | LC_ALL=C sort)')}
    ${command('The verdict again, and the quoted records, by the one-file checker that comes with the pack (Python, nothing to install). Nothing may say FAIL:', 'python3 verify.py')}
  </ol>`;

export const fingerprintText = (rootFingerprint: string | null): SafeHtml =>
  rootFingerprint === null
    ? html`<p>
        No signing certificate had been made when this was written, so there is no fingerprint to compare.
      </p>`
    : html`<p>
          The file <code>org-root.pem</code> is the root certificate of whoever made the pack. Obtain it, or
          its fingerprint, by another road than the pack itself: whoever forged a pack would print a forged
          fingerprint in it. According to this document, the SHA-256 fingerprint is
        </p>
        <p>${fingerprint(rootFingerprint)}</p>`;

const sourceDigest = (model: AuditReportModel): SafeHtml =>
  model.imported.kind === 'file'
    ? html`<p>
          The log that you hold is the one examined here if this command prints
          ${digest(model.imported.sha256)}:
        </p>
        ${block('sha256sum LOG')}`
    : html`<p>
          The folder that you hold is the one examined here if these commands print
          ${digest(model.imported.sha256)}:
        </p>
        ${block(LISTING)}`;

export const howToVerify = (model: AuditReportModel, { report }: StatedVerdict): Section => {
  const byHand = report === null ? null : (methodOf(report.format)?.byHand ?? null);
  const head = model.verification?.trustedHead ?? null;
  return {
    id: 'how-to-verify',
    title: 'How to verify this',
    body: html`<p>
        You need not trust Probity, nor whoever made this report. Everything above can be checked again with
        stock tools.
      </p>
      <h3 id="verify-source">That it is the same log</h3>
      ${sourceDigest(model)}
      <h3 id="verify-hand">The verdict, by hand</h3>
      ${
        byHand === null
          ? html`<p>This version holds no recipe to repeat the check of this format by hand.</p>`
          : html`<p>${prose(byHand.intro)}</p>
              ${block(byHand.code)}
              <p>${prose(byHand.outro)}</p>`
      }
      <h3 id="verify-probity">The verdict, with Probity</h3>
      ${block(`probity audit verify ${model.imported.kind === 'file' ? 'LOG' : 'FOLDER'}${head === null ? '' : ` --head ${head}`} --json`)}
      <h3 id="verify-pack">The evidence pack</h3>
      <p>
        If this report came in an evidence pack, unpack it and run these commands in the folder that holds
        <code>HOW-TO-VERIFY.txt</code>.
      </p>
      ${packCommands()} ${fingerprintText(model.rootFingerprint)}`,
  };
};
