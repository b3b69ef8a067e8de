// Journals are verified object by object and tag by tag: what was altered, removed or hidden is named at its entry.
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { VerifyOptions } from '../../../electron/modules/audit/engine/format.ts';
import { journaldFss } from '../../../electron/modules/audit/engine/journald/journald-fss.ts';
import { openJournal } from '../../../electron/modules/audit/engine/journald/journal-file.ts';
import { ENTRY, TAG } from '../../../electron/modules/audit/engine/journald/layout.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { sourceOf } from '../../fixtures/journald/source.ts';
import { KEY_TEXT, sealKeys, writeJournal } from '../../fixtures/journald/write-journal.ts';
import type { JournalOptions } from '../../fixtures/journald/write-journal.ts';

const RUN = { signal: new AbortController().signal, progress: (): void => undefined };
const keysOf = (...texts: readonly string[]): VerifyOptions => ({
  trustedHeads: [],
  keys: texts.map((text, i) => ({ name: `key${i}.txt`, bytes: Buffer.from(text) })),
});
const KEYED = keysOf(KEY_TEXT);
const NO_KEY = keysOf();
const reportOf = async (
  files: Readonly<Record<string, Uint8Array>>,
  options = KEYED,
  folder?: string,
): Promise<VerificationReport> => {
  const { report } = await journaldFss.verify(sourceOf(files, folder), options, RUN);
  return v.parse(VerificationReport, report);
};
const SEALED: JournalOptions = { entries: 40, isSealed: true, isKeyed: true, isCompact: true };
const sealed = (): Buffer => writeJournal(SEALED);
const offsetsOf = async (journal: Buffer, type: number): Promise<number[]> => {
  const { walk } = await openJournal('x', journal, () => Promise.resolve());
  const found: number[] = [];
  for (let i = 0; i < walk.objects.length; i += 1)
    if (walk.objects.type(i) === type) found.push(walk.objects.at(i));
  return found;
};
const at = (offsets: readonly number[], i: number): number => {
  const offset = offsets.at(i);
  if (offset === undefined) throw new RangeError(`no object ${i}`);
  return offset;
};
const bearing = (report: VerificationReport): VerificationReport['findings'] =>
  report.findings.filter(({ verdict }) => verdict !== undefined);

const forms = [true, false].flatMap((isKeyed) =>
  [true, false].flatMap((isCompact) =>
    (['none', 'lz4', 'zstd'] as const).map((compression) => ({ isKeyed, isCompact, compression })),
  ),
);

describe('a genuine journal', () => {
  it.each(forms)('sealed, with its key, is INTACT without a finding: %o', async (form) => {
    const report = await reportOf({ 'a.journal': writeJournal({ ...form, entries: 40, isSealed: true }) });
    expect([report.verdict, report.anchored, report.records, report.findings]).toEqual([
      'INTACT',
      true,
      40,
      [],
    ]);
  });

  it.each(forms)('not sealed is NOT_TAMPER_EVIDENT without a finding: %o', async (form) => {
    const report = await reportOf({ 'a.journal': writeJournal({ ...form, entries: 40 }) }, NO_KEY);
    expect([report.verdict, report.findings]).toEqual(['NOT_TAMPER_EVIDENT', []]);
  });

  it.each([
    ['gzip', gzipSync],
    ['Zstandard', zstdCompressSync],
  ] as const)('is seen through %s', async (_name, pack) => {
    const source = sourceOf({ 'a.journal.packed': pack(sealed()) });
    expect(await journaldFss.detect(source)).toMatchObject({ format: 'journald-fss', confidence: 0.99 });
    expect((await journaldFss.verify(source, KEYED, RUN)).report.verdict).toBe('INTACT');
  });

  it('with entries after the last tag is not anchored, and says from which entry on', async () => {
    const report = await reportOf({ 'a.journal': writeJournal({ ...SEALED, isClosed: false }) });
    const [finding] = report.findings;
    expect(report.verdict).toBe('INTACT_BUT_UNANCHORED');
    expect(report.anchored).toBe(false);
    expect(finding).toMatchObject({ kind: 'UNPROTECTED_RECORD', count: 40 - (finding?.index ?? 0) });
  });

  it('that was not closed gets remarks only', async () => {
    const report = await reportOf({ 'a.journal': writeJournal({ ...SEALED, state: 1 }) });
    expect([report.verdict, bearing(report)]).toEqual(['INTACT', []]);
  });
});

describe('keys', () => {
  it('without one, a sealed journal can not be verified, and the key is named as missing', async () => {
    const report = await reportOf({ 'a.journal': sealed() }, NO_KEY);
    expect([report.verdict, report.findings.map(({ kind }) => kind)]).toEqual([
      'UNVERIFIABLE',
      ['KEY_MISSING'],
    ]);
  });

  it('of another machine is said to be that, and is no proof of tampering', async () => {
    const report = await reportOf({ 'a.journal': sealed() }, keysOf(KEY_TEXT.replace('001122', '001123')));
    expect(report.verdict).toBe('UNVERIFIABLE');
    expect(report.findings.map(({ kind }) => kind).toSorted()).toEqual(['KEY_MISSING', 'SIGNATURE_INVALID']);
  });

  it('with a wrong start are told from tampering', async () => {
    const [seed] = KEY_TEXT.split('/');
    const report = await reportOf({ 'a.journal': sealed() }, keysOf(`${seed}/1-35a4e900`));
    expect([report.verdict, report.findings.map(({ kind }) => kind)]).toEqual([
      'UNVERIFIABLE',
      ['KEY_MISSING'],
    ]);
  });

  it('are tried all, and the one that fits is used', async () => {
    const report = await reportOf(
      { 'a.journal': sealed() },
      keysOf(KEY_TEXT.replace('001122', '001123'), 'words', KEY_TEXT),
    );
    expect(report.verdict).toBe('INTACT');
    expect(report.proves[0]).toContain('key2.txt');
  });

  it('for a journal that is not sealed prove nothing, and that is said', async () => {
    const report = await reportOf({ 'a.journal': writeJournal({ entries: 5 }) });
    expect([report.verdict, report.findings[0]?.kind]).toEqual(['NOT_TAMPER_EVIDENT', 'UNPROTECTED_RECORD']);
  });
});

describe('an altered journal', () => {
  const altered = async (
    edit: (journal: Buffer) => void | Promise<void>,
    options = KEYED,
  ): Promise<VerificationReport> => {
    const journal = sealed();
    await edit(journal);
    return reportOf({ 'a.journal': journal }, options);
  };

  it('names every entry that uses an altered field', async () => {
    const report = await altered((journal) => {
      journal[journal.indexOf('_PID=103') + 5] = 0x32;
    });
    const hashes = report.findings.filter(({ kind }) => kind === 'EVENT_HASH_MISMATCH');
    expect(report.verdict).toBe('TAMPERED');
    expect(hashes.map(({ index }) => index)).toEqual([3, 10, 17, 24, 31, 38]);
  });

  it.each([
    ['time', 24],
    ['monotonic time', 32],
    ['sequence number', 16],
    ['boot id', 40],
  ])('an entry’s %s is traced to the entry, by making the tag right again', async (_name, where) => {
    const report = await altered(async (journal) => {
      const entry = at(await offsetsOf(journal, ENTRY), 22);
      journal[entry + where] = (journal[entry + where] ?? 0) ^ 0x55;
      journal[entry + where + 1] = (journal[entry + where + 1] ?? 0) ^ 0x0f;
    });
    const seal = report.findings.find(({ kind }) => kind === 'SIGNATURE_INVALID');
    expect(report.verdict).toBe('TAMPERED');
    expect(seal).toMatchObject({ index: 22, verdict: 'TAMPERED' });
    expect(seal?.message).toContain('which proves it');
  });

  it('an altered tag is told from altered entries', async () => {
    const report = await altered(async (journal) => {
      const tag = at(await offsetsOf(journal, TAG), 2);
      journal[tag + 40] = (journal[tag + 40] ?? 0) ^ 1;
    });
    expect(bearing(report)).toHaveLength(1);
    expect(bearing(report)[0]).toMatchObject({ kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED' });
    expect(bearing(report)[0]?.message).toContain('in 1 of its 256 bits');
  });

  it.each([
    ['number', 16],
    ['epoch', 24],
  ])('the %s of a tag is put right by its neighbours', async (_name, where) => {
    const report = await altered(async (journal) => {
      const tag = at(await offsetsOf(journal, TAG), 2);
      journal[tag + where] = (journal[tag + where] ?? 0) ^ 64;
    });
    expect(bearing(report)).toEqual([
      expect.objectContaining({ kind: 'SIGNATURE_INVALID', index: 15, count: 15 }),
    ]);
    expect(bearing(report)[0]?.message).toContain('is as it was written');
  });

  it('an altered machine id is found by the first tag', async () => {
    const report = await altered((journal) => void journal.fill(0x77, 40, 56));
    expect(bearing(report)).toEqual([
      expect.objectContaining({ kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED' }),
    ]);
  });

  it('goes on behind each damage: four at once are all found', async () => {
    const report = await altered(async (journal) => {
      const entries = await offsetsOf(journal, ENTRY);
      const tags = await offsetsOf(journal, TAG);
      journal[at(entries, 5)] = 0xee;
      journal[journal.indexOf('entry number 17') + 3] = 0x58;
      journal[at(tags, 0) + 33] = (journal[at(tags, 0) + 33] ?? 0) ^ 4;
      journal[at(entries, 38) + 24] = (journal[at(entries, 38) + 24] ?? 0) ^ 2;
    });
    const found = bearing(report);
    expect(report.records).toBe(40);
    expect(found.some(({ kind, index }) => kind === 'MALFORMED' && index === 5)).toBe(true);
    expect(found.some(({ kind, index }) => kind === 'EVENT_HASH_MISMATCH' && index === 17)).toBe(true);
    expect(found.some(({ kind, index }) => kind === 'SIGNATURE_INVALID' && index === 38)).toBe(true);
    expect(found.some(({ message }) => message.includes('in 1 of its 256 bits'))).toBe(true);
  });

  it('an entry taken out of the list that readers use is named as hidden', async () => {
    const report = await altered(async (journal) => {
      const hidden = at(await offsetsOf(journal, ENTRY), 9);
      const before = at(await offsetsOf(journal, ENTRY), 8);
      // The list of all entries: there the offset stands right behind that of the entry before.
      for (let i = 0; i + 8 <= journal.length; i += 4)
        if (journal.readUInt32LE(i) === before && journal.readUInt32LE(i + 4) === hidden)
          journal.writeUInt32LE(before, i + 4);
    });
    expect(
      bearing(report).some(
        ({ kind, index, message }) => kind === 'LINK_BREAK' && index === 9 && message.includes('hidden'),
      ),
    ).toBe(true);
  });

  it('a header that was wound back does not hide what is behind', async () => {
    const report = await altered(async (journal) => {
      const entries = await offsetsOf(journal, ENTRY);
      journal.writeBigUInt64LE(BigInt(at(entries, 20)), 136);
      journal.writeBigUInt64LE(21n, 152);
    });
    expect([report.verdict, report.records]).toEqual(['TAMPERED', 40]);
  });

  it('tags that were cut out leave a gap in their numbers', async () => {
    const journal = sealed();
    const tags = await offsetsOf(journal, TAG);
    const cut = Buffer.concat([
      journal.subarray(0, at(tags, 1) + 64),
      journal.subarray(at(tags, 2) + 64),
      Buffer.alloc(at(tags, 2) - at(tags, 1)),
    ]);
    const report = await reportOf({ 'a.journal': cut });
    expect(report.findings.find(({ kind }) => kind === 'GAP')).toMatchObject({
      verdict: 'TAMPERED',
      between: ['tag 2', 'tag 4'],
    });
  });

  it('an entry backdated with a stolen key is out of the time of its tag', async () => {
    const journal = sealed();
    const keys = sealKeys();
    const { bytes, header, walk } = await openJournal('x', journal, () => Promise.resolve());
    const entry = at(await offsetsOf(journal, ENTRY), 39);
    journal.writeBigUInt64LE(journal.readBigUInt64LE(entry + 24) - 3_600_000_000n, entry + 24);
    const { spansOf, sealOf } = await import('../../../electron/modules/audit/engine/journald/seal.ts');
    const span = spansOf(bytes, walk.objects).spans.at(-1);
    if (span === undefined) throw new RangeError('no tag');
    sealOf(bytes, header, walk.objects, span, keys.keyOf(BigInt(span.epoch))).copy(
      journal,
      walk.objects.at(span.tag) + 32,
    );
    const report = await reportOf({ 'a.journal': journal });
    expect(
      report.findings.some(
        ({ kind, index, verdict }) => kind === 'CLOCK_REGRESSION' && index === 39 && verdict === 'TAMPERED',
      ),
    ).toBe(true);
  });

  it('in a continuous journal, a stretch that was cut out and sealed over shows in the epochs', async () => {
    const journal = writeJournal({ ...SEALED, isContinuous: true, step: 900_000_000, entries: 6 });
    expect((await reportOf({ 'a.journal': journal })).verdict).toBe('INTACT');
    const tag = at(await offsetsOf(journal, TAG), -1);
    const { bytes, header, walk } = await openJournal('x', journal, () => Promise.resolve());
    const { spansOf, sealOf } = await import('../../../electron/modules/audit/engine/journald/seal.ts');
    journal.writeBigUInt64LE(journal.readBigUInt64LE(tag + 24) + 5n, tag + 24);
    const span = spansOf(bytes, walk.objects).spans.at(-1);
    if (span === undefined) throw new RangeError('no tag');
    sealOf(bytes, header, walk.objects, span, sealKeys().keyOf(BigInt(span.epoch))).copy(journal, tag + 32);
    const report = await reportOf({ 'a.journal': journal });
    expect(report.findings.find(({ kind }) => kind === 'GAP')).toMatchObject({ verdict: 'TAMPERED' });
  });

  it('a field exchanged in an unsealed journal is found by the XOR of the fields', async () => {
    const journal = writeJournal({ entries: 20, isKeyed: true, isCompact: true });
    const entries = await offsetsOf(journal, ENTRY);
    const other = journal.readUInt32LE(at(entries, 3) + 64 + 8);
    journal.writeUInt32LE(other, at(entries, 12) + 64 + 8);
    const report = await reportOf({ 'a.journal': journal }, NO_KEY);
    expect(report.findings.some(({ kind, index }) => kind === 'EVENT_HASH_MISMATCH' && index === 12)).toBe(
      true,
    );
  });
});

describe('a cut journal', () => {
  it('is salvaged up to the cut: how many entries, and up to which tag they are validated', async () => {
    const journal = sealed();
    const tag = at(await offsetsOf(journal, TAG), 2);
    const report = await reportOf({ 'a.journal': journal.subarray(0, tag + 64) });
    const cut = report.findings.find(({ kind }) => kind === 'TRUNCATED');
    expect(report.verdict).toBe('GAP');
    expect(cut?.message).toContain('validated up to tag 3');
    expect(cut?.message).toContain(`${40 - report.records} of 40 entries are missing`);
  });

  it('in its empty room only, has lost nothing', async () => {
    const journal = sealed();
    const report = await reportOf({ 'a.journal': journal.subarray(0, journal.length - 100) });
    expect([report.verdict, bearing(report)]).toEqual(['INTACT', []]);
  });

  it('inside gzip is salvaged too', async () => {
    const packed = gzipSync(writeJournal({ ...SEALED, entries: 400 }));
    const report = await reportOf({ 'a.journal.gz': packed.subarray(0, packed.length - 3000) });
    expect(report.verdict).toBe('GAP');
    expect(report.records).toBeGreaterThan(50);
  });
});

describe('a folder of rotated journals', () => {
  const part = (firstSeqnum: number, id: number, firstEpoch: number): Buffer =>
    writeJournal({ ...SEALED, entries: 20, firstSeqnum, id, seqnumId: 0x99, firstEpoch, state: 2 });
  const first = part(1, 1, 3);
  const second = part(21, 2, 10);
  const third = part(41, 3, 20);

  it('is verified as one, with the key beside it', async () => {
    const files = {
      'system.journal': third,
      'system@a.journal': first,
      'system@b.journal': second,
      'fss.txt': Buffer.from(KEY_TEXT),
    };
    const report = await reportOf(files, NO_KEY, 'var-log');
    expect([report.verdict, report.anchored, report.records, report.findings]).toEqual([
      'INTACT',
      true,
      60,
      [],
    ]);
    expect(report.doesNotProve.join(' ')).toContain('it came with the log');
  });

  it('names the numbers that a missing file held', async () => {
    const report = await reportOf({ 'system.journal': third, 'system@a.journal': first }, KEYED, 'var-log');
    expect(report.verdict).toBe('GAP');
    expect(report.findings[0]).toMatchObject({
      kind: 'GAP',
      between: ['system@a.journal (20)', 'system.journal (41)'],
    });
  });

  it('counts entries on through the files, and says which file', async () => {
    const broken = Buffer.from(second);
    broken[broken.indexOf('entry number 4') + 6] = 0x58;
    const source = sourceOf(
      { 'system.journal': third, 'system@a.journal': first, 'system@b.journal': broken },
      'var-log',
    );
    const verified = await journaldFss.verify(source, KEYED, RUN);
    const finding = verified.report.findings.find(({ kind }) => kind === 'EVENT_HASH_MISMATCH');
    expect(finding).toMatchObject({ index: 24, path: 'system@b.journal' });
    const view = await journaldFss.record(source, verified, 24, KEYED);
    expect(view.path).toBe('system@b.journal');
    expect(view.fields).toContainEqual({ name: '__SEQNUM', value: '25' });
    expect(view.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['hash of MESSAGE']);
  });

  it('the same file twice is a copy', async () => {
    const report = await reportOf({ 'a.journal': first, 'b.journal': first }, KEYED, 'var-log');
    expect(report.verdict).toBe('DUPLICATE');
  });
});

describe('one entry under the lens', () => {
  it('shows its fields and their hashes', async () => {
    const source = sourceOf({ 'a.journal': sealed() });
    const verified = await journaldFss.verify(source, KEYED, RUN);
    const view = await journaldFss.record(source, verified, 7, KEYED);
    expect(view.raw).toContain('MESSAGE=entry number 7');
    expect(view.checks.every(({ ok }) => ok)).toBe(true);
    await expect(journaldFss.record(source, verified, 40, KEYED)).rejects.toMatchObject({
      code: 'audit.no_such_record',
    });
  });
});
