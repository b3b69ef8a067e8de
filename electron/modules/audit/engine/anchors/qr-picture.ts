// Reads the text of a QR code out of a PNG picture: a head that was printed or shown on a screen.
import { inflateSync } from 'node:zlib';
import { type DecodedPng, decode, hasPngSignature } from 'fast-png';
import { decodeQR } from 'qr/decode.js';
import { AppError } from '../../../../../shared/errors/app-error.ts';

/** More pixels than a scanned page at 300 dpi needs twice over. */
const MOST_PIXELS = 20_000_000;
/** Milliseconds that the decoder may look for further readings of a bad picture. */
const TIME_LIMIT = 3000;
const CHANNELS_BY_COLOUR: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const startsWith = (bytes: Uint8Array, ...magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

const isPng = (bytes: Uint8Array): boolean => bytes.length > 33 && hasPngSignature(bytes);
const OTHER_PICTURES: readonly { readonly name: string; readonly magic: readonly number[] }[] = [
  { name: 'JPEG', magic: [0xff, 0xd8, 0xff] },
  { name: 'GIF', magic: [0x47, 0x49, 0x46, 0x38] },
  { name: 'TIFF', magic: [0x49, 0x49, 0x2a, 0x00] },
  { name: 'TIFF', magic: [0x4d, 0x4d, 0x00, 0x2a] },
  { name: 'PDF', magic: [0x25, 0x50, 0x44, 0x46, 0x2d] },
];

/** Whether a file is a picture by its first bytes, readable here or not. */
export const isPicture = (bytes: Uint8Array): boolean =>
  isPng(bytes) || OTHER_PICTURES.some(({ magic }) => startsWith(bytes, ...magic));

/** The pixel data of the file, once inflated, may not be more than its measures ask for. */
const checkSize = (bytes: Buffer, refuse: (reason: string) => AppError): void => {
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const depth = bytes[24] ?? 0;
  const channels = CHANNELS_BY_COLOUR[bytes[25] ?? 255] ?? 4;
  if (width * height > MOST_PIXELS) throw refuse('it has more than 20 million pixels');
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length));
    // Compressed texts and profiles have no measure; a picture of a code needs none.
    if (/^(?:iCCP|zTXt|iTXt|fdAT)$/u.test(type) && length > 65_536)
      throw refuse('it holds more than one picture');
    at += 12 + length;
  }
  // Adam7 adds a filter byte for each row of each of its passes.
  const most = Math.ceil((width * depth * channels) / 8 + 8) * height * 2 + 1024;
  inflateSync(Buffer.concat(parts), { maxOutputLength: most });
};

/** One sample of a row, scaled to a byte. */
const sampleAt = (png: DecodedPng, row: number, column: number): number => {
  const { data, depth } = png;
  if (depth === 16) return (data[row * png.width * png.channels + column] ?? 0) >> 8;
  if (depth === 8) return data[row * png.width * png.channels + column] ?? 0;
  const rowBytes = Math.ceil((png.width * png.channels * depth) / 8);
  const byte = data[row * rowBytes + ((column * depth) >> 3)] ?? 0;
  const value = (byte >> (8 - depth - ((column * depth) & 7))) & ((1 << depth) - 1);
  return png.palette === undefined ? Math.round((value * 255) / ((1 << depth) - 1)) : value;
};

/** Opaque RGB, transparent parts on white paper. */
const rgbOf = (png: DecodedPng): Uint8Array => {
  const { width, height, channels, palette } = png;
  const rgb = new Uint8Array(width * height * 3);
  const hasAlpha = channels === 2 || channels === 4;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = x * channels;
      const first = sampleAt(png, y, at);
      const entry = palette?.[first];
      const [r, g, b] =
        entry ??
        (channels < 3 ? [first, first, first] : [first, sampleAt(png, y, at + 1), sampleAt(png, y, at + 2)]);
      const alpha =
        entry === undefined ? (hasAlpha ? sampleAt(png, y, at + channels - 1) : 255) : (entry[3] ?? 255);
      const to = (y * width + x) * 3;
      for (const [i, value] of [r ?? 0, g ?? 0, b ?? 0].entries())
        rgb[to + i] = Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;
};

/**
 * The text of the one QR code in a picture.
 * @throws AppError('audit.head_picture') for another kind of picture, a damaged one, or one without a readable code.
 */
export const textOfPicture = (name: string, bytes: Uint8Array): string => {
  const refuse = (reason: string): AppError => new AppError('audit.head_picture', { name, reason });
  if (!isPng(bytes)) {
    const kind = OTHER_PICTURES.find(({ magic }) => startsWith(bytes, ...magic))?.name ?? 'this';
    throw refuse(`pictures of the kind ${kind} are not read here, only PNG`);
  }
  try {
    checkSize(Buffer.from(bytes), refuse);
    const png = decode(bytes, { checkCrc: true });
    const { width, height } = png;
    return decodeQR({ width, height, data: rgbOf(png) }, { format: 'RGB', timeLimit: TIME_LIMIT });
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refuse('it is damaged, or no QR code was found in it');
  }
};
