// What every document must be: inert, self-contained, and readable by machines that read aloud.
import { expect } from 'vitest';
import { elements, named, type Node, readHtml, textOf } from './read-html.ts';

const ALLOWED = new Set(
  'html head meta title style body header main nav section h1 h2 h3 p ul ol li a b i br wbr bdi span div code pre time table caption thead tbody tr th td figure figcaption svg g defs pattern rect path circle'.split(
    ' ',
  ),
);
const ALLOWED_ATTRIBUTES = new Set(
  'lang dir charset http-equiv content name id class href aria-label aria-labelledby aria-hidden role scope datetime viewBox width height preserveAspectRatio patternUnits x y cx cy r d'.split(
    ' ',
  ),
);

/** Everything but line feeds that a reader can't see or that turns the reading order; joiners belong to spelling. */
const UNSEEN = /(?!\n|\u200C|\u200D)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

export const expectAccessible = (text: string): Node => {
  const document = readHtml(text);
  expect(text.isWellFormed()).toBe(true);
  expect(UNSEEN.exec(text)?.[0]).toBeUndefined();
  expect(
    [...new Set(elements(document).map(({ name }) => name))].filter((name) => !ALLOWED.has(name)),
  ).toEqual([]);
  expect(
    [...new Set(elements(document).flatMap(({ attributes }) => [...attributes.keys()]))].filter(
      (name) => !ALLOWED_ATTRIBUTES.has(name),
    ),
  ).toEqual([]);

  const [html] = named(document, 'html');
  expect(html?.attributes.get('lang')).toBe('en');
  const [head] = named(document, 'head');
  expect(head).toBeDefined();
  expect(textOf(named(head ?? document, 'title')[0] ?? document)).not.toBe('');

  const ids = elements(document).flatMap(({ attributes }) => attributes.get('id') ?? []);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  for (const { attributes } of elements(document)) {
    const href = attributes.get('href');
    if (href?.startsWith('#') === true) expect(ids).toContain(href.slice(1));
    else if (href !== undefined) expect(href).toMatch(/^\.\/[A-Za-z0-9_-][A-Za-z0-9._/-]*$/u);
    const label = attributes.get('aria-labelledby');
    if (label !== undefined) expect(ids).toContain(label);
  }

  const levels = named(document, 'h1', 'h2', 'h3').map(({ name }) => Number(name[1]));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  expect(levels[0]).toBe(1);
  for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);

  for (const table of named(document, 'table')) {
    expect(textOf(named(table, 'caption')[0] ?? document)).not.toBe('');
    expect(table.children.find((child) => typeof child !== 'string')).toMatchObject({ name: 'caption' });
    for (const cell of named(table, 'th')) expect(['col', 'row']).toContain(cell.attributes.get('scope'));
    expect(named(table, 'th').length).toBeGreaterThan(0);
    const widths = named(table, 'tr').map((row) => named(row, 'th', 'td').length);
    expect(new Set(widths).size).toBe(1);
  }
  for (const svg of named(document, 'svg')) {
    if (svg.attributes.get('aria-hidden') === 'true') continue;
    expect(svg.attributes.get('role')).toBe('img');
    expect(textOf(named(svg, 'title')[0] ?? svg)).not.toBe('');
  }
  for (const list of named(document, 'ul', 'ol')) {
    expect(
      list.children.filter((child) => typeof child !== 'string').every((child) => child.name === 'li'),
    ).toBe(true);
    expect(named(list, 'li').length).toBeGreaterThan(0);
  }
  const [style] = named(document, 'style');
  expect(textOf(style ?? document)).not.toMatch(/@import|url\((?!#)|expression|https?:/iu);
  expect(text).not.toMatch(/\b(?:src|srcset|action|formaction|poster|data|background)="/u);
  return document;
};
