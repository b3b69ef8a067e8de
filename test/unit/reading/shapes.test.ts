// Logs of other shapes, as the command line reads them: tables, syslog, XML, UTF-16, documents; and what is no text.
import { describe, expect, test } from 'vitest';
import { type ReadOptions, streamRows } from '../../../electron/modules/audit/reading/stream-rows.ts';
import type { Source } from '../../../electron/ports/source.ts';

const ANY: ReadOptions = {
  format: null,
  from: null,
  to: null,
  actor: [],
  action: [],
  result: [],
  search: null,
};
const run = { signal: new AbortController().signal, progress: () => undefined };

const source = (name: string, bytes: Uint8Array): Source => ({
  name,
  kind: 'file',
  files: [
    {
      name,
      bytes: bytes.length,
      open: async function* open({ start = 0, end = bytes.length } = {}) {
        // Small pieces, so that every border lies somewhere inside.
        for (let at = start; at < Math.min(end, bytes.length); at += 37)
          yield bytes.subarray(at, Math.min(at + 37, end, bytes.length));
      },
    },
  ],
});

const rowsOf = async (name: string, content: string | Uint8Array, options: Partial<ReadOptions> = {}) => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const rows = [];
  for await (const { row } of streamRows(source(name, bytes), { ...ANY, ...options }, run)) rows.push(row);
  return rows;
};

const TABLE = [
  'timestamp,user,action,result,comment',
  '2026-01-05T08:00:00Z,alice,login,ok,"first line',
  'second line, with a comma"',
  '2026-01-05T08:00:10Z,bob,export,denied,plain',
  '',
].join('\n');

describe('a log', () => {
  test('that is a table names its columns in its first line, and a quoted field may span lines', async () => {
    const rows = await rowsOf('table.csv', TABLE);
    expect(rows).toMatchObject([
      {
        row: 0,
        time: '2026-01-05T08:00:00.000Z',
        actor: 'alice',
        action: 'login',
        result: 'ok',
        isReadable: true,
      },
      { row: 1, actor: 'bob', action: 'export', result: 'denied' },
    ]);
    expect(rows.length).toBe(2);
    expect(await rowsOf('semicolons.csv', 'time;actor;action\n2026-01-05 08:00;a,b;read\n')).toMatchObject([
      { actor: 'a,b', action: 'read', time: '2026-01-05T08:00:00.000Z' },
    ]);
  });

  test('in UTF-16, as Windows redirects it, is read like any other', async () => {
    const text = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TABLE, 'utf16le')]);
    expect((await rowsOf('windows.csv', text)).map((row) => row.actor)).toEqual(['alice', 'bob']);
  });

  test('that is a document lists the elements inside it', async () => {
    const document = JSON.stringify({
      kind: 'EventList',
      items: [
        { timestamp: '2026-01-05T08:00:00Z', actor: 'alice', action: 'get' },
        { timestamp: '2026-01-05T08:00:01Z', actor: 'bob', action: 'list' },
      ],
    });
    expect((await rowsOf('events.json', document)).map((row) => row.action)).toEqual(['get', 'list']);
  });

  test('is filtered by time, values and text, all of which must hold', async () => {
    const lines = Array.from({ length: 50 }, (_, at) =>
      JSON.stringify({
        timestamp: new Date(1_000_000_000_000 + at * 1_000).toISOString(),
        actor: `u${at % 5}`,
        n: `<${at}>`,
      }),
    ).join('\n');
    const read = async (options: Partial<ReadOptions>) =>
      (await rowsOf('l.jsonl', lines, options)).map((row) => row.row);
    expect(await read({ actor: ['u1', 'u2'], from: 1_000_000_010_000, to: 1_000_000_020_000 })).toEqual([
      11, 12, 16, 17,
    ]);
    expect(await read({ search: '<1', actor: ['u1'] })).toEqual([1, 11, 16]);
    expect(await read({ search: 'absent' })).toEqual([]);
  });

  test('that is no text is refused in plain words, never listed as rubbish', async () => {
    const bytes = Buffer.alloc(5_000, 0x41);
    bytes[100] = 0;
    await expect(rowsOf('picture.bin', bytes)).rejects.toMatchObject({ code: 'reading.no_records' });
  });
});
