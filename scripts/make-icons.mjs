// Draws Probity's mark, two links of a chain on a rounded square, and writes it as SVG, PNG, ICO and ICNS.
// One description of the shapes feeds both the SVG and the pixels, so nothing but Node is needed and the bytes are always the same.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

const SIZE = 1024;
const PLATE = { inset: 64, radius: 208, colour: [0x17, 0x2b, 0x4d] };
const WHITE = [0xff, 0xff, 0xff];
const AMBER = [0xf2, 0xb1, 0x34];
/** Links lie along the rising diagonal; `half` is half the straight part, `radius` that of the bent ends. */
const LINK = { half: 104, radius: 124, stroke: 68, gap: 22, angle: -Math.PI / 4 };
const LINKS = {
  lower: { x: 512 - 108, y: 512 + 138, colour: WHITE },
  upper: { x: 512 + 108, y: 512 - 138, colour: AMBER },
};

/** Coordinates of a point in a link's own frame. */
const within = (link, x, y) => {
  const dx = x - link.x;
  const dy = y - link.y;
  const cos = Math.cos(-LINK.angle);
  const sin = Math.sin(-LINK.angle);
  return [dx * cos - dy * sin, dx * sin + dy * cos];
};

/** Distance from the link's centre line: a point is on the link when it is under half the stroke. */
const fromLink = (link, x, y) => {
  const [u, w] = within(link, x, y);
  return Math.abs(Math.hypot(Math.max(Math.abs(u) - LINK.half, 0), w) - LINK.radius);
};

const onPlate = (x, y) => {
  const reach = SIZE / 2 - PLATE.inset - PLATE.radius;
  const dx = Math.max(Math.abs(x - SIZE / 2) - reach, 0);
  const dy = Math.max(Math.abs(y - SIZE / 2) - reach, 0);
  return Math.hypot(dx, dy) <= PLATE.radius;
};

/** The white link passes over the amber one on this side of the line through both centres, and under it on the other. */
const lowerOnTop = (x, y) => {
  const { lower, upper } = LINKS;
  return (upper.x - lower.x) * (y - lower.y) - (upper.y - lower.y) * (x - lower.x) > 0;
};

/** Colour of one point, or null outside the plate. */
const colourAt = (x, y) => {
  if (!onPlate(x, y)) return null;
  const order = lowerOnTop(x, y) ? [LINKS.lower, LINKS.upper] : [LINKS.upper, LINKS.lower];
  for (const link of order) {
    const distance = fromLink(link, x, y);
    if (distance <= LINK.stroke / 2) return link.colour;
    if (distance <= LINK.stroke / 2 + LINK.gap) return PLATE.colour;
  }
  return PLATE.colour;
};

/** RGBA pixels; every pixel is the mean of a grid of points. */
const rasterise = (pixels) => {
  const grid = pixels <= 64 ? 8 : 4;
  const step = SIZE / pixels / grid;
  const rgba = new Uint8Array(pixels * pixels * 4);
  for (let row = 0; row < pixels; row += 1) {
    for (let column = 0; column < pixels; column += 1) {
      const sum = [0, 0, 0];
      let hits = 0;
      for (let j = 0; j < grid; j += 1) {
        for (let i = 0; i < grid; i += 1) {
          const colour = colourAt((column * grid + i + 0.5) * step, (row * grid + j + 0.5) * step);
          if (colour === null) continue;
          hits += 1;
          for (let c = 0; c < 3; c += 1) sum[c] += colour[c];
        }
      }
      const at = (row * pixels + column) * 4;
      for (let c = 0; c < 3; c += 1) rgba[at + c] = hits === 0 ? 0 : Math.round(sum[c] / hits);
      rgba[at + 3] = Math.round((hits / (grid * grid)) * 255);
    }
  }
  return rgba;
};

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc32 = (bytes) => {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};

const uint32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
};

/** PNG, 8-bit RGBA (W3C PNG, third edition). */
const png = (pixels) => {
  const rgba = rasterise(pixels);
  const rows = [];
  for (let row = 0; row < pixels; row += 1) {
    rows.push(Buffer.from([0]), rgba.subarray(row * pixels * 4, (row + 1) * pixels * 4));
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', Buffer.concat([uint32(pixels), uint32(pixels), Buffer.from([8, 6, 0, 0, 0])])),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

/** ICO with PNG entries (Windows Vista and later). */
const ico = (images) => {
  const header = Buffer.alloc(6 + images.length * 16);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(({ pixels, bytes }, index) => {
    const at = 6 + index * 16;
    // 0 stands for 256.
    header.writeUInt8(pixels % 256, at);
    header.writeUInt8(pixels % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(bytes.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  });
  return Buffer.concat([header, ...images.map(({ bytes }) => bytes)]);
};

/** ICNS types that hold PNG data, by pixel size (the @2x types repeat a size). */
const ICNS_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];
const icns = (bytesOf) => {
  const entries = ICNS_TYPES.map(([type, pixels]) => {
    const bytes = bytesOf(pixels);
    return Buffer.concat([Buffer.from(type, 'latin1'), uint32(bytes.length + 8), bytes]);
  });
  const body = Buffer.concat(entries);
  return Buffer.concat([Buffer.from('icns', 'latin1'), uint32(body.length + 8), body]);
};

const hex = (colour) => `#${colour.map((c) => c.toString(16).padStart(2, '0')).join('')}`;

const svg = () => {
  const edge = SIZE - 2 * PLATE.inset;
  const link = ({ x, y }, colour, stroke) => {
    const width = 2 * (LINK.half + LINK.radius);
    return `<rect x="${-width / 2}" y="${-LINK.radius}" width="${width}" height="${2 * LINK.radius}" rx="${LINK.radius}" fill="none" stroke="${colour}" stroke-width="${stroke}" transform="translate(${x} ${y}) rotate(${(LINK.angle * 180) / Math.PI})"/>`;
  };
  const over = ([top, bottom]) =>
    [
      link(bottom, hex(bottom.colour), LINK.stroke),
      link(top, hex(PLATE.colour), LINK.stroke + 2 * LINK.gap),
      link(top, hex(top.colour), LINK.stroke),
    ].join('');
  const { lower, upper } = LINKS;
  // The line through both centres cuts the plate in two; far ends are beyond every edge.
  const along = [(upper.x - lower.x) * 10, (upper.y - lower.y) * 10];
  const a = [lower.x - along[0], lower.y - along[1]];
  const b = [upper.x + along[0], upper.y + along[1]];
  const side = [-along[1], along[0]];
  const half = `${a} ${b} ${[b[0] + side[0], b[1] + side[1]]} ${[a[0] + side[0], a[1] + side[1]]}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="Probity">`,
    `<clipPath id="half"><polygon points="${half}"/></clipPath>`,
    `<clipPath id="plate"><rect x="${PLATE.inset}" y="${PLATE.inset}" width="${edge}" height="${edge}" rx="${PLATE.radius}"/></clipPath>`,
    `<rect x="${PLATE.inset}" y="${PLATE.inset}" width="${edge}" height="${edge}" rx="${PLATE.radius}" fill="${hex(PLATE.colour)}"/>`,
    `<g clip-path="url(#plate)">${over([upper, lower])}</g>`,
    `<g clip-path="url(#half)">${over([lower, upper])}</g>`,
    '</svg>\n',
  ].join('\n');
};

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'resources', 'icons');
mkdirSync(folder, { recursive: true });
const cache = new Map();
const bytesOf = (pixels) => {
  const bytes = cache.get(pixels) ?? png(pixels);
  cache.set(pixels, bytes);
  return bytes;
};
for (const pixels of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
  writeFileSync(join(folder, `${pixels}x${pixels}.png`), bytesOf(pixels));
}
writeFileSync(join(folder, 'icon.svg'), svg());
writeFileSync(
  join(folder, 'icon.ico'),
  ico([16, 24, 32, 48, 64, 128, 256].map((pixels) => ({ pixels, bytes: bytesOf(pixels) }))),
);
writeFileSync(join(folder, 'icon.icns'), icns(bytesOf));
