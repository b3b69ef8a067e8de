// Prints a report's HTML as a tagged PDF: in an unseen page of its own session, without scripts or any other address.
import type { PrintToPDFOptions, WebPreferences } from 'electron';
import { createHash, randomUUID } from 'node:crypto';
import type { PdfPrinter } from '../ports/host.ts';
import type { Answer } from './app-protocol.ts';
import { APP_SCHEME, pathOn, REPORT_HOST } from './origin.ts';
import { headersFor, reportPolicy } from './response-headers.ts';
import { CONFINED } from './window.ts';

export const REPORT_PARTITION = 'report';

/** Longer than any report takes; a hung print must not block the ones behind it. Milliseconds. */
const PRINT_LIMIT = 120_000;

/** The part of Electron's WebContents that is used. It needs no window, and so no display. */
export interface PrintPage {
  loadURL(url: string): Promise<void>;
  printToPDF(options: PrintToPDFOptions): Promise<Uint8Array>;
  close(): void;
}

export const PRINT_PREFERENCES = {
  ...CONFINED,
  partition: REPORT_PARTITION,
  javascript: false,
  devTools: false,
} as const satisfies WebPreferences;

const SMALL = 'font: 10px sans-serif; color: #555; width: 100%; margin: 0 14mm;';
const FOOTER = `<div style="${SMALL} text-align: right"><span class="pageNumber"></span> / <span class="totalPages"></span></div>`;

/** A report that numbers its own pages (CSS page-margin boxes) gets no second numbering. */
const numbersItself = (html: string): boolean => /@(?:top|bottom)-(?:left|center|right)\b/u.test(html);

export const printOptions = (html: string, footer: string = FOOTER): PrintToPDFOptions => ({
  pageSize: 'A4',
  preferCSSPageSize: true,
  printBackground: true,
  generateTaggedPDF: true,
  generateDocumentOutline: true,
  displayHeaderFooter: !numbersItself(html),
  headerTemplate: '<span></span>',
  footerTemplate: footer,
});

/** CSP hashes of the style elements in the document's head; styles that appear in its body stay without effect. */
export const styleHashes = (html: string): readonly string[] => {
  const head = html.slice(0, Math.max(0, html.search(/<\/head\s*>/iu)));
  return [...head.matchAll(/<style[^>]*>([\s\S]*?)<\/style\s*>/giu)].map(
    ([, css]) =>
      `sha256-${createHash('sha256')
        .update(css ?? '')
        .digest('base64')}`,
  );
};

/** Documents that are being printed, by the random id in their address. */
export class ReportShelf {
  readonly #documents = new Map<string, string>();

  put(html: string): { readonly url: string; readonly remove: () => void } {
    const id = randomUUID();
    this.#documents.set(id, html);
    return { url: `${APP_SCHEME}://${REPORT_HOST}/${id}`, remove: () => void this.#documents.delete(id) };
  }

  readonly answer: Answer = async ({ url, method }) => {
    const html = this.#documents.get(pathOn(REPORT_HOST, url)?.slice(1) ?? '');
    if (html === undefined || method !== 'GET') {
      return new Response(null, { status: 404, headers: headersFor(reportPolicy([]), 'text/plain') });
    }
    return new Response(html, {
      headers: headersFor(reportPolicy(styleHashes(html)), 'text/html; charset=utf-8'),
    });
  };
}

/** One document at a time, so that memory stays bounded however many reports are asked for. */
export const makePdfPrinter = (
  shelf: ReportShelf,
  open: (preferences: WebPreferences) => PrintPage,
  limit: number = PRINT_LIMIT,
): PdfPrinter => {
  let last: Promise<unknown> = Promise.resolve();

  const printNow = async (html: string, footer?: string): Promise<Uint8Array> => {
    const { url, remove } = shelf.put(html);
    const page = open(PRINT_PREFERENCES);
    const { promise: tooLong, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error('The report took too long to print')), limit);
    try {
      const work = page.loadURL(url).then(() => page.printToPDF(printOptions(html, footer)));
      // A plain copy: Electron's Buffer belongs to memory that goes with the page.
      return new Uint8Array(await Promise.race([work, tooLong]));
    } finally {
      clearTimeout(timer);
      page.close();
      remove();
    }
  };

  return {
    print: (html, footer) => {
      const mine = last.then(() => printNow(html, footer));
      last = mine.catch(() => {});
      return mine;
    },
  };
};
