// Full-text search against the plain way: ASCII in either case, all else exactly, escapes of JSON included.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIndex } from '../../../electron/modules/audit/reading/build-index.ts';
import { searchLog } from '../../../electron/modules/audit/reading/search-log.ts';
import { searchPattern } from '../../../electron/modules/audit/reading/search-pattern.ts';

const matches = (wanted: string, text: string): boolean =>
  searchPattern(wanted).pattern.test(Buffer.from(text, 'utf8').toString('latin1'));
const lower = (text: string): string => text.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());

describe('what a search looks for', () => {
  test('is found exactly where the plain way finds it', () => {
    const word = fc.string({
      unit: fc.constantFrom(...'aAbBzZ09éÉüß漢😀 .*+?()[]{}|^$-'),
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 6 }), (wanted, words) => {
        const text = words.join('');
        expect(matches(wanted, text)).toBe(lower(text).includes(lower(wanted)));
      }),
      { numRuns: 3_000 },
    );
  });

  test('is found in its JSON form, however the writer escaped it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), (wanted) => {
        // Control characters and lone surrogates are written in more ways than these.
        fc.pre(!/[\p{Cc}\p{Cs}]/u.test(wanted));
        const raw = JSON.stringify(wanted);
        const ascii = raw.replaceAll(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        expect(matches(wanted, raw)).toBe(true);
        expect(matches(wanted, ascii)).toBe(true);
        expect(
          matches(
            wanted,
            ascii.replaceAll(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`),
          ),
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('letters beyond ASCII have one case, and a pattern of the user is only text', () => {
    expect(matches('MÜLLER', 'Müller')).toBe(false);
    expect(matches('Mü', 'mü')).toBe(true);
    expect(matches('.*', 'anything')).toBe(false);
    expect(matches('(a+)+$', `${'a'.repeat(40)}!`)).toBe(false);
  });
});

describe('a search over a log', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'probity-search-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('marks each row once, across chunks, and never a match over two rows', async () => {
    const run = { signal: new AbortController().signal, progress: () => undefined };
    // Rows of 700,000 bytes: most lie across the borders of the 1 MiB chunks.
    const filler = 'x'.repeat(350_000);
    const rows = Array.from({ length: 9 }, (_, at) =>
      JSON.stringify({
        at,
        a: filler,
        mark: at % 3 === 0 ? 'Needle needle' : 'hay',
        b: filler,
        end: `tail${at}`,
      }),
    );
    const path = join(folder, 'log.jsonl');
    writeFileSync(path, `${rows.join('\n')}\n`);
    const target = () => ({
      path: join(folder, randomBytes(4).toString('hex')),
      keyHex: randomBytes(32).toString('hex'),
    });
    const [index, text] = [target(), target()];
    const built = await buildIndex(
      { source: { at: 'path', path }, format: null, expectedSha256: null, index, text },
      run,
    );
    const find = (wanted: string) =>
      searchLog(
        {
          source: { at: 'path', path },
          index: { ...index, bytes: built.index.bytes },
          text: null,
          find: wanted,
        },
        run,
      );
    const found = await find('NEEDLE');
    expect(found.rows).toBe(3);
    expect([...found.bits]).toEqual([0b0100_1001, 0]);
    for (const [at] of rows.entries()) expect((await find(`tail${at}"`)).rows).toBe(1);
    expect((await find('tail0"}')).rows).toBe(1);
    // The end of one row and the beginning of the next.
    expect((await find('"}{"at"')).rows).toBe(0);
    expect((await find(`x","mark"`)).rows).toBe(9);
  });
});
