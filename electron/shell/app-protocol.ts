// Serves the workbench's page under app://workbench/ from a map of known files: no path is ever joined.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { BLANK_HOST, pathOn, WORKBENCH_HOST } from './origin.ts';
import { developmentPolicy, headersFor, workbenchPolicy } from './response-headers.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

export interface Page {
  readonly file: string;
  readonly type: string;
}

/** Replaced in index.html, at every load, by that load's nonce. */
export const NONCE_MARK = '__NONCE__';

/** Where React Aria and Vite look for the nonce of the styles that they add. */
const withNonce = (html: string, nonce: string): string => {
  const marked = html.replaceAll(NONCE_MARK, nonce);
  return /<meta[^>]+csp-nonce/iu.test(marked)
    ? marked
    : marked.replace(/<head[^>]*>/iu, (head) => `${head}<meta property="csp-nonce" nonce="${nonce}">`);
};

/**
 * The files below `root` by their address, once, at start. Links and files of unknown kinds (source maps) are left out.
 * @throws when `root` can't be read: an installation without its page doesn't start.
 */
export const knownPages = (root: string): ReadonlyMap<string, Page> => {
  const pages = new Map<string, Page>();
  const walk = (folder: string, address: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = join(folder, entry.name);
      if (entry.isDirectory()) walk(file, `${address}${entry.name}/`);
      const type = TYPES[extname(entry.name)];
      if (entry.isFile() && type !== undefined) pages.set(`${address}${entry.name}`, { file, type });
    }
  };
  walk(root, '/');
  const index = pages.get('/index.html');
  if (index === undefined) throw new Error('The page of the workbench is missing');
  return pages.set('/', index);
};

export type Answer = (request: Pick<Request, 'url' | 'method'>) => Promise<Response>;

const refuse = (status: number): Response =>
  new Response(null, { status, headers: headersFor(workbenchPolicy('none'), 'text/plain') });

/** @param newNonce at least 128 random bits, base64 */
export const serveWorkbench =
  (pages: ReadonlyMap<string, Page>, newNonce: () => string): Answer =>
  async ({ url, method }) => {
    if (method !== 'GET') return refuse(405);
    if (pathOn(BLANK_HOST, url) === '/') {
      return new Response('', { headers: headersFor(workbenchPolicy('none'), 'text/html; charset=utf-8') });
    }
    // A fragment never reaches the server; Chromium has stripped it.
    const path = pathOn(WORKBENCH_HOST, url);
    const page = path === null ? undefined : pages.get(path);
    if (page === undefined) return refuse(404);
    const bytes = await readFile(page.file);
    const nonce = newNonce();
    const body = page.file.endsWith('.html')
      ? withNonce(bytes.toString('utf8'), nonce)
      : new Uint8Array(bytes);
    return new Response(body, { headers: headersFor(workbenchPolicy(nonce), page.type) });
  };

/** Unpackaged only: the same address, answered by Vite's dev server. */
export const serveFromDevServer =
  (devServer: string): Answer =>
  async ({ url, method }) => {
    if (method !== 'GET' || !url.startsWith(`app://${WORKBENCH_HOST}/`)) return refuse(404);
    const reply = await fetch(new URL(url.slice(`app://${WORKBENCH_HOST}`.length), devServer));
    const type = reply.headers.get('Content-Type') ?? 'application/octet-stream';
    return new Response(reply.body, {
      status: reply.status,
      headers: headersFor(developmentPolicy(devServer), type),
    });
  };
