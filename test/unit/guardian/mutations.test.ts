// Hundreds of seeded mutations of genuine logs: verdict, kinds and places must be exactly right.
import { expect, test } from 'vitest';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';
import { MUTATIONS } from '../../fixtures/guardian/mutate.ts';
import { missOf } from '../../fixtures/guardian/miss.ts';
import type { Mutation } from '../../fixtures/guardian/mutation.ts';
import { seeded } from '../../fixtures/guardian/random.ts';

const ROUNDS = 12;
const RECORDS = 2000;

/** null when the answer is right. */
const differences = async (mutation: Mutation): Promise<string | null> => {
  const { report } = await guardianChain.verify(
    memorySource(mutation.text),
    { trustedHeads: mutation.trustedHeads ?? [], keys: [] },
    quietRun,
  );
  return missOf(mutation, report);
};

test(`finds ${MUTATIONS.length * ROUNDS} random mutations in logs of ${RECORDS} records, each with its kind and place`, async () => {
  const misses: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const seed = 7000 + round;
    const random = seeded(seed);
    const log = [...makeRecords({ seed, count: RECORDS })];
    for (const mutate of MUTATIONS) {
      const miss = await differences(mutate(log, random));
      if (miss !== null) misses.push(`seed ${seed}: ${miss}`);
    }
  }
  expect(misses).toEqual([]);
}, 300_000);

test('finds the same in very short logs, where every place is near an end', async () => {
  const misses: string[] = [];
  for (let seed = 1; seed <= 25; seed += 1) {
    const random = seeded(seed);
    const log = [...makeRecords({ seed, count: 60 })];
    for (const mutate of MUTATIONS) {
      const miss = await differences(mutate(log, random));
      if (miss !== null) misses.push(`seed ${seed}: ${miss}`);
    }
  }
  expect(misses).toEqual([]);
}, 300_000);
