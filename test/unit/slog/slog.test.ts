// Secure logs of syslog-ng: every altered, missing, moved and doubled entry is named; the end is as good as its MAC file.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { syslogNgSlog } from '../../../electron/modules/audit/engine/slog/syslog-ng-slog.ts';
import { parseSlogLine } from '../../../electron/modules/audit/engine/slog/line.ts';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { sourceOf } from '../../fixtures/journald/source.ts';
import { someTexts, writeSlog } from '../../fixtures/slog/write-slog.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const RUN = { signal: new AbortController().signal, progress: (): void => undefined };
const log = writeSlog(someTexts(60));
const last = <T>(list: readonly T[]): T => {
  const item = list.at(-1);
  if (item === undefined) throw new RangeError('empty');
  return item;
};
const KEY = { name: 'h0.key', bytes: log.keyFiles[0] ?? Buffer.alloc(0) };
const MAC = { name: 'mac.dat', bytes: last(log.macFiles) };
const BOTH = [KEY, MAC];

const reportOf = async (
  lines: readonly string[],
  keys: readonly { name: string; bytes: Uint8Array }[] = BOTH,
): Promise<VerificationReport> => {
  const source = sourceOf({ 'messages.slog': Buffer.from(`${lines.join('\n')}\n`) });
  const { report } = await syslogNgSlog.verify(source, { trustedHeads: [], keys }, RUN);
  return v.parse(VerificationReport, report);
};
const edited = (edit: (lines: string[]) => void): string[] => {
  const lines = [...log.lines];
  edit(lines);
  return lines;
};
const found = (report: VerificationReport): [string, number | undefined][] =>
  report.findings.filter(({ verdict }) => verdict !== undefined).map(({ kind, index }) => [kind, index]);
const flip = (line: string, at: number): string =>
  line.slice(0, at) + (line[at] === 'A' ? 'B' : 'A') + line.slice(at + 1);

describe('a genuine secure log', () => {
  it('with host key and MAC file is INTACT to its last entry', async () => {
    const report = await reportOf(log.lines);
    expect([report.verdict, report.anchored, report.findings]).toEqual(['INTACT', true, []]);
    expect(report.anchors).toEqual([
      expect.objectContaining({ name: 'mac.dat', outcome: 'covers', index: 59 }),
    ]);
    expect(report.head).toBe(MAC.bytes.toString('hex', 0, 16));
  });

  it('is recognised, with a prefix of a template before each line too', async () => {
    const prefixed = log.lines.map((line) => `Nov 21 06:00:00 host ${line}`);
    const source = sourceOf({ x: Buffer.from(`${prefixed.join('\n')}\n`) });
    expect((await syslogNgSlog.detect(source))?.confidence).toBeGreaterThan(0.9);
    const report = await reportOf(prefixed);
    expect(report.verdict).toBe('INTACT');
    expect(report.coverage.unprotectedFields).toHaveLength(1);
  });

  it('without the MAC file is not anchored, and the file is named', async () => {
    const report = await reportOf(log.lines, [KEY]);
    expect([report.verdict, report.anchored, report.findings.map(({ kind }) => kind)]).toEqual([
      'INTACT_BUT_UNANCHORED',
      false,
      ['KEY_MISSING'],
    ]);
  });

  it('is anchored by a host key of the state after its last entry as well', async () => {
    const report = await reportOf(log.lines, [KEY, { name: 'host.key', bytes: last(log.keyFiles) }]);
    expect([report.verdict, report.anchored]).toEqual(['INTACT', true]);
  });

  it('without the host key can not be verified; missing numbers are found all the same', async () => {
    expect((await reportOf(log.lines, [MAC])).verdict).toBe('UNVERIFIABLE');
    const report = await reportOf(
      edited((lines) => lines.splice(20, 2)),
      [MAC],
    );
    expect(found(report)).toContainEqual(['GAP', 20]);
  });

  it('with the key of another host says so', async () => {
    const other = writeSlog(['x'], 'other').keyFiles[0] ?? Buffer.alloc(0);
    const report = await reportOf(log.lines, [{ name: 'other.key', bytes: other }, MAC]);
    expect(report.verdict).toBe('UNVERIFIABLE');
    expect(report.findings.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['SIGNATURE_INVALID', 'KEY_MISSING']),
    );
  });

  it('that begins in the middle is a part, and anchored at both ends by two MAC files', async () => {
    const keys = [
      { name: 'k20', bytes: log.keyFiles[20] ?? Buffer.alloc(0) },
      { name: 'm20', bytes: log.macFiles[20] ?? Buffer.alloc(0) },
      MAC,
    ];
    const report = await reportOf(log.lines.slice(20), keys);
    expect([report.verdict, report.anchored]).toEqual(['PARTIAL_INTACT', true]);
    const without = await reportOf(log.lines.slice(20), [KEY, MAC]);
    expect([without.verdict, without.anchored]).toEqual(['PARTIAL_INTACT', false]);
  });

  it('that goes on behind its MAC file is covered up to there', async () => {
    const report = await reportOf(log.lines, [
      KEY,
      { name: 'old.dat', bytes: log.macFiles[40] ?? Buffer.alloc(0) },
    ]);
    expect(report.verdict).toBe('INTACT_BUT_UNANCHORED');
    expect(report.anchors?.[0]).toMatchObject({ outcome: 'covers-part', index: 39 });
  });
});

describe('an altered secure log', () => {
  it('names all damage in one pass', async () => {
    const report = await reportOf(
      edited((lines) => {
        lines[5] = flip(lines[5] ?? '', 30);
        lines.splice(50, 1);
        [lines[20], lines[21]] = [lines[21] ?? '', lines[20] ?? ''];
        lines.splice(31, 0, lines[30] ?? '');
        lines.push('clear text');
      }),
    );
    expect(report.verdict).toBe('TAMPERED');
    expect(found(report)).toEqual([
      ['EVENT_HASH_MISMATCH', 5],
      ['REORDERED', 20],
      ['DUPLICATE', 31],
      ['GAP', 51],
      ['UNPROTECTED_RECORD', 60],
    ]);
  });

  it.each([0, 1, 2, 5, 9])('an altered number is put right by the key (character %i)', async (at) => {
    const report = await reportOf(edited((lines) => void (lines[33] = flip(lines[33] ?? '', at))));
    expect(found(report).map(([kind, index]) => [kind, index])).toContainEqual(['EVENT_HASH_MISMATCH', 33]);
    expect(report.verdict).toBe('TAMPERED');
  });

  it('moved lines alone are a reordering, proven by the MAC', async () => {
    const report = await reportOf(edited((lines) => lines.splice(40, 0, ...lines.splice(10, 5))));
    expect([report.verdict, report.anchored]).toEqual(['REORDERED', true]);
  });

  it('a cut tail shows in the MAC, and by a later host key how many entries are missing', async () => {
    const cut = log.lines.slice(0, 45);
    const report = await reportOf(cut);
    expect(report.verdict).toBe('TAMPERED');
    expect(found(report)).toEqual(
      expect.arrayContaining([
        ['HEAD_MISMATCH', undefined],
        ['TRUNCATED', 44],
      ]),
    );
    const counted = await reportOf(cut, [KEY, { name: 'host.key', bytes: last(log.keyFiles) }]);
    expect(counted.findings.find(({ kind }) => kind === 'TRUNCATED')?.message).toContain(
      '15 entries are missing',
    );
    expect((await reportOf(cut, [KEY])).verdict).toBe('INTACT_BUT_UNANCHORED');
  });

  it('two genuine entries of one number are a fork', async () => {
    const other = writeSlog(someTexts(9).map((text) => `${text}!`)).lines[8] ?? '';
    const report = await reportOf(edited((lines) => lines.splice(9, 0, other)));
    // The nonces are the same here, so the second one is told apart by its tag.
    expect(found(report)).toContainEqual(['FORK', 9]);
  });

  it('any character flipped anywhere is found, with its line', async () => {
    const small = writeSlog(someTexts(8), 'small');
    const keys = [
      { name: 'k', bytes: small.keyFiles[0] ?? Buffer.alloc(0) },
      { name: 'm', bytes: last(small.macFiles) },
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 7 }),
        fc.nat(),
        fc.constantFrom(...'AQgz09+/=: x'),
        async (row, where, char) => {
          const lines = [...small.lines];
          const line = lines[row] ?? '';
          const at = where % line.length;
          fc.pre(line[at] !== char);
          lines[row] = line.slice(0, at) + char + line.slice(at + 1);
          const report = await reportOf(lines, keys);
          const touches = report.findings.filter(
            ({ index, verdict }) => index === row && verdict !== undefined,
          );
          // A number that was changed to another one of the log leaves a gap at its own place.
          expect(touches.length > 0 || report.verdict === 'TAMPERED').toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('hostile input', () => {
  it('numbers beyond all measure do not make it derive keys for ever', async () => {
    const counter = Buffer.alloc(8, 0xff);
    counter[7] = 0;
    const lines = edited((all) => all.push(`${counter.toString('base64')}:${(all[0] ?? '').slice(13)}`));
    const report = await reportOf(lines);
    expect(found(report)).toContainEqual(['EVENT_HASH_MISMATCH', 60]);
  });

  it('random lines are refused or reported, never a crash', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 80 }), { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 59 }),
        async (noise, keep) => {
          try {
            const report = await reportOf([...noise, log.lines[keep] ?? '', ...noise]);
            expect(report.records).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('key files of any bytes do no harm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const report = await reportOf(log.lines.slice(0, 3), [{ name: 'x', bytes }]);
        expect(report.verdict).toBe('UNVERIFIABLE');
      }),
      { numRuns: 50 },
    );
  });

  it('a line is parsed as it was written', () => {
    const [line = ''] = log.lines;
    expect(parseSlogLine(line)).toMatchObject({ counter: 0, prefix: '', isCanonical: true });
    expect(parseSlogLine('no log line')).toBeNull();
    expect(parseSlogLine('')).toBeNull();
  });
});

describe('one entry under the lens', () => {
  it('is shown decrypted', async () => {
    const source = sourceOf({ x: Buffer.from(`${log.lines.join('\n')}\n`) });
    const options = { trustedHeads: [], keys: BOTH };
    const view = await syslogNgSlog.record(
      source,
      await syslogNgSlog.verify(source, options, RUN),
      12,
      options,
    );
    expect(view.fields).toContainEqual({ name: 'entry (decrypted)', value: someTexts(60)[12] });
    expect(view.checks[0]?.ok).toBe(true);
  });
});

const hasSlogverify = ((): boolean => {
  const there = spawnSync('slogverify', ['--help']).error === undefined;
  if (!there) process.stderr.write('SKIPPED: slogverify is not installed, so nothing was compared with it\n');
  return there;
})();
const folder = mkdtempSync(join(tmpdir(), 'probity-slog-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(hasSlogverify)('slogverify', () => {
  it('takes what the fixture writes and decrypts it to the same text', () => {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('k'), KEY.bytes);
    writeFileSync(at('m'), MAC.bytes);
    writeFileSync(at('l'), `${log.lines.join('\n')}\n`);
    const { status } = spawnSync('slogverify', ['-k', at('k'), '-m', at('m'), at('l'), at('out')]);
    expect(status).toBe(0);
    const plain = readFileSync(at('out'), 'utf8').trimEnd().split('\n');
    expect(plain.map((line) => line.slice(line.indexOf(':') + 2))).toEqual(someTexts(60));
  });
});

describe.runIf(hasSamples('audit/syslog-ng-slog'))('the samples', () => {
  const base = join(SHARED_DATA, 'audit', 'syslog-ng-slog');
  it.each([
    ['genuine', 'INTACT', []],
    ['TAMPERED-flip', 'TAMPERED', [['EVENT_HASH_MISMATCH', 49]]],
    ['TAMPERED-del', 'TAMPERED', [['GAP', 49]]],
    ['TAMPERED-swap', 'REORDERED', [['REORDERED', 48]]],
    [
      'TAMPERED-trunc',
      'TAMPERED',
      [
        ['HEAD_MISMATCH', undefined],
        ['TRUNCATED', 79],
      ],
    ],
  ] as const)('%s is %s', async (name, verdict, findings) => {
    const keys = ['h0.key', 'mac.dat'].map((key) => ({ name: key, bytes: readFileSync(join(base, key)) }));
    const source = await openDiskSource(join(base, `${name}.slog`));
    const { report } = await syslogNgSlog.verify(source, { trustedHeads: [], keys }, RUN);
    expect([report.verdict, found(report)]).toEqual([verdict, findings.map((each) => [...each])]);
  });
});
