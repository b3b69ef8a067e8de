// Marking where two hashes differ.
import { describe, expect, test } from 'vitest';
import { diffText, isComparable, type DiffPiece } from '../../../renderer/features/audit/hash-diff.ts';
import { fc } from '../renderer/property.ts';

const textOf = (pieces: readonly DiffPiece[]): string => pieces.map(({ text }) => text).join('');
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });

describe('hash diff', () => {
  test('the pieces give back both texts, and no two neighbours are of one kind', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const { left, right } = diffText(a, b);
        expect(textOf(left)).toBe(a);
        expect(textOf(right)).toBe(b);
        for (const side of [left, right])
          for (const [at, piece] of side.entries())
            expect(piece.isDifferent).not.toBe(side[at - 1]?.isDifferent);
      }),
    );
  });

  test('of two digests exactly the differing places are marked', () => {
    fc.assert(
      fc.property(hex, hex, (a, b) => {
        const { left, right, different, length } = diffText(a, b);
        const marks = (pieces: readonly DiffPiece[]): boolean[] =>
          pieces.flatMap(({ text, isDifferent }) => [...text].map(() => isDifferent));
        const wanted = [...a].map((character, at) => character !== b[at]);
        expect(marks(left)).toEqual(wanted);
        expect(marks(right)).toEqual(wanted);
        expect(different).toBe(wanted.filter(Boolean).length);
        expect(length).toBe(64);
      }),
    );
  });

  test('equal texts have no mark', () => {
    expect(diffText('3f9a', '3f9a')).toEqual({
      left: [{ text: '3f9a', isDifferent: false }],
      right: [{ text: '3f9a', isDifferent: false }],
      different: 0,
      length: 4,
    });
  });

  test('texts of different length keep their common ends', () => {
    const { left, right, different } = diffText('logs/2026/07/a.gz', 'logs/2026/a.gz');
    expect(textOf(left.filter((p) => p.isDifferent))).toHaveLength(3);
    expect(right.filter((p) => p.isDifferent)).toEqual([]);
    expect(different).toBe(3);
  });

  test('a character outside the basic plane is one character', () => {
    expect(diffText('a😀', 'a😁')).toMatchObject({ different: 1, length: 2 });
  });

  test('a digest is compared with a digest of its length only, a text with a text', () => {
    expect(isComparable('ab12', 'AB13')).toBe(true);
    expect(isComparable('ab12', 'ab123')).toBe(false);
    expect(isComparable('ab12', 'key 7f')).toBe(false);
    expect(isComparable('bucket/key', 'bucket/other key')).toBe(true);
  });
});
