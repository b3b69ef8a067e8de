// Two engines, one verdict, for hash chains of any dialect: verify.py by the recipe of the report, and the TypeScript engine.
//
// The rule is that of agreement.test.ts. Where no record carries a hash of its own, the report may name an altered record
// itself or the broken link behind it. Tables (CSV), keyed hashes and logs without a recipe are said to be unchecked.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { parseRecipe, recipeJson } from '../../../shared/chain/recipe.ts';
import { seeded } from '../../fixtures/guardian/random.ts';
import { DIALECTS, logOf } from '../../fixtures/hash-chain/dialects.ts';
import { damage } from '../../fixtures/hash-chain/mutations.ts';
import { CHECKED, fuzzChain, genuineChains } from '../../fixtures/verify-py/fuzz-chains.ts';
import type { FuzzLog } from '../../fixtures/verify-py/fuzz-logs.ts';
import { disagreements, hasPython, reportOf } from '../../fixtures/verify-py/python-twin.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

// oxlint-disable-next-line no-console -- a skipped test must be seen
if (!hasPython)
  console.warn('SKIPPED: python3 does not run here, so verify.py was not compared with the engine');
const withPython = test.skipIf(!hasPython);

const FUZZED = Number(process.env['PROBITY_FUZZ_CHAINS'] ?? 2000);
const SEED = Number(process.env['PROBITY_FUZZ_SEED'] ?? Math.floor(Date.now() / 1000));
/** Of fuzzed logs, some are damaged so that no recipe is found. */
const MOST_UNCHECKED = 0.03;

const brief = ({ found }: Awaited<ReturnType<typeof disagreements>>): string[] =>
  found.slice(0, 5).map(({ at, wrong }) => `log ${at}: ${wrong.join('; ')}`);

withPython('the engines agree on every dialect, with and without a trusted head', async () => {
  const logs = genuineChains();
  const answer = await disagreements(logs);
  expect(brief(answer)).toEqual([]);
  expect([answer.compared, answer.unchecked]).toEqual([CHECKED.length * 2, 0]);
});

withPython(
  `the engines agree on ${FUZZED} small damaged hash chains (PROBITY_FUZZ_SEED=${SEED})`,
  async () => {
    const random = seeded(SEED);
    const answer = await disagreements(Array.from({ length: FUZZED }, () => fuzzChain(random)));
    expect(brief(answer)).toEqual([]);
    expect(answer.compared).toBe(FUZZED);
    expect(answer.unchecked).toBeLessThan(Math.max(3, FUZZED * MOST_UNCHECKED));
  },
  3_600_000,
);

const SAMPLES = 'audit/generic-chains';
test.skipIf(!hasPython || !hasSamples(SAMPLES))(
  'the engines agree on every sample that needs no key and is no table, whole and damaged',
  async () => {
    const folder = join(SHARED_DATA, SAMPLES);
    const names = readdirSync(folder).filter(
      (name) => /^d\d\d-.*\.jsonl$/u.test(name) && !name.includes('hmac'),
    );
    const logs = names.flatMap((name): FuzzLog[] => {
      const lines = readFileSync(join(folder, name), 'utf8').split('\n');
      const edited = lines.with(7, (lines[7] ?? '').replace(/alice|böb|carol|dave/u, 'mallory'));
      return [
        lines,
        edited,
        lines.toSpliced(9, 1),
        lines.toSpliced(9, 0, lines[8] ?? ''),
        lines.slice(5),
      ].map((each) => ({ format: 'hash-chain', bytes: Buffer.from(each.join('\n')), heads: [] }));
    });
    const answer = await disagreements(logs);
    expect(brief(answer)).toEqual([]);
    expect(answer.compared).toBeGreaterThan(30);
    expect(answer.unchecked).toBe(0);
  },
);

withPython('a report that is wrong in its verdict, head, a kind or a place is noticed', async () => {
  const dialect = CHECKED.find(({ name }) => name === 'prev inside, compact');
  const damaged = dialect === undefined ? null : damage(dialect, 30, 'edit', 9);
  if (damaged === null) throw new Error('the dialect is known');
  const asked: FuzzLog = { format: 'hash-chain', bytes: Buffer.from(damaged.log), heads: [] };
  const right = await reportOf(asked);
  if (right === null) throw new Error('the log has a report');
  expect((await disagreements([asked], { report: right })).found).toEqual([]);
  const recipe = parseRecipe(right.recipe?.json ?? '');
  const other = recipeJson({ ...recipe, digest: { ...recipe.digest, algorithm: 'sha512-256' } });
  const lies: VerificationReport[] = [
    { ...right, verdict: 'GAP' },
    { ...right, verdict: 'INTACT_BUT_UNANCHORED', findings: [] },
    { ...right, head: 'ab'.repeat(32) },
    { ...right, findings: right.findings.map((each) => ({ ...each, index: (each.index ?? 0) + 1 })) },
    { ...right, findings: right.findings.map((each) => ({ ...each, kind: 'LINK_BREAK' })) },
    { ...right, findings: [...right.findings, { kind: 'FORK', verdict: 'FORK', index: 3, message: '' }] },
    { ...right, recipe: { words: '', json: other } },
    { ...right, recipe: { words: '', json: '{"layout":"json"}' } },
  ];
  for (const [at, lie] of lies.entries())
    expect((await disagreements([asked], { report: lie })).found, `lie ${at}`).toHaveLength(1);
});

withPython('a keyed or tabular log is not judged, and nothing is claimed of it', async () => {
  const beyond = DIALECTS.filter(({ isCsv, key }) => isCsv === true || key !== undefined);
  expect(beyond.length).toBeGreaterThan(1);
  for (const dialect of beyond) {
    const bytes = Buffer.from(logOf(dialect, 30));
    const answer = await disagreements([{ format: 'hash-chain', bytes, heads: [] }]);
    expect(brief(answer), dialect.name).toEqual([]);
  }
});
