// The small decisions of the audit room: trusted heads, record numbers, places of findings, the list of logs.
import { describe, expect, test } from 'vitest';
import {
  baseName,
  countFindings,
  findingOfLabel,
  findingTone,
  placeOf,
  shortPlaceOf,
} from '../../../renderer/features/audit/finding-words.ts';
import { MAX_HEAD_LENGTH, readHeadEntry } from '../../../renderer/features/audit/head-entry.ts';
import { filterLogs, logRows, sortLogs } from '../../../renderer/features/audit/log-rows.ts';
import { readIndex } from '../../../renderer/features/audit/read-index.ts';
import type { Strip, StripColumn } from '../../../renderer/features/audit/strip-columns.ts';
import { columnText, positionText } from '../../../renderer/features/audit/strip-words.ts';
import { formatCount } from '../../../renderer/ui/format.ts';
import type { ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import type { CaseId, ImportId, VerificationId } from '../../../shared/model/ids.ts';
import type { Finding, Verdict } from '../../../shared/model/verdict.ts';
import { fc } from '../renderer/property.ts';

const HEAD = 'ab'.repeat(32);

describe('trusted head entry', () => {
  test.each([
    ['bare', HEAD],
    ['with a prefix', `sha256:${HEAD}`],
    ['upper case, with white space', `  ${HEAD.toUpperCase()}\n`],
    ['as sha256sum prints it', `${HEAD}  log.jsonl`],
    ['in JSON', `{"head":"${HEAD}"}`],
  ])('finds a digest %s', (_, text) => {
    expect(readHeadEntry(text, HEAD)).toEqual({ kind: 'found', digests: [HEAD], isHead: true });
  });

  test('says that a digest is another one than the head of the log', () => {
    expect(readHeadEntry('cd'.repeat(32), HEAD)).toMatchObject({ kind: 'found', isHead: false });
    expect(readHeadEntry(HEAD, null)).toMatchObject({ kind: 'found', isHead: false });
  });

  test('too few or too many digits are no digest', () => {
    expect(readHeadEntry(HEAD.slice(1), HEAD)).toEqual({ kind: 'none' });
    expect(readHeadEntry(`${HEAD}0`, HEAD)).toEqual({ kind: 'none' });
    expect(readHeadEntry('   ', HEAD)).toEqual({ kind: 'empty' });
  });

  test('the limit of the contract is named before it is sent', () => {
    expect(readHeadEntry('x'.repeat(MAX_HEAD_LENGTH + 1), HEAD)).toEqual({ kind: 'too-long' });
    expect(readHeadEntry(HEAD.padEnd(MAX_HEAD_LENGTH, ' '), HEAD).kind).toBe('found');
  });

  test('each digest of a listing is found once', () => {
    expect(readHeadEntry(`${HEAD}  a\n${'cd'.repeat(32)}  b\n${HEAD}  c`, null)).toMatchObject({
      digests: [HEAD, 'cd'.repeat(32)],
    });
  });
});

describe('record numbers', () => {
  test('a number as the app writes it is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (n) => {
        expect(readIndex(formatCount(n), null)).toBe(n);
      }),
    );
  });

  test.each(['', '-1', '1.5', '1e3', '0x10', '12 34', 'ten', '9'.repeat(16)])(
    '%j is no record number',
    (text) => {
      expect(readIndex(text, null)).toBeNull();
    },
  );

  test('the number of records is the first that is too large', () => {
    expect(readIndex('79', 80)).toBe(79);
    expect(readIndex('80', 80)).toBeNull();
    expect(readIndex(' 1 204 ', null)).toBe(1204);
  });
});

describe('findings in words', () => {
  const finding = (of: Partial<Finding>): Finding => ({ kind: 'GAP', message: '', ...of });

  test('one record, several, a file, a byte, or the whole log', () => {
    expect(placeOf(finding({ index: 1204, line: 1205 }), 'record')).toBe('Record 1,204 · line 1,205');
    expect(placeOf(finding({ index: 40, count: 20 }), 'record')).toBe('Records 40 to 59');
    expect(placeOf(finding({ path: 'a/b/c.json.gz', index: 3 }), 'second')).toBe('c.json.gz');
    expect(placeOf(finding({ byteOffset: 9000 }), 'record')).toBe('byte 9,000');
    expect(placeOf(finding({}), 'record')).toBe('');
  });

  test('a long file name keeps the end, where the files of a trail differ', () => {
    const short = shortPlaceOf(finding({ path: `d/${'4182'.repeat(12)}_20260701T0900Z.json.gz` }), 'second');
    expect(short.endsWith('20260701T0900Z.json.gz')).toBe(true);
    expect(short.length).toBeLessThanOrEqual(27);
  });

  test('the tone is that of the verdict; a remark has none', () => {
    expect(findingTone(finding({ verdict: 'TAMPERED' }))).toBe('fail');
    expect(findingTone(finding({ verdict: 'DUPLICATE' }))).toBe('attention');
    expect(findingTone(finding({}))).toBe('neutral');
  });

  test('a stretch leads to the finding about the same file, if that has a record', () => {
    const list = [finding({ path: 'x/d.json.gz' }), finding({ path: 'y/d.json.gz', index: 7 })];
    expect(findingOfLabel(list, 'd.json.gz')?.index).toBe(7);
    expect(findingOfLabel(list, 'other.json.gz')).toBeUndefined();
    expect(findingOfLabel(list, undefined)).toBeUndefined();
    expect(baseName('plain')).toBe('plain');
  });

  test('counts are summed', () => {
    expect(countFindings([{ count: 3 }, { count: 4 }])).toBe(7);
    expect(countFindings([])).toBe(0);
  });
});

describe('log list', () => {
  const log = (n: number, name: string, importedAt: string): ImportedLog => ({
    id: `imp_${n}` as ImportId,
    caseId: 'case_1' as CaseId,
    name,
    kind: 'file',
    bytes: 1,
    files: 1,
    sha256: String(n).repeat(64),
    importedAt,
    custody: 'copied',
    detections: [],
    format: 'guardian-chain',
  });
  const run = (n: number, imp: number, verdict: Verdict, finishedAt: string): VerificationSummary => ({
    id: `ver_${n}` as VerificationId,
    importId: `imp_${imp}` as ImportId,
    caseId: 'case_1' as CaseId,
    finishedAt,
    verdict,
    format: 'guardian-chain',
    records: 1,
    anchored: false,
    head: null,
    trustedHead: null,
    findings: [],
    seconds: 1,
  });
  const rows = logRows(
    [
      log(1, 'b-10', '2026-11-01T00:00:00Z'),
      log(2, 'b-9', '2026-11-03T00:00:00.5Z'),
      log(3, 'a', '2026-11-02T00:00:00Z'),
    ],
    [
      run(1, 1, 'TAMPERED', '2026-11-05T00:00:00Z'),
      run(2, 1, 'INTACT', '2026-11-05T00:00:00.250Z'),
      run(3, 2, 'GAP', '2026-11-04T00:00:00Z'),
    ],
  );
  const names = (list: typeof rows): string[] => list.map((row) => row.log.name);

  test('the latest verification counts, to the fraction of a second', () => {
    expect(rows.map((row) => row.latest?.verdict)).toEqual(['INTACT', 'GAP', undefined]);
  });

  test('words filter by name, digest, format and verdict', () => {
    expect(names(filterLogs(rows, 'guardian GAP'))).toEqual(['b-9']);
    expect(names(filterLogs(rows, '3333'))).toEqual(['a']);
    expect(filterLogs(rows, ' ')).toBe(rows);
  });

  test('names sort by number, verdicts from the worst, unverified logs last either way', () => {
    expect(names(sortLogs(rows, { column: 'name', direction: 'ascending' }))).toEqual(['a', 'b-9', 'b-10']);
    expect(names(sortLogs(rows, { column: 'verdict', direction: 'ascending' }))).toEqual([
      'b-9',
      'b-10',
      'a',
    ]);
    expect(names(sortLogs(rows, { column: 'verdict', direction: 'descending' }))).toEqual([
      'b-10',
      'b-9',
      'a',
    ]);
    expect(names(sortLogs(rows, { column: 'imported', direction: 'descending' }))).toEqual([
      'b-9',
      'a',
      'b-10',
    ]);
  });
});

describe('the strip in words', () => {
  const base = { length: 1000, origin: null, stretches: [] as Strip['stretches'] };
  const column = (of: Partial<StripColumn>): StripColumn => ({
    from: 0,
    to: 10,
    state: 'verified',
    worstAt: 0,
    label: undefined,
    ...of,
  });

  test('a column of records names its ends, its state, and where damage begins', () => {
    expect(columnText({ unit: 'record', ...base }, column({ from: 990, to: 1000, worstAt: 990 }))).toBe(
      'Records 990 to 999: Verifies',
    );
    expect(
      columnText({ unit: 'record', ...base }, column({ state: 'failed', worstAt: 7, label: 'altered' })),
    ).toBe('Records 0 to 9: Does not verify, first at 7 · altered');
    expect(columnText({ unit: 'record', ...base }, column({ from: 5, to: 6, worstAt: 5 }))).toBe(
      'Record 5: Verifies',
    );
  });

  test('a column of seconds names instants', () => {
    const strip = { ...base, unit: 'second', origin: '2026-07-01T00:00:00Z' } as const;
    expect(columnText(strip, column({ from: 3600, to: 7200, worstAt: 3600, state: 'uncovered' }))).toBe(
      '2026-07-01 01:00:00Z to 2026-07-01 02:00:00Z: Not covered',
    );
    expect(positionText({ ...strip, origin: null }, 1234)).toBe('1,234');
  });
});
