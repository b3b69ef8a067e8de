// Pieces that several sections share: numbered headings, lists, fact tables, the verdict's sign.
import type { VerdictClass } from '../../../../shared/model/verdict.ts';
import { html, type HtmlValue, type SafeHtml } from './html.ts';
import { digest } from './words.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: SafeHtml;
}

export const section = ({ id, title, body }: Section, number: number): SafeHtml =>
  html`<section id="${id}" aria-labelledby="${id}-h">
    <h2 id="${id}-h"><span class="no">${number}</span> ${title}</h2>
    ${body}
  </section> `;

/** A list of sentences; `otherwise` is said where there are none, so that an empty list never reads as good news. */
export const sentences = (items: readonly string[], otherwise: string): SafeHtml =>
  items.length === 0
    ? html`<p>${otherwise}</p>`
    : html`<ul>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>`;

/** Two columns, names on the left. Rows without a value say so. */
export const facts = (
  caption: string,
  rows: readonly (readonly [name: string, value: HtmlValue])[],
): SafeHtml =>
  html`<table class="facts">
    <caption>
      ${caption}
    </caption>
    <tbody>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value === null || value === '' ? 'not recorded' : value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

export const digestOr = (value: string | null | undefined, otherwise: string): SafeHtml =>
  value === null || value === undefined ? html`<span class="absent">${otherwise}</span>` : digest(value);

const SIGNS: Readonly<Record<VerdictClass | 'none', SafeHtml>> = {
  pass: html`<circle class="sign-body" cx="16" cy="16" r="14" /><path
      class="sign-mark"
      d="M9 16.5 14 21.5 23 11"
    />`,
  attention: html`<path class="sign-body" d="M16 2.5 30.5 28.5H1.5Z" /><path
      class="sign-mark"
      d="M16 11.5V19.5M16 23.6V24.4"
    />`,
  fail: html`<path class="sign-body" d="M10 1.5H22L30.5 10V22L22 30.5H10L1.5 22V10Z" /><path
      class="sign-mark"
      d="M10.5 10.5 21.5 21.5M21.5 10.5 10.5 21.5"
    />`,
  none: html`<rect class="sign-body" x="2.5" y="2.5" width="27" height="27" /><path
      class="sign-mark"
      d="M9 16H23"
    />`,
};

/** The shape that goes with a verdict's class. Decoration: the word always stands beside it. */
export const sign = (kind: VerdictClass | 'none'): SafeHtml =>
  html`<svg class="sign" aria-hidden="true" viewBox="0 0 32 32" width="32" height="32">${SIGNS[kind]}</svg>`;
