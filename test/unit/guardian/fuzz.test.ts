// Whatever the bytes, a verification ends with a report or an expected error.
import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { agnoIntegrity } from '../../../electron/modules/audit/engine/agno/agno-integrity.ts';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';
import { seeded } from '../../fixtures/guardian/random.ts';

const options = { trustedHeads: ['ab'.repeat(32)], keys: [] };
const good = [...makeRecords({ seed: 4, count: 12 })].map(({ line }) => line);
const goodBytes = Buffer.from(`${good.join('\n')}\n`);

/** true when it ends as it may: a report whose records can be looked at, or an AppError. */
const endsWell = async (content: Uint8Array, chunk = 1 << 16): Promise<boolean> => {
  for (const format of [guardianChain, agnoIntegrity]) {
    const source = memorySource(content, 'fuzz', chunk);
    try {
      await format.detect(source);
      const verified = await format.verify(source, options, quietRun);
      const { records } = verified.report;
      for (const index of new Set([0, records >> 1, records - 1]))
        await format.record(source, verified, index, options);
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  }
  return true;
};

const seed = 20_260_101;
const quick = { seed, numRuns: 300 };

test(`ends well on arbitrary bytes (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), (bytes) => endsWell(bytes)),
    quick,
  );
});

test(`ends well on arbitrary JSON lines (seed ${seed})`, async () => {
  const hash = fc.oneof(fc.constantFrom('', 'ab'.repeat(32), 'cd'.repeat(32), '0'.repeat(64)), fc.string());
  const record = fc.record(
    {
      event_id: fc.oneof(fc.string(), fc.integer()),
      event_hash: fc.oneof(hash, fc.jsonValue()),
      chain_hash: fc.oneof(hash, fc.jsonValue()),
      previous_hash: fc.oneof(hash, fc.constant(null)),
      integrity_hash: hash,
      additional_data: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const line = fc
    .oneof({ weight: 5, arbitrary: record }, fc.jsonValue())
    .map((value) => JSON.stringify(value));
  const text = fc.array(fc.oneof({ weight: 6, arbitrary: line }, fc.constantFrom(...good), fc.constant('')), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.boolean(), (lines, isArray) =>
      endsWell(Buffer.from(isArray ? `[{},${lines.join(',')}]` : lines.join('\n'))),
    ),
    quick,
  );
});

test(`ends well on chains of arbitrary links, circles included (seed ${seed})`, async () => {
  const digest = (i: number): string => i.toString(16).padStart(64, 'f');
  const link = fc.record({
    chain: fc.integer({ min: 0, max: 9 }),
    parent: fc.option(fc.integer({ min: 0, max: 11 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(link, { minLength: 1, maxLength: 25 }), async (links) => {
      const lines = links.map(({ chain, parent }, i) =>
        JSON.stringify({
          event_id: `e-${i}`,
          event_hash: digest(99),
          chain_hash: digest(chain),
          previous_hash: parent === null ? null : digest(parent),
        }),
      );
      const { report } = await guardianChain.verify(memorySource(lines.join('\n')), options, quietRun);
      expect(report.records).toBe(links.length);
      expect(report.verdict).toBe('TAMPERED');
      const bounds = report.strip.stretches.flatMap(({ from, to }) => [from, to]);
      expect([bounds[0], bounds.at(-1)]).toEqual([0, links.length]);
    }),
    { seed, numRuns: 1500 },
  );
});

test('ends well on every truncation of a good file, and on damaged gzip', async () => {
  const packed = gzipSync(goodBytes);
  const random = seeded(seed);
  for (let cut = 1; cut < goodBytes.length; cut += 97) {
    expect(await endsWell(goodBytes.subarray(0, cut), random.int(1, 5000))).toBe(true);
  }
  for (let cut = 1; cut < packed.length; cut += 61)
    expect(await endsWell(packed.subarray(0, cut))).toBe(true);
  for (let i = 0; i < 150; i += 1) {
    const spoilt = Buffer.from(i % 2 === 0 ? packed : goodBytes);
    for (let k = random.int(1, 4); k > 0; k -= 1)
      spoilt[random.int(0, spoilt.length - 1)] = random.int(0, 255);
    expect(await endsWell(spoilt, random.int(1, 5000))).toBe(true);
  }
});

test('one flipped bit in a record is always found', async () => {
  const random = seeded(seed + 1);
  for (let i = 0; i < 400; i += 1) {
    const spoilt = Buffer.from(goodBytes);
    const at = random.int(0, spoilt.length - 1);
    spoilt[at] = (spoilt[at] ?? 0) ^ (1 << random.int(0, 7));
    const { report } = await guardianChain.verify(
      memorySource(spoilt),
      { trustedHeads: [], keys: [] },
      quietRun,
    );
    const said = report.findings.length > 0;
    // Only a flip that JSON doesn't see (the case of an escape's hex digit, one kind of space for another) goes unsaid.
    const isUnseen =
      JSON.stringify(spoilt.toString().split('\n').map(parsed)) ===
      JSON.stringify(good.map(parsed).concat(['']));
    expect(said || isUnseen, `byte ${at}`).toBe(true);
  }
});

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
};
