// Tells from its first bytes what a stored object is: a gzip member, and how long its header is, or JSON text.

/** Length of the gzip header in bytes; 0 = more bytes are needed, -1 = not a gzip header. RFC 1952 section 2.3. */
export const gzipHeaderLength = (bytes: Uint8Array): number => {
  const at = (index: number): number => bytes[index] ?? 0;
  if (bytes.length >= 1 && at(0) !== 0x1f) return -1;
  if (bytes.length >= 2 && at(1) !== 0x8b) return -1;
  if (bytes.length < 10) return 0;
  const flags = at(3);
  if (at(2) !== 8 || (flags & 0xe0) !== 0) return -1;
  let length = 10;
  if ((flags & 4) !== 0) {
    if (bytes.length < length + 2) return 0;
    length += 2 + at(length) + at(length + 1) * 256;
  }
  // File name, then comment: each ends with a zero byte.
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = length >= bytes.length ? -1 : bytes.indexOf(0, length);
    if (end < 0) return 0;
    length = end + 1;
  }
  if ((flags & 2) !== 0) length += 2;
  return length <= bytes.length ? length : 0;
};

/** White space and byte order marks (UTF-8, UTF-16 as PowerShell writes it) may stand before the text. */
const BEFORE_JSON: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf, 0xff, 0xfe]);

/** True when the first letter is that of a JSON object or list. */
export const looksLikeJson = (bytes: Uint8Array): boolean => {
  const first = bytes.find((byte) => !BEFORE_JSON.has(byte));
  return first === 0x7b || first === 0x5b;
};
