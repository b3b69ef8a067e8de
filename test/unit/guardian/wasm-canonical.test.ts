// The WebAssembly canonicaliser against its TypeScript twin, and against the source that it was compiled from.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CanonicalWriter } from '../../../electron/modules/audit/engine/guardian/byte-canonical.ts';
import {
  canonicaliser,
  WasmCanonicalWriter,
} from '../../../electron/modules/audit/engine/guardian/wasm-canonical.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { PYTHON_VECTORS } from '../../fixtures/guardian/python-vectors.ts';
import { randomRecord } from '../../fixtures/guardian/random-json.ts';
import { seeded } from '../../fixtures/guardian/random.ts';

const EXCLUDED = ['event_hash', 'chain_hash', 'previous_hash'];
const twin = new CanonicalWriter(EXCLUDED, 'event_id');
const wasm = new WasmCanonicalWriter(EXCLUDED, 'event_id');
const LINE_FEED = Buffer.from('\n');

/** What the two say of one record, where that is not the same; '' where it is, or where the module leaves it to the twin. */
const difference = (bytes: Buffer, end: number): string => {
  if (!wasm.read(bytes, 0, end)) return '';
  if (!twin.read(bytes, 0, end)) return `accepted: ${bytes.toString('latin1', 0, end)}`;
  if (!wasm.canonical().equals(twin.canonical()))
    return `written otherwise: ${bytes.toString('latin1', 0, end)}`;
  for (const [i, span] of [...wasm.spans, wasm.watched].entries()) {
    const other = [...twin.spans, twin.watched][i];
    if (span.kind !== other?.kind) return `another kind: ${bytes.toString('latin1', 0, end)}`;
    if (span.kind !== 0 && (span.start !== other.start || span.end !== other.end))
      return `another place: ${bytes.toString('latin1', 0, end)}`;
  }
  return '';
};

const differenceOf = (text: Uint8Array): string => difference(Buffer.concat([text, LINE_FEED]), text.length);

const SCRIPT = new URL('../../../scripts/build-wasm.mjs', import.meta.url).href;

test('the committed module is what its source compiles to', async () => {
  const committed = new URL(
    '../../../electron/modules/audit/engine/guardian/wasm/canonical-module.ts',
    import.meta.url,
  );
  const script = (await import(SCRIPT)) as { compileModule(): string };
  expect(await readFile(committed, 'utf8')).toBe(script.compileModule());
}, 60_000);

test('agrees with its twin on every vector', () => {
  const wrong = PYTHON_VECTORS.map(({ input }) => differenceOf(Buffer.from(`{"value":${input}}`)));
  expect(wrong.filter((each) => each !== '')).toEqual([]);
});

test('answers every genuine record by itself', () => {
  const lines = [...makeRecords({ seed: 5, count: 2000 })].map(({ line }) => Buffer.from(`${line}\n`));
  expect(lines.filter((line) => !wasm.read(line, 0, line.length - 1))).toEqual([]);
  expect(lines.map((line) => difference(line, line.length - 1)).filter((each) => each !== '')).toEqual([]);
});

test('agrees with its twin on 100,000 random records in all odd forms', () => {
  const random = seeded(4242);
  const wrong: string[] = [];
  let answered = 0;
  for (let i = 0; i < 100_000; i += 1) {
    const text = Buffer.from(`${randomRecord(random)}\n`);
    if (wasm.read(text, 0, text.length - 1)) answered += 1;
    const found = difference(text, text.length - 1);
    if (found !== '') wrong.push(found);
  }
  expect(wrong).toEqual([]);
  expect(answered).toBeGreaterThan(20_000);
});

test('agrees with its twin on a million records with bytes changed', () => {
  const random = seeded(777);
  const records = [...makeRecords({ seed: 9, count: 64 })].map(({ line }) => {
    const short = JSON.parse(line) as Record<string, unknown>;
    delete short['user_agent'];
    return Buffer.from(`${JSON.stringify(short).replaceAll('\\u00eb', 'ë')}\n`);
  });
  const wrong: string[] = [];
  let answered = 0;
  for (let i = 0; i < 1_000_000; i += 1) {
    const record = random.pick(records);
    const [at, then] = [random.int(0, record.length - 2), random.int(0, record.length - 2)];
    const [first, second] = [record[at] ?? 0, record[then] ?? 0];
    record[at] = random.int(0, 255);
    if (i % 3 === 0) record[then] = random.int(0x20, 0x7f);
    if (wasm.read(record, 0, record.length - 1)) {
      answered += 1;
      const found = difference(record, record.length - 1);
      if (found !== '') wrong.push(found);
    }
    record[then] = second;
    record[at] = first;
  }
  expect(wrong).toEqual([]);
  expect(answered).toBeGreaterThan(100_000);
}, 120_000);

test('records that are longer than the module’s memory, deep or many-keyed are answered by the twin', () => {
  const writer = canonicaliser([], 'id');
  const texts = [
    `{"a": "${'x'.repeat(200_000)}"}`,
    `{"a": ${'['.repeat(60)}1${']'.repeat(60)}}`,
    `{${Array.from({ length: 100 }, (_, i) => `"k${99 - i}": ${i}`).join(', ')}}`,
    `{"a": [${'1,'.repeat(40_000)}1]}`,
  ];
  for (const text of texts) {
    const bytes = Buffer.from(`${text}\n`);
    expect(writer.read(bytes, 0, text.length)).toBe(true);
    const alone = new CanonicalWriter([], 'id');
    alone.read(bytes, 0, text.length);
    expect(writer.canonical().equals(alone.canonical())).toBe(true);
  }
});

test('what grows most when written stays within the module’s memory', () => {
  const filled = [
    `[${Array.from({ length: 26_000 }, () => '9e15').join(',')}]`,
    `"${'\u007f'.repeat(130_000)}"`,
    `"${'ë'.repeat(65_000)}"`,
    `[${Array.from({ length: 32_000 }, () => '1E9').join(',')}]`,
  ];
  for (const value of filled) {
    const bytes = Buffer.from(`{"v":${value}}\n`);
    expect(wasm.read(bytes, 0, bytes.length - 1)).toBe(true);
    expect(difference(bytes, bytes.length - 1)).toBe('');
  }
});

test('text cut at any byte is never accepted as a record', () => {
  const [record] = [...makeRecords({ seed: 2, count: 1 })];
  const line = record?.line ?? '';
  for (let size = 0; size < line.length; size += 1)
    expect(wasm.read(Buffer.from(`${line.slice(0, size)}\n`), 0, size)).toBe(false);
});
