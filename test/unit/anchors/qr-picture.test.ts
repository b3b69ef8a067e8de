// A head in the picture of a QR code is read from PNGs of every form, and nothing else is taken for one.
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { encode, type ImageData } from 'fast-png';
import { encodeQR } from 'qr';
import { describe, expect, it } from 'vitest';
import { isPicture, textOfPicture } from '../../../electron/modules/audit/engine/anchors/qr-picture.ts';
import { headsOfFile } from '../../../electron/modules/audit/engine/trusted-head.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';

const HEAD = 'c0ffee'.repeat(10) + 'abcd';
const SCALE = 6;
const modules = encodeQR(HEAD, 'raw', { border: 4 });
const size = modules.length * SCALE;
const isDark = (x: number, y: number): boolean =>
  modules[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] ?? false;

const picture = (
  channels: number,
  pixel: (dark: boolean) => readonly number[],
  more: Partial<ImageData> = {},
): Uint8Array => {
  const data =
    (more.depth ?? 8) === 16
      ? new Uint16Array(size * size * channels)
      : new Uint8Array(size * size * channels);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) data.set(pixel(isDark(x, y)), (y * size + x) * channels);
  return encode({ width: size, height: size, data, channels, depth: 8, ...more });
};
const rgb = picture(3, (dark) => (dark ? [10, 10, 60] : [250, 250, 240]));

/** One bit a pixel: the encoder of fast-png writes whole samples only. */
const oneBit = (): Uint8Array => {
  const rowBytes = Math.ceil(size / 8);
  const rows = Buffer.alloc((rowBytes + 1) * size);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (!isDark(x, y)) {
        const at = y * (rowBytes + 1) + 1 + (x >> 3);
        rows[at] = (rows[at] ?? 0) | (0x80 >> (x & 7));
      }
  return pngOf(size, size, 1, 0, deflateSync(rows));
};

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc = (bytes: Buffer): number => {
  let c = 0xffffffff;
  for (const byte of bytes) c = (crcTable[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};
const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), data.length + 8);
  return out;
};
const pngOf = (width: number, height: number, depth: number, colour: number, idat: Buffer): Uint8Array => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = depth;
  head[9] = colour;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', idat),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

const refused = (bytes: Uint8Array, reason: RegExp): void => {
  try {
    headsOfFile('x.png', bytes);
  } catch (error) {
    expect(isAppError(error) && [error.code, String(error.params['reason'])]).toEqual([
      'audit.head_picture',
      expect.stringMatching(reason),
    ]);
    return;
  }
  expect.unreachable('it was read');
};

describe('a QR code', () => {
  it.each([
    ['in colour', rgb],
    ['in colour with transparent paper', picture(4, (dark) => (dark ? [0, 0, 0, 255] : [0, 0, 0, 0]))],
    ['in grey', picture(1, (dark) => [dark ? 30 : 220])],
    ['in grey with transparency', picture(2, (dark) => [0, dark ? 255 : 0])],
    ['in 16 bits', picture(3, (dark) => (dark ? [0, 0, 0] : [65_535, 65_535, 65_535]), { depth: 16 })],
    ['in one bit', oneBit()],
    [
      'interlaced',
      encode(
        {
          width: size,
          height: size,
          channels: 1,
          data: Uint8Array.from({ length: size * size }, (_, i) =>
            isDark(i % size, Math.floor(i / size)) ? 0 : 255,
          ),
        },
        { interlace: 'Adam7' },
      ),
    ],
  ])('%s gives its head', (_, bytes) => {
    expect(textOfPicture('x.png', bytes)).toBe(HEAD);
    expect(headsOfFile('x.png', bytes)).toEqual([HEAD]);
  });

  it('of a text without a head is refused as such', () => {
    const plain = encodeQR('https://example.org', 'raw', { border: 4 });
    const data = Uint8Array.from({ length: (plain.length * 4) ** 2 }, (_, i) => {
      const width = plain.length * 4;
      return plain[Math.floor(Math.floor(i / width) / 4)]?.[Math.floor((i % width) / 4)] === true ? 0 : 255;
    });
    const bytes = encode({ width: plain.length * 4, height: plain.length * 4, channels: 1, data });
    expect(() => headsOfFile('x.png', bytes)).toThrow(
      expect.objectContaining({ code: 'audit.head_invalid' }),
    );
  });
});

describe('what is no readable picture', () => {
  it('another kind is named', () => {
    refused(Buffer.from('ffd8ffe000104a46494600', 'hex'), /JPEG/u);
    refused(Buffer.from('GIF89a'), /GIF/u);
    refused(Buffer.from('%PDF-1.7'), /PDF/u);
  });
  it('an empty picture, a cut one and one with a wrong checksum', () => {
    refused(
      encode({ width: 200, height: 200, channels: 1, data: new Uint8Array(40_000).fill(255) }),
      /no QR code/u,
    );
    for (const length of [40, 60, Math.floor(rgb.length / 2), rgb.length - 14])
      refused(rgb.subarray(0, length), /damaged/u);
    const altered = Buffer.from(rgb);
    altered[rgb.length - 20] = (altered[rgb.length - 20] ?? 0) ^ 1;
    refused(altered, /damaged/u);
  });
  it('measures or content beyond all reason are refused before they fill the memory', () => {
    refused(pngOf(100_000, 100_000, 8, 6, deflateSync(Buffer.alloc(10))), /million/u);
    refused(pngOf(10, 10, 8, 6, deflateSync(Buffer.alloc(50_000_000))), /damaged/u);
  });
  it('any damage gives a head or a refusal', () => {
    fc.assert(
      fc.property(fc.nat(rgb.length - 1), fc.nat(255), (at, value) => {
        const altered = Buffer.from(rgb);
        altered[at] = value;
        try {
          return headsOfFile('x.png', altered)[0] === HEAD;
        } catch (error) {
          return isAppError(error);
        }
      }),
      { numRuns: 60 },
    );
    expect(isPicture(Buffer.from('text'))).toBe(false);
  });
});
