// Random damage to a genuine pack: never VALID, never a crash; the few bytes that mean nothing are listed here.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { makeKit, type Kit } from './support/pack-kit.ts';

let kit: Kit;
beforeAll(async () => {
  kit = await makeKit();
});
afterAll(() => kit.remove());

/** A small generator (mulberry32), so that a failure can be repeated from its seed. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/**
 * Header fields of the archive that no check can hold against anything, by offset in their record. They change no
 * name, no content and no order: which version of PKZIP made the file or is needed to read it, on which floppy disk a
 * file starts, whether it is text, and its permission bits. A change of the file type (link, device) is caught.
 */
const IMMATERIAL: ReadonlyMap<number, readonly number[]> = new Map([
  [0x04034b50, [4, 5]],
  [0x02014b50, [4, 5, 6, 7, 34, 35, 36, 37, 38, 39, 40, 41]],
]);

const immaterialOffsets = (zip: Buffer): ReadonlySet<number> => {
  const offsets = new Set<number>();
  for (let at = 0; at + 4 <= zip.length; at += 1) {
    for (const offset of IMMATERIAL.get(zip.readUInt32LE(at)) ?? []) offsets.add(at + offset);
  }
  return offsets;
};

/** INVALID or no pack at all; anything else that is thrown fails the test. */
const refused = async (zip: Buffer): Promise<boolean> => {
  try {
    return (await kit.verify(zip)).verdict === 'INVALID';
  } catch (error) {
    if (isAppError(error) && error.code === 'evidence.not_a_pack') return true;
    throw error;
  }
};

it.each([1, 2, 3, 4, 5, 6])('refuses a pack with one bit flipped (seed %i, 100 places)', async (seed) => {
  const next = random(seed);
  const meaningless = immaterialOffsets(kit.zip);
  for (let i = 0; i < 100; i += 1) {
    const at = Math.floor(next() * kit.zip.length);
    const bit = Math.floor(next() * 8);
    if (meaningless.has(at)) continue;
    const copy = Buffer.from(kit.zip);
    copy[at] = (copy[at] ?? 0) ^ (1 << bit);
    expect(await refused(copy), `seed ${seed}, byte ${at}, bit ${bit}`).toBe(true);
  }
});

it('lists no byte as meaningless that is content', async () => {
  expect(immaterialOffsets(kit.zip).size).toBeLessThan(kit.zip.length / 20);
});

const DAMAGE: readonly (readonly [string, (zip: Buffer, next: () => number) => Buffer])[] = [
  [
    'a run of bytes is zeroed',
    (zip, next) => {
      const copy = Buffer.from(zip);
      const at = Math.floor(next() * (zip.length - 40));
      copy.fill(copy[at] === 0 ? 1 : 0, at, at + 40);
      return copy;
    },
  ],
  [
    'a run of bytes is random',
    (zip, next) => {
      const copy = Buffer.from(zip);
      const at = Math.floor(next() * (zip.length - 64));
      for (let i = 0; i < 64; i += 1) copy[at + i] = Math.floor(next() * 256);
      return copy;
    },
  ],
  [
    'a run of bytes is cut out',
    (zip, next) => {
      const at = Math.floor(next() * (zip.length - 30));
      return Buffer.concat([zip.subarray(0, at), zip.subarray(at + 1 + Math.floor(next() * 29))]);
    },
  ],
  [
    'a run of bytes is repeated',
    (zip, next) => {
      const at = Math.floor(next() * (zip.length - 30));
      return Buffer.concat([zip.subarray(0, at + 30), zip.subarray(at)]);
    },
  ],
  ['the end is cut off', (zip, next) => zip.subarray(0, Math.floor(next() * zip.length))],
  [
    'two stretches change places',
    (zip, next) => {
      const copy = Buffer.from(zip);
      const at = Math.floor(next() * (zip.length - 200));
      zip.copy(copy, at, at + 100, at + 200);
      zip.copy(copy, at + 100, at, at + 100);
      return copy;
    },
  ],
];

it.each(DAMAGE)('refuses a pack of which %s (seed 7, 40 places)', async (_, damage) => {
  const next = random(7);
  for (let i = 0; i < 40; i += 1) {
    const damaged = damage(kit.zip, next);
    if (damaged.equals(kit.zip)) continue;
    expect(await refused(damaged), `seed 7, round ${i}`).toBe(true);
  }
});
