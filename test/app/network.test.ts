// The packaged app's page under attack: no request leaves it, and it goes nowhere.
import { createSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedApp, launchApp } from '../support/app.ts';
import { attackPage } from '../support/attack.ts';

let launched: LaunchedApp;
/** Listens on this machine, where no name and no route is needed: what doesn't arrive here was blocked. */
let tcp: number;
let udp: number;
let arrived = 0;
const server = createServer((socket) => {
  arrived += 1;
  socket.destroy();
});
const datagrams = createSocket('udp4').on('message', () => (arrived += 1));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => datagrams.bind(0, '127.0.0.1', resolve));
  tcp = (server.address() as AddressInfo).port;
  udp = datagrams.address().port;
  launched = await launchApp();
});
afterAll(async () => {
  await launched?.close();
  server.close();
  datagrams.close();
});

const attack = (body: string): Promise<string> => attackPage(launched.page, body, { tcp, udp });

describe('the network', () => {
  it('would be heard here: the listeners count what does arrive', async () => {
    connect(tcp, '127.0.0.1').on('error', () => {});
    createSocket('udp4').unref().send('x', udp, '127.0.0.1');
    await expect.poll(() => arrived, { timeout: 5000 }).toBe(2);
    arrived = 0;
  });

  it.each([
    ['fetch', 'return fetch(`http://127.0.0.1:${tcp}/`)', /^threw TypeError/u],
    [
      'fetch without an answer',
      'return fetch(`http://127.0.0.1:${tcp}/`, { mode: "no-cors", keepalive: true })',
      /^threw TypeError/u,
    ],
    [
      'XMLHttpRequest',
      'const x = new XMLHttpRequest(); x.open("GET", `http://127.0.0.1:${tcp}/`); const e = new Promise((r) => { x.onerror = () => r("error"); x.onload = () => r("loaded"); }); x.send(); return e',
      /^returned error/u,
    ],
    [
      'a web socket',
      'return new Promise((r) => { const w = new WebSocket(`ws://127.0.0.1:${tcp}/`); w.onerror = () => r("error"); w.onopen = () => r("open"); })',
      /^(?:returned error|threw)/u,
    ],
    [
      'an event source',
      'return new Promise((r) => { const e = new EventSource(`http://127.0.0.1:${tcp}/`); e.onerror = () => { e.close(); r("error"); }; e.onopen = () => r("open"); })',
      /^(?:returned error|threw)/u,
    ],
    [
      'web transport',
      'const w = new WebTransport(`https://127.0.0.1:${tcp}/`); w.closed.catch(() => {}); return w.ready',
      /^threw/u,
    ],
    [
      'a beacon',
      'navigator.sendBeacon(`http://127.0.0.1:${tcp}/`, "x"); await new Promise((r) => setTimeout(r, 300))',
      /^returned/u,
    ],
    [
      'an image',
      'return new Promise((r) => { const i = new Image(); i.onerror = () => r("error"); i.onload = () => r("loaded"); i.src = `http://127.0.0.1:${tcp}/x.png`; })',
      /^returned error/u,
    ],
    [
      'a style sheet',
      'const l = document.createElement("link"); l.rel = "stylesheet"; l.href = `http://127.0.0.1:${tcp}/x.css`; const e = new Promise((r) => { l.onerror = () => r("error"); l.onload = () => r("loaded"); }); document.head.append(l); return e',
      /^returned error/u,
    ],
    ['a font', 'return new FontFace("x", `url(http://127.0.0.1:${tcp}/x.woff2)`).load()', /^threw/u],
    [
      'hints to connect',
      'for (const rel of ["dns-prefetch", "preconnect", "prefetch", "preload", "prerender", "modulepreload"]) { const l = document.createElement("link"); l.rel = rel; l.as = "image"; l.href = `http://127.0.0.1:${tcp}/x`; document.head.append(l); } await new Promise((r) => setTimeout(r, 500))',
      /^returned/u,
    ],
    [
      'a frame',
      'const f = document.createElement("iframe"); f.src = `http://127.0.0.1:${tcp}/`; document.body.append(f); await new Promise((r) => setTimeout(r, 500)); f.remove()',
      /^returned/u,
    ],
    [
      'a form',
      'const f = document.createElement("form"); f.action = `http://127.0.0.1:${tcp}/`; document.body.append(f); f.submit(); await new Promise((r) => setTimeout(r, 300)); f.remove()',
      /^returned/u,
    ],
    [
      'WebRTC, which no policy covers',
      `const pc = new RTCPeerConnection({ iceServers: [
         { urls: \`stun:127.0.0.1:\${udp}\` },
         { urls: [\`turn:127.0.0.1:\${udp}\`, \`turn:127.0.0.1:\${tcp}?transport=tcp\`], username: 'a', credential: 'b' } ] });
       pc.createDataChannel('x'); await pc.setLocalDescription(await pc.createOffer());
       await new Promise((r) => setTimeout(r, 3000)); pc.close();`,
      /^returned/u,
    ],
  ])('is out of reach for %s', async (_name, body, expected) => {
    expect(await attack(body)).toMatch(expected);
    expect(arrived).toBe(0);
  });

  it('is out of reach for the main process too, in every session', async () => {
    const outcomes = await launched.app.evaluate(async ({ net, session }, port) => {
      const url = `http://127.0.0.1:${port}/`;
      const tries = [
        () => net.fetch(url),
        () => session.fromPartition('workbench').fetch(url),
        () => session.fromPartition('later').fetch(url),
      ];
      return Promise.all(
        tries.map((one) =>
          one().then(
            () => 'answered',
            (error: unknown) => String(error),
          ),
        ),
      );
    }, tcp);
    expect(outcomes.filter((outcome) => !/ERR_BLOCKED_BY_CLIENT/u.test(outcome))).toEqual([]);
    const resolved = await launched.app.evaluate(({ session }) =>
      session.defaultSession.resolveHost('example.com').then(() => 'resolved', String),
    );
    expect(resolved).toMatch(/ERR_NAME_NOT_RESOLVED/u);
    expect(arrived).toBe(0);
  });
});

describe('navigation', () => {
  it('goes nowhere, by link, script, form or window', async () => {
    const before = launched.page.url();
    await attack('globalThis.stays = 1');
    for (const url of [
      'https://example.com/',
      `http://127.0.0.1:${tcp}/`,
      'file:///etc/passwd',
      'app://report/x',
      'app://blank/',
      'data:text/html,x',
      'mailto:a@b.example',
      'ms-msdt:/id x',
    ]) {
      await attack(`
        const a = document.createElement('a'); a.setAttribute('href', ${JSON.stringify(url)}); document.body.append(a); a.click();
        a.setAttribute('target', '_blank'); a.click(); a.remove();
        try { location.assign(${JSON.stringify(url)}); } catch {}
        await new Promise((r) => setTimeout(r, 100));`);
      expect(launched.page.url(), url).toBe(before);
      expect(await attack(`return window.open(${JSON.stringify(url)})`), url).toBe('returned null');
    }
    expect(await attack('return globalThis.stays')).toBe('returned 1');
    expect(launched.app.windows()).toHaveLength(1);
    expect(arrived).toBe(0);
  });
});
