// Cutting texts into records: the same records whatever the chunks, with true offsets and lines.
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../electron/modules/audit/engine/lines/line-splitter.ts';
import { ArraySplitter } from '../../../electron/modules/audit/engine/lines/array-splitter.ts';
import {
  DigestColumn,
  IntColumn,
  PlaceColumn,
} from '../../../electron/modules/audit/engine/lines/columns.ts';
import { FindingList, MAX_FINDINGS } from '../../../electron/modules/audit/engine/lines/finding-list.ts';
import { RecordStream } from '../../../electron/modules/audit/engine/lines/record-stream.ts';
import type { Splitter } from '../../../electron/modules/audit/engine/lines/splitter.ts';
import { MAX_RECORD_BYTES } from '../../../electron/modules/audit/engine/lines/splitter.ts';
import { Strip } from '../../../electron/modules/audit/engine/lines/strip.ts';
import { DigestLookup } from '../../../electron/modules/audit/engine/guardian/digest-lookup.ts';

type Piece = readonly [text: string, offset: number, line: number, complete: boolean];

const cut = (
  text: string,
  chunk: number,
  make: (sink: ConstructorParameters<typeof LineSplitter>[0]) => Splitter,
): Piece[] => {
  const pieces: Piece[] = [];
  const splitter = make({
    piece: (bytes, start, end, offset, line, complete) => {
      // Every inner loop relies on a byte after the piece.
      expect(end).toBeLessThan(bytes.length);
      pieces.push([bytes.toString('utf8', start, end), offset, line, complete]);
    },
    tooLong: (offset, line, length) => void pieces.push([`too long: ${length}`, offset, line, true]),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) splitter.push(bytes.subarray(at, at + chunk));
  splitter.end();
  return pieces;
};

test('cuts at line feeds only, in chunks of any size', () => {
  const text = 'one\n\nthree\u2028\u0085\r\nvier Zoë\nlast';
  const whole = cut(text, 1000, (sink) => new LineSplitter(sink));
  expect(whole).toEqual([
    ['one', 0, 1, true],
    ['', 4, 2, true],
    ['three\u2028\u0085\r', 5, 3, true],
    ['vier Zoë', 17, 4, true],
    ['last', 27, 5, false],
  ]);
  for (let chunk = 1; chunk < 40; chunk += 1)
    expect(cut(text, chunk, (sink) => new LineSplitter(sink))).toEqual(whole);
});

test('counts a line that is too long instead of holding it, and goes on after it', () => {
  const long = 'x'.repeat(MAX_RECORD_BYTES + 5);
  const exact = 'y'.repeat(MAX_RECORD_BYTES);
  const pieces = cut(`a\n${long}\n${exact}\nb\n`, 1 << 20, (sink) => new LineSplitter(sink));
  expect(pieces.map(([text, offset, line]) => [text.slice(0, 30), offset, line])).toEqual([
    ['a', 0, 1],
    [`too long: ${long.length}`, 2, 2],
    ['y'.repeat(30), 3 + long.length, 3],
    ['b', 4 + long.length + exact.length, 4],
  ]);
});

test('cuts the elements of an array, brackets in strings and stray ones included', () => {
  const text = ' [ {"a":"]}\\""},\n{"b":[1,{"c":2}]} ,3,"x,]" , } , {"d":1}\n] ';
  const whole = cut(text, 1000, (sink) => new ArraySplitter(sink, null, () => undefined));
  expect(whole.map(([piece]) => piece)).toEqual([
    '{"a":"]}\\""}',
    '{"b":[1,{"c":2}]}',
    '3',
    '"x,]"',
    '}',
    '{"d":1}',
  ]);
  expect(whole.map(([piece, offset]) => text.indexOf(piece, offset) === offset)).not.toContain(false);
  expect(whole.map(([, , line]) => line)).toEqual([1, 2, 2, 2, 2, 2]);
  for (let chunk = 1; chunk < 30; chunk += 1) {
    expect(cut(text, chunk, (sink) => new ArraySplitter(sink, null, () => undefined))).toEqual(whole);
  }
});

test('says where an array is followed by something, and where it is not closed', () => {
  const trailing: number[][] = [];
  const note = (offset: number, bytes: number): void => void trailing.push([offset, bytes]);
  cut('[{}] \n x y', 3, (sink) => new ArraySplitter(sink, null, note));
  expect(trailing).toEqual([[7, 3]]);
  const form = (text: string) => {
    const stream = new RecordStream({ record: () => undefined, tooLong: () => undefined });
    stream.push(Buffer.from(text));
    stream.end();
    return { layout: stream.form.layout, isClosed: stream.form.isClosed, records: stream.records };
  };
  expect(form('[{}, {}')).toEqual({ layout: 'array', isClosed: false, records: 2 });
  expect(form('[{}, {}]')).toEqual({ layout: 'array', isClosed: true, records: 2 });
  expect(form('[]')).toEqual({ layout: 'array', isClosed: true, records: 0 });
  expect(form('[INFO] started\n{}\n')).toEqual({ layout: 'lines', isClosed: true, records: 2 });
});

test('keeps places of records through jumps of lines', () => {
  const places = new PlaceColumn();
  const rows = Array.from({ length: 70_000 }, (_, i) => ({
    offset: i * 3,
    line: i + 1 + Math.floor(i / 1000) * 5,
  }));
  for (const { offset, line } of rows) places.push(offset, line);
  for (const row of [0, 1, 999, 1000, 1001, 65_535, 65_536, 69_999]) {
    expect({ offset: places.offset(row), line: places.line(row) }).toEqual(rows[row]);
  }
});

test('finds the last row at or below a value', () => {
  const column = new IntColumn();
  for (const value of [2, 5, 9]) column.push(value);
  expect([1, 2, 4, 5, 100].map((value) => column.floor(value))).toEqual([-1, 0, 0, 1, 2]);
  expect(new IntColumn().floor(3)).toBe(-1);
});

test('looks digests up among many, copies included, and never finds an empty one', () => {
  const digest = (i: number): string =>
    (i * 2_654_435_761)
      .toString(16)
      .padStart(64, '0')
      .slice(-64)
      .replace(/^.{32}/, (s) => s.split('').toReversed().join(''));
  const text = (i: number): string => `${digest(i).slice(32)}${digest(i).slice(0, 32)}`;
  const column = new DigestColumn();
  for (let i = 0; i < 1000; i += 1) column.push(i % 10 === 9 ? '' : text(i % 500));
  const wanted = new DigestColumn();
  for (const hex of [text(7), text(9999), '']) wanted.push(hex);
  const lookup = new DigestLookup(3);
  for (let row = 0; row < 3; row += 1) lookup.want(wanted, row);
  lookup.scan(column, (row) => row);
  expect([0, 1, 2].map((row) => [...lookup.found(wanted, row)])).toEqual([[7, 507], [], []]);
});

test('a flood of harmless findings never hides a grave one, and all count', () => {
  const list = new FindingList();
  for (let index = 0; index < MAX_FINDINGS + 5; index += 1)
    list.add({ kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED', index, message: '' });
  list.add({ kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED', index: 500_000, message: '' });
  const { findings, omitted } = list.listed();
  expect([findings.length, omitted, findings.at(-1)?.kind]).toEqual([MAX_FINDINGS, 6, 'EVENT_HASH_MISMATCH']);
  expect(list.verdict('INTACT')).toBe('TAMPERED');
});

test('the strip shows the gravest state of each record, in whole, and stays small', () => {
  const strip = new Strip();
  strip.mark(3, 4, 'attention');
  strip.mark(5, 1, 'failed');
  strip.mark(9, 1, 'uncovered');
  expect(strip.build(10, 8).stretches.map(({ from, to, state }) => `${from}-${to} ${state}`)).toEqual([
    '0-3 verified',
    '3-5 attention',
    '5-6 failed',
    '6-7 attention',
    '7-8 verified',
    '8-9 unanchored',
    '9-10 uncovered',
  ]);
  const busy = new Strip();
  for (let i = 0; i < 200_000; i += 2) busy.mark(i, 1, i === 100_000 ? 'failed' : 'attention');
  const { stretches } = busy.build(200_000, null);
  expect(stretches.length).toBeLessThanOrEqual(10_000);
  expect([stretches[0]?.from, stretches.at(-1)?.to]).toEqual([0, 200_000]);
  expect(stretches.filter(({ state }) => state === 'failed')).toHaveLength(1);
});
