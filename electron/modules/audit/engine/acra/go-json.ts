// How Go's encoding/json writes a value that it has read: the bytes that Acra's JSON audit log is hashed over.

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const isObject = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
/** Since Go 1.22 these two are short as well. */
const SHORT_LATER: Readonly<Record<string, string>> = { '\b': '\\b', '\f': '\\f' };

const quote = (text: string, isLater: boolean): string => {
  const escaped = text
    .toWellFormed()
    // eslint-disable-next-line no-control-regex
    .replaceAll(/["\\\u0000-\u001f<>&\u2028\u2029]/gu, (c) => {
      const short = SHORT[c] ?? (isLater ? SHORT_LATER[c] : undefined);
      return short ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  return `"${escaped}"`;
};

/** By bytes of UTF-8, as sort.Strings does. */
const sortedKeys = (value: { readonly [key: string]: Json }): string[] =>
  Object.keys(value).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

const marshal = (value: Json, isLater: boolean): string => {
  if (typeof value === 'string') return quote(value, isLater);
  // float64: the same digits and the same switch to exponents as in ECMAScript, but for minus zero.
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (!isObject(value))
    return `[${(value as readonly Json[]).map((each) => marshal(each, isLater)).join(',')}]`;
  return `{${sortedKeys(value)
    .map((key) => `${quote(key, isLater)}:${marshal(value[key] ?? null, isLater)}`)
    .join(',')}}`;
};

/** The object in a JSON line; null when it is none. */
export const parseJsonLine = (text: string): { readonly [key: string]: Json } | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    // Not JSON, or nested so deeply that the parser gives up: no logger writes that.
    return null;
  }
};

/** convertMapToBytes of log_entry_parser.go: each key and its value between the word `delimiter`. */
export const hashedBytes = (members: { readonly [key: string]: Json }, isLater: boolean): Buffer =>
  Buffer.from(
    sortedKeys(members)
      .map(
        (key) => `delimiter${key.toWellFormed()}delimiter${marshal(members[key] ?? null, isLater)}delimiter`,
      )
      .join(''),
  );
