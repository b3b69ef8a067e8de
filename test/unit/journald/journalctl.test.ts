// The stock verifier, where it is installed, takes what we take; and what it refuses, we refuse.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { journaldFss } from '../../../electron/modules/audit/engine/journald/journald-fss.ts';
import { verifyJournal } from '../../../electron/modules/audit/engine/journald/journal-file.ts';
import { parseVerificationKeys } from '../../../electron/modules/audit/engine/journald/verification-key.ts';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';
import { sourceOf } from '../../fixtures/journald/source.ts';
import { KEY_TEXT, writeJournal } from '../../fixtures/journald/write-journal.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const hasJournalctl = ((): boolean => {
  const { status } = spawnSync('journalctl', ['--version']);
  if (status !== 0)
    process.stderr.write('SKIPPED: journalctl is not installed, so nothing was compared with it\n');
  return status === 0;
})();

const folder = mkdtempSync(join(tmpdir(), 'probity-journald-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const keys = parseVerificationKeys([{ name: 'key', bytes: Buffer.from(KEY_TEXT) }]);
const made = new Map();
let number = 0;

const stockAccepts = (journal: Buffer, key = KEY_TEXT): boolean => {
  const path = join(folder, `${(number += 1)}.journal`);
  writeFileSync(path, journal);
  chmodSync(path, 0o600);
  const { status } = spawnSync('journalctl', ['--verify', '--file', path, `--verify-key=${key}`], {
    timeout: 20_000,
  });
  rmSync(path);
  return status === 0;
};

const weAccept = async (journal: Buffer): Promise<boolean> => {
  const report = await verifyJournal('x', journal, null, {
    keys,
    made,
    pause: () => Promise.resolve(),
  }).catch(() => null);
  return report !== null && report.findings.every(({ verdict }) => verdict === undefined);
};

describe.runIf(hasJournalctl)('journalctl --verify', () => {
  it.each(
    [true, false].flatMap((isSealed) =>
      [true, false].flatMap((isKeyed) =>
        [true, false].flatMap((isCompact) =>
          (['none', 'lz4', 'zstd'] as const).map((compression) => ({
            isSealed,
            isKeyed,
            isCompact,
            compression,
          })),
        ),
      ),
    ),
  )('takes what the fixture writes, as we do: %o', async (form) => {
    const journal = writeJournal({ ...form, entries: 50 });
    expect(stockAccepts(journal)).toBe(true);
    expect(await weAccept(journal)).toBe(true);
  });

  it('refuses nothing that we take', async () => {
    const journal = writeJournal({
      entries: 10,
      isSealed: true,
      isKeyed: true,
      isCompact: true,
      step: 300_000_000,
    });
    const missed: number[] = [];
    for (let i = 0; i < 30; i += 1) {
      const at = (i * 7919) % (journal.length - 256);
      const copy = Buffer.from(journal);
      copy[at] = (copy[at] ?? 0) ^ (1 << (i % 8));
      if (!stockAccepts(copy) && (await weAccept(copy))) missed.push(at);
    }
    // An arena that is said to be larger than the file: only empty room is missing, and we say so in a remark.
    expect(missed.filter((at) => at < 96 || at >= 104)).toEqual([]);
  });
});

describe.runIf(hasSamples('audit/journald-fss'))('the sealed samples', () => {
  const base = join(SHARED_DATA, 'audit', 'journald-fss');
  const key = { name: 'fss.key', bytes: Buffer.from('6f08c9-72a9b0-580a51-087909/1e6fc8-35a4e900') };
  const verify = async (name: string): Promise<Awaited<ReturnType<typeof journaldFss.verify>>['report']> => {
    const run = { signal: new AbortController().signal, progress: (): void => undefined };
    return (
      await journaldFss.verify(await openDiskSource(join(base, name)), { trustedHeads: [], keys: [key] }, run)
    ).report;
  };

  it.each([
    ['genuine-sealed.journal.zst', 'INTACT', []],
    [
      'TAMPERED-flip-msg.journal.gz',
      'TAMPERED',
      [
        ['EVENT_HASH_MISMATCH', 150],
        ['SIGNATURE_INVALID', 150],
      ],
    ],
    ['TAMPERED-flip-tag.journal.gz', 'TAMPERED', [['SIGNATURE_INVALID', 133]]],
    ['TAMPERED-entry-time.journal.gz', 'TAMPERED', [['SIGNATURE_INVALID', 150]]],
    ['TAMPERED-truncated.journal.gz', 'GAP', [['TRUNCATED', undefined]]],
  ] as const)('%s is %s', async (name, verdict, findings) => {
    const report = await verify(name);
    expect(report.verdict).toBe(verdict);
    const bearing = report.findings.filter((finding) => finding.verdict !== undefined);
    expect(bearing.map(({ kind, index }) => [kind, index])).toEqual(findings.map((each) => [...each]));
    expect(
      report.findings.find(({ kind }) => kind === 'TRUNCATED')?.message ?? 'validated up to tag 13',
    ).toContain('validated up to tag 13');
  });

  it('hold the messages of the plain text that they were made of', async () => {
    const plain = gunzipSync(readFileSync(join(base, 'plaintext.export.gz'))).toString();
    const messages = [...plain.matchAll(/^MESSAGE=.*$/gmu)].map(([line]) => line);
    const journal = zstdDecompressSync(readFileSync(join(base, 'genuine-sealed.journal.zst')));
    const source = sourceOf({ 'system.journal': journal });
    const run = { signal: new AbortController().signal, progress: (): void => undefined };
    const verified = await journaldFss.verify(source, { trustedHeads: [], keys: [key] }, run);
    for (const index of [0, 1, 150, 299]) {
      const view = await journaldFss.record(source, verified, index, { trustedHeads: [], keys: [key] });
      expect(view.raw.split('\n')).toContain(messages[index]);
    }
  });
});
