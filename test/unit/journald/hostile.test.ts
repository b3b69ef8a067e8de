// Damaged and hostile journals neither crash nor hang the reader, and no alteration that matters goes unseen.
import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJournal, verifyJournal } from '../../../electron/modules/audit/engine/journald/journal-file.ts';
import type { FileReport } from '../../../electron/modules/audit/engine/journald/file-report.ts';
import type { SealKeys } from '../../../electron/modules/audit/engine/journald/fsprg.ts';
import {
  DATA,
  ENTRY,
  ENTRY_ARRAY,
  FIELD,
  TAG,
} from '../../../electron/modules/audit/engine/journald/layout.ts';
import { parseVerificationKeys } from '../../../electron/modules/audit/engine/journald/verification-key.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { KEY_TEXT, writeJournal } from '../../fixtures/journald/write-journal.ts';

const keys = parseVerificationKeys([{ name: 'key', bytes: Buffer.from(KEY_TEXT) }]);
const made = new Map<string, SealKeys>();
const pause = (): Promise<void> => Promise.resolve();

/** null = refused with an AppError. */
const reportOf = async (journal: Buffer): Promise<FileReport | null> => {
  try {
    return await verifyJournal('x', journal, null, { keys, made, pause });
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
};
const isSeen = (report: FileReport | null): boolean =>
  report === null || report.findings.some(({ verdict }) => verdict !== undefined);

const journal = writeJournal({
  entries: 5,
  isSealed: true,
  isKeyed: true,
  isCompact: true,
  step: 300_000_000,
});

/** What a tag covers, by the object type: see journal_file_hmac_put_object. Tags cover themselves but for their HMAC. */
const sealedBytes = async (): Promise<number[]> => {
  const { walk } = await openJournal('x', journal, pause);
  const found: number[] = [];
  const take = (from: number, to: number): void => {
    for (let i = from; i < to; i += 1) found.push(i);
  };
  for (const [from, to] of [
    [0, 16],
    [24, 56],
    [72, 96],
    [104, 136],
  ] as const)
    take(from, to);
  for (let i = 0; i < walk.objects.length; i += 1) {
    const at = walk.objects.at(i);
    const end = at + walk.objects.size(i);
    take(at, at + 16);
    const type = walk.objects.type(i);
    if (type === DATA) take(at + 16, at + 24);
    if (type === DATA) take(at + 72, end);
    if (type === FIELD) take(at + 16, at + 24);
    if (type === FIELD) take(at + 40, end);
    if (type === ENTRY || type === TAG) take(at + 16, end);
    if (type === ENTRY_ARRAY) continue;
  }
  return found;
};

describe('a small sealed journal', () => {
  it('is good as it stands', async () => {
    expect((await reportOf(journal))?.findings).toEqual([]);
  });

  it('shows every flipped byte of what is sealed', async () => {
    const unseen: number[] = [];
    for (const at of await sealedBytes()) {
      const copy = Buffer.from(journal);
      copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
      if (!isSeen(await reportOf(copy))) unseen.push(at);
    }
    expect(unseen).toEqual([]);
  });

  it('survives a flip of any other byte', async () => {
    for (let at = 0; at < journal.length; at += 7) {
      const copy = Buffer.from(journal);
      copy[at] = (copy[at] ?? 0) ^ 0x80;
      const report = await reportOf(copy);
      expect(report === null || report.entries <= 16).toBe(true);
    }
  });

  it('cut anywhere is refused, or said to be cut', async () => {
    for (let length = 0; length < journal.length - 256; length += 9) {
      const report = await reportOf(journal.subarray(0, length));
      expect(report === null || report.findings.some(({ kind }) => kind === 'TRUNCATED')).toBe(true);
    }
  });

  it('with any number in any place of its header and objects neither crashes nor hangs', async () => {
    const odd = [0n, 1n, 7n, 8n, 255n, 2n ** 31n, 2n ** 32n - 8n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: journal.length / 8 - 1 }), fc.constantFrom(...odd)), {
          minLength: 1,
          maxLength: 5,
        }),
        async (edits) => {
          const copy = Buffer.from(journal);
          for (const [slot, value] of edits) copy.writeBigUInt64LE(value, slot * 8);
          await reportOf(copy);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('with its own parts in the wrong places neither crashes nor hangs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 600 })), { minLength: 1, maxLength: 4 }),
        async (moves) => {
          const copy = Buffer.from(journal);
          for (const [from, to, length] of moves) {
            const source = (from % (journal.length / 8)) * 8;
            copy.set(
              journal
                .subarray(source, source + length)
                .subarray(0, copy.length - (to % (journal.length / 8)) * 8),
              (to % (journal.length / 8)) * 8,
            );
          }
          await reportOf(copy);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('with random bytes behind its header neither crashes nor hangs', async () => {
    for (let i = 0; i < 50; i += 1) {
      const report = await reportOf(Buffer.concat([journal.subarray(0, 264), randomBytes(4000)]));
      expect(isSeen(report)).toBe(true);
    }
  });
});

describe('loops', () => {
  it('a list that leads back to itself is named, not followed for ever', async () => {
    const { walk } = await openJournal('x', journal, pause);
    for (let i = 0; i < walk.objects.length; i += 1) {
      if (walk.objects.type(i) !== ENTRY_ARRAY) continue;
      const copy = Buffer.from(journal);
      copy.writeBigUInt64LE(BigInt(walk.objects.at(i)), walk.objects.at(i) + 16);
      await reportOf(copy);
    }
    const copy = Buffer.from(journal);
    const data = Array.from({ length: walk.objects.length }, (_, i) => i).filter(
      (i) => walk.objects.type(i) === DATA,
    );
    for (const i of data) copy.writeBigUInt64LE(BigInt(walk.objects.at(i)), walk.objects.at(i) + 24);
    const report = await reportOf(copy);
    expect(report?.findings.some(({ message }) => message.includes('runs in a circle'))).toBe(true);
  });

  it('a size of zero is passed over', async () => {
    const { walk } = await openJournal('x', journal, pause);
    for (let i = 0; i < walk.objects.length; i += 1) {
      const copy = Buffer.from(journal);
      copy.writeBigUInt64LE(0n, walk.objects.at(i) + 8);
      expect(isSeen(await reportOf(copy))).toBe(true);
    }
  });
});
