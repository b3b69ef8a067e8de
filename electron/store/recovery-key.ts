// A recovery key as people write it down: 14 groups of four letters and digits, with a check that catches slips.
import { hash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_BYTES = 32;
const KEY_LETTERS = 52;
const CHECK_LETTERS = 4;

/** RFC 4648 section 6 without padding. */
const base32 = (bytes: Uint8Array): string => {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 31) : text;
};

const unbase32 = (text: string): Buffer | null => {
  const bytes = Buffer.alloc(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value === -1) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = held >> bits;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  // Left-over bits must be zero, so that one key has one spelling.
  return held === 0 ? bytes : null;
};

const checkOf = (key: Uint8Array): string =>
  base32(hash('sha256', key, 'buffer').subarray(0, 3)).slice(0, CHECK_LETTERS);

/** 32 bytes as `ABCD-EFGH-…`: base32 and four letters (20 bits) of their SHA-256. */
export const formatRecoveryKey = (key: Uint8Array): string => {
  if (key.length !== KEY_BYTES) throw new RangeError(`a recovery key has ${KEY_BYTES} bytes`);
  return (base32(key) + checkOf(key)).replaceAll(/(.{4})(?=.)/gu, '$1-');
};

/** Spaces, hyphens and case don't matter; 0, 1 and 8 are taken for O, L and B. Null when it is no recovery key. */
export const parseRecoveryKey = (text: string): Buffer | null => {
  const letters = text
    .replaceAll(/[\s-]/gu, '')
    .toUpperCase()
    .replaceAll('0', 'O')
    .replaceAll('1', 'L')
    .replaceAll('8', 'B');
  if (letters.length !== KEY_LETTERS + CHECK_LETTERS) return null;
  const key = unbase32(letters.slice(0, KEY_LETTERS));
  return key !== null && checkOf(key) === letters.slice(KEY_LETTERS) ? key : null;
};
