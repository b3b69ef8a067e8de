// The command palette finds what people mean.
import { fc } from './property.ts';
import { describe, expect, test } from 'vitest';
import { rank, scoreMatch } from '../../../renderer/app/palette-rank.ts';

const ITEMS = [
  { title: 'New case', keywords: 'create add file' },
  { title: 'Verify the journal now', keywords: 'check intact' },
  { title: 'Export the journal', keywords: 'save guardian jsonl' },
  { title: 'Journal', keywords: 'go to room open' },
  { title: 'Change theme or density', keywords: 'dark light contrast compact rows appearance' },
  { title: 'Patient portal: access log after the March incident', keywords: 'AUD-2026-014' },
];
const titles = (query: string): string[] => rank(query, ITEMS, 10).map((i) => i.title);

describe('command palette ranking', () => {
  test('an empty query keeps everything in its order', () => {
    expect(titles('')).toEqual(ITEMS.map((i) => i.title));
  });

  test('the shortest title that begins with the query comes first', () => {
    expect(titles('jour')[0]).toBe('Journal');
    expect(titles('jour')).toHaveLength(3);
  });

  test('words match in any order', () => {
    expect(titles('journal ver')).toEqual(['Verify the journal now']);
  });

  test('first letters of words match', () => {
    expect(titles('vjn')[0]).toBe('Verify the journal now');
  });

  test('keywords and references match, after titles', () => {
    expect(titles('dark')).toEqual(['Change theme or density']);
    expect(titles('aud-2026-014')).toEqual(['Patient portal: access log after the March incident']);
  });

  test('scattered letters are noise', () => {
    expect(titles('zqx')).toEqual([]);
    expect(scoreMatch('tnse', 'Patient portal')).toBeNull();
  });

  test('any word of a title finds it, in any case', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ITEMS), fc.nat(), fc.boolean(), (item, pick, upper) => {
        const words = item.title.split(' ');
        const word = words[pick % words.length] ?? '';
        return rank(upper ? word.toUpperCase() : word, ITEMS, 10).includes(item);
      }),
    );
  });

  test('the limit holds', () => {
    expect(rank('', ITEMS, 2)).toHaveLength(2);
  });
});
