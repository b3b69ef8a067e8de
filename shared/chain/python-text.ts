// How CPython writes single JSON tokens: floats, strings, and the order of keys.

/**
 * CPython's `repr(float)`: shortest digits that round-trip (the same digits as ECMAScript), but exponent form when the
 * decimal exponent is below -4 or at least 16, with a sign and at least two exponent digits, and `.0` on whole numbers.
 * Source: CPython `float_repr_style` "short" (Python/pystrtod.c, format code 'r'). Also `NaN`, `Infinity`, `-Infinity`
 * as `json.dumps` writes them with allow_nan.
 */
export const pythonFloat = (value: number): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const plain = String(value);
  const magnitude = Math.abs(value);
  // Inside this range both languages use positional notation, so only the `.0` can be missing.
  if (magnitude >= 1e-4 && magnitude < 1e16) return plain.includes('.') ? plain : `${plain}.0`;
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  const digits = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
};

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

const escapeUnit = (unit: number): string =>
  SHORT_ESCAPES.get(unit) ?? `\\u${unit.toString(16).padStart(4, '0')}`;

// Control characters are what the second pattern must find.
// oxlint-disable-next-line no-control-regex
const NOT_ASCII_SAFE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/g;
// oxlint-disable-next-line no-control-regex
const NOT_UNICODE_SAFE = /[\x00-\x1f"\\]/g;

/**
 * A string as `json.dumps` writes it, quotes included. With `ensureAscii` everything outside 0x20..0x7E is escaped, DEL
 * (0x7F) too, in lower-case hex, characters beyond U+FFFF as a surrogate pair, and lone surrogates are kept.
 */
export const pythonString = (text: string, ensureAscii = true): string =>
  `"${text.replace(ensureAscii ? NOT_ASCII_SAFE : NOT_UNICODE_SAFE, (unit) => escapeUnit(unit.charCodeAt(0)))}"`;

/** Order of Python strings: by code point, where JavaScript's `<` compares UTF-16 units. Negative, zero or positive. */
export const compareCodePoints = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (!isSurrogate(x) && !isSurrogate(y)) return x - y;
    // After a shared lead unit, a trail unit belongs to the character that began one unit earlier.
    const inPair = i > 0 && isLead(a.charCodeAt(i - 1)) && (isTrail(x) || isTrail(y));
    const at = inPair ? i - 1 : i;
    return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
  }
  return a.length - b.length;
};

const isSurrogate = (unit: number): boolean => (unit & 0xf800) === 0xd800;
const isLead = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isTrail = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;
