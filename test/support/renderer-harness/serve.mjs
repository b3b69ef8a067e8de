// Serves a built harness on loopback under the policy of the product (architecture: app:// is Electron's).
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export const policy = (nonce) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' blob:; font-src 'self'; connect-src 'none'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;

/** Resolves to { url, close }. */
export const serveHarness = async (folder) => {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://harness').pathname;
    if (path === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const file = join(folder, normalize(path === '/' ? '/index.html' : path));
    const nonce = randomBytes(16).toString('base64');
    try {
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      const body = await readFile(file);
      response.writeHead(200, {
        'content-type': type,
        'content-security-policy': policy(nonce),
        'cache-control': 'no-store',
      });
      response.end(
        type.startsWith('text/html') ? body.toString('utf8').replaceAll('__NONCE__', nonce) : body,
      );
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};
