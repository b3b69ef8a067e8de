// Receipts: signed, exact on the way through JSON, refused when altered, foreign, missing or given twice; hostile ones never crash.
import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import {
  joinReceipts,
  orderReceipts,
} from '../../../electron/modules/audit/engine/segments/join-receipts.ts';
import { segmentJson } from '../../../electron/modules/audit/engine/segments/packed-json.ts';
import {
  ephemeralSigner,
  readReceipt,
  readSigner,
  readTrustedKey,
  writeReceipt,
} from '../../../electron/modules/audit/engine/segments/receipt.ts';
import type { Receipt } from '../../../electron/modules/audit/engine/segments/receipt.ts';
import { verifySegment } from '../../../electron/modules/audit/engine/segments/segment.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const lines = [...makeRecords({ seed: 3, count: 120 })].map(({ line }) => line);
const content = (all: readonly string[]): Buffer => Buffer.from(all.map((line) => `${line}\n`).join(''));
// An edit, a removal, a line that is none, a copy, a moved line and a blank one.
const damaged = content(
  lines
    .with(10, (lines[10] ?? '').replace('success', 'failure'))
    .toSpliced(100, 0, lines[40] ?? '')
    .toSpliced(90, 0, '', 'not a record')
    .toSpliced(70, 1)
    .toSpliced(50, 2, lines[51] ?? '', lines[50] ?? ''),
);
const signer = ephemeralSigner();

const receiptLines = async (bytes: Buffer, count: number): Promise<string[]> => {
  const cut = (i: number): number => Math.floor((i * bytes.length) / count);
  const made: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const range = { from: cut(i), to: cut(i + 1) };
    made.push(writeReceipt(await verifySegment(memorySource(bytes), range, quietRun), 'log.jsonl', signer));
  }
  return made;
};

const receiptsOf = async (bytes: Buffer, count: number): Promise<Receipt[]> =>
  (await receiptLines(bytes, count)).map((line, i) => readReceipt(`${i + 1}.receipt`, line, []));

test('receipts in any order give the report of one run', async () => {
  const { report } = await guardianChain.verify(
    memorySource(damaged),
    { trustedHeads: [], keys: [] },
    quietRun,
  );
  const receipts = await receiptsOf(damaged, 7);
  for (const order of [receipts, receipts.toReversed(), [...receipts.slice(3), ...receipts.slice(0, 3)]]) {
    const joined = joinReceipts(order, []).report;
    expect({ ...joined, throughput: null, source: null }).toEqual({
      ...report,
      throughput: null,
      source: null,
    });
    expect(joined.source).toMatchObject({ name: 'log.jsonl', bytes: damaged.length });
    expect(joined.source.sha256).toMatch(/^segments:[0-9a-f]{64}$/u);
  }
});

test('a segment comes back from its receipt exactly', async () => {
  const segment = await verifySegment(memorySource(damaged), { from: 5000, to: 60_000 }, quietRun);
  expect(readReceipt('r', writeReceipt(segment, 'log', signer), []).segment).toEqual(segment);
});

test('a receipt of another key is refused when a key is trusted, and so is one that was altered', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const trusted = readTrustedKey('k', Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })));
  const segment = await verifySegment(memorySource(damaged), { from: 0, to: damaged.length }, quietRun);
  const own = writeReceipt(segment, 'log', readSigner('k', pem));
  expect(readReceipt('r', own, [trusted]).key).toBe(trusted);
  expect(() => readReceipt('r', writeReceipt(segment, 'log', signer), [trusted])).toThrowError(
    expect.objectContaining({ code: 'audit.receipt_untrusted' }),
  );
  expect(() => readReceipt('r', own.replace('"log":"log"', '"log":"lag"'), [])).toThrowError(
    expect.objectContaining({ code: 'audit.receipt_invalid' }),
  );
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  for (const wrong of [Buffer.from('no key'), Buffer.from(rsa.export({ type: 'pkcs8', format: 'pem' }))]) {
    for (const read of [readSigner, readTrustedKey])
      expect(() => read('k', wrong)).toThrowError(expect.objectContaining({ code: 'audit.key_invalid' }));
  }
});

test('missing, repeated, overlapping and foreign receipts are named', async () => {
  const receipts = await receiptsOf(damaged, 4);
  const codeOf = (given: readonly Receipt[]): unknown => {
    try {
      orderReceipts(given);
      return null;
    } catch (error) {
      return isAppError(error) ? [error.code, error.params] : error;
    }
  };
  const quarter = (i: number): number => Math.floor((i * damaged.length) / 4);
  expect(codeOf(receipts)).toBeNull();
  expect(codeOf(receipts.toSpliced(1, 1))).toEqual([
    'audit.shards_missing',
    { from: quarter(1), to: quarter(2) },
  ]);
  expect(codeOf(receipts.slice(1))).toEqual(['audit.shards_missing', { from: 0, to: quarter(1) }]);
  expect(codeOf(receipts.slice(0, 3))).toEqual([
    'audit.shards_missing',
    { from: quarter(3), to: damaged.length },
  ]);
  expect(codeOf([...receipts, receipts[2] as Receipt])).toEqual([
    'audit.shards_duplicate',
    { first: '3.receipt', second: '3.receipt' },
  ]);
  const [half] = await receiptsOf(damaged, 2);
  expect(codeOf([half as Receipt, ...receipts.slice(1)])).toMatchObject(['audit.shards_overlap', {}]);
  const other = await receiptsOf(content(lines), 4);
  expect(codeOf([...receipts.slice(0, 3), other[3] as Receipt])).toMatchObject(['audit.shards_foreign', {}]);
});

test('whatever stands in a signed receipt, reading and joining end with an answer or a named error', async () => {
  const segment = await verifySegment(memorySource(damaged), { from: 0, to: damaged.length }, quietRun);
  const body = JSON.stringify(segmentJson(segment));
  const line = writeReceipt(segment, 'log', signer);
  const paths: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    paths.push(path);
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value).slice(0, 40)) walk(inner, [...path, key]);
  };
  walk(JSON.parse(body), []);
  const values = fc.oneof(
    fc.constantFrom(null, -1, 0, 1, 1e9, 2 ** 53, '', 'x', [], {}, true),
    fc.integer(),
    fc.string(),
    fc.base64String(),
  );
  fc.assert(
    fc.property(fc.nat(paths.length - 1), values, (which, value) => {
      const path = paths[which] as readonly string[];
      const forged = JSON.parse(body) as Record<string, unknown>;
      let at: Record<string, unknown> = forged;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
      if (path.length > 0) at[path.at(-1) as string] = value;
      const { receipt } = JSON.parse(line) as { receipt: Record<string, unknown> };
      const text = JSON.stringify({ ...receipt, segment: path.length === 0 ? value : forged });
      const envelope = `{"receipt":${text},"key":"${signer.key}","signature":"${signer.sign(Buffer.from(text))}"}`;
      try {
        joinReceipts([readReceipt('r', envelope, [])], []);
      } catch (error) {
        if (!isAppError(error)) throw error;
      }
    }),
    { numRuns: 800 },
  );
});

test('a receipt cut anywhere, or random text, is refused by name', async () => {
  const [line = ''] = await receiptLines(content(lines.slice(0, 5)), 1);
  for (let length = 0; length < line.length; length += 37) {
    expect(() => readReceipt('r', line.slice(0, length), [])).toThrowError(
      expect.objectContaining({ code: 'audit.receipt_invalid' }),
    );
  }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(() => readReceipt('r', text, [])).toThrowError(
        expect.objectContaining({ code: 'audit.receipt_invalid' }),
      );
    }),
  );
});
