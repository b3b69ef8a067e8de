// Where the records of a JSON text are: one a line, elements of an array, of an array inside a document, or written over several lines.

export interface JsonStart {
  readonly cut: 'lines' | 'array' | 'objects';
  /** Offset of the first element of an array inside a document; 0 otherwise. */
  readonly start: number;
}

/** Members under which services put their records. */
const LIST_NAMES = new Set(
  'records value items entries events logs data results auditlogs logevents rows audit_logs'.split(' '),
);

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const skipSpace = (text: Buffer, from: number): number => {
  let at = from;
  while (isSpace(text[at])) at += 1;
  return at;
};

/** Behind the string that begins at `at`; -1 when the text ends inside it. */
const skipString = (text: Buffer, at: number): number => {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === 0x5c) i += 1;
    else if (text[i] === 0x22) return i + 1;
  }
  return -1;
};

/** Behind the value that begins at `at`; -1 when the text ends inside it. */
const skipValue = (text: Buffer, at: number): number => {
  let depth = 0;
  let i = at;
  while (i < text.length) {
    const byte = text[i] as number;
    if (byte === 0x22) {
      i = skipString(text, i);
      if (i < 0) return -1;
    } else {
      if (byte === 0x7b || byte === 0x5b) depth += 1;
      else if (byte === 0x7d || byte === 0x5d) depth -= 1;
      // A number or word ends before the comma or bracket that follows it.
      if (depth < 0 || (depth === 0 && byte === 0x2c)) return i;
      i += 1;
    }
    if (depth === 0 && (byte === 0x22 || byte === 0x7d || byte === 0x5d)) return i;
  }
  return -1;
};

/** Offset behind the `[` of a list of objects in an object that begins at `at`; -1 when there is none. */
const listIn = (text: Buffer, at: number): number => {
  let i = skipSpace(text, at + 1);
  while (text[i] === 0x22) {
    const end = skipString(text, i);
    if (end < 0) return -1;
    const name = text.toString('utf8', i + 1, end - 1).toLowerCase();
    i = skipSpace(text, end);
    if (text[i] !== 0x3a) return -1;
    i = skipSpace(text, i + 1);
    if (LIST_NAMES.has(name) && text[i] === 0x5b && text[skipSpace(text, i + 1)] === 0x7b) return i + 1;
    i = skipValue(text, i);
    if (i < 0) return -1;
    i = skipSpace(text, i);
    if (text[i] !== 0x2c) return -1;
    i = skipSpace(text, i + 1);
  }
  return -1;
};

const RECORD_LINE = /^Record \d+\r?\n\s*\{/u;

/** Whether the next line with text on it begins an object at the margin, as records of one line do. */
const nextIsRecord = (text: Buffer, feed: number): boolean => {
  const next = skipSpace(text, feed);
  return text[next] === 0x7b && text[next - 1] === 0x0a;
};

/** Whether the object that begins at `at` goes on behind the line feed. */
const isSpread = (text: Buffer, at: number, feed: number): boolean => {
  const end = skipValue(text, at);
  return end < 0 || end > feed;
};

/** null when the text is no JSON. `from`: behind a byte order mark. */
export const jsonStart = (text: Buffer, from: number): JsonStart | null => {
  const at = skipSpace(text, from);
  if (text[at] === 0x5b) {
    const next = text[skipSpace(text, at + 1)];
    return next === 0x7b || next === 0x5d ? { cut: 'array', start: 0 } : null;
  }
  if (text[at] !== 0x7b) {
    return RECORD_LINE.test(text.toString('latin1', at, at + 64)) ? { cut: 'objects', start: 0 } : null;
  }
  const feed = text.indexOf(0x0a, at);
  const isOnlyLine = feed < 0 || skipSpace(text, feed) >= text.length;
  const isTall = !isOnlyLine && isSpread(text, at, feed) && !nextIsRecord(text, feed);
  const start = isOnlyLine || isTall ? listIn(text, at) : -1;
  if (start >= 0) return { cut: 'array', start };
  return { cut: isTall ? 'objects' : 'lines', start: 0 };
};
