// JSON that may be anything: parsed without a throw, after a look at its nesting.

/** Deeper than any proof, note bundle or receipt; JSON.parse itself would take the stack. */
const MAX_DEPTH = 64;

const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (inString) {
      if (unit === 0x5c) i += 1;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return false;
};

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** undefined for bytes that are no JSON (or nested deeper than 64). */
export const parseJson = (bytes: Uint8Array): unknown => {
  try {
    const text = UTF8.decode(bytes);
    return isTooDeep(text) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

export type Fields = Readonly<Record<string, unknown>>;
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
