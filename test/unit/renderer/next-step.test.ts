// What a case proposes next follows from what it holds.
import { describe, expect, test } from 'vitest';
import {
  IMPORTS,
  PACKS,
  VERIFICATIONS,
  importId,
  verificationId,
} from '../../support/renderer-harness/fake-data.ts';
import { nextStep } from '../../../renderer/features/cases/next-step.ts';

const [marchLog, februaryLog] = IMPORTS;
if (marchLog === undefined || februaryLog === undefined) throw new Error('the fake data has two logs');
const of = (n: number): (typeof VERIFICATIONS)[number] => {
  const found = VERIFICATIONS.find((v) => v.id === verificationId(n));
  if (found === undefined) throw new Error(`no verification ${n}`);
  return found;
};

describe('next step of a case', () => {
  test('an unverified log comes before everything', () => {
    expect(nextStep([marchLog, februaryLog], [of(1)], [])).toEqual({ kind: 'verify', log: februaryLog });
  });

  test('an unanchored result asks for the trusted head', () => {
    expect(nextStep([februaryLog], [of(5)], [])).toMatchObject({ kind: 'anchor', log: { id: importId(2) } });
  });

  test('a later anchored result settles that', () => {
    expect(nextStep([februaryLog], [of(5), of(2)], [])).toEqual({ kind: 'pack', results: 1 });
  });

  test('newest results that are in no pack are counted', () => {
    expect(nextStep([marchLog, februaryLog], [of(1), of(2)], [])).toEqual({ kind: 'pack', results: 2 });
  });

  test('nothing is left when all newest results are packed', () => {
    expect(nextStep([marchLog, februaryLog], [of(1), of(2), of(5)], PACKS)).toBeNull();
    expect(nextStep([], [], [])).toBeNull();
  });
});
