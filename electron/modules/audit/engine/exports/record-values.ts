// Reads values out of parsed records: paths with dots, the first name that holds something, one text for a whole object.

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path; dots lead into objects, unless a member is named just so. */
export const valueAt = (record: JsonObject, path: string): unknown => {
  if (Object.hasOwn(record, path)) return record[path];
  if (!path.includes('.')) return undefined;
  let value: unknown = record;
  for (const name of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
};

/** What stands for an object or a list in one cell. */
const INNER = [
  'id',
  'name',
  'email',
  'login',
  'alternateId',
  'displayName',
  'username',
  'arn',
  'resource',
] as const;
const MAX_INNER = 2;

/** One text for a value: lists by their first entry, objects by what names them; null when there is nothing to show. */
export const textOf = (value: unknown, depth = 0): string | null => {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (depth > MAX_INNER) return null;
  if (Array.isArray(value)) return textOf(value[0], depth + 1);
  if (!isObject(value)) return null;
  for (const name of INNER) {
    const text = Object.hasOwn(value, name) ? textOf(value[name], depth + 1) : null;
    if (text !== null) return text;
  }
  return null;
};

/** The text of the first path that holds something. */
export const firstText = (record: JsonObject, paths: readonly string[]): string | null => {
  for (const path of paths) {
    const text = textOf(valueAt(record, path));
    if (text !== null) return text;
  }
  return null;
};

/** A count of a log: a whole number from 0 to 2^53 - 1, also as text; null for anything else. */
export const countOf = (value: unknown): number | null => {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d{1,16}$/u.test(value)
        ? Number(value)
        : -1;
  return Number.isSafeInteger(number) && number >= 0 ? number : null;
};

/** A JSON object, or the reason why the text is none. */
export const jsonObject = (text: string): JsonObject | string => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : 'it is JSON, but no object';
  } catch {
    return text.startsWith('{') ? 'its JSON is broken' : 'it is not JSON';
  }
};
