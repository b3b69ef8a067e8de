// Reads JSON that people save by hand: with a byte order mark, or in UTF-16 as Windows PowerShell redirects it.

const decoderFor = (bytes: Uint8Array): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe
    ? 'utf-16le'
    : bytes[0] === 0xfe && bytes[1] === 0xff
      ? 'utf-16be'
      : 'utf-8';

/** Undefined when the bytes are not JSON. */
export const readJson = (bytes: Uint8Array): unknown => {
  try {
    // TextDecoder takes a byte order mark of its encoding away.
    return JSON.parse(new TextDecoder(decoderFor(bytes), { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
};
