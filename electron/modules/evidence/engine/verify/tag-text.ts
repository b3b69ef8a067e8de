// Decodes tag files: UTF-8 strictly, and the older encodings that a BagIt declaration may name.

/** The text, or null when the bytes are not valid in the encoding or the encoding is not known. A BOM of UTF-8 stays. */
export const decodeTag = (bytes: Uint8Array, encoding: string): string | null => {
  const decode = (label: string, from = 0): string | null => {
    try {
      return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(from));
    } catch {
      return null;
    }
  };
  switch (encoding.toUpperCase()) {
    case 'UTF-8':
    case 'US-ASCII':
      return decode('utf-8');
    case 'ISO-8859-1':
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    case 'UTF-16BE':
      return decode('utf-16be');
    case 'UTF-16LE':
      return decode('utf-16le');
    case 'UTF-16':
      // RFC 2781 section 3.3: the BOM decides, big-endian without one.
      if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le', 2);
      return decode('utf-16be', bytes[0] === 0xfe && bytes[1] === 0xff ? 2 : 0);
    default:
      return null;
  }
};
