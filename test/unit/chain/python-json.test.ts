// The canonicaliser against vectors: our own, made with CPython, and the shared ones when they are there.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { canonicalPythonJson } from '../../../shared/chain/python-canonical.ts';
import { parsePythonJson, PythonJsonError } from '../../../shared/chain/python-json.ts';
import { compareCodePoints, pythonFloat } from '../../../shared/chain/python-text.ts';
import { sharedData } from '../../fixtures/guardian/optional.ts';
import { PYTHON_VECTORS } from '../../fixtures/guardian/python-vectors.ts';

const canonicalOrNull = (text: string, options = {}): string | null => {
  try {
    return canonicalPythonJson(text, options);
  } catch (error) {
    if (error instanceof PythonJsonError) return null;
    throw error;
  }
};

test.each(PYTHON_VECTORS.map((vector) => [vector.name, vector] as const))(
  'matches CPython: %s',
  (_name, vector) => {
    expect(canonicalOrNull(vector.input)).toBe(vector.canonical);
  },
);

const shared = sharedData('audit/python-json-canonical.jsonl');

interface SharedVector {
  readonly name: string;
  readonly input: string;
  readonly ok: boolean;
  readonly canonical?: string;
  readonly sha256?: string;
  readonly variants?: Readonly<
    Record<'compact' | 'unicode' | 'compact_unicode', { readonly sha256: string | null }>
  >;
}

test.skipIf(shared === null)('matches every shared vector, with its variants and refusals', () => {
  const digest = (text: string | null): string | null => (text === null ? null : hash('sha256', text));
  const lines = readFileSync(shared ?? '', 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) {
    const vector = JSON.parse(line) as SharedVector;
    const canonical = canonicalOrNull(vector.input);
    expect({ name: vector.name, ok: canonical !== null }).toEqual({ name: vector.name, ok: vector.ok });
    if (!vector.ok) continue;
    const { input } = vector;
    expect({ name: vector.name, canonical, sha256: digest(canonical) }).toEqual({
      name: vector.name,
      canonical: vector.canonical,
      sha256: vector.sha256,
    });
    expect({
      name: vector.name,
      compact: { sha256: digest(canonicalOrNull(input, { compact: true })) },
      unicode: { sha256: digest(canonicalOrNull(input, { ensureAscii: false })) },
      compact_unicode: { sha256: digest(canonicalOrNull(input, { compact: true, ensureAscii: false })) },
    }).toEqual({ name: vector.name, ...vector.variants });
  }
  expect(lines.length).toBeGreaterThan(30);
});

test('a refusal says where and why, and nothing of the content', () => {
  const refusal = (text: string): PythonJsonError => {
    try {
      parsePythonJson(text);
    } catch (error) {
      if (error instanceof PythonJsonError) return error;
    }
    throw new Error('was accepted');
  };
  expect(refusal('{"secret":"x')).toMatchObject({ message: 'unterminated string', position: 12 });
  expect(refusal(`${'['.repeat(100_000)}`)).toMatchObject({ message: 'nested deeper than 1000 levels' });
  expect(refusal('{"secret":07}').message).not.toContain('secret');
});

test('orders keys by code point where UTF-16 order differs', () => {
  const pair = '\u{1f600}';
  const cases = [
    '',
    'a',
    'a ',
    'ab',
    'z',
    '\ud83d',
    '\ud83dz',
    pair,
    `${pair}a`,
    '\u{1fa00}',
    '\ude00',
    '\ue000',
    '\uff61',
  ];
  const points = (text: string): number[] => Array.from(text, (c) => c.codePointAt(0) ?? 0);
  const plainly = (a: string, b: string): number => {
    const [x, y] = [points(a), points(b)];
    const at = x.findIndex((point, i) => point !== y[i]);
    return at < 0 ? x.length - y.length : at < y.length ? (x[at] ?? 0) - (y[at] ?? 0) : 1;
  };
  for (const a of cases) {
    for (const b of cases)
      expect(Math.sign(compareCodePoints(a, b)), `${a} / ${b}`).toBe(Math.sign(plainly(a, b)));
  }
});

test('writes floats that read back as the same double', () => {
  for (const value of [
    0.1, 1e16, 1e-5, 123456789012345680, 5e-324, 1.7976931348623157e308, -2.5, 1e15, 1e22,
  ]) {
    expect(Number(pythonFloat(value))).toBe(value);
    expect(pythonFloat(value)).toMatch(/[.e]/);
  }
});
