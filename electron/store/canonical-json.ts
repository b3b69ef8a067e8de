// JSON with one spelling per value (RFC 8785): what digests and authenticated headers are made over.

const write = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) {
    const text: unknown = JSON.stringify(value);
    if (typeof text !== 'string') throw new TypeError('only JSON values have a canonical form');
    return text;
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    // RFC 8785 section 3.2.3: by UTF-16 code units, which is what `<` compares.
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`;
};

/**
 * RFC 8785 (JSON Canonicalization Scheme) of a JSON value; ECMAScript's number form is the one that it prescribes.
 * Members that are `undefined` are left out. Throws TypeError for anything that JSON can't hold.
 */
export const canonicalJson = (value: unknown): string => write(value);
