// The shell of every document that is written here: language, title, policy, style; no script, nothing from outside.
import { createHash } from 'node:crypto';
import { html, markupOf, type SafeHtml, styleElement } from './html.ts';

export interface DocumentParts {
  readonly lang: 'en';
  readonly title: string;
  readonly description: string;
  readonly css: string;
  readonly body: SafeHtml;
}

/**
 * A whole HTML5 document. Its Content-Security-Policy allows nothing but its own style sheet, by hash: even a mark-up
 * injection could load, run or restyle nothing.
 */
export const documentText = ({ lang, title, description, css, body }: DocumentParts): string => {
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  return markupOf(
    html`<!doctype html>
      <html lang="${lang}" dir="ltr">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${policy}" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="referrer" content="no-referrer" />
          <meta name="color-scheme" content="light dark" />
          <meta name="generator" content="Probity" />
          <meta name="description" content="${description}" />
          <title>${title}</title>
          ${styleElement(css)}
        </head>
        <body>
          ${body}
        </body>
      </html> `,
  );
};
