// Journal entries, heads and the check: each thing that can be changed is found and named.
import { hash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { JournalCheck } from '../../../electron/journal/check.ts';
import type { CheckedRecord, CheckResult } from '../../../electron/journal/check.ts';
import { entryFault, entryView, makeEntry, readLine } from '../../../electron/journal/entry.ts';
import type { EntryInput, EntryRow, RecordMark } from '../../../electron/journal/entry.ts';
import { headEntry } from '../../../electron/journal/head-entries.ts';
import { HEAD_FILE, HeadFile, readHeadFile } from '../../../electron/journal/head-file.ts';
import { readHead, sealHead } from '../../../electron/journal/head.ts';
import type { Head, ReadHead } from '../../../electron/journal/head.ts';
import { recordDigest } from '../../../electron/journal/record-digest.ts';
import { scratch } from '../../integration/vault/support.ts';

const AT = '2026-11-21T09:30:00.000Z';
const KEY = Buffer.alloc(32, 3);
const INPUT: EntryInput = {
  eventType: 'case',
  principal: 'owner',
  resource: 'case_1',
  action: 'case.create',
  result: 'success',
  detail: { note: 'x', count: 3 },
};

const entry = (
  seq: number,
  previousHash: string | null,
  records: RecordMark[] = [],
  input = INPUT,
): EntryRow =>
  makeEntry(input, {
    seq,
    eventId: randomUUID(),
    timestamp: AT,
    agent: 'Probity 0.1.0',
    previousHash,
    records,
  });

const record = (id: string, seq: number, body = '{"a":1}'): CheckedRecord => {
  const content = { kind: 'case', id, caseId: null, createdAt: AT, updatedAt: AT, body };
  return { ...content, digest: recordDigest(content), seq };
};

const mark = ({ kind, id, digest }: CheckedRecord): RecordMark => ({ kind, id, digest });

/** Three entries that put r1, r2, and r1 again. */
const sample = (): { entries: EntryRow[]; records: CheckedRecord[] } => {
  const [old, r2, r1] = [record('r1', 1, '{}'), record('r2', 2), record('r1', 3)];
  const first = entry(1, null, [mark(old)]);
  const second = entry(2, first.chainHash, [mark(r2)]);
  const third = entry(3, second.chainHash, [mark(r1)]);
  return { entries: [first, second, third], records: [r1, r2] };
};

const headOf = (entries: readonly EntryRow[]): Head => ({
  seq: entries.at(-1)?.seq ?? 0,
  chainHash: entries.at(-1)?.chainHash ?? null,
});
const sealed = (head: Head): ReadHead => ({ state: 'sealed', head });

const check = (
  entries: readonly EntryRow[],
  records: readonly CheckedRecord[],
  head = headOf(entries),
  file = head,
): CheckResult => {
  const walk = new JournalCheck(sealed(file));
  for (const each of entries) walk.entry(each);
  for (const each of records) walk.record(each);
  return walk.finish(sealed(head));
};

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index];
  if (found === undefined) throw new Error(`the list has no item ${index}`);
  return found;
};

describe('a journal entry', () => {
  it('is a Guardian record: ten fields and three hashes over their sorted form', () => {
    const row = entry(2, 'a'.repeat(64), [{ kind: 'case', id: 'c', removed: true }]);
    const line = JSON.parse(row.line) as Record<string, unknown>;
    expect(Object.keys(line)).toEqual([
      'event_id',
      'timestamp',
      'event_type',
      'user_id',
      'resource_id',
      'action',
      'result',
      'ip_address',
      'user_agent',
      'additional_data',
      'event_hash',
      'chain_hash',
      'previous_hash',
    ]);
    expect(line['additional_data']).toEqual({
      detail: { note: 'x', count: 3 },
      records: [{ kind: 'case', id: 'c', removed: true }],
    });
    expect(line['chain_hash']).toBe(hash('sha256', 'a'.repeat(64) + String(line['event_hash'])));
  });

  it('reads back without fault, whatever its texts and numbers', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const detail = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('constructor', 'records', 'toString')),
      value,
    );
    fc.assert(
      fc.property(detail, fc.string({ unit: 'binary' }), (given, principal) => {
        const row = entry(1, null, [], { ...INPUT, principal, detail: given });
        const line = readLine(row.line);
        expect(entryFault(row, line)).toBeNull();
        expect(line?.user_id).toBe(principal);
        for (const number of Object.values(line?.additional_data.detail ?? {})) {
          if (typeof number === 'number') expect(Number.isSafeInteger(number)).toBe(true);
        }
      }),
    );
  });

  it('shows every changed column and every changed character of its line', () => {
    const row = entry(1, null);
    const columns: Partial<EntryRow>[] = [
      { eventId: 'x' },
      { timestamp: '' },
      { result: 'denied' },
      { search: '' },
      { eventHash: '0'.repeat(64) },
      { chainHash: '0'.repeat(64) },
      { previousHash: '0'.repeat(64) },
    ];
    for (const change of columns)
      expect(entryFault({ ...row, ...change }, readLine(row.line))).not.toBeNull();
    for (let index = 0; index < row.line.length; index += 1) {
      const line = `${row.line.slice(0, index)}~${row.line.slice(index + 1)}`;
      expect(entryFault({ ...row, line }, readLine(line))).not.toBeNull();
    }
    expect(entryFault({ ...row, line: ` ${row.line}` }, readLine(` ${row.line}`))).not.toBeNull();
  });

  it('is shown as it stands when it can not be read', () => {
    expect(entryView({ ...entry(4, null), line: '{"half' })).toMatchObject({
      seq: 4,
      eventType: '(unreadable)',
      detail: '{"half',
    });
    expect(entryView(entry(4, null))).toMatchObject({
      principal: 'owner',
      action: 'case.create',
      detail: '{"note":"x","count":3}',
    });
  });
});

describe('a sealed head', () => {
  it('reads back only with its key and workspace', () => {
    const head = { seq: 7, chainHash: 'b'.repeat(64) };
    const text = sealHead(KEY, 'ws', head);
    expect(readHead(KEY, 'ws', text)).toEqual(sealed(head));
    expect(readHead(Buffer.alloc(32, 4), 'ws', text).state).toBe('forged');
    expect(readHead(KEY, 'other', text).state).toBe('forged');
    expect(readHead(KEY, 'ws', text.replace('"seq":7', '"seq":8')).state).toBe('forged');
    expect(readHead(KEY, 'ws', null).state).toBe('absent');
  });

  it('is never believed for any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['unreadable', 'forged']).toContain(readHead(KEY, 'ws', text).state);
      }),
    );
  });
});

describe('the head file', () => {
  const temporary = scratch();
  afterAll(temporary.remove);
  const path = join(temporary.path, HEAD_FILE);
  const heads = Array.from({ length: 5 }, (_each, seq) => ({
    seq,
    chainHash: seq === 0 ? null : String(seq).repeat(64),
  }));
  const write = (file: HeadFile, head: Head): void =>
    file.write(head.seq, sealHead(KEY, 'a'.repeat(32), head));
  const read = (): ReadHead => readHeadFile(temporary.path, KEY, 'a'.repeat(32));

  it('gives the last head that was written, and is JSON throughout', () => {
    expect(read()).toEqual({ state: 'absent' });
    for (const first of [0, 1]) {
      const file = new HeadFile(temporary.path);
      for (const head of heads.slice(first)) {
        write(file, head);
        expect(read()).toEqual(sealed(head));
        expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveLength(2);
      }
      file.close();
    }
    expect(readdirSync(temporary.path)).toEqual([HEAD_FILE]);
  });

  it('is not believed by halves: a changed character in either slot spoils it', () => {
    const text = readFileSync(path, 'utf8');
    const letters = [...text.matchAll(/[0-9a-f]/gu)].map(({ index }) => index);
    for (const index of letters) {
      writeFileSync(
        path,
        `${text.slice(0, index)}${text[index] === '0' ? '1' : '0'}${text.slice(index + 1)}`,
      );
      expect(['forged', 'unreadable'], String(index)).toContain(read().state);
    }
    for (const other of [
      '',
      text.slice(1),
      `${text}\n`,
      text.replace(/\{[^}]*\}/u, (slot) => 'null'.padEnd(slot.length, '\0')),
    ]) {
      writeFileSync(path, other);
      expect(read().state).toBe('unreadable');
    }
    writeFileSync(path, text);
    expect(read()).toEqual(sealed(heads[4] ?? { seq: 0, chainHash: null }));
  });
});

describe('the check of the journal', () => {
  it('finds an untouched journal intact, an empty one too', () => {
    const { entries, records } = sample();
    expect(check(entries, records)).toEqual({
      entries: 3,
      head: at(entries, 2).chainHash,
      intact: true,
      problems: [],
    });
    expect(check([], [])).toEqual({ entries: 0, head: null, intact: true, problems: [] });
  });

  it('finds an entry edited in its line only', () => {
    const { entries, records } = sample();
    const second = at(entries, 1);
    const line = second.line.replace('"owner"', '"other"');
    const result = check([at(entries, 0), { ...second, line }, at(entries, 2)], records);
    expect(result.problems).toEqual([
      { seq: 2, record: null, message: 'Entry 2 was changed: its content does not match its hash.' },
    ]);
  });

  it('finds an entry that was written anew with right hashes', () => {
    const { entries, records } = sample();
    const forged = entry(2, at(entries, 0).chainHash, [mark(at(records, 1))], {
      ...INPUT,
      principal: 'other',
    });
    const result = check([at(entries, 0), forged, at(entries, 2)], records);
    expect(result.problems).toEqual([
      {
        seq: 3,
        record: null,
        message: 'Entry 3 does not follow the entry before it: the chain is broken here.',
      },
    ]);
  });

  it('finds an entry that was taken away, put in, or moved', () => {
    const { entries, records } = sample();
    const [first, second, third] = [at(entries, 0), at(entries, 1), at(entries, 2)];
    expect(check([first, third], records).problems.map(({ message }) => message)).toContain(
      'Entry 2 is missing: the numbers go from 1 to 3.',
    );
    expect(check([first, { ...third, seq: 2 }], records).problems.length).toBeGreaterThan(0);
    const extra = entry(4, third.chainHash);
    expect(
      check([...entries, extra], records, headOf(entries)).problems.map(({ message }) => message),
    ).toContain('The journal ends with entry 4, but was sealed with entry 3.');
    expect(check([{ ...second, seq: 1 }, { ...first, seq: 2 }, third], records).intact).toBe(false);
  });

  it('finds a chain that was calculated anew from its first entry on by its sealed heads', () => {
    const { records } = sample();
    const [a, b] = [sample(), sample()];
    const result = check(a.entries, records, headOf(b.entries));
    expect(result.problems.map(({ message }) => message)).toEqual([
      'The journal ends with entry 3, but was sealed with entry 3.',
      'Entry 3 is not the one that journal-head.json knows.',
    ]);
  });

  it('finds a tail that was cut off together with its seal by the file beside it', () => {
    const { entries } = sample();
    const cut = entries.slice(0, 2);
    const result = check(cut, [record('r1', 1, '{}'), record('r2', 2)], headOf(cut), headOf(entries));
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]?.message).toContain('an older copy of vault.db was put back');
  });

  it('finds a record that was changed, with or without its digest', () => {
    const { entries, records } = sample();
    const r2 = at(records, 1);
    const edited = { ...r2, body: '{"a":2}' };
    for (const row of [edited, { ...edited, digest: recordDigest(edited) }]) {
      expect(check(entries, [at(records, 0), row]).problems).toEqual([
        {
          seq: 2,
          record: 'r2',
          message: 'A case was changed outside Probity: it is not what entry 2 vouches for.',
        },
      ]);
    }
  });

  it('finds a record that was put back to its earlier state', () => {
    const { entries, records } = sample();
    const result = check(entries, [record('r1', 1, '{}'), at(records, 1)]);
    expect(result.problems).toEqual([
      {
        seq: 3,
        record: 'r1',
        message: 'A case was changed outside Probity: it is not what entry 3 vouches for.',
      },
    ]);
  });

  it('finds a record that is missing, added, or there again after its removal', () => {
    const { entries, records } = sample();
    expect(check(entries, [at(records, 0)]).problems).toEqual([
      { seq: 2, record: 'r2', message: 'A case is missing: entry 2 vouches for it.' },
    ]);
    expect(check(entries, [...records, record('r9', 2)]).problems).toEqual([
      {
        seq: null,
        record: 'r9',
        message: 'A case was added outside Probity: no entry of the journal names it.',
      },
    ]);
    const removal = entry(4, at(entries, 2).chainHash, [{ kind: 'case', id: 'r2', removed: true }]);
    expect(check([...entries, removal], [at(records, 0)]).intact).toBe(true);
    expect(check([...entries, removal], records).problems).toEqual([
      { seq: 4, record: 'r2', message: 'A case that was removed in entry 4 is there again.' },
    ]);
  });

  it('finds a missing, foreign or forged head file', () => {
    const { entries, records } = sample();
    for (const state of ['absent', 'unreadable', 'forged'] as const) {
      const walk = new JournalCheck({ state });
      for (const each of entries) walk.entry(each);
      for (const each of records) walk.record(each);
      expect(walk.finish(sealed(headOf(entries))).intact).toBe(false);
    }
  });

  it('counts what it does not list', () => {
    const walk = new JournalCheck(sealed({ seq: 0, chainHash: null }));
    for (let index = 0; index < 1500; index += 1) walk.record(record(`r${index}`, 1));
    const { problems } = walk.finish(sealed({ seq: 0, chainHash: null }));
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)?.message).toBe('500 more problems are not listed.');
  });
});

describe('the ends of the journal at an opening', () => {
  const last = { seq: 5, chainHash: '5'.repeat(64) };
  const good = { last, sealed: sealed(last), file: sealed(last), atFileHead: last.chainHash };
  const four = { seq: 4, chainHash: '4'.repeat(64) };

  it('need no word when they agree', () => {
    expect(headEntry(good)).toBeNull();
  });

  it('are said to be brought up to date when the file is one commit behind', () => {
    const entry = headEntry({ ...good, file: sealed(four), atFileHead: four.chainHash });
    expect(entry).toMatchObject({ action: 'journal.head_recovered', result: 'success' });
  });

  it.each([
    [
      'the file knows a later entry',
      { ...good, file: sealed({ seq: 6, chainHash: '6'.repeat(64) }), atFileHead: null },
    ],
    ['the file knows another entry', { ...good, file: sealed({ ...last, chainHash: '6'.repeat(64) }) }],
    [
      'the file is further behind',
      { ...good, file: sealed({ seq: 3, chainHash: '3'.repeat(64) }), atFileHead: '3'.repeat(64) },
    ],
    ['the file is one behind on another branch', { ...good, file: sealed(four), atFileHead: '9'.repeat(64) }],
    ['the file is absent', { ...good, file: { state: 'absent' as const }, atFileHead: null }],
    ['the seal is forged', { ...good, sealed: { state: 'forged' as const } }],
    ['the table ends elsewhere', { ...good, last: four }],
  ])('stay on record when %s', (_name, found) => {
    const input = headEntry(found);
    expect(input).toMatchObject({ action: 'journal.head_mismatch', result: 'failure' });
    if (input === null) return;
    const walk = new JournalCheck(sealed({ seq: 0, chainHash: null }));
    const row = entry(1, null, [], input);
    walk.entry(row);
    const { problems } = walk.finish(sealed(headOf([row])));
    expect(problems[0]?.message).toContain(
      'Entry 1 records that the journal was set back or its seal was changed',
    );
  });
});
