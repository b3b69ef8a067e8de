// Base64 as RFC 4648 section 4 has it, and nothing that Node would let pass besides.

/** null for anything but padded standard base64 in its one canonical spelling. */
export const fromBase64 = (text: string): Buffer | null => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
};
