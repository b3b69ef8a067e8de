// The small decisions of the evidence room: fingerprints for people, file names, steps, what goes into a pack.
import { describe, expect, test } from 'vitest';
import { MAX_IN_PACK, firstChoice, newestOfEach } from '../../../renderer/features/evidence/build-choice.ts';
import {
  countSteps,
  fingerprintLines,
  opensslFingerprint,
  packTone,
  safeFileName,
  stepTone,
} from '../../../renderer/features/evidence/pack-words.ts';
import { EVIDENCE_TEXT } from '../../../renderer/features/evidence/text.ts';
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import { PACK_STEPS } from '../../../shared/model/evidence.ts';
import type { CaseId, ImportId, VerificationId } from '../../../shared/model/ids.ts';
import { fc } from '../renderer/property.ts';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });

describe('fingerprints', () => {
  test('four lines of four groups of four, which give back every digit in order', () => {
    fc.assert(
      fc.property(hex, (value) => {
        const lines = fingerprintLines(value);
        expect(lines.map((line) => line.length)).toEqual([4, 4, 4, 4]);
        expect(lines.flat().every((group) => group.length === 4)).toBe(true);
        expect(lines.flat().join('').toLowerCase()).toBe(value);
      }),
    );
  });

  test('the form of openssl has colons between bytes and none at the ends', () => {
    expect(opensslFingerprint('00ff1a')).toBe('00:FF:1A');
    fc.assert(
      fc.property(hex, (value) => {
        expect(opensslFingerprint(value).replaceAll(':', '').toLowerCase()).toBe(value);
      }),
    );
  });
});

describe('file names', () => {
  test('any text gives a name that every system takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const name = safeFileName(text, 'pdf');
        expect(name).toMatch(/^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.pdf$/u);
        expect(name.length).toBeLessThanOrEqual(124);
      }),
    );
  });

  test('letters keep their base, separators become hyphens, paths go nowhere', () => {
    expect(safeFileName('Prüfung: März / April', 'html')).toBe('Prufung-Marz-April.html');
    expect(safeFileName('../../etc/passwd', 'pdf')).toBe('etc-passwd.pdf');
    expect(safeFileName('日本', 'zip')).toBe('evidence.zip');
  });
});

describe('pack checks', () => {
  test('a step that was not checked never looks passed', () => {
    expect(stepTone('not-checked')).toBe('neutral');
    expect(packTone('VALID_SIGNER_UNKNOWN')).toBe('attention');
    expect(packTone('INVALID')).toBe('fail');
  });

  test('steps are counted by result', () => {
    expect(countSteps([{ status: 'pass' }, { status: 'not-checked' }, { status: 'pass' }])).toEqual({
      pass: 2,
      fail: 0,
      'not-checked': 1,
    });
  });

  test('every step has its name', () => {
    for (const id of PACK_STEPS) expect(EVIDENCE_TEXT.steps[id].length).toBeGreaterThan(5);
  });
});

describe('what goes into a pack', () => {
  const run = (n: number, log: number, finishedAt: string): VerificationSummary => ({
    id: `ver_${n}` as VerificationId,
    importId: `imp_${log}` as ImportId,
    caseId: 'case_1' as CaseId,
    finishedAt,
    verdict: 'INTACT',
    format: 'guardian-chain',
    records: 1,
    anchored: true,
    head: null,
    trustedHead: null,
    findings: [],
    seconds: 1,
  });
  const runs = [
    run(1, 1, '2026-11-01T00:00:00Z'),
    run(2, 1, '2026-11-01T00:00:00.9Z'),
    run(3, 2, '2026-10-01T00:00:00Z'),
  ];

  test('the newest verification of each log, newest first', () => {
    expect(newestOfEach(runs)).toEqual(['ver_2', 'ver_3']);
  });

  test('coming from a verification, that one alone; one of another case changes nothing', () => {
    expect(firstChoice(runs, 'ver_1' as VerificationId)).toEqual(['ver_1']);
    expect(firstChoice(runs, 'ver_9' as VerificationId)).toEqual(['ver_2', 'ver_3']);
    expect(firstChoice(runs, undefined)).toEqual(['ver_2', 'ver_3']);
  });

  test('never more than the contract takes', () => {
    const many = Array.from({ length: MAX_IN_PACK + 20 }, (_, n) => run(n, n, '2026-11-01T00:00:00Z'));
    expect(firstChoice(many, undefined)).toHaveLength(MAX_IN_PACK);
  });
});
