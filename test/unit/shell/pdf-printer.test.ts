// Printing: what the report's page is given, one at a time, and always cleaned up.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  makePdfPrinter,
  printOptions,
  ReportShelf,
  styleHashes,
} from '../../../electron/shell/pdf-printer.ts';

const HTML =
  '<!doctype html><html lang="en"><head><title>T</title><style>h1{color:red}</style></head><body><style>*{display:none}</style></body></html>';

const bench = (print: (html: string) => Promise<Uint8Array>, limit?: number) => {
  const shelf = new ReportShelf();
  const log: string[] = [];
  let open = 0;
  let most = 0;
  const printer = makePdfPrinter(
    shelf,
    () => {
      open += 1;
      most = Math.max(most, open);
      let html = '';
      return {
        loadURL: async (url) => {
          const response = await shelf.answer({ url, method: 'GET' });
          html = await response.text();
          log.push(`${response.status} ${url.replace(/[0-9a-f-]{36}/u, 'ID')}`);
        },
        printToPDF: () => print(html),
        close: () => void (open -= 1),
      };
    },
    limit,
  );
  return { shelf, printer, log, open: () => open, most: () => most };
};

describe('makePdfPrinter', () => {
  it('prints the document that it was given, from an address of its own', async () => {
    const { printer, log, open } = bench(async (html) => new TextEncoder().encode(`PDF of ${html.length}`));
    expect(new TextDecoder().decode(await printer.print(HTML))).toBe(`PDF of ${HTML.length}`);
    expect(log).toEqual(['200 app://report/ID']);
    expect(open()).toBe(0);
  });

  it('prints one after the other, in order', async () => {
    const { printer, most } = bench(async (html) => new TextEncoder().encode(html));
    const all = await Promise.all(['a', 'b', 'c'].map((html) => printer.print(html)));
    expect(all.map((bytes) => new TextDecoder().decode(bytes))).toEqual(['a', 'b', 'c']);
    expect(most()).toBe(1);
  });

  it('closes its page and goes on after a failure', async () => {
    let first = true;
    const { printer, open } = bench(async (html) => {
      if (!first) return new TextEncoder().encode(html);
      first = false;
      throw new Error('printer on fire');
    });
    await expect(printer.print('a')).rejects.toThrow('printer on fire');
    expect(open()).toBe(0);
    expect(await printer.print('b')).toEqual(new TextEncoder().encode('b'));
  });

  it('gives up on a print that hangs', async () => {
    const { printer, open } = bench(() => new Promise(() => {}), 20);
    await expect(printer.print('a')).rejects.toThrow('too long');
    expect(open()).toBe(0);
  });
});

describe('ReportShelf', () => {
  it('forgets a document when told, and answers nothing but its own addresses', async () => {
    const shelf = new ReportShelf();
    const { url, remove } = shelf.put(HTML);
    const status = async (address: string, method = 'GET') =>
      (await shelf.answer({ url: address, method })).status;
    expect(await status(url)).toBe(200);
    for (const other of [
      'app://report/',
      'app://report/x',
      `${url}/`,
      `${url}?x`,
      url.replace('report', 'workbench'),
      url.replace('app:', 'https:'),
      'app://report/../',
    ]) {
      expect(await status(other), other).toBe(404);
    }
    expect(await status(url, 'POST')).toBe(404);
    remove();
    expect(await status(url)).toBe(404);
  });

  it("admits the styles of the document's head only, and no script", async () => {
    const shelf = new ReportShelf();
    const response = await shelf.answer({ url: shelf.put(HTML).url, method: 'GET' });
    const hash = createHash('sha256').update('h1{color:red}').digest('base64');
    expect(response.headers.get('Content-Security-Policy')).toContain(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:`,
    );
    expect(styleHashes('<style>a{}</style>'), 'a document without a head').toEqual([]);
    expect(styleHashes('<head><style media="print">a{}</style><STYLE>\nb{}</STYLE></head>')).toHaveLength(2);
  });
});

describe('printOptions', () => {
  it('asks for a tagged A4 document with an outline and numbered pages', () => {
    expect(printOptions(HTML)).toMatchObject({
      pageSize: 'A4',
      preferCSSPageSize: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
      printBackground: true,
      displayHeaderFooter: true,
    });
    expect(printOptions(HTML).footerTemplate).toMatch(/pageNumber.*totalPages/u);
  });

  it('prints the footer that a report brings', () => {
    expect(printOptions(HTML, '<b>mine</b>').footerTemplate).toBe('<b>mine</b>');
  });

  it('leaves the numbering to a report that does its own', () => {
    expect(
      printOptions('<style>@page { @bottom-right { content: counter(page) } }</style>').displayHeaderFooter,
    ).toBe(false);
  });
});
