// Rules that hold for every file of the renderer: logical directions, colours from tokens, plain words, no ways around the policy.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../renderer/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(?:css|tsx?|html)$/u.test(name),
);
const read = (name: string): string => readFileSync(`${root}${name}`, 'utf8');
const code = files.filter((name) => /\.tsx?$/u.test(name));
const styles = files.filter((name) => name.endsWith('.css'));

const hits = (names: readonly string[], pattern: RegExp): string[] =>
  names.flatMap((name) =>
    read(name)
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${name}:${at + 1}: ${line.trim()}`] : [])),
  );

describe('renderer files', () => {
  test('there are files to look at', () => {
    expect(code.length).toBeGreaterThan(40);
    expect(styles.length).toBeGreaterThan(4);
  });

  test('styles use logical directions, so that right-to-left works', () => {
    expect(
      hits(
        styles,
        /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|float)\s*:|text-align:\s*(?:left|right)/u,
      ),
    ).toEqual([]);
  });

  test('colours are written in tokens.css only', () => {
    const others = [...styles.filter((name) => !name.endsWith('tokens.css')), ...code];
    expect(hits(others, /#[0-9a-f]{3,8}\b(?!['"]?\s*\))|\brgba?\(|\bhsla?\(/iu)).toEqual([]);
  });

  test('no markup from strings, no code from strings, no calls out', () => {
    expect(
      hits(
        code,
        /innerHTML\s*=|outerHTML\s*=|dangerouslySetInnerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon/u,
      ),
    ).toEqual([]);
  });

  test('no style element or style attribute in the page', () => {
    expect(read('index.html')).not.toMatch(/<style|style=|onload=|onclick=/u);
    expect(read('index.html')).toContain('<meta property="csp-nonce" nonce="__NONCE__" />');
  });

  test('words are calm: no exclamation marks and no emoji', () => {
    const texts = code.filter((name) => name.endsWith('text.ts'));
    expect(texts.length).toBeGreaterThan(5);
    expect(hits(texts, /'[^']*![^']*'|\p{Extended_Pictographic}/u)).toEqual([]);
  });

  test('the page imports neither Node nor the main process', () => {
    expect(hits(code, /from '(?:node:|electron|(?:\.\.\/)+electron\/)/u)).toEqual([]);
  });

  test('features do not import each other, and the kit imports no bridge, state or feature', () => {
    const between = code
      .filter((name) => name.startsWith('features/'))
      .flatMap((name) => {
        const own = name.split('/')[1] ?? '';
        return [...read(name).matchAll(/from '(?:\.\.\/)+(?:features\/)?([a-z-]+)\/[^']*'/gu)]
          .filter(
            ([, folder]) =>
              folder !== undefined &&
              !['bridge', 'ui', 'state', 'shared', 'contract', 'model', 'errors', own].includes(folder),
          )
          .map(([line]) => `${name}: ${line}`);
      });
    expect(between).toEqual([]);
    expect(
      hits(
        code.filter((name) => name.startsWith('ui/')),
        /from '\.\.\/(?:bridge|state|features|app)\//u,
      ),
    ).toEqual([]);
  });
});
