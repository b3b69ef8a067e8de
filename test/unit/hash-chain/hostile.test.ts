// Whatever a file holds, the engine answers with a report or an AppError, drops nothing in silence, and ends.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, CsvSplitter } from '../../../electron/modules/audit/engine/hash-chain/csv-stream.ts';
import { hashChain } from '../../../electron/modules/audit/engine/hash-chain/hash-chain.ts';
import { readKeys } from '../../../electron/modules/audit/engine/hash-chain/keys.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { parseRecipe } from '../../../shared/chain/recipe.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { DIALECTS, logOf } from '../../fixtures/hash-chain/dialects.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const verify = async (
  content: string | Uint8Array,
  recipe?: string,
): Promise<VerificationReport | string> => {
  try {
    const options = { trustedHeads: [], keys: [], ...(recipe === undefined ? {} : { recipe }) };
    return (await hashChain.verify(memorySource(content, 'log', 997), options, quietRun)).report;
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
};

const byName = (part: string) => {
  const dialect = DIALECTS.find(({ name }) => name.includes(part));
  if (dialect === undefined) throw new Error(`no dialect ${part}`);
  return dialect;
};

describe('hostile input', () => {
  it('of random bytes never ends otherwise than in a report or an expected error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', '{', '[{', 'a,b,hash\n'),
        async (bytes, begin) => {
          const content = Buffer.concat([Buffer.from(begin), bytes]);
          if (content.length > 0) expect(['string', 'object']).toContain(typeof (await verify(content)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(['prev inside, Python default', 'CSV', 'not stored', 'raw line'])(
    'cut off at any byte is counted to its last record: %s',
    async (name) => {
      const log = Buffer.from(logOf(byName(name), 12));
      for (let end = log.length - 1; end > log.length - 330; end -= 13) {
        const report = await verify(log.subarray(0, end));
        if (typeof report === 'string') throw new Error(report);
        const isWhole = log.subarray(0, end).toString().endsWith('\n') || log[end] === 0x0a;
        const lines =
          log.subarray(0, end).toString('latin1').trimEnd().split('\n').length - (name === 'CSV' ? 1 : 0);
        expect({ end, records: report.records }).toEqual({ end, records: lines });
        if (!isWhole && name !== 'CSV')
          expect({ end, verdict: report.verdict }).toEqual({ end, verdict: 'GAP' });
        if (!isWhole && name === 'CSV') expect(['GAP', 'TAMPERED']).toContain(report.verdict);
      }
    },
  );

  it('with one byte changed anywhere in a covered record never verifies', async () => {
    const lines = logOf(byName('prev inside, compact'), 20).trimEnd().split('\n');
    const line = lines[10] ?? '';
    for (let at = 0; at < line.length; at += 3) {
      const changed = line.slice(0, at) + (line[at] === '7' ? '8' : '7') + line.slice(at + 1);
      const report = await verify(`${lines.with(10, changed).join('\n')}\n`);
      const verdict = typeof report === 'string' ? report : report.verdict;
      expect({ at, isSeen: ['TAMPERED', 'UNVERIFIABLE', 'FORK'].includes(verdict), verdict }).toMatchObject({
        isSeen: true,
      });
    }
  });

  it('of deep nesting, huge numbers and strange names is a named record, not a crash', async () => {
    const good = logOf(byName('prev inside, compact'), 10).trimEnd().split('\n');
    const strange = [
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      `{"hash":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
      `{"seq":${'9'.repeat(5000)},"prev_hash":"x","entry_hash":"y"}`,
      '{"__proto__":{"hash":"x"},"entry_hash":"ab","prev_hash":"cd"}',
      '{"entry_hash":"\ud800","prev_hash":null}',
      'null',
      '{}',
    ];
    for (const line of strange) {
      const report = await verify(`${good.with(4, line).join('\n')}\n`);
      if (typeof report === 'string') throw new Error(report);
      expect(report.records).toBe(10);
      expect(report.findings.some(({ index, verdict }) => index === 4 && verdict !== undefined)).toBe(true);
    }
  });

  it('that holds no hashes is not this format', async () => {
    expect(await verify('{"a":1}\n{"a":2}\n')).toBe('audit.format_mismatch');
    expect(await hashChain.detect(memorySource('{"a":1}\n{"a":2}\n'))).toBeNull();
    expect(await hashChain.detect(memorySource('%PDF-1.7 not a log'))).toBeNull();
  });

  it('as a recipe is refused with its reason', async () => {
    for (const text of ['', '{', '[]', '{"version":2}', '{"version":1,"layout":"json"}'])
      expect(() => parseRecipe(text)).toThrow(expect.objectContaining({ code: 'audit.recipe_invalid' }));
    expect(await verify('{"a":1}\n', '{"version":9}')).toBe('audit.recipe_invalid');
  });

  it('as a key file gives keys or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const keys = readKeys([{ name: 'key', bytes }]);
        expect(keys.secrets.length + keys.publicKeys.length).toBeLessThan(40);
      }),
      { numRuns: 200 },
    );
  });
});

describe('CSV', () => {
  it('is read as it was written: separators, quotes and line breaks in cells, however it is cut into chunks', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' ') });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, size) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const bytes = Buffer.from(rows.map((row) => `${row.map(quoted).join(',')}\n`).join(''));
          const read: (string[] | null)[] = [];
          const splitter = new CsvSplitter({
            piece: (chunk, start, end) => void read.push(cellsOf(chunk.subarray(start, end).toString(), ',')),
            tooLong: () => undefined,
          });
          for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
          splitter.end();
          expect(read).toEqual(rows);
        },
      ),
    );
  });
});
