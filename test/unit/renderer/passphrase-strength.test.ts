// The strength meter says what to change, and accepts nothing that the policy refuses.
import { describe, expect, test } from 'vitest';
import {
  assessPassphrase,
  countKinds,
  runShare,
} from '../../../renderer/features/workspace/passphrase-strength.ts';
import { checkPassphrase } from '../../../electron/store/passphrase-policy.ts';
import { fc } from './property.ts';

describe('passphrase strength', () => {
  test.each([
    ['', 'empty'],
    ['Tr0ub4dor&3', 'short'],
    ['lanternorbit', 'kinds'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'repeats'],
    ['abcdefghijklmnopqrstuvwxyz', 'sequence'],
    ['12345678901234567890', 'sequence'],
    ['qwertyuiopasdfghjklzxcvbnm', 'sequence'],
  ])('%j is refused as %s', (text, verdict) => {
    expect(assessPassphrase(text)).toMatchObject({ verdict, isEnough: false });
  });

  test('four words are good, six are strong, twelve mixed characters are enough', () => {
    expect(assessPassphrase('lantern orbit saddle quiet')).toMatchObject({ isEnough: true, level: 3 });
    expect(assessPassphrase('lantern orbit saddle quiet maple thumb')).toMatchObject({
      isEnough: true,
      level: 4,
    });
    expect(assessPassphrase('kX7;pw-Qm2zR').isEnough).toBe(true);
  });

  test('the missing characters are counted', () => {
    expect(assessPassphrase('Short1!').missing).toBe(5);
    expect(assessPassphrase('lanternorbit').missing).toBe(8);
  });

  test('a character outside the basic plane counts once', () => {
    expect(assessPassphrase('😀'.repeat(11)).verdict).toBe('short');
  });

  test('kinds and runs are measured', () => {
    expect(countKinds('aB3 ')).toBe(4);
    expect(runShare('abc')).toBe(1);
    expect(runShare('cba')).toBe(1);
    expect(runShare('lamp')).toBe(0);
  });

  test('what is accepted satisfies the policy: 12 characters of three kinds, or 20', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), (text) => {
        const { isEnough, level } = assessPassphrase(text);
        const length = [...text].length;
        return (
          (!isEnough || length >= 20 || (length >= 12 && countKinds(text) >= 3)) && isEnough === level >= 2
        );
      }),
    );
  });
});

describe('the meter and the policy of the main process', () => {
  const isAccepted = (text: string): boolean => {
    try {
      checkPassphrase(text);
      return true;
    } catch {
      return false;
    }
  };

  test('the meter refuses nothing that the policy accepts', () => {
    const words = fc
      .array(
        fc.constantFrom('lantern', 'Orbit', 'abc', 'qwe', '123', 'aa', ' ', '-', 'Maß', '7', '😀', 'zzz'),
        { maxLength: 14 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(words, fc.string({ unit: 'grapheme', maxLength: 40 })),
        (text) => assessPassphrase(text).isEnough || !isAccepted(text),
      ),
      { numRuns: 2000 },
    );
  });

  test('the policy does accept good ones, so that the comparison means something', () => {
    expect(isAccepted('lantern orbit saddle quiet')).toBe(true);
    expect(isAccepted('kX7;pw-Qm2zR')).toBe(true);
    expect(isAccepted('lanternorbit')).toBe(false);
  });
});
