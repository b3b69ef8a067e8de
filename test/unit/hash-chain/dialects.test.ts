// Every dialect is identified, verified without a false alarm, shown by its coverage map, and verified by its own script.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hashChain } from '../../../electron/modules/audit/engine/hash-chain/hash-chain.ts';
import { recipeScript } from '../../../shared/chain/recipe-script.ts';
import { parseRecipe, recipeJson } from '../../../shared/chain/recipe.ts';
import { DIALECTS, logOf } from '../../fixtures/hash-chain/dialects.ts';
import type { Dialect } from '../../fixtures/hash-chain/dialects.ts';
import { damage } from '../../fixtures/hash-chain/mutations.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'probity-chains-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('SKIPPED: no python3 here, so the exported scripts were not run');

const keysOf = (dialect: Dialect): { name: string; bytes: Buffer }[] => {
  if (dialect.key !== undefined) return [{ name: 'chain.key', bytes: Buffer.from(`${dialect.key}\n`) }];
  if (dialect.publicKey === undefined) return [];
  return [
    { name: 'signer.pem', bytes: Buffer.from(dialect.publicKey.export({ type: 'spki', format: 'pem' })) },
  ];
};

const verify = async (log: string, dialect: Dialect, extra: { heads?: string[]; recipe?: string } = {}) => {
  const options = {
    trustedHeads: extra.heads ?? [],
    keys: keysOf(dialect),
    ...(extra.recipe === undefined ? {} : { recipe: extra.recipe }),
  };
  return hashChain.verify(
    memorySource(log, dialect.isCsv === true ? 'log.csv' : 'log.jsonl'),
    options,
    quietRun,
  );
};

describe.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))('%s', (_name, dialect) => {
  const log = logOf(dialect, 80);

  it('is found, verified to the last record, and its coverage is told', async () => {
    const { report } = await verify(log, dialect);
    expect(report.verdict).toBe(dialect.verdict ?? 'INTACT_BUT_UNANCHORED');
    expect(report.records).toBe(80);
    expect(report.recipe?.words).toMatch(/ of /);
    expect(report.findings.filter((f) => f.verdict !== undefined && f.kind !== 'SEGMENT_START')).toEqual([]);
    expect(report.coverage.unprotectedFields.toSorted()).toEqual((dialect.unprotected ?? []).toSorted());
    expect(report.findings.some(({ kind }) => kind === 'WEAK_DIGEST')).toBe(dialect.isWeak === true);
    const last = report.findings
      .filter(({ kind }) => kind === 'UNPROTECTED_RECORD')
      .map(({ index }) => index);
    expect(last).toEqual(dialect.isLastUnprotected === true ? [79] : []);
  });

  it('is recognised from its beginning', async () => {
    const found = await hashChain.detect(memorySource(log));
    expect(found?.confidence).toBeGreaterThanOrEqual(dialect.key === undefined ? 0.9 : 0.8);
  });

  it('verifies by its own recipe when that is given', async () => {
    const { report } = await verify(log, dialect);
    const recipe = parseRecipe(report.recipe?.json ?? '');
    expect(parseRecipe(recipeJson(recipe))).toEqual(recipe);
    const again = await verify(log, dialect, { recipe: recipeJson(recipe) });
    expect(again.report.verdict).toBe(report.verdict);
    expect(again.report.head).toBe(report.head);
  });

  it.runIf(dialect.chainOf === undefined && dialect.resets === undefined)(
    'is anchored by its last hash, and a cut tail is not',
    async () => {
      const { report } = await verify(log, dialect);
      const heads = [report.head ?? ''];
      expect((await verify(log, dialect, { heads })).report.verdict).toBe('INTACT');
      const cut = damage(dialect, 80, 'cut tail', 40)?.log ?? '';
      expect((await verify(cut, dialect, { heads })).report.verdict).toBe('TAMPERED');
    },
  );

  it('shows any record with the text that was hashed', async () => {
    const verified = await verify(log, dialect);
    const options = { trustedHeads: [], keys: keysOf(dialect) };
    const view = await hashChain.record(memorySource(log, 'log'), verified, 41, options);
    expect(view.checks.length).toBeGreaterThan(0);
    const isFollowing = dialect.resets === undefined;
    expect(view.checks.every(({ ok }) => ok || !isFollowing)).toBe(true);
    expect(view.checks.some(({ hashed }) => hashed !== null) || dialect.name.startsWith('bytes')).toBe(true);
    await expect(hashChain.record(memorySource(log), verified, 80, options)).rejects.toMatchObject({
      code: 'audit.no_such_record',
    });
  });

  it.runIf(hasPython)(
    'verifies in plain Python by the exported script, which finds an edited record too',
    async () => {
      const { report } = await verify(log, dialect);
      const script = join(folder, 'verify.py');
      const file = join(folder, 'log');
      const key = join(folder, 'key');
      writeFileSync(script, recipeScript(parseRecipe(report.recipe?.json ?? '')));
      writeFileSync(key, dialect.key ?? '');
      writeFileSync(file, log);
      const genuine = spawnSync('python3', [script, file, key], { encoding: 'utf8' });
      expect(`${genuine.status} ${genuine.stderr}`).toBe('0 ');
      expect(genuine.stdout.match(/ ok$/gm)).toHaveLength(80);
      writeFileSync(file, damage(dialect, 80, 'edit', 33)?.log ?? '');
      const edited = spawnSync('python3', [script, file, key], { encoding: 'utf8' });
      expect(`${edited.status} ${edited.stderr}`).toBe('1 ');
      expect(edited.stdout).toMatch(dialect.stores === 'prev' ? /^34 MISMATCH/m : /^33 MISMATCH/m);
    },
  );
});
