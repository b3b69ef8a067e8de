// Heads of other digests are found where they are named, and a bare number of the same length is not taken for one.
import { describe, expect, it } from 'vitest';
import { headsOfFile, parseTrustedHeads } from '../../../electron/modules/audit/engine/trusted-head.ts';

const hex = (digits: number): string => 'a1b2c3d4e5f60718'.repeat(8).slice(0, digits);
const base64 = Buffer.from(hex(64), 'hex').toString('base64');

describe('heads of other forms', () => {
  it.each<readonly [string, string, string]>([
    ['SHA-512 by its name', `sha512:${hex(128)}`, hex(128)],
    ['SHA-512 by its name and in capitals', `SHA-512: ${hex(128).toUpperCase()}`, hex(128)],
    ['SHA-384 as BSD prints it', `SHA384 (log.jsonl) = ${hex(96)}`, hex(96)],
    ['SHA-1 by its name', `sha1:${hex(40)}`, hex(40)],
    ['MD5 by its name', `MD5 (log) = ${hex(32)}`, hex(32)],
    ['a cut head by its label', `head: ${hex(16)}`, hex(16)],
    ['a cut head with a longer label', `last hash = 0x${hex(40)}`, hex(40)],
    ['a long head by its label', `Chain hash: ${hex(128)}`, hex(128)],
    ['base64 alone', base64, hex(64)],
    ['base64 after its algorithm', `sha256-${base64}`, hex(64)],
    ['base64 after a label', `head: ${base64}`, hex(64)],
    ['SHA-512 under a key of JSON', JSON.stringify({ head: hex(128) }), hex(128)],
    ['a cut head under a key of JSON', JSON.stringify({ chain_hash: hex(16) }), hex(16)],
    ['base64 under a key of JSON', JSON.stringify({ trusted_head: base64 }), hex(64)],
    ['a SHA-1 alone', hex(40), hex(40)],
    ['an MD5 alone', hex(32), hex(32)],
    ['64 digits after sha256: in JSON', JSON.stringify({ head: `sha256:${hex(64)}` }), hex(64)],
  ])('%s', (_, text, head) => {
    expect(parseTrustedHeads(text)).toEqual([head]);
    expect(headsOfFile('head.txt', Buffer.from(text))).toEqual([head]);
  });

  it.each([
    ['digits of a length that no digest has', hex(42)],
    ['a SHA-1 among other words', `see ${hex(40)} there`],
    ['16 digits after another word', `Reference: ${hex(16)}`],
    ['a SHA-512 with too few digits', `sha512:${hex(96)}`],
    ['a label without a digest', 'head: none'],
    ['base64 of 31 bytes', Buffer.from(hex(62), 'hex').toString('base64')],
    ['base64 that is not written like this again', `${base64.slice(0, 42)}/=`],
    ['other words', 'the head is nowhere'],
  ])('refuses %s', (_, text) => {
    expect(() => parseTrustedHeads(text)).toThrow(expect.objectContaining({ code: 'audit.head_invalid' }));
  });
});
