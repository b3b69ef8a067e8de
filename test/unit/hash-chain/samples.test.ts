// The shared samples of public dialects get their documented answers.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashChain } from '../../../electron/modules/audit/engine/hash-chain/hash-chain.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const FOLDER = join(SHARED_DATA, 'audit', 'generic-chains');
const isThere = hasSamples('audit/generic-chains');
const names = isThere ? readdirSync(FOLDER).filter((name) => /^d\d\d-/.test(name)) : [];

describe.skipIf(!isThere)('samples of generic chains', () => {
  it.each(names)('%s is intact, and an edit of any record is found in its place', async (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const keys = name.includes('hmac') ? [{ name: 'key', bytes: Buffer.from('sample-hmac-key') }] : [];
    const options = { trustedHeads: [], keys };
    const { report } = await hashChain.verify(memorySource(text, name), options, quietRun);
    expect([report.verdict, report.findings, report.coverage.unprotectedFields]).toEqual([
      'INTACT_BUT_UNANCHORED',
      [],
      [],
    ]);
    const heading = name.endsWith('.csv') ? 1 : 0;
    const lines = text.split('\n');
    for (const at of [0, 1, 20, 39]) {
      const line = lines[at + heading] ?? '';
      const changed = lines.with(
        at + heading,
        line
          .replace(/alice|böb|carol|dave/, 'mallory')
          .replace('login', 'logout')
          .replace('export', 'import'),
      );
      const damaged = await hashChain.verify(memorySource(changed.join('\n'), name), options, quietRun);
      const isChanged = changed[at + heading] !== line;
      expect(damaged.report.verdict).toBe(isChanged ? 'TAMPERED' : 'INTACT_BUT_UNANCHORED');
      if (isChanged)
        expect(damaged.report.findings.map(({ kind, index }) => [kind, index])).toEqual([
          ['EVENT_HASH_MISMATCH', at],
        ]);
    }
  });
});
