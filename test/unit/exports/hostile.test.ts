// Hostile exports: random bytes, lying lengths, deep nesting, entities, open quotes. Never a crash, never a record dropped in silence.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEventTime } from '../../../electron/modules/audit/engine/exports/event-time.ts';
import { csvFields } from '../../../electron/modules/audit/engine/exports/csv-row.ts';
import { normaliserOf } from '../../../electron/modules/audit/engine/exports/normalise.ts';
import { EXPORT_ADAPTERS } from '../../../electron/modules/audit/engine/exports/export-adapters.ts';
import { EXPORT_FORMATS } from '../../../electron/modules/audit/engine/exports/export-formats.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import * as vendors from '../../fixtures/exports/vendors.ts';
import { memorySource } from '../../fixtures/guardian/memory-source.ts';
import { bestOf, ofKind, vendorNamed, verifyText } from './help.ts';

const { range } = vendors;

/** The report, or null where the format says that it is not its own. */
const tryVerify = async (
  content: string | Uint8Array,
  format: string,
  chunk?: number,
): Promise<VerificationReport | null> => {
  try {
    return await verifyText(content, format, chunk);
  } catch (error) {
    if (isAppError(error) && error.code.startsWith('audit.')) return null;
    throw error;
  }
};

test('random bytes and pieces of syntax never do more than fail', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      '\n',
      '\r\n',
      '<',
      '>',
      '<Event>',
      '</Event>',
      '<![CDATA[',
      '<!--',
      '-->',
      '12 <34>1 ',
      'CEF:0|',
      '\\',
      '|',
      '=',
      '<!DOCTYPE',
      '&amp;',
      '\uFEFF',
      'Record 1\n',
    ),
    fc.string({ maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 30 }),
      fc.integer({ min: 1, max: 9 }),
      async (pieces, chunk) => {
        const text = pieces.join('');
        await bestOf(memorySource(text));
        for (const { id } of EXPORT_FORMATS) await tryVerify(text, id, chunk);
      },
    ),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await bestOf(memorySource(bytes));
      for (const { id } of EXPORT_FORMATS) await tryVerify(bytes, id);
    }),
    { numRuns: 40 },
  );
});

test('damage to any byte leaves every other record counted and the records’ number within reach', async () => {
  for (const vendor of vendors.VENDOR_EXPORTS) {
    const content = Buffer.from(vendor.write(range(12, vendor.record)));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: content.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        async (at, byte) => {
          const damaged = Buffer.from(content);
          damaged[at] = byte;
          const report = await tryVerify(damaged, vendor.format);
          if (report === null) return;
          expect(report.seal?.leaves).toBe(report.records);
        },
      ),
      { numRuns: 25 },
    );
  }
});

test('readers of single records never throw, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => {
      for (const { id } of EXPORT_ADAPTERS) {
        normaliserOf(id)(text, null);
        normaliserOf(id)(text, ['timestamp', 'AuditData', 'id'], ';');
        normaliserOf(id)(
          `{"timestamp":${JSON.stringify(text)},"AuditData":${JSON.stringify(text)},"@timestamp":[],"actor":{"id":{"id":{"id":{}}}}}`,
          null,
        );
      }
      readEventTime(text);
      const fields = csvFields(text, ',');
      if (typeof fields !== 'string') expect(fields.length).toBeGreaterThan(0);
    }),
  );
});

test('objects nested 100,000 deep, and as many brackets without end, are read or refused, not stumbled over', async () => {
  const vendor = vendorNamed('Okta JSON lines');
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const nested = JSON.stringify({ ...vendors.oktaEvent(5), debugContext: 'X' }).replace('"X"', deep);
  const report = await verifyText(
    `${range(5, vendor.record).join('\n')}\n${nested}\n${'['.repeat(100_000)}\n`,
    vendor.format,
  );
  expect(report.records).toBe(7);
  expect(ofKind(report, 'MALFORMED').map(({ index }) => index)).toContain(6);
});

test('XML: entities and document types are refused, deep nesting too', async () => {
  const vendor = vendorNamed('EVTX XML of Event Viewer');
  const events = range(6, vendor.record);
  const bomb = '<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
  const text = `<?xml version="1.0"?>${bomb}<Events>${events.slice(0, 3).join('')}${(events[3] ?? '').replace('&amp; co', '&b;')}${(events[4] ?? '').replace('<Correlation/>', `${'<x>'.repeat(5_000)}${'</x>'.repeat(5_000)}`)}${events[5]}</Events>`;
  const report = await verifyText(text, vendor.format);
  expect(ofKind(report, 'MALFORMED').map(({ index }) => index)).toEqual([0, 4, 5]);
  expect(report.records).toBe(7);
});

test('XML: an event that is never closed does not swallow the next; text between events is not dropped', async () => {
  const vendor = vendorNamed('EVTX XML of wevtutil');
  const events = range(6, vendor.record);
  const text = [
    ...events.slice(0, 2),
    (events[2] ?? '').replace('</Event>', ''),
    events[3],
    'stray words',
    ...events.slice(4),
  ].join('\n');
  const report = await verifyText(text, vendor.format, 5);
  expect(ofKind(report, 'MALFORMED').map(({ index }) => index)).toEqual([2, 4]);
  expect(report.records).toBe(7);
});

test('octet counts that lie are found, and reading goes on at the next line', async () => {
  const vendor = vendorNamed('syslog octet-counted');
  const [a = '', b = '', c = ''] = range(3, vendor.record);
  const counted = (text: string, wrong = 0): string => `${Buffer.byteLength(text) + wrong} ${text}`;
  const long = await verifyText(`${counted(a)}${counted(b, 5)}${counted(c)}`, vendor.format);
  expect(ofKind(long, 'MALFORMED').length + ofKind(long, 'TRUNCATED').length).toBeGreaterThan(0);
  const huge = await verifyText(`${counted(a)}99999999 ${b}`, vendor.format);
  expect(ofKind(huge, 'TRUNCATED')).toMatchObject([{ index: 1, verdict: 'GAP' }]);
  const resumed = await verifyText(`${counted(a)}what is this\n${counted(c)}`, vendor.format);
  expect(ofKind(resumed, 'MALFORMED')).toMatchObject([{ index: 1 }]);
  expect(resumed.records).toBe(3);
});

test('a quote that is never closed, fields too many and too few are findings', async () => {
  const vendor = vendorNamed('GitHub CSV');
  const rows = range(8, vendor.record);
  const wrong = await verifyText(vendor.write(rows.with(3, 'a,b').with(6, `${rows[6]},x,y`)), vendor.format);
  expect(ofKind(wrong, 'MALFORMED').map(({ index }) => index)).toEqual([3, 6]);
  const open = await verifyText(vendor.write(rows.with(7, `${rows[7]}"open`)), vendor.format);
  expect(open.records).toBe(8);
  const cut = await verifyText(vendor.write([...rows.slice(0, 7), 'a,"b\nc,d\ne']).trimEnd(), vendor.format);
  expect(ofKind(cut, 'TRUNCATED')).toMatchObject([{ index: 7, verdict: 'GAP' }]);
});

test('a record of more than 16 MiB is named, and has its place in the seal', async () => {
  const vendor = vendorNamed('plain JSON lines');
  const [a = '', b = ''] = range(2, vendor.record);
  const report = await verifyText(`${a}\n{"x":"${'y'.repeat(17 * 1024 * 1024)}"}\n${b}\n`, vendor.format);
  expect(ofKind(report, 'MALFORMED')).toMatchObject([{ index: 1 }]);
  expect(report.seal?.leaves).toBe(3);
});

test('names of members that mean something to JavaScript mean nothing here', async () => {
  const lines = range(
    5,
    (i) =>
      `{"ts":"${vendors.timeOf(i).toISOString()}","__proto__":{"id":"x"},"constructor":"c","hasOwnProperty":1}`,
  );
  const report = await verifyText(`${lines.join('\n')}\n`, 'plain-jsonl');
  expect(report.records).toBe(5);
  const csv = `ts;__proto__;constructor\n${range(5, (i) => `${vendors.timeOf(i).toISOString()};p${i};c`).join('\n')}\n`;
  expect((await verifyText(csv, 'plain-csv')).findings).toEqual([]);
});

test('bytes that are no UTF-8 are said, and sealed as they stand', async () => {
  const vendor = vendorNamed('syslog RFC 5424');
  const content = Buffer.from(vendor.write(range(5, vendor.record)).replaceAll('ë', '\u00EB'), 'latin1');
  const report = await verifyText(content, vendor.format);
  expect(ofKind(report, 'MALFORMED')).toHaveLength(1);
  expect(report.verdict).toBe('NOT_TAMPER_EVIDENT');
});
