// bag-info.txt: what is written is read back, and no text gets out of its element.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bagInfo, bagInfoElement, cleanValue } from '../../../electron/modules/evidence/engine/bag.ts';
import {
  packInfoFindings,
  parseBagInfo,
  valueOf,
} from '../../../electron/modules/evidence/engine/verify/bag-info.ts';

const texts = (text: string) => parseBagInfo(text).findings.map((each) => each.text);
const label = fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,20}$/u);
const anyText = fc.oneof(
  fc.string({ maxLength: 300, unit: 'binary' }),
  fc.string({
    maxLength: 300,
    unit: fc.constantFrom(' ', '\n', '\r', ':', 'a', '\u2028', '\u0085', '\uFEFF', '\t', 'ä'),
  }),
);

describe('an element', () => {
  it('is read back as it was cleaned, whatever the text, without any finding', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(label, anyText), { maxLength: 6 }), (elements) => {
        const info = parseBagInfo(bagInfo(elements));
        const wanted = new Map<string, string[]>();
        for (const [name, value] of elements)
          wanted.set(name.toLowerCase(), [...(wanted.get(name.toLowerCase()) ?? []), cleanValue(value)]);
        expect([...info.elements]).toEqual([...wanted]);
        expect(info.findings.filter(({ text }) => !text.includes('more than once'))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
  it('is folded at 79 characters where it has spaces, and only there', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/u), { minLength: 1, maxLength: 40 }), (words) => {
        const lines = bagInfoElement('Missing-Item', words.join(' ')).split('\n');
        expect(lines.pop()).toBe('');
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(79);
        expect(lines.slice(1).every((line) => line.startsWith(' '))).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(bagInfoElement('Audit-Log-Head', 'ab'.repeat(32))).toBe(`Audit-Log-Head: ${'ab'.repeat(32)}\n`);
  });
  it('keeps one line for a text that tries to start another', () => {
    expect(bagInfoElement('Source-Organization', 'A\r\nCompleteness: complete')).toBe(
      'Source-Organization: A Completeness: complete\n',
    );
  });
});

describe('the reader', () => {
  it('never throws and never loses a well-formed line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const info = parseBagInfo(text);
        expect([...info.elements.values()].every((values) => values.length > 0)).toBe(true);
        expect(valueOf(parseBagInfo(`${text}\nLast-One: here\n`), 'last-one')).toBe('here');
      }),
      { numRuns: 500 },
    );
  });
  it('joins folded lines and takes labels in any case, repeated labels in order', () => {
    const info = parseBagInfo('Contact-Name: A\nDESCRIPTION: one\n  two\n\tthree\ncontact-name: B\n');
    expect([valueOf(info, 'description'), info.elements.get('contact-name')]).toEqual([
      'one two three',
      ['A', 'B'],
    ]);
    expect(info.findings).toEqual([]);
  });
  it.each([
    ['a line without a colon', 'just text\n', 'line 1 is not "label: value"'],
    ['a continuation of nothing', ' folded\n', 'line 1 is not "label: value"'],
    ['a byte order mark', '\uFEFFA: b\n', 'it starts with a byte order mark'],
    ['carriage returns', 'A: b\r\n', 'its lines do not end in LF alone'],
    ['an empty line', 'A: b\n\nC: d\n', 'line 2 is empty'],
    ['white space before the colon', 'A : b\n', 'line 1 has white space before the colon'],
    ['a control character', 'A: b\u0000\n', 'it holds control characters'],
    ['a text that is turned around', 'A: b\u202Ec\n', 'it holds control characters'],
    ['two heads', 'Audit-Log-Head: a\nAudit-Log-Head: b\n', 'Audit-Log-Head occurs more than once'],
    [
      'two lists of signatures in two spellings',
      'Expected-Signatures: cms\nexpected-signatures: jws\n',
      'Expected-Signatures occurs more than once',
    ],
  ])('notices %s', (_, text, finding) => {
    expect(texts(text)).toContain(finding);
  });
  it.each([
    ['EP-Version: 2\n', 'EP-Version is not 1'],
    ['Completeness: mostly\n', 'Completeness is not'],
    ['Bagging-Date: yesterday\n', 'Bagging-Date is not'],
    ['Audit-Log-Head: AB\n', 'Audit-Log-Head is not'],
    ['Completeness: partial\n', 'does not say what is missing'],
    ['Completeness: complete\nMissing-Files: one\n', 'complete and that something is missing'],
  ])('holds %j against EP-1', (text, finding) => {
    expect(
      packInfoFindings(parseBagInfo(text))
        .map((each) => each.text)
        .join(),
    ).toContain(finding);
  });
});
