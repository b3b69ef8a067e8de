// Acra audit logs: chains of lines under a key; edits, insertions, moves, lost ends and lines without a value are named.
import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { acraAuditLog } from '../../../electron/modules/audit/engine/acra/acra-audit-log.ts';
import { hashedBytes, parseJsonLine } from '../../../electron/modules/audit/engine/acra/go-json.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { KEY, someMessages, writeChain } from '../../fixtures/acra/write-acra.ts';
import type { Form } from '../../fixtures/acra/write-acra.ts';
import { sourceOf } from '../../fixtures/journald/source.ts';

const RUN = { signal: new AbortController().signal, progress: (): void => undefined };
const FORMS: readonly Form[] = ['plaintext', 'cef', 'json'];
const reportOf = async (
  lines: readonly string[],
  key: Uint8Array | null = KEY,
): Promise<VerificationReport> => {
  const source = sourceOf({ 'audit.log': Buffer.from(`${lines.join('\n')}\n`) });
  const keys = key === null ? [] : [{ name: 'audit.key', bytes: key }];
  const { report } = await acraAuditLog.verify(source, { trustedHeads: [], keys }, RUN);
  return v.parse(VerificationReport, report);
};
const found = (report: VerificationReport): [string, number | undefined, number | undefined][] =>
  report.findings
    .filter(({ verdict }) => verdict !== undefined)
    .map(({ kind, index, count }) => [kind, index, count]);

describe.each(FORMS)('an Acra audit log as %s', (form) => {
  const chain = writeChain(form, someMessages(30));

  it('is recognised, and INTACT with its key', async () => {
    const source = sourceOf({ 'audit.log': Buffer.from(`${chain.join('\n')}\n`) });
    expect((await acraAuditLog.detect(source))?.confidence).toBeGreaterThan(0.9);
    const report = await reportOf(chain);
    expect([report.verdict, report.anchored, report.records, report.findings]).toEqual([
      'INTACT',
      true,
      31,
      [],
    ]);
  });

  it('takes the key as raw bytes, hex, base64 or a setting', async () => {
    const forms = [
      KEY,
      Buffer.from(`${KEY.toString('hex')}\n`),
      Buffer.from(KEY.toString('base64')),
      Buffer.from(`export AUDIT_LOG_KEY="${KEY.toString('base64')}"\n`),
    ];
    for (const key of forms) expect((await reportOf(chain, key)).verdict).toBe('INTACT');
  });

  it('without a key, or with another, is UNVERIFIABLE and says why', async () => {
    const none = await reportOf(chain, null);
    expect([none.verdict, none.findings.map(({ kind }) => kind)]).toEqual(['UNVERIFIABLE', ['KEY_MISSING']]);
    const other = await reportOf(chain, Buffer.alloc(32, 1));
    expect(other.verdict).toBe('UNVERIFIABLE');
    expect(other.findings.map(({ kind }) => kind).toSorted()).toEqual(['KEY_MISSING', 'SIGNATURE_INVALID']);
  });

  it('an edited line breaks its chain there, and what follows is said to be unproven', async () => {
    const lines = [...chain];
    lines[12] = (lines[12] ?? '').replace('message 12', 'message 13');
    const report = await reportOf(lines);
    expect(report.verdict).toBe('TAMPERED');
    expect(found(report)).toEqual([
      ['CHAIN_HASH_MISMATCH', 12, undefined],
      ['UNPROTECTED_RECORD', 13, 18],
    ]);
  });

  it('a removed line breaks the chain where it is missing', async () => {
    const report = await reportOf(chain.toSpliced(12, 1));
    expect(found(report)[0]).toEqual(['CHAIN_HASH_MISMATCH', 12, undefined]);
  });

  it('inserted, doubled and moved lines are told apart, and the chain goes on behind them', async () => {
    const lines = [...chain];
    const foreign = (lines[3] ?? '').replace('message 3', 'message 4711');
    lines.splice(25, 0, ...lines.splice(22, 1));
    lines.splice(16, 0, lines[15] ?? '');
    lines.splice(8, 0, foreign);
    const report = await reportOf(lines);
    expect(found(report)).toEqual([
      ['CHAIN_HASH_MISMATCH', 8, undefined],
      ['DUPLICATE', 17, undefined],
      ...([24, 25, 26] as const).map((index) => ['REORDERED', index, undefined]),
    ]);
  });

  it('an added line without a value is a finding, not a warning', async () => {
    const report = await reportOf(chain.toSpliced(5, 0, 'level=info msg="planted"'));
    expect([report.verdict, found(report)]).toEqual(['UNVERIFIABLE', [['UNPROTECTED_RECORD', 5, 1]]]);
  });

  it('several chains are segments; one that lost its end is a gap', async () => {
    const second = writeChain(form, someMessages(10, 100));
    const report = await reportOf([...chain, ...second]);
    expect([report.verdict, found(report)]).toEqual(['SEGMENTED', [['SEGMENT_START', 31, undefined]]]);
    const lost = await reportOf([...chain.slice(0, 20), ...second]);
    expect([lost.verdict, found(lost)]).toEqual([
      'GAP',
      [
        ['TRUNCATED', 19, undefined],
        ['SEGMENT_START', 20, undefined],
      ],
    ]);
  });

  it('a missing last end is a remark, and the log is not anchored', async () => {
    const report = await reportOf(chain.slice(0, 20));
    expect([report.verdict, report.anchored, report.findings.map(({ kind }) => kind)]).toEqual([
      'INTACT_BUT_UNANCHORED',
      false,
      ['TRUNCATED'],
    ]);
  });

  it('a part without the beginning of its chain can not be verified', async () => {
    const report = await reportOf([...chain.slice(10), ...writeChain(form, someMessages(5))]);
    expect(found(report)[0]).toEqual(['UNPROTECTED_RECORD', 0, 21]);
    expect(report.verdict).toBe('UNVERIFIABLE');
  });

  it('any edit of any line is found at that line', async () => {
    const short = writeChain(form, someMessages(6));
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 6 }),
        fc.nat(),
        fc.constantFrom(...'aZ09{}" ='),
        async (row, where, char) => {
          const line = short[row] ?? '';
          const at = where % line.length;
          // White space at the end of a line is no part of it.
          fc.pre(line[at] !== char && !(char === ' ' && at === line.length - 1));
          const lines = short.with(row, line.slice(0, at) + char + line.slice(at + 1));
          try {
            const report = await reportOf(lines);
            const touched = report.findings.some(
              ({ index, count = 1, verdict }) =>
                verdict !== undefined && index !== undefined && row >= index && row < index + count,
            );
            // The first line altered and no other chain: no key can be seen to fit.
            expect(
              touched ||
                (row === 0 && report.verdict === 'UNVERIFIABLE') ||
                isSameJson(line, lines[row] ?? ''),
            ).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** The same values, written differently: Acra hashes the values. Hex digits may be of either case. */
const isSameJson = (a: string, b: string): boolean => {
  const [x, y] = [parseJsonLine(a), parseJsonLine(b)];
  return (
    a.toLowerCase() === b.toLowerCase() ||
    (x !== null && y !== null && JSON.stringify(x) === JSON.stringify(y))
  );
};

describe('the published lines of Acra’s own test', () => {
  it('verify with its key', async () => {
    const line = (word: string, integrity: string): string =>
      `time="2020-05-12T21:19:35+03:00" level=info msg="Test message with random information: ${word}" integrity=${integrity}`;
    const report = await reportOf([
      `${line('bytSFuKJob', 'd49e55a26733dc0bddd3a47ef034059234550e799c48363b69f413ab2a4da07f')} chain=new`,
      line('bMFWLOeqnM', 'e83c71bb3cb2fa909f78e0f141eb7fa0cb1dbe038cb355a94e6c403bfc1b9773'),
      line('qquxyOrZnp', '1ae68f7ca75948d19fea98ac577b3dd64d2661bd5d415cf17b4f8c571de10125'),
    ]);
    expect([report.verdict, found(report)]).toEqual(['INTACT_BUT_UNANCHORED', []]);
  });
});

describe('values as Go writes them', () => {
  it.each([
    ['{"b":1,"a":"x"}', 'delimiteradelimiter"x"delimiterdelimiterbdelimiter1delimiter'],
    [
      '{"a":"<&>\\u2028\\u007f\\u0001\\n"}',
      'delimiteradelimiter"\\u003c\\u0026\\u003e\\u2028\u007f\\u0001\\n"delimiter',
    ],
    [
      '{"a":{"z":[1.50,-0,1e21,1e-7],"y":null}}',
      'delimiteradelimiter{"y":null,"z":[1.5,-0,1e+21,1e-7]}delimiter',
    ],
    ['{"é":true,"z":false}', 'delimiterzdelimiterfalsedelimiterdelimiterédelimitertruedelimiter'],
  ])('%s', (json, expected) => {
    expect(hashedBytes(parseJsonLine(json) ?? {}, true).toString()).toBe(expected);
  });

  it('deep nesting and odd lines are refused, never a crash', async () => {
    const lines = [
      '{'.repeat(50_000),
      '['.repeat(50_000),
      '{"integrity":5}',
      '{"integrity":"zz"}',
      ' integrity=',
      'x integrity=00',
      'CEF:',
    ];
    await expect(reportOf(lines)).rejects.toMatchObject({ code: 'audit.format_mismatch' });
    const deep = `{"a":${'['.repeat(2000)}${']'.repeat(2000)},"integrity":"${'0'.repeat(64)}"}`;
    expect((await reportOf([deep])).verdict).toBe('UNVERIFIABLE');
  });
});
