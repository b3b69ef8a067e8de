// The index on disk: what was written is read back, and nothing that was changed is believed.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { buildIndex } from '../../../electron/modules/audit/reading/build-index.ts';
import { Dictionary, OVERFLOW } from '../../../electron/modules/audit/reading/dictionary.ts';
import {
  placeOffset,
  readFooter,
  ROW_BYTES,
  SEGMENT_ROWS,
} from '../../../electron/modules/audit/reading/index-format.ts';
import { OpenLog } from '../../../electron/modules/audit/reading/open-log.ts';
import { searchLog } from '../../../electron/modules/audit/reading/search-log.ts';
import type { ViewSpec } from '../../../electron/modules/audit/reading/reading-protocol.ts';
import { plainBlobBytes } from '../../../electron/store/blob-codec.ts';
import { linesOf, recordOf } from '../../fixtures/reading/write-log.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'probity-reading-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = { signal: new AbortController().signal, progress: () => undefined };
let serial = 0;
const target = () => {
  serial += 1;
  return { path: join(folder, `blob-${serial}`), keyHex: randomBytes(32).toString('hex') };
};

const build = async (path: string, format: string | null = null) => {
  const [index, text] = [target(), target()];
  const built = await buildIndex(
    { source: { at: 'path', path }, format, expectedSha256: null, index, text },
    run,
  );
  const spec = {
    source: { at: 'path' as const, path },
    index: { ...index, bytes: built.index.bytes },
    text: built.text === null ? null : { ...text, bytes: built.text.bytes },
  };
  return { built, spec };
};
const ALL: ViewSpec = {
  key: 'all',
  filter: {},
  order: { by: 'position', direction: 'ascending' },
  found: null,
};

describe('an index', () => {
  test('takes at most 24 bytes a row and gives back every row beyond one segment', async () => {
    const rows = SEGMENT_ROWS + 1_234;
    const path = join(folder, 'long.jsonl');
    writeFileSync(path, linesOf(0, rows));
    const { built, spec } = await build(path);
    expect(built.rows).toBe(rows);
    expect(built.text).toBe(null);
    expect(ROW_BYTES).toBeLessThanOrEqual(24);
    expect(built.index.bytes - rows * ROW_BYTES).toBeLessThan(20_000);
    const log = await OpenLog.open(spec);
    for (const at of [0, 1, SEGMENT_ROWS - 1, SEGMENT_ROWS, SEGMENT_ROWS + 1, rows - 1]) {
      const {
        rows: [only],
        total,
      } = await log.rows(ALL, at, 1);
      const expected = recordOf(at);
      expect(total).toBe(rows);
      expect(only).toMatchObject({
        row: at,
        time: new Date(expected.time).toISOString(),
        actor: expected.actor,
        action: expected.action,
        result: expected.result,
      });
      expect((await log.row(at)).raw).toBe(expected.text);
    }
    expect(await log.rows(ALL, rows - 2, 500)).toMatchObject({
      rows: [{ row: rows - 2 }, { row: rows - 1 }],
    });
    expect((await log.rows(ALL, rows + 5, 10)).rows).toEqual([]);
  });

  test('refuses rows of a referenced file that was changed since, and a search over it', async () => {
    const path = join(folder, 'changed.jsonl');
    const text = Buffer.from(linesOf(0, 3_000));
    writeFileSync(path, text);
    const { spec } = await build(path);
    const at = text.indexOf('file-2500.txt');
    text[at] = 0x46;
    writeFileSync(path, text);
    const log = await OpenLog.open(spec);
    await expect(log.row(2_500)).rejects.toMatchObject({ code: 'file.digest_differs' });
    // The first block is as it was: its rows still show.
    expect((await log.row(3)).raw).toBe(recordOf(3).text);
    await expect(searchLog({ ...spec, find: 'needle' }, run)).rejects.toMatchObject({
      code: 'file.digest_differs',
    });
    writeFileSync(path, text.subarray(0, 1_000));
    await expect(OpenLog.open(spec)).rejects.toMatchObject({ code: 'file.digest_differs' });
  });

  test('is not built over a file that is not the one imported', async () => {
    const path = join(folder, 'other.jsonl');
    writeFileSync(path, linesOf(0, 10));
    const input = { source: { at: 'path' as const, path }, format: null, expectedSha256: '0'.repeat(64) };
    await expect(buildIndex({ ...input, index: target(), text: target() }, run)).rejects.toMatchObject({
      code: 'file.digest_differs',
    });
  });

  test('stops when it is cancelled, and leaves no promise hanging', async () => {
    const path = join(folder, 'cancelled.jsonl');
    writeFileSync(path, linesOf(0, 20_000));
    const abort = new AbortController();
    const cancelling = { signal: abort.signal, progress: () => abort.abort() };
    const input = { source: { at: 'path' as const, path }, format: null, expectedSha256: null };
    await expect(buildIndex({ ...input, index: target(), text: target() }, cancelling)).rejects.toMatchObject(
      {
        code: 'job.cancelled',
      },
    );
  });

  test('that was changed anywhere is refused, not misread', async () => {
    const path = join(folder, 'small.jsonl');
    writeFileSync(path, linesOf(0, 50));
    const { spec } = await build(path);
    const stored = readFileSync(spec.index.path);
    expect(plainBlobBytes(stored.length)).toBe(spec.index.bytes);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: stored.length - 1 }), async (at) => {
        const changed = Buffer.from(stored);
        changed[at] = (changed[at] ?? 0) ^ 0x41;
        const other = join(folder, 'changed-index');
        writeFileSync(other, changed);
        const failure: unknown = await OpenLog.open({ ...spec, index: { ...spec.index, path: other } }).then(
          () => null,
          (error: unknown) => error,
        );
        expect(isAppError(failure) && failure.code === 'record.altered').toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('footer of any bytes is read or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(() => readFooter(Buffer.from(bytes))).toThrow(
            expect.objectContaining({ code: 'record.altered' }),
          );
        },
      ),
    );
  });

  test('says where each place is stored, without overlap', () => {
    const rows = 2 * SEGMENT_ROWS + 5;
    for (const at of [0, 1, SEGMENT_ROWS - 1, SEGMENT_ROWS, 2 * SEGMENT_ROWS, rows - 2])
      expect(placeOffset(at + 1, rows)).toBeGreaterThanOrEqual(placeOffset(at, rows) + 9);
    expect(placeOffset(rows - 1, rows) + 9).toBe(rows * ROW_BYTES);
  });
});

describe('hostile logs', () => {
  test('any bytes are listed or refused, and every line has its row', async () => {
    const path = join(folder, 'fuzz');
    const line = fc.oneof(
      fc.json({ maxDepth: 2 }),
      fc.string(),
      fc.constantFrom(
        '{',
        '}',
        '[',
        '{"time":1e999}',
        '{"timestamp":"9999999-01-01"}',
        '\u0000',
        '"'.repeat(50),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
          fc.array(line, { maxLength: 12 }).map((lines) => Buffer.from(lines.join('\n'))),
        ),
        async (bytes) => {
          writeFileSync(path, bytes);
          try {
            const { built, spec } = await build(path);
            const log = await OpenLog.open(spec);
            const page = await log.rows(ALL, 0, 500);
            expect(page.rows.length).toBe(built.rows);
            expect(page.rows.map((each) => each.row)).toEqual(page.rows.map((_, at) => at));
            for (const { row } of page.rows) expect(typeof (await log.row(row)).raw).toBe('string');
            await searchLog({ ...spec, find: 'e"' }, run);
          } catch (error) {
            if (!isAppError(error)) throw error;
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a dictionary', () => {
  test('that is full calls all later values by one name', () => {
    const dictionary = new Dictionary({ values: 4, characters: 100 });
    expect(['a', 'b', 'c', 'd', 'a', null].map((value) => dictionary.add(value))).toEqual([1, 2, 3, 3, 1, 0]);
    expect(dictionary.values).toEqual([null, 'a', 'b', OVERFLOW]);
    expect(dictionary.counts).toEqual([1, 2, 1, 2]);
  });
});
