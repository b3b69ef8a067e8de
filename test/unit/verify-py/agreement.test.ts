// Two engines, one verdict: verify.py and the TypeScript engine agree on samples, mutations and small hostile logs.
//
// The rule, exactly: equal are the verdict, the last chain hash, and for each class of findings the records at which it
// stands. GAP and LINK_BREAK are one class (why a parent is gone is an explanation), EVENT_HASH_MISMATCH and REPAIRED are
// one class (content differs from its hash); a record that the report explains as re-written bears MISMATCH_EXPLAINED in
// both, because verify.py does not search for repairs. REORDERED agrees when both find the order wrong, and the records
// that the report names as moved, taken out, leave every path in order. Remarks, which bear no verdict, are not compared.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { MUTATIONS } from '../../fixtures/guardian/mutate.ts';
import { seeded } from '../../fixtures/guardian/random.ts';
import { type FuzzLog, fuzzLog } from '../../fixtures/verify-py/fuzz-logs.ts';
import {
  type Disagreement,
  disagreements,
  hasPython,
  reportOf,
} from '../../fixtures/verify-py/python-twin.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

// oxlint-disable-next-line no-console -- a skipped test must be seen
if (!hasPython)
  console.warn('SKIPPED: python3 does not run here, so verify.py was not compared with the engine');
const withPython = test.skipIf(!hasPython);

const FUZZED = Number(process.env['PROBITY_FUZZ_LOGS'] ?? 5000);
const SEED = Number(process.env['PROBITY_FUZZ_SEED'] ?? Math.floor(Date.now() / 1000));

const few = (found: readonly Disagreement[]): string[] =>
  found.slice(0, 5).map(({ at, wrong }) => `log ${at}: ${wrong.join('; ')}`);

function* fuzzed(seed: number, count: number): Generator<FuzzLog> {
  const random = seeded(seed);
  for (let i = 0; i < count; i += 1) yield fuzzLog(random);
}

withPython(
  `the engines agree on ${FUZZED} small hostile logs (PROBITY_FUZZ_SEED=${SEED})`,
  async () => {
    const { compared, found } = await disagreements(fuzzed(SEED, FUZZED));
    expect(few(found)).toEqual([]);
    expect(compared).toBe(FUZZED);
  },
  3_600_000,
);

withPython('the engines agree on every kind of mutation, with and without a trusted head', async () => {
  const logs: FuzzLog[] = [];
  for (let seed = 1; seed <= 8; seed += 1) {
    const random = seeded(seed);
    const log = [...makeRecords({ seed, count: 60 })];
    for (const mutate of MUTATIONS) {
      const { text, trustedHeads = [] } = mutate(log, random);
      const bytes = Buffer.from(text);
      logs.push({ format: 'guardian-chain', bytes, heads: trustedHeads });
      logs.push({ format: 'guardian-chain', bytes, heads: [log.at(-1)?.chainHash ?? ''] });
    }
  }
  const { compared, found } = await disagreements(logs);
  expect(few(found)).toEqual([]);
  expect(compared).toBe(logs.length);
});

const SEED_CHAIN = 'audit/seed-chain';
test.skipIf(!hasPython || !hasSamples(SEED_CHAIN))(
  'the engines agree on every sample of the chain',
  async () => {
    const folder = join(SHARED_DATA, SEED_CHAIN);
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
      string,
      { readonly head_chain_hash: string }
    >;
    const genuine = expected['genuine']?.head_chain_hash ?? '';
    const logs = readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name): FuzzLog[] => {
        const bytes = readFileSync(join(folder, name));
        const own = expected[name.replace('.jsonl', '')]?.head_chain_hash ?? '';
        return [[], [genuine], [own]].map((heads) => ({ format: 'guardian-chain', bytes, heads }));
      });
    const { compared, found } = await disagreements(logs);
    expect(few(found)).toEqual([]);
    expect(compared).toBeGreaterThan(30);
  },
);

withPython('a report that is wrong in its verdict, a kind or a place is noticed', async () => {
  const log = [...makeRecords({ seed: 5, count: 30 })].map(({ line }) => line);
  log[9] = (log[9] ?? '').replace('"result": "', '"result": "x');
  log.splice(20, 1);
  const asked: FuzzLog = {
    format: 'guardian-chain',
    bytes: Buffer.from(log.map((line) => `${line}\n`).join('')),
    heads: [],
  };
  const right = await reportOf(asked);
  if (right === null) throw new Error('the log has a report');
  const lies = [
    { ...right, verdict: 'GAP' as const },
    { ...right, head: 'ab'.repeat(32) },
    { ...right, findings: right.findings.slice(1) },
    { ...right, findings: right.findings.map((each) => ({ ...each, index: (each.index ?? 0) + 1 })) },
    { ...right, findings: right.findings.map((each) => ({ ...each, kind: 'CHAIN_HASH_MISMATCH' as const })) },
    {
      ...right,
      findings: [
        ...right.findings,
        { kind: 'FORK' as const, verdict: 'FORK' as const, index: 3, message: '' },
      ],
    },
  ];
  for (const lie of lies) {
    const { found } = await disagreements([asked], { report: lie });
    expect(found, JSON.stringify(lie.findings.map(({ kind, index }) => [kind, index]))).toHaveLength(1);
  }
  expect((await disagreements([asked], { report: right })).found).toEqual([]);
});
