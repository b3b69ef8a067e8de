// A thousand random mutations of a log of 100,000 records: kind and place right in at least 99.9 % of them.
import { expect, test } from 'vitest';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';
import { LARGE_MUTATIONS, largeLog } from '../../fixtures/guardian/mutate-large.ts';
import type { LargeMake, LargeMutation } from '../../fixtures/guardian/mutate-large.ts';
import { missOf } from '../../fixtures/guardian/miss.ts';
import { joinPieces } from '../../fixtures/guardian/pieces.ts';
import { seeded } from '../../fixtures/guardian/random.ts';

const RECORDS = 100_000;
const MUTATED = 1_000;
/** Of these, so many are also verified in one go, to show that the pieces say the same. */
const IN_ONE_GO = 4;
const SEED = Number(process.env['PROBITY_SEED'] ?? 20_261_121);

const essence = ({ throughput: _throughput, source: _source, ...rest }: VerificationReport): unknown => rest;

const inOneGo = async ({ pieces, trustedHeads = [] }: LargeMutation): Promise<VerificationReport> => {
  const content = Buffer.concat(pieces.map(({ text }) => text));
  return (await guardianChain.verify(memorySource(content), { trustedHeads, keys: [] }, quietRun)).report;
};

test(`names kind and place of ${MUTATED} random mutations of ${RECORDS} records (seed ${SEED})`, async () => {
  console.info(`mutations: PROBITY_SEED=${SEED}`);
  const random = seeded(SEED);
  const large = await largeLog([...makeRecords({ seed: SEED, count: RECORDS })]);
  const other = await largeLog([...makeRecords({ seed: SEED + 1, count: 20_000, firstNumber: 500_000 })]);
  const misses: string[] = [];
  for (let i = 0; i < MUTATED; i += 1) {
    const make = LARGE_MUTATIONS[i % LARGE_MUTATIONS.length] as LargeMake;
    const mutation = await make(large, other, random);
    const { report } = joinPieces(mutation.pieces, mutation.trustedHeads ?? []);
    const miss = missOf(mutation, report);
    if (miss !== null) misses.push(miss);
    if (i % Math.floor(MUTATED / IN_ONE_GO) === 0)
      expect(essence(await inOneGo(mutation))).toEqual(essence(report));
  }
  expect(misses.slice(0, 20)).toEqual([]);
  expect(misses.length).toBeLessThanOrEqual(MUTATED / 1000);
}, 300_000);
