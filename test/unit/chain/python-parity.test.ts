// The canonicaliser against the Python of this machine: random floats and random documents.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { canonicalPythonJson } from '../../../shared/chain/python-canonical.ts';
import { pythonFloat } from '../../../shared/chain/python-text.ts';
import { warnSkipped } from '../../fixtures/guardian/optional.ts';
import { PYTHON_VECTORS } from '../../fixtures/guardian/python-vectors.ts';
import { randomDocument } from '../../fixtures/guardian/random-json.ts';
import { seeded } from '../../fixtures/guardian/random.ts';

const SCRIPT = fileURLToPath(new URL('../../fixtures/guardian/python_reference.py', import.meta.url));

const python = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 11))'], {
  encoding: 'utf8',
});
const hasPython = python.status === 0 && python.stdout.trim() === 'True';
if (!hasPython) warnSkipped('no python3 ≥ 3.11 on PATH, so the comparison with the original was not run');

/** What Python answers to each document; null where it refuses. */
const ask = (documents: readonly string[], ...flags: string[]): readonly (string | null)[] => {
  const input = documents.map((document) => JSON.stringify(document)).join('\n');
  const run = spawnSync('python3', [SCRIPT, ...flags], { input, encoding: 'utf8', maxBuffer: 1 << 29 });
  if (run.status !== 0) throw new Error(`python3 failed: ${run.stderr.slice(0, 500)}`);
  return run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as string | null);
};

const ours = (text: string, options = {}): string | null => {
  try {
    return canonicalPythonJson(text, options);
  } catch {
    return null;
  }
};

test.runIf(hasPython)('writes 1,000,000 random doubles as repr does', () => {
  const random = seeded(4711);
  const view = new DataView(new ArrayBuffer(8));
  const values: number[] = [];
  while (values.length < 1_000_000) {
    // Half from all bit patterns, half from magnitudes that logs hold.
    if (values.length % 2 === 0) {
      view.setUint32(0, random.int(0, 0xffff_ffff));
      view.setUint32(4, random.int(0, 0xffff_ffff));
    } else {
      view.setFloat64(0, (random.next() + random.next() / 2 ** 32) * 10 ** random.int(-8, 18));
    }
    const value = view.getFloat64(0);
    if (Number.isFinite(value)) values.push(value);
  }
  const bits = values.map((value) => {
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16).padStart(16, '0');
  });
  const wanted = ask(bits, '--floats');
  const misses = values.flatMap((value, i) =>
    pythonFloat(value) === wanted[i] ? [] : [`${pythonFloat(value)} / ${wanted[i]}`],
  );
  expect(misses).toEqual([]);
});

test.runIf(hasPython)('canonicalises 4,000 random documents, some of them broken, as json does', () => {
  const random = seeded(815);
  const documents = Array.from({ length: 4000 }, () => randomDocument(random));
  expect(documents.filter((document) => ours(document) === null).length).toBeGreaterThan(100);
  for (const [flags, options] of [
    [[], {}],
    [['--compact', '--unicode'], { compact: true, ensureAscii: false }],
  ] as const) {
    const wanted = ask(documents, ...flags);
    const misses = documents.flatMap((document, i) =>
      ours(document, options) === wanted[i] ? [] : [document],
    );
    expect(misses).toEqual([]);
  }
});

test.runIf(hasPython)('agrees that our own vectors are right', () => {
  const answers = ask(PYTHON_VECTORS.map(({ input }) => input));
  expect(answers).toEqual(PYTHON_VECTORS.map(({ canonical }) => canonical));
});
