// What every format owes its readers: an id of its own, a sentence, a written method, and a README in its folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FORMATS } from '../../../electron/modules/audit/engine/formats.ts';

const ENGINE = fileURLToPath(new URL('../../../electron/modules/audit/engine/', import.meta.url));

/** Folders that serve several formats. */
const SHARED: ReadonlySet<string> = new Set(['lines', 'anchors', 'commitments', 'segments']);

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  test('has an id of its own, a title and a sentence', () => {
    expect(FORMATS.filter((each) => each.id === id)).toHaveLength(1);
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u);
    expect(format.title.length).toBeGreaterThan(3);
    expect(format.summary).toMatch(/^\S.*\.$/u);
  });

  test('says for reports how it is checked, and what that cannot see', () => {
    expect(format.method?.steps.length).toBeGreaterThan(0);
    expect(format.method?.standards.length).toBeGreaterThan(0);
    expect(format.method?.limits.length).toBeGreaterThan(0);
    for (const sentence of [...(format.method?.steps ?? []), ...(format.method?.limits ?? [])])
      expect(sentence).toMatch(/[.:]$/u);
  });
});

test.each(
  readdirSync(ENGINE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !SHARED.has(entry.name))
    .map(({ name }) => name),
)('the folder %s says what it reads and what it does not check', (folder) => {
  const readme = join(ENGINE, folder, 'README.md');
  expect(existsSync(readme), readme).toBe(true);
  expect(readFileSync(readme, 'utf8').split('\n').length).toBeLessThanOrEqual(60);
});
