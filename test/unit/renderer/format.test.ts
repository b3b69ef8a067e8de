// Numbers, sizes, times: exact and the same everywhere.
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatInstant,
  formatLocal,
  formatSeconds,
  groupHex,
  plural,
  truncateMiddle,
} from '../../../renderer/ui/format.ts';
import { fc } from './property.ts';

describe('format', () => {
  test('counts have separators and the right noun', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(plural(1, 'record', 'records')).toBe('1 record');
    expect(plural(0, 'record', 'records')).toBe('0 records');
  });

  test.each([
    [0, '0 B'],
    [866, '866 B'],
    [1023, '1,023 B'],
    [1024, '1.00 KiB'],
    [1536, '1.50 KiB'],
    [10_240, '10.0 KiB'],
    [173_204_992, '165 MiB'],
    [1_048_575, '1.00 MiB'],
    [4.5 * 1024 ** 3, '4.50 GiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test('no size shows a four-digit number before a binary unit', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        (bytes) => bytes < 1024 || /^\d{1,3}(?:\.\d+)? |^[\d,]+ TiB$/u.test(formatBytes(bytes)),
      ),
    );
  });

  test.each([
    [0.42, '0.4 s'],
    [12.3, '12 s'],
    [59.7, '1 min 00 s'],
    [75, '1 min 15 s'],
    [7260, '2 h 01 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  test('instants stay in UTC and say so', () => {
    expect(formatInstant('2026-11-21T09:30:00.123456Z')).toBe('2026-11-21 09:30:00Z');
    expect(formatInstant('2026-11-21T09:30:00.123456Z', 'full')).toBe('2026-11-21 09:30:00.123456Z');
    expect(formatInstant('2026-11-21T09:30:00Z', 'day')).toBe('2026-11-21');
    expect(formatInstant('2026-11-21T09:30:00+00:00')).toBe('2026-11-21 09:30:00Z');
  });

  test('what is no UTC instant is shown as it is', () => {
    expect(formatInstant('2026-11-21T09:30:00+02:00')).toBe('2026-11-21T09:30:00+02:00');
    expect(formatLocal('yesterday')).toBe('');
  });

  test('local time names its offset and is the same moment', () => {
    const text = formatLocal('2026-11-21T09:30:00Z');
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/u);
    expect(Date.parse(text.replace(' ', 'T').replace(' ', ''))).toBe(Date.parse('2026-11-21T09:30:00Z'));
  });

  test('a shortened hash keeps both ends', () => {
    expect(truncateMiddle('0123456789abcdef', 4, 3)).toBe('0123…def');
    expect(truncateMiddle('01234567', 4, 3)).toBe('01234567');
  });

  test('grouping a fingerprint changes no digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{0,64}$/u), (hex) => groupHex(hex).replaceAll(' ', '') === hex),
    );
    expect(groupHex('3f9a12c07d')).toBe('3f9a 12c0 7d');
  });
});
