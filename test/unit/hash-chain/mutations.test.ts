// Random damage to random dialects: the verdict, the kind of finding and its place are right; the seed is printed.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashChain } from '../../../electron/modules/audit/engine/hash-chain/hash-chain.ts';
import {
  DIALECTS,
  entriesOf,
  fileOf,
  lineOf,
  logOf,
  recordsOf,
  Token,
  write,
} from '../../fixtures/hash-chain/dialects.ts';
import type { Dialect } from '../../fixtures/hash-chain/dialects.ts';
import { damage, MUTATIONS } from '../../fixtures/hash-chain/mutations.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const keysOf = (dialect: Dialect): { name: string; bytes: Buffer }[] => {
  if (dialect.key !== undefined) return [{ name: 'key', bytes: Buffer.from(dialect.key) }];
  if (dialect.publicKey === undefined) return [];
  const jwk = JSON.stringify(dialect.publicKey.export({ format: 'jwk' }));
  return [{ name: 'jwk', bytes: Buffer.from(jwk) }];
};

const verify = async (log: string, dialect: Dialect, keys = keysOf(dialect)) =>
  (await hashChain.verify(memorySource(log, 'log', 4099), { trustedHeads: [], keys }, quietRun)).report;

describe('damaged logs', () => {
  it('are told by verdict, kind and place, whatever the dialect', async () => {
    const seed = Date.now() & 0x7fffffff;
    console.info(`random mutations, seed ${seed}`);
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...DIALECTS),
        fc.constantFrom(...MUTATIONS),
        fc.integer({ min: 16, max: 60 }),
        fc.nat(),
        async (dialect, mutation, count, place) => {
          // A few records of an interleaved log can't tell that it is one.
          const least = dialect.chainOf === undefined ? 2 : 12;
          const at = least + (place % (count - least - 3));
          const damaged = damage(dialect, count, mutation, at);
          if (damaged === null) return;
          tried += 1;
          const { expected } = damaged;
          const report = await verify(damaged.log, dialect);
          const found = report.findings.map(({ kind, index, count: length = 1 }) => ({
            kind,
            index,
            length,
          }));
          expect({ verdict: report.verdict, dialect: dialect.name, mutation, at, found }).toMatchObject({
            verdict: expected.verdict,
          });
          if (expected.kinds.length === 0) return;
          const isRight = found.some(
            ({ kind, index, length }) =>
              expected.kinds.includes(kind) &&
              (expected.index === null ||
                (index !== undefined && expected.index >= index && expected.index < index + length)),
          );
          expect({ isRight, dialect: dialect.name, mutation, at, found }).toMatchObject({ isRight: true });
        },
      ),
      { numRuns: 250, seed },
    );
    expect(tried).toBeGreaterThan(100);
  });

  it('are all told in one pass when several records are damaged, the first ones among them', async () => {
    for (const dialect of DIALECTS.filter(
      ({ stores, chainOf, resets, isCsv }) => stores === 'both' && !chainOf && !resets && !isCsv,
    )) {
      const lines = recordsOf(dialect, entriesOf(60)).map(({ record }) => lineOf(dialect, record));
      const places = [0, 1, 2, 30, 59];
      for (const at of places) lines[at] = (lines[at] ?? '').replace('2026-02-01', '2025-02-01');
      const report = await verify(fileOf(dialect, lines, undefined), dialect);
      const found = report.findings
        .filter(({ kind }) => kind === 'EVENT_HASH_MISMATCH')
        .map(({ index }) => index);
      expect({ dialect: dialect.name, found }).toEqual({ dialect: dialect.name, found: places });
    }
  });

  it('do not gain from a false key: the links are checked, and what is missing is named', async () => {
    const keyed = DIALECTS.filter(({ key }) => key !== undefined);
    expect(keyed.length).toBeGreaterThan(0);
    for (const dialect of keyed) {
      for (const keys of [[], [{ name: 'false', bytes: Buffer.from('false') }]]) {
        const genuine = await verify(logOf(dialect, 40), dialect, keys);
        expect(genuine.verdict).toBe('UNVERIFIABLE');
        expect(genuine.findings.map(({ kind }) => kind)).toEqual(['KEY_MISSING']);
        const cut = await verify(damage(dialect, 40, 'delete', 12)?.log ?? '', dialect, keys);
        expect(cut.verdict).toBe('TAMPERED');
        expect(cut.findings.find(({ kind }) => kind === 'GAP')?.index).toBe(12);
      }
    }
  });

  it('lose a signature not unseen, and a missing public key is named', async () => {
    const dialect = DIALECTS.find(({ publicKey }) => publicKey !== undefined);
    if (dialect === undefined) throw new Error('a signed dialect is needed');
    const log = logOf(dialect, 30);
    const unsigned = log.replace(/"ed25519_signature":"[^"]{20}/, (text) => `${text.slice(0, -8)}AAAAAAAA`);
    const report = await verify(unsigned, dialect);
    expect(report.findings.map(({ kind, index }) => [kind, index])).toEqual([['SIGNATURE_INVALID', 0]]);
    expect(report.verdict).toBe('TAMPERED');
    const without = await verify(log, dialect, []);
    expect([without.verdict, ...without.findings.map(({ kind }) => kind)]).toEqual([
      'UNVERIFIABLE',
      'KEY_MISSING',
    ]);
  });
});

describe('harmless re-writing', () => {
  const python = DIALECTS[0];
  if (python === undefined) throw new Error('no dialects');
  const lines = recordsOf(
    python,
    entriesOf(40).map((entry, i) => ({ ...entry, score: i })),
  ).map(({ record }) => lineOf(python, record));

  it('of lines (CRLF, a byte order mark, gzip, an array) changes nothing', async () => {
    const text = lines.join('\n');
    const forms = [`${lines.join('\r\n')}\r\n`, `\uFEFF${text}\n`, text, `[${lines.join(',\n')}]`];
    for (const form of forms) expect((await verify(form, python)).verdict).toBe('INTACT_BUT_UNANCHORED');
  });

  it.each([
    ['an added column', (line: string) => line.replace('"seq"', '"ingested_at":"2026-03-01","seq"')],
    ['a null that was dropped', (line: string) => line.replace('"note":null,', '')],
  ])('is explained: %s', async (_name, change) => {
    const changed = lines.map((line, i) => (i > 20 && i % 3 === 0 ? change(line) : line));
    const report = await verify(changed.join('\n'), python);
    expect(report.verdict).toBe('MISMATCH_EXPLAINED');
    const places = report.findings
      .filter(({ kind }) => kind === 'REPAIRED' && kind)
      .map(({ index }) => index);
    expect(places.filter((index) => index !== undefined)).toEqual(
      changed.flatMap((line, i) => (line === lines[i] ? [] : [i])),
    );
  });

  it('is explained: floats that a tool wrote as whole numbers', async () => {
    const floats = recordsOf(
      python,
      entriesOf(40).map((entry) => ({ ...entry, score: new Token('3.0') })),
    );
    const log = floats.map(({ record }, i) => {
      const line = lineOf(python, record);
      return i > 20 ? line.replace('"score":3.0', '"score":3') : line;
    });
    const report = await verify(log.join('\n'), python);
    expect(report.verdict).toBe('MISMATCH_EXPLAINED');
    expect(
      report.findings.filter(({ kind, verdict }) => kind === 'REPAIRED' && verdict !== undefined),
    ).toHaveLength(19);
  });

  it('is explained: keys that a tool sorted, at every depth', async () => {
    const insertion = DIALECTS.find(({ name }) => name.includes('insertion order'));
    if (insertion === undefined) throw new Error('a dialect in insertion order is needed');
    const written = recordsOf(insertion, entriesOf(30));
    const log = written.map(({ record }, i) =>
      i < 15 ? lineOf(insertion, record) : write(record, { sort: true }),
    );
    const report = await verify(log.join('\n'), insertion);
    expect(report.verdict).toBe('MISMATCH_EXPLAINED');
    const places = report.findings.filter(({ kind }) => kind === 'REPAIRED').map(({ index }) => index);
    expect(places).toEqual(Array.from({ length: 15 }, (_, i) => i + 15));
  });
});
