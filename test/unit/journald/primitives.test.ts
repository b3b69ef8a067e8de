// The hashes, the key generator and the decompression of journals give published and self-consistent values.
import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetIndex, NONE } from '../../../electron/modules/audit/engine/journald/entries.ts';
import { SealKeys } from '../../../electron/modules/audit/engine/journald/fsprg.ts';
import {
  hashHex,
  hashModulo,
  jenkinsHash,
  sipHash,
} from '../../../electron/modules/audit/engine/journald/object-hash.ts';
import { ObjectList } from '../../../electron/modules/audit/engine/journald/object-walk.ts';
import { inflateLz4, inflatePayload } from '../../../electron/modules/audit/engine/journald/payload.ts';
import { parseVerificationKeys } from '../../../electron/modules/audit/engine/journald/verification-key.ts';
import { SEED } from '../../fixtures/journald/write-journal.ts';

const upTo = (count: number): Buffer => Buffer.from(Array.from({ length: count }, (_, i) => i));
const siphashed = (bytes: Buffer): string => {
  const out = { lo: 0, hi: 0 };
  sipHash(upTo(16), bytes, 0, bytes.length, out);
  return hashHex(out.lo, out.hi);
};

describe('the object hashes', () => {
  it.each([
    [0, '726fdb47dd0e0e31'],
    [1, '74f839c593dc67fd'],
    [8, '93f5f5799a932462'],
    [15, 'a129ca6149be45e5'],
  ])('SipHash-2-4 of %i bytes is that of the reference vectors', (length, expected) => {
    expect(siphashed(upTo(length))).toBe(expected);
  });

  it('Jenkins lookup3 is that of the driver in lookup3.c', () => {
    const out = { lo: 0, hi: 0 };
    const text = Buffer.from('Four score and seven years ago');
    jenkinsHash(text, 0, text.length, out);
    expect(hashHex(out.lo, out.hi)).toBe('17770551ce7226e6');
    jenkinsHash(text, 0, 0, out);
    expect(hashHex(out.lo, out.hi)).toBe('deadbeefdeadbeef');
  });

  it('a hash modulo a table size is exact', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.integer({ min: 1, max: 2 ** 28 }),
        (hash, size) => {
          const lo = Number(hash & 0xffff_ffffn);
          const hi = Number(hash >> 32n);
          expect(hashModulo(lo, hi, size)).toBe(Number(hash % BigInt(size)));
        },
      ),
    );
  });
});

describe('the key generator', () => {
  it('gives the same key by seeking and by going step by step', () => {
    const steps = new SealKeys(SEED);
    const seeks = new SealKeys(SEED);
    seeks.keyOf(10_000_000n);
    for (const epoch of [0n, 1n, 2n, 700n, 1400n, 2800n]) {
      // Asked from above, so that it has to seek each time.
      seeks.keyOf(10_000_000n);
      expect(seeks.keyOf(epoch)).toEqual(steps.keyOf(epoch));
    }
  });

  it('gives other keys for other seeds and epochs', () => {
    const keys = new SealKeys(SEED);
    const others = new SealKeys(Buffer.alloc(12));
    const all = [keys.keyOf(0n), keys.keyOf(1n), others.keyOf(0n), others.keyOf(1n)].map((key) =>
      key.toString('hex'),
    );
    expect(new Set(all).size).toBe(4);
  });
});

describe('verification keys', () => {
  const parse = (text: string): readonly { seed: Buffer; start: number; interval: number }[] =>
    parseVerificationKeys([{ name: 'k', bytes: Buffer.from(text) }]);

  it('are found in what journalctl prints, and in any other text', () => {
    const text = `Please write down the following secret verification key.\n\n\t6f08c9-72a9b0-580a51-087909/1e6fc8-35a4e900\n\nagain: 6f08c972a9b0580a51087909/1e6fc8-35a4e900`;
    const keys = parse(text);
    expect(keys).toHaveLength(1);
    expect(keys[0]?.seed.toString('hex')).toBe('6f08c972a9b0580a51087909');
    expect(keys[0]?.interval).toBe(900_000_000);
    expect(keys[0]?.start).toBe(0x1e6fc8 * 900_000_000);
  });

  it.each([
    '',
    'abc',
    '6f08c9-72a9b0-580a51-087909',
    '6f08c9-72a9b0-580a51-0879/1-1',
    '6f08c9-72a9b0-580a51-087909/0-1',
    '6f08c9-72a9b0-580a51-087909/ffffffffffffffff-ffffffffffffffff',
  ])('are not found in %j', (text) => expect(parse(text)).toEqual([]));
});

describe('LZ4 and Zstandard contents', () => {
  it('an LZ4 block with matches is inflated', () => {
    // Made by `lz4`: 8 literals "abcdefgh", a match of 12 at distance 8, then the last literals.
    const block = Buffer.concat([
      Buffer.of(0x88),
      Buffer.from('abcdefgh'),
      Buffer.of(8, 0),
      Buffer.of(0x50),
      Buffer.from('12345'),
    ]);
    expect(inflateLz4(block, 25)?.toString()).toBe('abcdefghabcdefghabcd12345');
    expect(inflateLz4(block, 24)).toBeNull();
    expect(inflateLz4(block, 26)).toBeNull();
  });

  it('random bytes never crash it, nor grow', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat({ max: 2000 }), (bytes, size) => {
        const out = inflateLz4(Buffer.from(bytes), size);
        expect(out === null || out.length === size).toBe(true);
      }),
    );
  });

  it('lying sizes and damaged frames are named', () => {
    const lying = Buffer.alloc(20, 0xff);
    expect(inflatePayload(lying, 2)).toMatchObject({ problem: 'damaged' });
    expect(inflatePayload(Buffer.from('no frame at all'), 4)).toMatchObject({ problem: 'damaged' });
    expect(inflatePayload(zstdCompressSync(Buffer.alloc(70 * 1024 * 1024)), 4)).toMatchObject({
      problem: 'unread',
    });
    expect(inflatePayload(randomBytes(50), 1)).toMatchObject({ problem: 'unread' });
    expect(inflatePayload(randomBytes(50), 3)).toMatchObject({ problem: 'damaged' });
  });
});

describe('the index of offsets', () => {
  it('finds exactly the objects that it was made of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 5000 }), { maxLength: 400 }), (slots) => {
        const objects = new ObjectList();
        const sorted = slots.toSorted((a, b) => a - b);
        for (const slot of sorted) objects.push(slot * 8, 1, 64);
        const index = new OffsetIndex(
          objects,
          Uint32Array.from(sorted, (_, i) => i),
          5001 * 8,
        );
        const rows = new Map(sorted.map((slot, i) => [slot, i]));
        for (let slot = 0; slot <= 5100; slot += 1) expect(index.row(slot * 8)).toBe(rows.get(slot) ?? NONE);
        expect(index.row(4)).toBe(NONE);
        expect(index.row(2 ** 60)).toBe(NONE);
      }),
      { numRuns: 20 },
    );
  });
});
