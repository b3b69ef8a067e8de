// The byte-level writer against the reference: same text or no answer, never another answer.
import { expect, test } from 'vitest';
import { CanonicalWriter } from '../../../electron/modules/audit/engine/guardian/byte-canonical.ts';
import { canonicalPythonJson } from '../../../shared/chain/python-canonical.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { PYTHON_VECTORS } from '../../fixtures/guardian/python-vectors.ts';
import { randomRecord } from '../../fixtures/guardian/random-json.ts';
import { seeded } from '../../fixtures/guardian/random.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const reference = (bytes: Uint8Array): string | null => {
  try {
    return canonicalPythonJson(decoder.decode(bytes));
  } catch {
    return null;
  }
};

const writer = new CanonicalWriter([], 'event_id');

const fast = (text: Uint8Array): string | null => {
  const bytes = Buffer.concat([text, Buffer.from('\n')]);
  return writer.read(bytes, 0, text.length) ? writer.canonical().toString('latin1') : null;
};

/** Inputs on which the byte-level writer gives another text than the reference, or accepts what it refuses. */
const conflicts = (inputs: Iterable<Uint8Array>): { wrong: string[]; answered: number; total: number } => {
  const wrong: string[] = [];
  let answered = 0;
  let total = 0;
  for (const input of inputs) {
    total += 1;
    const given = fast(input);
    if (given === null) continue;
    answered += 1;
    if (given !== reference(input)) wrong.push(Buffer.from(input).toString('latin1'));
  }
  return { wrong, answered, total };
};

const encoder = new TextEncoder();

test('agrees with the reference on every vector', () => {
  const result = conflicts(PYTHON_VECTORS.map(({ input }) => encoder.encode(`{"value":${input}}`)));
  expect(result.wrong).toEqual([]);
  expect(result.answered).toBeGreaterThan(25);
});

test('agrees with the reference on random records, broken ones included', () => {
  const random = seeded(99);
  const result = conflicts(Array.from({ length: 20_000 }, () => encoder.encode(randomRecord(random))));
  expect(result.wrong).toEqual([]);
  // Keys with escapes are left to the reference, the rest must be answered.
  expect(result.answered).toBeGreaterThan(result.total / 4);
});

test('agrees with the reference on records with arbitrary bytes in them', () => {
  const random = seeded(100);
  const records = [...makeRecords({ seed: 3, count: 20 })].map(({ line }) =>
    Buffer.from(line.replaceAll('\\u00eb', 'ë')),
  );
  const inputs = Array.from({ length: 20_000 }, () => {
    const bytes = Buffer.from(random.pick(records));
    for (let i = random.int(1, 3); i > 0; i -= 1) bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
    return bytes;
  });
  const result = conflicts(inputs);
  expect(result.wrong).toEqual([]);
  expect(result.answered).toBeGreaterThan(1000);
  expect(result.answered).toBeLessThan(result.total);
});

test('answers every record as Guardian writes it, whichever fields are nested, unsorted or not ASCII', () => {
  for (const { line } of makeRecords({ seed: 8, count: 500 })) {
    const bytes = Buffer.from(line);
    expect(fast(bytes)).toBe(reference(bytes));
    const literal = Buffer.from(JSON.stringify(JSON.parse(line)));
    expect(fast(literal)).toBe(reference(literal));
  }
});

test('writes large records whole: many keys, long texts, worst-case growth', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${(i * 7919) % 5000}`, i]));
  for (const value of [
    many,
    { t: '\u007f'.repeat(300_000) },
    { t: 'ë\u{1f600}'.repeat(50_000) },
    [1e15, 2e15],
  ]) {
    const bytes = Buffer.from(`{"b":[1e15,9e15,1.5e15],"v":${JSON.stringify(value)},"a":1}`);
    const given = fast(bytes);
    expect(given !== null && given === reference(bytes)).toBe(true);
  }
  const exponents = Buffer.from(`{"v":[${Array.from({ length: 100_000 }, () => '9e15').join(',')}]}`);
  expect(fast(exponents) === reference(exponents)).toBe(true);
});

test('notes where the excluded fields stand, the last of equal ones, and leaves them out', () => {
  const own = new CanonicalWriter(['h', 'p'], 'id');
  const bytes = Buffer.from('{"h":"first","z":1,"id":"x","p":null,"h":"last","a":{"h":2}}\n');
  expect(own.read(bytes, 0, bytes.length - 1)).toBe(true);
  expect(own.canonical().toString()).toBe('{"a": {"h": 2}, "id": "x", "z": 1}');
  const [h, p] = own.spans;
  expect(bytes.toString('latin1', h?.start, h?.end)).toBe('last');
  expect(bytes.toString('latin1', p?.start, p?.end)).toBe('null');
  expect(bytes.toString('latin1', own.watched.start, own.watched.end)).toBe('x');
});

test('refuses a record whose left-out members are broken, although they are not written', () => {
  const own = new CanonicalWriter(['h'], 'id');
  for (const text of [
    '{"a":"\\x","a":1}',
    '{"h":"\\x","a":1}',
    '{"h":["\\u12"],"h":"x"}',
    '{"a":{"b":"\\ud8"},"a":1}',
  ]) {
    const bytes = Buffer.from(`${text}\n`);
    expect(own.read(bytes, 0, bytes.length - 1), text).toBe(false);
  }
});
