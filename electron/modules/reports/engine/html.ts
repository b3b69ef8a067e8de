// A template tag for HTML in which every value is escaped, cut to a sane length and made visible: safe by default.
import { firstPart, pieces, visible } from './visible.ts';

const MARKUP = Symbol('markup');

/** Markup that was made by {@link html}. No data can pretend to be it: the symbol never leaves this file. */
export interface SafeHtml {
  readonly [MARKUP]: string;
}

/** What a placeholder takes. null, undefined and false print nothing. */
export type HtmlValue = string | number | SafeHtml | readonly SafeHtml[] | null | undefined | false;

/** UTF-16 units of one value that are shown; the rest is counted. Longer texts need {@link longText}. */
export const VALUE_LIMIT = 2000;

const made = (markup: string): SafeHtml => ({ [MARKUP]: markup });
const isSafe = (value: unknown): value is SafeHtml =>
  typeof value === 'object' && value !== null && MARKUP in value;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');

const textMarkup = (text: string, limit: number, keepSpelling: boolean): string => {
  const shown = firstPart(text, limit);
  const body = pieces(shown, keepSpelling)
    .map((piece) =>
      piece.replaced ? `<span class="unseen">${escaped(piece.text)}</span>` : escaped(piece.text),
    )
    .join('');
  if (shown.length === text.length) return body;
  return `${body}<span class="cut"> [cut here: ${shown.length.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters shown]</span>`;
};

const LINE_FEED = textMarkup('\n', 1, false);

const plainText = (text: string): string => {
  const shown = firstPart(text, VALUE_LIMIT);
  return escaped(visible(shown)) + (shown.length === text.length ? '' : ' [cut]');
};

/** plain = no markup may be made of it: a quoted attribute, or a title, whose content browsers read as mere text. */
type Place = 'text' | 'plain';
const places = new WeakMap<TemplateStringsArray, readonly Place[]>();

/** Where each placeholder stands. Throws where escaping could not protect: unquoted attributes, tag and attribute names. */
const placesOf = (strings: TemplateStringsArray): readonly Place[] => {
  const known = places.get(strings);
  if (known !== undefined) return known;
  let before = '';
  const found = strings.slice(0, -1).map((part): Place => {
    before += part;
    const tag = before.slice(before.lastIndexOf('<'));
    if (!tag.startsWith('<') || tag.includes('>')) return tag.startsWith('<title') ? 'plain' : 'text';
    const inQuotes = (tag.match(/"/gu)?.length ?? 0) % 2 === 1;
    if (!inQuotes)
      throw new Error('a template placeholder stands inside a tag, outside of a quoted attribute');
    return 'plain';
  });
  places.set(strings, found);
  return found;
};

const valueMarkup = (value: HtmlValue, place: Place): string => {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string')
    return place === 'text' ? textMarkup(value, VALUE_LIMIT, false) : plainText(value);
  if (typeof value === 'number') return String(value);
  if (place === 'plain') throw new Error('markup cannot stand inside an attribute or a title');
  if (isSafe(value)) return value[MARKUP];
  return value.map((each) => each[MARKUP]).join('');
};

/** Markup from a literal template; values are text unless they are {@link SafeHtml} themselves. */
export const html = (strings: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml => {
  const where = placesOf(strings);
  let out = strings[0] ?? '';
  for (const [index, value] of values.entries())
    out += valueMarkup(value, where[index] ?? 'text') + (strings[index + 1] ?? '');
  return made(out);
};

/** A text that people typed (a name, a purpose): keeps line breaks and the joiners that spelling needs, isolated from its surroundings. */
export const typed = (text: string): SafeHtml =>
  made(
    firstPart(text, VALUE_LIMIT * 2)
      .split(/\r\n|\r|\n/u)
      .map((line) => `<bdi>${textMarkup(line, VALUE_LIMIT, true)}</bdi>`)
      .join('<br>'),
  );

/** A text for a `<pre>`, cut at `limit` UTF-16 units with a note; a line feed prints its picture and breaks the line. */
export const longText = (text: string, limit: number): SafeHtml =>
  made(textMarkup(text, limit, false).replaceAll(LINE_FEED, `${LINE_FEED}\n`));

/** Commands and programs of our own for a `<pre>`: line feeds only break the line, all else that is unseen shows. */
export const codeLines = (code: string): SafeHtml =>
  made(
    code
      .replace(/\n$/u, '')
      .split('\n')
      .map((line) => textMarkup(line, VALUE_LIMIT, false))
      .join('\n'),
  );

/** Prose of our own: what stands between backticks becomes code. Not for data. */
export const prose = (text: string): SafeHtml =>
  made(
    text
      .split('`')
      .map((part, at) =>
        at % 2 === 1
          ? `<code>${textMarkup(part, VALUE_LIMIT, false)}</code>`
          : textMarkup(part, VALUE_LIMIT, false),
      )
      .join(''),
  );

/** CSS of our own for a `<style>` element. Not for data. Throws on anything that could close the element or load a file. */
export const styleElement = (css: string): SafeHtml => {
  if (/<|@import|url\((?!#)/iu.test(css)) throw new Error('the style sheet must be self-contained');
  return made(`<style>${css}</style>`);
};

/** The finished text of a fragment. */
export const markupOf = (fragment: SafeHtml): string => fragment[MARKUP];
