// Takes a picture of every scene and asks axe about it:
// node shoot.mjs [--theme light|dark|contrast] [--density compact] [--width 1280] [--height 800] [--zoom 2] [--forced] [--only name] [--out dir]
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { buildHarness } from './build.mjs';
import { SCENES } from './scenes.mjs';
import { serveHarness } from './serve.mjs';

const args = new Map();
for (let at = 2; at < process.argv.length; at += 1) {
  const flag = process.argv[at];
  const next = process.argv[at + 1];
  args.set(flag, next === undefined || next.startsWith('--') ? 'yes' : next);
}
const value = (name, fallback) => args.get(`--${name}`) ?? fallback;
const theme = value('theme', 'light');
const density = value('density', 'comfortable');
const zoom = Number(value('zoom', '1'));
const width = Math.round(Number(value('width', '1280')) / zoom);
const height = Math.round(Number(value('height', '800')) / zoom);
const out = value('out', '/tmp/shots');
const only = value('only', '');

const folder = value('built', '') || (await buildHarness('/tmp/probity-harness'));
const server = await serveHarness(folder);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
await mkdir(out, { recursive: true });
let bad = 0;
for (const scene of SCENES.filter((s) => s.name.includes(only))) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: zoom,
    reducedMotion: 'reduce',
    forcedColors: args.has('--forced') ? 'active' : 'none',
    colorScheme: theme === 'light' ? 'light' : 'dark',
  });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`console: ${message.text()}`);
  });
  try {
    await page.goto(`${server.url}?${scene.query}&theme=${theme}&density=${density}`);
    await page.locator('h1').first().waitFor();
    await page.waitForTimeout(250);
    await scene.steps?.(page);
    await page.waitForTimeout(350);
    await page.screenshot({
      path: `${out}/${scene.name}-${theme}${density === 'compact' ? '-compact' : ''}${zoom === 1 ? '' : `-${zoom}x`}${args.has('--forced') ? '-forced' : ''}.png`,
    });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) problems.push(`scrolls sideways by ${overflow} px`);
    await page.evaluate(axeSource);
    const violations = await page.evaluate(async () => {
      const result = await globalThis.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return result.violations.map(
        (v) =>
          `${v.id} (${v.impact}): ${v.nodes
            .map(
              (n) =>
                `${n.target.join(' ')} ${n.html.slice(0, 160)} ${n.any
                  .concat(n.all, n.none)
                  .map((c) => c.message)
                  .join('; ')}`,
            )
            .slice(0, 4)
            .join(' | ')}`,
      );
    });
    problems.push(...violations.map((v) => `axe: ${v}`));
  } catch (error) {
    problems.push(`scene: ${error.message}`);
    await page.screenshot({ path: `${out}/${scene.name}-broken.png` });
  }
  bad += problems.length;
  console.log(`${scene.name}: ${problems.length === 0 ? 'ok' : `\n  ${problems.join('\n  ')}`}`);
  await context.close();
}
await browser.close();
await server.close();
console.log(bad === 0 ? 'nothing found' : `${bad} problems`);
process.exitCode = bad === 0 ? 0 : 1;
