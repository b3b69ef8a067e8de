// One line of ArcSight CEF or IBM LEEF, with or without a syslog header before it.

export interface PipeEvent {
  readonly kind: 'cef' | 'leef';
  /** What stands before `CEF:` or `LEEF:`: a syslog header, or nothing. */
  readonly before: string;
  readonly product: string;
  readonly signature: string;
  readonly name: string;
  readonly severity: string | null;
  readonly fields: ReadonlyMap<string, string>;
}

const START = /(?:^|\s)(CEF|LEEF):\s?(\d+(?:\.\d+)?)\|/u;
const MAX_BEFORE = 1_024;

/** `count` parts that end in `|`, where `\|` and `\\` stand for themselves; null when there are fewer. */
const headerParts = (
  text: string,
  start: number,
  count: number,
): { readonly parts: string[]; readonly end: number } | null => {
  const parts: string[] = [];
  let part = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '\\' && (text[at + 1] === '|' || text[at + 1] === '\\')) {
      part += text[at + 1];
      at += 1;
    } else if (character === '|') {
      parts.push(part);
      part = '';
      if (parts.length === count) return { parts, end: at + 1 };
    } else part += character;
  }
  return null;
};

const KEY = /(?:^|(?<=\s))([\w.[\]-]{1,128})=/gu;

const unescaped = (value: string): string =>
  value.replaceAll(/\\([=\\nr|])/gu, (_, escaped: string) =>
    escaped === 'n' ? '\n' : escaped === 'r' ? '\r' : escaped,
  );

/** `key=value` pairs; a value goes on to the blank before the next key, and may hold blanks and `\=`. */
export const cefFields = (text: string): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  const keys = [...text.matchAll(KEY)];
  for (const [i, match] of keys.entries()) {
    const from = match.index + match[0].length;
    const to = keys[i + 1]?.index ?? text.length;
    const name = match[1] ?? '';
    if (!fields.has(name)) fields.set(name, unescaped(text.slice(from, to).trimEnd()));
  }
  return fields;
};

const delimiterOf = (text: string): string | null => {
  const hex = /^(?:0?x)([\da-f]{2,4})$/iu.exec(text);
  if (hex !== null) return String.fromCodePoint(Number.parseInt(hex[1] ?? '9', 16));
  return text.length === 1 ? text : null;
};

const leefFields = (text: string, delimiter: string): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  for (const part of text.split(delimiter)) {
    const equals = part.indexOf('=');
    if (equals > 0 && !fields.has(part.slice(0, equals).trim()))
      fields.set(part.slice(0, equals).trim(), part.slice(equals + 1));
  }
  return fields;
};

/** A text says why the line is none. */
export const readPipeEvent = (text: string): PipeEvent | string => {
  const match = START.exec(text.length > MAX_BEFORE * 2 ? text.slice(0, MAX_BEFORE) : text);
  if (match === null) return 'it is neither CEF nor LEEF';
  const before = text.slice(0, match.index).trim();
  const start = match.index + match[0].length;
  if (match[1] === 'CEF') {
    const header = headerParts(text, start, 6);
    if (header === null) return 'its CEF header is cut off: it needs seven parts';
    const [vendor = '', product = '', , signature = '', name = '', severity = ''] = header.parts;
    const fields = cefFields(text.slice(header.end));
    return { kind: 'cef', before, product: `${vendor} ${product}`.trim(), signature, name, severity, fields };
  }
  const header = headerParts(text, start, 4);
  if (header === null) return 'its LEEF header is cut off: it needs five parts';
  const [vendor = '', product = '', , signature = ''] = header.parts;
  let [end, delimiter] = [header.end, '\t'];
  if (match[2] !== undefined && Number(match[2]) >= 2) {
    const bar = text.indexOf('|', end);
    const given = bar < 0 ? null : text.slice(end, bar) === '' ? '\t' : delimiterOf(text.slice(end, bar));
    if (given !== null) [end, delimiter] = [bar + 1, given];
  }
  const fields = leefFields(text.slice(end), delimiter);
  return {
    kind: 'leef',
    before,
    product: `${vendor} ${product}`.trim(),
    signature,
    name: signature,
    severity: fields.get('sev') ?? null,
    fields,
  };
};
