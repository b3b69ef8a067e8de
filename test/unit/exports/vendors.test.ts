// Every vendor's export: recognised, sealed, no false alarm, and each kind of damage found where it is.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { merkleRoot } from '../../../shared/chain/merkle.ts';
import { VENDOR_EXPORTS, range } from '../../fixtures/exports/vendors.ts';
import { memorySource } from '../../fixtures/guardian/memory-source.ts';
import { bestOf, ofKind, telling, verifyRecords, verifyText } from './help.ts';

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

for (const vendor of VENDOR_EXPORTS) {
  const records = range(100, vendor.record);

  test(`${vendor.name}: recognised, sealed, and nothing found in a genuine export`, async () => {
    expect(await bestOf(memorySource(vendor.write(records), vendor.file))).toBe(vendor.format);
    const report = await verifyRecords(vendor, records);
    expect(telling(report)).toEqual([]);
    expect(report).toMatchObject({
      verdict: 'NOT_TAMPER_EVIDENT',
      format: vendor.format,
      records: 100,
      anchored: false,
      head: null,
    });
    const leaves = records.map((record) => sha256(Uint8Array.of(0), Buffer.from(record)));
    expect(report.seal).toEqual({
      root: Buffer.from(merkleRoot(sha256, leaves)).toString('hex'),
      leaves: 100,
    });
    expect(report.doesNotProve[0]).toContain('no hash and no signature');
    expect(
      report.proves.some((sentence) => sentence.includes('The records run from')),
      report.proves.join('\n'),
    ).toBe(true);
  });

  test(`${vendor.name}: in chunks of a few bytes the same`, async () => {
    const content = vendor.write(records.slice(0, 20));
    const whole = await verifyText(content, vendor.format);
    for (const bytes of [1, 7, 64]) {
      const { throughput: _, ...rest } = await verifyText(content, vendor.format, bytes);
      const { throughput: __, ...expected } = whole;
      expect(rest).toEqual(expected);
    }
  });

  if (!vendor.name.includes('3164')) {
    test(`${vendor.name}: newest first is as good`, async () => {
      const report = await verifyRecords(vendor, records.toReversed());
      expect(telling(report)).toEqual([]);
    });
  }

  test(`${vendor.name}: a record that stands twice is named with its first place`, async () => {
    const report = await verifyRecords(vendor, records.toSpliced(31, 0, records[30] ?? ''));
    expect(ofKind(report, 'DUPLICATE')).toMatchObject([{ index: 31, ofIndex: 30 }]);
    expect(report.verdict).toBe('NOT_TAMPER_EVIDENT');
  });

  test(`${vendor.name}: a line that is no record is counted, not dropped`, async () => {
    const broken =
      vendor.write(['x'])[0] === '<' || vendor.name.includes('XML') || vendor.name.includes('Clixml')
        ? '<Event xmlns="x"><System><EventID>1</System></Event>'
        : '{"broken": ';
    if (vendor.name.includes('array') || vendor.name.includes('page') || vendor.name.includes('List')) return;
    const item = vendor.name.includes('Clixml') ? '<Obj RefId="0"><S>x</Obj>' : broken;
    const report = await verifyRecords(vendor, records.toSpliced(40, 0, item));
    expect(ofKind(report, 'MALFORMED')).toMatchObject([{ index: 40, verdict: 'UNVERIFIABLE' }]);
    expect(report).toMatchObject({ verdict: 'UNVERIFIABLE', records: 101 });
    expect(report.seal?.leaves).toBe(101);
  });

  test(`${vendor.name}: missing numbers are a gap where numbers are promised, else leave no trace`, async () => {
    const report = await verifyRecords(vendor, records.toSpliced(50, 4));
    if (!vendor.numbered) {
      expect(telling(report)).toEqual([]);
      return;
    }
    const gaps = ofKind(report, 'GAP');
    expect(gaps.length).toBeGreaterThan(0);
    expect(new Set(gaps.map(({ index }) => index))).toEqual(new Set(gaps.length === 1 ? [50] : [50, 51]));
    expect(report.verdict).toBe('GAP');
  });

  test(`${vendor.name}: a record put far back is a step of the clock`, async () => {
    const moved = [...records.slice(0, 60), records[10] ?? '', ...records.slice(60)];
    const report = await verifyRecords(vendor, moved.toSpliced(10, 1));
    const steps = ofKind(report, 'CLOCK_REGRESSION');
    expect(steps).toMatchObject([{ index: 59 }]);
    expect(steps[0]?.verdict).toBeUndefined();
    expect(report.verdict).toBe('NOT_TAMPER_EVIDENT');
  });

  test(`${vendor.name}: cut at any byte, the end is reported or the last record is whole`, async () => {
    const content = Buffer.from(vendor.write(records.slice(0, 6)));
    const wholes = new Set(range(6, (i) => Buffer.byteLength(vendor.write(records.slice(0, i)))));
    const step = Math.max(1, Math.floor(content.length / 120));
    for (let end = Math.floor(content.length / 3); end < content.length - 1; end += step) {
      const report = await verifyText(content.subarray(0, end), vendor.format);
      const ends = report.findings.filter(({ kind }) => kind === 'TRUNCATED' || kind === 'MALFORMED');
      const isBetween =
        wholes.has(end) ||
        content[end - 1] === 0x0a ||
        content[end] === 0x0a ||
        content[end] === 0x0d ||
        content[end - 1] === 0x3e ||
        content[end - 1] === 0x7d ||
        content[end] === 0x3c;
      // Octet counts, digits alone and fields that end early may leave a shorter record that is one.
      if (ends.length === 0)
        expect(
          isBetween || vendor.format === 'cef' || vendor.format === 'leef',
          `${end}: ${content.subarray(end - 20, end).toString()}`,
        ).toBe(true);
    }
  });
}
