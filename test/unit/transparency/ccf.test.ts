// CCF receipts: JSON and COSE, nodes on both curves, endorsements, and every part altered.
import { createPublicKey } from 'node:crypto';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { CborFault, readCbor } from '../../../electron/modules/audit/engine/ccf/cbor.ts';
import { ccfReceipt } from '../../../electron/modules/audit/engine/ccf/ccf-receipt.ts';
import { issue } from '../../fixtures/transparency/certificates.ts';
import type { Issued } from '../../fixtures/transparency/certificates.ts';
import { claims, coseReceipt, receiptOf, snakeCase } from '../../fixtures/transparency/ccf-receipt.ts';
import type { ReceiptJson } from '../../fixtures/transparency/ccf-receipt.ts';
import { fileSource, graveOf, reportOf } from '../../fixtures/transparency/source.ts';

const spkiOf = ({ privateKey }: Issued): Buffer =>
  createPublicKey(privateKey).export({ format: 'der', type: 'spki' });

let service: Issued;
let node: Issued;
let receipt: ReceiptJson;

beforeAll(async () => {
  service = await issue({ name: 'CCF Service', curve: 'P-384' });
  node = await issue({ name: 'CCF Node', curve: 'P-384', issuer: service });
  receipt = receiptOf(node, spkiOf(node));
});

const check = (document: unknown, ...services: readonly Issued[]) =>
  reportOf(ccfReceipt, fileSource('receipt.json', JSON.stringify(document)), {
    keys: Object.fromEntries(services.map(({ pem }, i) => [`service-${i}.pem`, pem])),
  });

describe('a JSON receipt', () => {
  test('holds on both curves, under present and former names, alone and in an answer', async () => {
    const small = await issue({ name: 'CCF Network' });
    const smallNode = await issue({ name: 'CCF Node', issuer: small });
    expect((await check(receiptOf(smallNode, spkiOf(smallNode)), small)).verdict).toBe('INTACT');
    for (const document of [
      receipt,
      snakeCase(receipt),
      { receipt, state: 'Ready', transactionId: '2.35' },
    ]) {
      const report = await check(document, service);
      expect([report.verdict, report.anchored, report.findings]).toEqual(['INTACT', true, []]);
    }
  });

  test('holds through service endorsements, and only in their order', async () => {
    const newer = await issue({ name: 'CCF Service', curve: 'P-384' });
    const between = await issue({ name: 'CCF Service', curve: 'P-384' });
    // Endorsements certify the older service's key anew.
    const old = await issue({ name: 'Old', curve: 'P-384' });
    const oldNode = await issue({ name: 'Node', curve: 'P-384', issuer: old });
    const direct = receiptOf(oldNode, spkiOf(oldNode), [old]);
    expect((await check(direct, newer)).verdict).toBe('TAMPERED');
    expect((await check(direct, old)).verdict).toBe('INTACT');
    expect((await check(receiptOf(oldNode, spkiOf(oldNode), [between, old]), old)).verdict).toBe('TAMPERED');
  });

  test('is bound to its application claims', async () => {
    const whole = { applicationClaims: claims, receipt, state: 'Ready', transactionId: '2.35' };
    const report = await check(whole, service);
    expect([report.verdict, report.proves.join(' ').includes('application claims')]).toEqual([
      'INTACT',
      true,
    ]);
    const forged = structuredClone(whole);
    (forged.applicationClaims[0] as { ledgerEntry: { contents: string } }).ledgerEntry.contents =
      'another entry';
    expect(graveOf(await check(forged, service))).toEqual(['EVENT_HASH_MISMATCH 0 receipt.json']);
    expect(graveOf(await check({ ...whole, transactionId: '2.36' }, service))).toEqual([
      'EVENT_HASH_MISMATCH 0 receipt.json',
    ]);
  });

  test.each<[string, (copy: ReceiptJson) => void, string]>([
    ['the write set', (c) => void (c.leafComponents.writeSetDigest = 'ab'.repeat(32)), 'SIGNATURE_INVALID'],
    ['the evidence', (c) => void (c.leafComponents.commitEvidence += '0'), 'SIGNATURE_INVALID'],
    ['the claims', (c) => void (c.leafComponents.claimsDigest = '00'.repeat(32)), 'SIGNATURE_INVALID'],
    ['a step', (c) => void (c.proof[0] = { left: '11'.repeat(32) }), 'SIGNATURE_INVALID'],
    ['the side of a step', (c) => void (c.proof[0] = { right: c.proof[0]?.left ?? '' }), 'SIGNATURE_INVALID'],
    ['a step fewer', (c) => void c.proof.pop(), 'SIGNATURE_INVALID'],
    [
      'the signature',
      (c) => void (c.signature = Buffer.alloc(70, 1).toString('base64')),
      'SIGNATURE_INVALID',
    ],
    ['the node ID', (c) => void (c.nodeId = '00'.repeat(32)), 'EVENT_HASH_MISMATCH'],
  ])('with %s altered is tampered', async (_, change, kind) => {
    const copy = structuredClone(receipt);
    change(copy);
    const report = await check(copy, service);
    expect([report.verdict, graveOf(report)]).toEqual(['TAMPERED', [`${kind} 0 receipt.json`]]);
  });

  test.each<[string, (copy: ReceiptJson) => void]>([
    ['a step with two sides', (c) => void (c.proof[0] = { left: 'ab'.repeat(32), right: 'ab'.repeat(32) })],
    ['a step that is no digest', (c) => void (c.proof[0] = { left: 'zz' })],
    ['no certificate', (c) => void (c.cert = '')],
    ['a signature that is no base64', (c) => void (c.signature = '!')],
    ['a signature transaction', (c) => void (c.is_signature_transaction = true)],
  ])('with %s is refused', async (_, change) => {
    const copy = structuredClone(receipt);
    change(copy);
    const report = await check(copy, service);
    expect([report.verdict, graveOf(report)]).toEqual(['UNVERIFIABLE', ['MALFORMED 0 receipt.json']]);
  });

  test('without or with another service certificate says so', async () => {
    const none = await check(receipt);
    expect([none.verdict, graveOf(none)]).toEqual(['UNVERIFIABLE', ['KEY_MISSING 0 receipt.json']]);
    const other = await issue({ name: 'CCF Service', curve: 'P-384' });
    expect((await check(receipt, other)).verdict).toBe('TAMPERED');
    expect((await check(receipt, other, service)).verdict).toBe('INTACT');
  });
});

describe('a COSE receipt', () => {
  const verdictOf = async (bytes: Buffer, given: readonly Issued[]): Promise<string> => {
    const keys = Object.fromEntries(given.map(({ pem }, i) => [`s${i}.pem`, pem]));
    return (await reportOf(ccfReceipt, fileSource('receipt.cose', bytes), { keys })).verdict;
  };

  test('holds on both curves, and falls with any flipped bit', async () => {
    const small = await issue({ name: 'CCF Network' });
    expect(await verdictOf(coseReceipt(small), [small])).toBe('INTACT');
    const bytes = coseReceipt(service);
    expect((await ccfReceipt.detect(fileSource('r', bytes)))?.format).toBe('ccf-receipt');
    expect(await verdictOf(bytes, [service])).toBe('INTACT');
    expect(await verdictOf(bytes, [])).toBe('UNVERIFIABLE');
    for (let at = 3; at < bytes.length; at += 7) {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 4, at);
      const verdict = await verdictOf(copy, [service]).catch(
        (error: unknown) => (error as { code?: string }).code,
      );
      expect([at, ['TAMPERED', 'UNVERIFIABLE', 'audit.format_mismatch'].includes(verdict ?? '')]).toEqual([
        at,
        true,
      ]);
    }
  });

  test('is read strictly: no lying length, nesting or random bytes get through', () => {
    const bytes = coseReceipt(service);
    for (let end = 0; end < bytes.length; end += 1)
      expect(() => readCbor(bytes.subarray(0, end))).toThrow(CborFault);
    expect(() => readCbor(Buffer.alloc(100_000, 0x81))).toThrow(CborFault);
    expect(() => readCbor(Buffer.from('9bffffffffffffffff', 'hex'))).toThrow(CborFault);
    expect(() => readCbor(Buffer.from('5affffffff', 'hex'))).toThrow(CborFault);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => {
        try {
          readCbor(Buffer.from(random));
        } catch (error) {
          expect(error).toBeInstanceOf(CborFault);
        }
      }),
      { numRuns: 500 },
    );
  });
});
