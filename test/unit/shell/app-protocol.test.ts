// The page comes from a map of known files, and from nowhere else.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  knownPages,
  serveFromDevServer,
  serveWorkbench,
} from '../../../electron/shell/app-protocol.ts';
import { isWorkbenchDocument, pathOn } from '../../../electron/shell/origin.ts';

let root = '';
let answer: Answer;
let count = 0;
const SECRET = 'root:x:0:0';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'probity-pages-'));
  const pages = join(root, 'renderer');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), SECRET);
  writeFileSync(join(root, 'secret.js'), SECRET);
  writeFileSync(
    join(pages, 'index.html'),
    '<!doctype html><html><head><title>x</title></head><style nonce="__NONCE__"></style></html>',
  );
  writeFileSync(join(pages, 'assets', 'index-A_b-1.js'), 'export {};');
  writeFileSync(join(pages, 'assets', 'index-A_b-1.js.map'), SECRET);
  writeFileSync(join(pages, 'assets', 'style.css'), 'h1{}');
  writeFileSync(join(pages, 'assets', 'font.woff2'), Buffer.from([0, 255, 10]));
  symlinkSync(join(root, 'secret.js'), join(pages, 'assets', 'link.js'));
  symlinkSync(root, join(pages, 'up'));
  answer = serveWorkbench(knownPages(pages), () => `nonce${(count += 1)}`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const get = (url: string): Promise<Response> => answer({ url, method: 'GET' });

const EVIL = [
  'app://workbench/..%2fsecret.txt',
  'app://workbench/..%2Fsecret.js',
  'app://workbench/../secret.js',
  'app://workbench/assets/../../secret.js',
  'app://workbench/assets/..%5c..%5csecret.js',
  'app://workbench/assets\\..\\..\\secret.js',
  'app://workbench/%2e%2e/secret.js',
  'app://workbench/%2e%2e%2fsecret.js',
  'app://workbench/.%2e/secret.js',
  'app://workbench/..;/secret.js',
  'app://workbench/....//secret.js',
  'app://workbench/index.html%00',
  'app://workbench/index.html%00.js',
  'app://workbench/index.html\u0000',
  'app://workbench/assets/link.js',
  'app://workbench/up/secret.js',
  'app://workbench/assets/index-A_b-1.js.map',
  'app://workbench/INDEX.HTML',
  'app://workbench/Assets/style.css',
  'app://workbench/assets/style.css/',
  'app://workbench/assets/style.css.',
  'app://workbench/assets//style.css',
  'app://workbench//index.html',
  'app://workbench//etc/passwd',
  'app://workbench/assets/',
  'app://workbench/assets',
  'app://workbench/index.html?x=1',
  'app://workbench/?',
  'app://workbench/index.html;x',
  'app://workbench/index%2ehtml',
  'app://workbench/%69ndex.html',
  'app://workbench/%25%32%65%25%32%65/secret.js',
  'app://workbench/%c0%ae%c0%ae/secret.js',
  'app://workbench/\uff0e\uff0e/secret.js',
  'app://workbench/C:/Windows/win.ini',
  'app://workbench/file:///etc/passwd',
  'app://workbench/__proto__',
  'app://workbench/constructor',
  'app://workbench/toString',
  'app://workbench',
  'app://workbench:80/',
  'app://user@workbench/',
  'app://user:pw@workbench/index.html',
  'app://WORKBENCH/',
  'app://workbench./',
  'app://workbench.evil.example/',
  'app://evil/index.html',
  'app://report/index.html',
  'app://blank/index.html',
  'app:///index.html',
  'app:index.html',
  'APP://workbench/',
  'file:///etc/passwd',
  'http://workbench/',
  'https://workbench/index.html',
  'data:text/html,x',
  '',
];

describe('serveWorkbench', () => {
  it('has a corpus of evil addresses worth the name', () => {
    expect(new Set(EVIL).size).toBeGreaterThanOrEqual(50);
  });

  it.each(EVIL)('answers %j with nothing', async (url) => {
    const response = await get(url);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });

  it.each([
    ['app://workbench/', 'text/html; charset=utf-8'],
    ['app://workbench/index.html', 'text/html; charset=utf-8'],
    ['app://workbench/assets/index-A_b-1.js', 'text/javascript; charset=utf-8'],
    ['app://workbench/assets/style.css', 'text/css; charset=utf-8'],
    ['app://workbench/assets/font.woff2', 'font/woff2'],
  ])('serves %s as %s', async (url, type) => {
    const response = await get(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(type);
  });

  it('gives bytes as they are', async () => {
    const response = await get('app://workbench/assets/font.woff2');
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 10]);
  });

  it.each(['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'get'])('refuses the method %s', async (method) => {
    expect((await answer({ url: 'app://workbench/', method })).status).toBe(405);
  });

  it('gives every load a nonce of its own, in the page and in its policy', async () => {
    const nonces = [];
    for (let load = 0; load < 2; load += 1) {
      const response = await get('app://workbench/');
      const html = await response.text();
      const nonce = /<meta property="csp-nonce" nonce="(\w+)">/u.exec(html)?.[1];
      expect(html).toContain(`<style nonce="${nonce}">`);
      expect(html).not.toContain('__NONCE__');
      expect(response.headers.get('Content-Security-Policy')).toContain(`style-src 'self' 'nonce-${nonce}'`);
      nonces.push(nonce);
    }
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('serves an empty page on the blank host', async () => {
    const response = await get('app://blank/');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('refuses to start without its page', () => {
    expect(() => knownPages(join(root, 'renderer', 'assets'))).toThrow(/missing/u);
    expect(() => knownPages(join(root, 'absent'))).toThrow(/ENOENT/u);
  });
});

describe('serveFromDevServer', () => {
  it('passes on what the dev server says, under the rules for development', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader('Content-Type', 'text/javascript').end('1');
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    try {
      const address = `http://localhost:${(server.address() as AddressInfo).port}`;
      const development = serveFromDevServer(address);
      const response = await development({ url: 'app://workbench/@vite/client?t=1', method: 'GET' });
      expect([response.status, response.headers.get('Content-Type'), await response.text()]).toEqual([
        200,
        'text/javascript',
        '1',
      ]);
      expect(response.headers.get('Content-Security-Policy')).toContain(address.replace('http', 'ws'));
      expect((await development({ url: 'app://evil/x', method: 'GET' })).status).toBe(404);
      expect((await development({ url: 'app://workbench/x', method: 'POST' })).status).toBe(404);
      expect(asked).toEqual(['/@vite/client?t=1']);
    } finally {
      server.close();
    }
  });
});

describe('pathOn and isWorkbenchDocument', () => {
  it('recognise the document by its exact address, whatever its fragment', () => {
    for (const url of [
      'app://workbench/',
      'app://workbench/index.html',
      'app://workbench/#/cases',
      'app://workbench/#a\nb',
    ]) {
      expect(isWorkbenchDocument(url), url).toBe(true);
    }
    for (const url of [
      ...EVIL,
      'app://workbench/assets/style.css',
      'app://workbench/?#',
      'about:blank',
      'about:srcdoc',
      'blob:app://workbench/x',
    ]) {
      expect(isWorkbenchDocument(url), url).toBe(false);
    }
    expect(pathOn('report', 'app://report/a-b')).toBe('/a-b');
    expect(pathOn('report', 'app://workbench/a-b')).toBeNull();
  });
});
