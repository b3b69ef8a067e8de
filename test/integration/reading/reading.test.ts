// Reading a log through the gateway on a real encrypted workspace: index, views, search, rows, bookmarks, journal.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CaseId, ImportId, RowSetId } from '../../../shared/model/ids.ts';
import type { RowFilter, RowOrder } from '../../../shared/model/reading.ts';
import { linesOf, recordOf } from '../../fixtures/reading/write-log.ts';
import { openTestBench, PASSPHRASE, type TestBench, withNewWorkspace } from '../../support/workbench.ts';

const RECORDS = 5_000;
const FORWARD: RowOrder = { by: 'position', direction: 'ascending' };

let bench: TestBench;
let caseId: CaseId;

const importText = async (
  name: string,
  content: string | Uint8Array,
): Promise<v.InferOutput<typeof ImportId>> => {
  const path = join(bench.folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  const { jobId } = await bench.call('audit.import', { caseId, file: bench.workbench.handles.issue(path) });
  return v.parse(ImportId, await bench.result(jobId));
};

const indexed = async (importId: v.InferOutput<typeof ImportId>) => {
  const { jobId } = await bench.call('reading.index', { importId });
  await bench.result(jobId);
  return importId;
};

const rowsOf = async (importId: v.InferOutput<typeof ImportId>, filter: RowFilter, order = FORWARD) => {
  const view = await bench.call('reading.view', { importId, filter, order });
  const { rows } = await bench.call('reading.rows', { view: view.id, offset: 0, limit: 500 });
  return { view, rows };
};

const search = async (importId: v.InferOutput<typeof ImportId>, text: string) => {
  const { jobId } = await bench.call('reading.search', { importId, text });
  return v.parse(RowSetId, await bench.result(jobId));
};

let log: v.InferOutput<typeof ImportId>;

beforeAll(async () => {
  bench = await openTestBench();
  await withNewWorkspace(bench);
  caseId = (await bench.call('cases.create', { name: 'A case', reference: '', purpose: '', notes: '' })).id;
  log = await importText('log.jsonl', linesOf(0, RECORDS));
});

afterAll(async () => {
  expect(bench.bugs).toEqual([]);
  await bench.close();
});

describe('a log that is opened for reading', () => {
  test('is absent until it was indexed, and then tells its rows, times and values', async () => {
    expect(await bench.call('reading.open', { importId: log })).toEqual({ state: 'absent', jobId: null });
    await indexed(log);
    const open = await bench.call('reading.open', { importId: log });
    if (open.state !== 'ready') throw new Error('not ready');
    expect(open.info).toMatchObject({
      rows: RECORDS,
      unreadable: 0,
      from: '2026-01-05T08:00:00.000Z',
      to: new Date(recordOf(RECORDS - 1).time).toISOString(),
      isOrdered: true,
    });
    expect(open.info.facets.result.top).toEqual([
      { value: 'success', count: 4_500 },
      { value: 'denied', count: 500 },
    ]);
    expect(open.info.facets.actor).toMatchObject({ distinct: 4 });
    expect(open.info.facets.actor.top.find((each) => each.value === null)?.count).toBe(1_000);
  });

  test('gives the rows that a filter lets through, newest first where that is asked', async () => {
    const filter: RowFilter = {
      actor: ['Zoë Müller', null],
      action: ['erase'],
      from: new Date(recordOf(1_000).time).toISOString(),
      to: new Date(recordOf(2_000).time).toISOString(),
    };
    const expected = Array.from({ length: 1_000 }, (_, at) => 1_000 + at).filter((number) => {
      const { actor, action } = recordOf(number);
      return action === 'erase' && (actor === null || actor === 'Zoë Müller');
    });
    const { view, rows } = await rowsOf(log, filter, { by: 'time', direction: 'descending' });
    expect(view.total).toBe(expected.length);
    expect(rows.map((row) => row.row)).toEqual(expected.toReversed());
    expect(view.timeline.counts.reduce((sum, count) => sum + count, 0)).toBe(expected.length);
    const [first] = rows;
    const newest = expected.at(-1) ?? 0;
    expect(first).toMatchObject({
      time: new Date(recordOf(newest).time).toISOString(),
      target: `file-${newest}.txt`,
      ip: `10.0.${newest >> 8}.${newest & 255}`,
      isReadable: true,
    });
    expect(await bench.call('reading.find', { view: view.id, row: newest })).toEqual({ position: 0 });
    expect(await bench.call('reading.find', { view: view.id, row: 999 })).toEqual({ position: null });
  });

  test('is searched for text in either case and in its escaped form', async () => {
    const expected = [7, 1_007, 2_007, 3_007, 4_007];
    for (const text of ['the "NEEDLE" in', 'NeEdLe']) {
      const found = await search(log, text);
      const { rows } = await rowsOf(log, { found });
      expect(rows.map((row) => row.row)).toEqual(expected);
      expect(await bench.call('reading.found', { id: found })).toMatchObject({ rows: 5, text });
    }
    const { view } = await rowsOf(log, { found: await search(log, 'no such thing') });
    expect(view.total).toBe(0);
    expect(view.timeline).toEqual({ from: null, bucketSeconds: 1, counts: [], withoutTime: 0 });
  });

  test('shows one record as it stands in the file, with its place', async () => {
    const text = await readFile(join(bench.folder, 'log.jsonl'));
    const detail = await bench.call('reading.row', { importId: log, row: 4_321 });
    expect(detail.raw).toBe(recordOf(4_321).text);
    expect(detail.bytes).toBe(Buffer.byteLength(recordOf(4_321).text));
    expect(text.subarray(detail.byteOffset ?? 0, (detail.byteOffset ?? 0) + detail.bytes).toString()).toBe(
      detail.raw,
    );
    expect(detail.fields).toContainEqual({ name: 'target', value: 'file-4321.txt' });
    await expect(bench.call('reading.row', { importId: log, row: RECORDS })).rejects.toMatchObject({
      code: 'reading.no_such_row',
    });
  });

  test('offers the values that contain what is typed', async () => {
    expect(
      await bench.call('reading.values', { importId: log, column: 'actor', text: 'EXAMPLE', limit: 10 }),
    ).toEqual([
      { value: 'alice@example.org', count: 1_000 },
      { value: 'bob@example.org', count: 1_000 },
    ]);
  });
});

describe('other shapes', () => {
  test('a compressed log, a JSON array and a folder of documents give the same rows as plain lines', async () => {
    const lines = linesOf(0, 300);
    const array = JSON.stringify(
      Array.from({ length: 300 }, (_, at) => JSON.parse(recordOf(at).text) as unknown),
      null,
      2,
    );
    const plain = await rowsOf(await indexed(await importText('plain.jsonl', lines)), {});
    const zipped = await rowsOf(await indexed(await importText('zipped.jsonl.gz', gzipSync(lines))), {});
    const listed = await rowsOf(await indexed(await importText('listed.json', array)), {});
    expect(zipped.rows).toEqual(plain.rows);
    expect(listed.rows).toEqual(plain.rows);
    const folder = join(bench.folder, 'folder');
    await mkdir(folder);
    for (const part of [0, 1, 2]) {
      const Records = Array.from(
        { length: 100 },
        (_, at) => JSON.parse(recordOf(part * 100 + at).text) as unknown,
      );
      await writeFile(join(folder, `part-${part}.json.gz`), gzipSync(JSON.stringify({ Records })));
    }
    const { jobId } = await bench.call('audit.import', {
      caseId,
      file: bench.workbench.handles.issue(folder),
    });
    const importId = v.parse(ImportId, await bench.result(jobId));
    const inFolder = await rowsOf(await indexed(importId), {});
    expect(inFolder.rows.map((row) => ({ ...row, file: null }))).toEqual(plain.rows);
    expect(inFolder.rows[250]?.file).toBe('part-2.json.gz');
    const detail = await bench.call('reading.row', { importId, row: 250 });
    expect(detail).toMatchObject({ raw: recordOf(250).text, file: 'part-2.json.gz', byteOffset: null });
    expect(
      (await rowsOf(importId, { found: await search(importId, 'needle') })).rows.map((row) => row.row),
    ).toEqual([7]);
  });

  test('a line that can not be read keeps its row and says so', async () => {
    const text = `${recordOf(0).text}\n{"broken": \n\n${recordOf(1).text}\n`;
    const { rows } = await rowsOf(await indexed(await importText('broken.jsonl', text)), {});
    expect(rows.map((row) => row.isReadable)).toEqual([true, false, true]);
  });
});

describe('bookmarks, notes and saved views', () => {
  test('are kept, changed and removed, and the journal names them without what they say', async () => {
    const secret = 'Ask Zoë about this one';
    const bookmark = await bench.call('reading.bookmark', { importId: log, row: 42 });
    expect((await bench.call('reading.bookmark', { importId: log, row: 42 })).id).toBe(bookmark.id);
    await bench.call('reading.note', { id: bookmark.id, text: secret });
    expect(await bench.call('reading.bookmarks', { importId: log })).toMatchObject([
      { row: 42, note: secret },
    ]);
    const view = await bench.call('reading.saveView', {
      importId: log,
      name: 'Denials of Zoë',
      filter: { actor: ['Zoë Müller'], result: ['denied'] },
      order: FORWARD,
      search: 'needle',
    });
    expect(await bench.call('reading.views', { importId: log })).toEqual([view]);
    const journal = await bench.call('journal.page', { limit: 200 });
    const text = JSON.stringify(journal.entries);
    expect(text).toContain(bookmark.id);
    expect(text).toContain(view.id);
    expect(text).not.toContain('Zoë');
    expect(text).not.toContain('needle');
    await bench.call('reading.deleteBookmark', { id: bookmark.id });
    await bench.call('reading.deleteView', { id: view.id });
    expect(await bench.call('reading.bookmarks', { importId: log })).toEqual([]);
    expect(await bench.call('reading.views', { importId: log })).toEqual([]);
    expect((await bench.call('journal.verify', {})).intact).toBe(true);
  });

  test('a row behind the last can not be bookmarked', async () => {
    await expect(bench.call('reading.bookmark', { importId: log, row: RECORDS })).rejects.toMatchObject({
      code: 'reading.no_such_row',
    });
  });
});

describe('a lock', () => {
  test('closes every view; the index is there again at once after it', async () => {
    const { view } = await rowsOf(log, {});
    await bench.workbench.lock('idle');
    expect(await bench.reply('reading.rows', { view: view.id, offset: 0, limit: 1 })).toMatchObject({
      ok: false,
      error: { code: 'access.no_session' },
    });
    await bench.call('workspace.unlock', { passphrase: PASSPHRASE });
    await expect(bench.call('reading.rows', { view: view.id, offset: 0, limit: 1 })).rejects.toMatchObject({
      code: 'reading.view_gone',
    });
    expect((await rowsOf(log, {})).view.total).toBe(RECORDS);
  });
});
