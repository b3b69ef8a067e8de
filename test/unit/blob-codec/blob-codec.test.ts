// The stored form of a blob: what goes in comes out, from any offset, and any change, cut or swap is refused.
import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BLOB_CHUNK_BYTES,
  BLOB_HEADER_BYTES,
  decryptBlob,
  encryptBlob,
  plainBlobBytes,
  readBlobFile,
  storedBlobBytes,
} from '../../../electron/store/blob-codec.ts';
import type { BlobRange, BlobReader } from '../../../electron/store/blob-codec.ts';

const KEY = Buffer.alloc(32, 7);
const CHUNK = BLOB_CHUNK_BYTES;

const gather = async (parts: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(parts));
const inMemory = (stored: Buffer): BlobReader => ({
  size: stored.length,
  read: (offset, length) => Promise.resolve(stored.subarray(offset, offset + length)),
});
const seal = (plain: Uint8Array, key: Uint8Array = KEY): Promise<Buffer> => gather(encryptBlob([plain], key));
const unseal = (stored: Buffer, range?: BlobRange, key: Uint8Array = KEY): Promise<Buffer> =>
  gather(decryptBlob(inMemory(stored), key, range));
const alteredError = expect.objectContaining({ code: 'record.altered', params: { kind: 'file' } });

describe('blob codec', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 12_345])(
    'gives %i bytes back unchanged',
    async (bytes) => {
      const plain = randomBytes(bytes);
      const stored = await seal(plain);
      expect(stored.length).toBe(storedBlobBytes(bytes));
      expect(plainBlobBytes(stored.length)).toBe(bytes);
      expect((await unseal(stored, { expectedBytes: bytes })).equals(plain)).toBe(true);
    },
  );

  it('writes exactly the published layout', async () => {
    const fileId = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
    const stored = await gather(encryptBlob([Buffer.from('hello')], KEY, fileId));
    expect(stored.subarray(0, BLOB_HEADER_BYTES).toString('hex')).toBe(
      `${Buffer.from('PRBYBLB1').toString('hex')}0000100000000000${fileId.toString('hex')}`,
    );
    const cipher = createCipheriv('aes-256-gcm', KEY, Buffer.from('000102030000000000000000', 'hex'));
    cipher.setAAD(Buffer.from('000102030405060708090a0b0c0d0e0f000000000000000001', 'hex'));
    const expected = Buffer.concat([cipher.update('hello'), cipher.final(), cipher.getAuthTag()]);
    expect(stored.subarray(BLOB_HEADER_BYTES).equals(expected)).toBe(true);
  });

  it('does not depend on how the input was cut into pieces', async () => {
    const plain = randomBytes(CHUNK + 70_000);
    const fileId = randomBytes(16);
    const whole = await gather(encryptBlob([plain], KEY, fileId));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: plain.length }), { maxLength: 6 }),
        async (cuts) => {
          const edges = [0, ...cuts.toSorted((a, b) => a - b), plain.length];
          const pieces = edges.slice(1).map((end, at) => plain.subarray(edges[at], end));
          return (await gather(encryptBlob(pieces, KEY, fileId))).equals(whole);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('reads any range like a slice of the plain bytes', async () => {
    const plain = randomBytes(2 * CHUNK + 500);
    const stored = await seal(plain);
    await fc.assert(
      fc.asyncProperty(fc.nat(plain.length + 10), fc.nat(plain.length + 10), async (start, end) =>
        (await unseal(stored, { start, end })).equals(plain.subarray(start, end)),
      ),
      {
        numRuns: 40,
        examples: [
          [0, 0],
          [CHUNK, CHUNK],
          [CHUNK - 1, CHUNK + 1],
          [plain.length, plain.length],
          [CHUNK, 2 * CHUNK],
        ],
      },
    );
  });

  it('refuses a blob in which any one bit was flipped', async () => {
    const stored = await seal(randomBytes(300));
    for (let bit = 0; bit < stored.length * 8; bit += 1) {
      const changed = Buffer.from(stored);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      await expect(unseal(changed), `bit ${bit}`).rejects.toEqual(alteredError);
    }
  });

  it('refuses a blob that was cut anywhere, at a chunk edge too, or lengthened', async () => {
    const stored = await seal(randomBytes(2 * CHUNK));
    const edge = BLOB_HEADER_BYTES + CHUNK + 16;
    for (const length of [
      0,
      7,
      BLOB_HEADER_BYTES,
      BLOB_HEADER_BYTES + 15,
      edge - 1,
      edge,
      edge + 16,
      stored.length - 1,
    ]) {
      await expect(unseal(stored.subarray(0, length)), `cut to ${length}`).rejects.toEqual(alteredError);
    }
    await expect(unseal(Buffer.concat([stored, Buffer.of(0)]))).rejects.toEqual(alteredError);
    await expect(unseal(Buffer.concat([stored, stored.subarray(edge)]))).rejects.toEqual(alteredError);
  });

  it('refuses a cut blob before a range that does not reach the end, when the size is on record', async () => {
    const stored = await seal(randomBytes(2 * CHUNK));
    const cut = stored.subarray(0, BLOB_HEADER_BYTES + CHUNK + 16);
    await expect(unseal(cut, { start: 0, end: 10, expectedBytes: 2 * CHUNK })).rejects.toEqual(alteredError);
  });

  it('refuses swapped chunks, chunks of another blob and another key', async () => {
    const plain = randomBytes(3 * CHUNK);
    const stored = await seal(plain);
    const chunk = CHUNK + 16;
    const part = (n: number): Buffer =>
      stored.subarray(BLOB_HEADER_BYTES + n * chunk, BLOB_HEADER_BYTES + (n + 1) * chunk);
    const header = stored.subarray(0, BLOB_HEADER_BYTES);
    await expect(unseal(Buffer.concat([header, part(1), part(0), part(2)]))).rejects.toEqual(alteredError);
    const other = await seal(plain);
    await expect(
      unseal(Buffer.concat([header, part(0), other.subarray(BLOB_HEADER_BYTES + chunk)])),
    ).rejects.toEqual(alteredError);
    await expect(unseal(stored, {}, Buffer.alloc(32, 8))).rejects.toEqual(alteredError);
  });

  it('hands out nothing of a changed chunk', async () => {
    const stored = await seal(randomBytes(2 * CHUNK));
    const changed = Buffer.from(stored);
    changed.writeUInt8(changed.readUInt8(stored.length - 40) ^ 1, stored.length - 40);
    const got: number[] = [];
    await expect(
      (async () => {
        for await (const piece of decryptBlob(inMemory(changed), KEY)) got.push(piece.length);
      })(),
    ).rejects.toEqual(alteredError);
    expect(got).toEqual([CHUNK]);
  });
});

describe('blob file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blob-codec-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read from any offset in pieces of at most 1 MiB', async () => {
    const plain = randomBytes(3 * CHUNK + 5);
    const path = join(folder, 'a.blob');
    await writeFile(path, encryptBlob([plain], KEY));
    const pieces = await Array.fromAsync(readBlobFile(path, KEY, { start: CHUNK + 3 }));
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(CHUNK);
    expect(Buffer.concat(pieces).equals(plain.subarray(CHUNK + 3))).toBe(true);
  });

  it('that is gone is an altered store', async () => {
    await expect(gather(readBlobFile(join(folder, 'none'), KEY))).rejects.toEqual(alteredError);
  });
});
