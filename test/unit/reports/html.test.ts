// The template tag: no value becomes markup, nothing stays unseen, nothing grows without end.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  codeLines,
  html,
  longText,
  markupOf,
  prose,
  type SafeHtml,
  styleElement,
  typed,
  VALUE_LIMIT,
} from '../../../electron/modules/reports/engine/html.ts';
import { firstPart, pictureOf, visible } from '../../../electron/modules/reports/engine/visible.ts';
import { named, readHtml, textOf } from './read-html.ts';

const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const anyText = fc.oneof(
  fc.string({ unit, maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '</title>',
        '</style>',
        '<script>',
        '<!--',
        '-->',
        ']]>',
        '&lt;',
        '`',
        '=',
        '\0',
        '\n',
        '\u202E',
        'x',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);

const page = (body: SafeHtml): string => `<!doctype html>\n${markupOf(body)}`;

describe('values', () => {
  test('any text stays text, and reads back as what is visible of it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const node = readHtml(
          page(
            html`<p class="${text}">${text}</p>
              <title>${text}</title>`,
          ),
        );
        const [p, title] = [named(node, 'p')[0], named(node, 'title')[0]];
        expect(p === undefined ? null : textOf(p)).toBe(visible(text));
        expect(title === undefined ? null : textOf(title)).toBe(visible(text));
        expect(p?.attributes.get('class')).toBe(visible(text));
        expect(named(node, 'p', 'title', 'span')).toHaveLength(
          2 + [...text].filter((each) => visible(each) !== each).length,
        );
      }),
      { numRuns: 400 },
    );
  });

  test('text for people and text for machines stay text too', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const node = readHtml(
          page(
            html`<p>${typed(text)}</p>
              <pre>${longText(text, 1000)}</pre>
              <pre>${codeLines(text)}</pre>
              <p>${prose(text)}</p>`,
          ),
        );
        const [quoted] = named(node, 'pre');
        expect(quoted === undefined ? null : textOf(quoted).replaceAll('\n', '')).toBe(visible(text));
        expect(named(node, 'script', 'style', 'img', 'a')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('characters that cannot be seen are named', () => {
    expect(visible('a\0b\u202Ec\u2066\uFEFF\n\t\r\u007F\u0085\u2028\u00AD\u{E0041}\uD800')).toBe(
      'a\\u{0000}b\\u{202E}c\\u{2066}\\u{FEFF}\\n\\t\\r\\u{007F}\\u{0085}\\u{2028}\\u{00AD}\\u{E0041}\\u{D800}',
    );
    expect(pictureOf('\u001B')).toBe('\\u{001B}');
    expect(markupOf(html`<p>${'a\u202Eb'}</p>`)).toBe('<p>a<span class="unseen">\\u{202E}</span>b</p>');
  });

  test('a name keeps the joiners of its spelling, but not what turns the reading order', () => {
    expect(markupOf(typed('می\u200Cخواهم \u202E'))).toBe(
      '<bdi>می\u200Cخواهم <span class="unseen">\\u{202E}</span></bdi>',
    );
  });

  test('a long value is cut with a note, and never inside a surrogate pair', () => {
    const text = `${'x'.repeat(VALUE_LIMIT - 1)}😀${'y'.repeat(1_000_000)}`;
    const markup = markupOf(html`<p>${text}</p>`);
    expect(markup.length).toBeLessThan(VALUE_LIMIT + 200);
    expect(markup).toContain('[cut here: 1,999 of 1,002,001 characters shown]');
    expect(markup.isWellFormed()).toBe(true);
    expect(firstPart('a😀', 2)).toBe('a');
    expect(firstPart('a😀', 3)).toBe('a😀');
  });

  test('the end of a line in quoted text is both named and kept', () => {
    expect(markupOf(longText('a\nb', 10))).toBe('a<span class="unseen">\\n</span>\nb');
    expect(markupOf(codeLines('a\nb\n'))).toBe('a\nb');
  });
});

describe('templates', () => {
  test('a placeholder outside of text and quotes is refused', () => {
    expect(() => html`<p class=${'x'}></p>`).toThrow('outside of a quoted attribute');
    expect(() => html`<${'p'}>`).toThrow('outside of a quoted attribute');
    expect(() => html`<p ${'onclick'}="x"></p>`).toThrow('outside of a quoted attribute');
  });

  test('markup is not taken where only text can stand', () => {
    expect(() => html`<p class="${html`<b>x</b>`}"></p>`).toThrow('cannot stand inside');
    expect(() => html`<title>${html`<b>x</b>`}</title>`).toThrow('cannot stand inside');
  });

  test('data that looks like markup of ours is not', () => {
    const forged: unknown = JSON.parse('{"markup":"<script>","Symbol(markup)":"<script>"}');
    expect(markupOf(html`<p>${[forged as SafeHtml]}</p>`)).toBe('<p></p>');
  });

  test('a style sheet that could load something is refused', () => {
    for (const css of ['@import "x"', 'a{background:url(x.png)}', 'a{}</style><script>'])
      expect(() => styleElement(css)).toThrow('self-contained');
    expect(markupOf(styleElement('a{fill:url(#p)}'))).toBe('<style>a{fill:url(#p)}</style>');
  });
});
