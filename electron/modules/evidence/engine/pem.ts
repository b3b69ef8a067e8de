// PEM (RFC 7468), written and read strictly: one block, nothing around it, so that no byte of it is without meaning.

/** One PEM block with 64 characters a line and a final LF. */
export const pemOf = (label: string, der: Uint8Array): string => {
  const lines = Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{64}(?!$)/gu, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
};

/**
 * The bytes of a file that holds exactly one PEM block under one of `labels`, or null when it is anything else: text
 * around the block, a second block, headers, or base64 that would not be written like this again.
 */
export const derOfPem = (file: Uint8Array, labels: readonly string[]): Uint8Array | null => {
  const text = Buffer.from(file).toString('latin1').replaceAll('\r\n', '\n');
  const match = /^-----BEGIN ([A-Z0-9 ]+)-----\n([A-Za-z0-9+/=\n]+)\n-----END \1-----\n?$/u.exec(text);
  const [, label, body] = match ?? [];
  if (label === undefined || body === undefined || !labels.includes(label)) return null;
  const base64 = body.replaceAll('\n', '');
  const der = Buffer.from(base64, 'base64');
  return der.toString('base64') === base64 ? new Uint8Array(der) : null;
};
