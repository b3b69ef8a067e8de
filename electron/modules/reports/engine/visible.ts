// Makes text that a log or a user supplied safe to look at: nothing invisible, nothing that turns the reading order.

/**
 * Characters that print nothing, or that change how their neighbours print: controls, formats (bidirectional controls,
 * zero-width characters, tags), line and paragraph separators, lone surrogates, noncharacters, default-ignorables.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/u;
const UNSEEN_ALL = new RegExp(UNSEEN, 'gu');

/** Joiners and variation selectors: part of the spelling of Persian, Hindi and emoji, so people's own texts keep them. */
const SPELLING: ReadonlySet<string> = new Set(['\u200C', '\u200D', '\uFE0E', '\uFE0F']);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One unseen character as text: `\n`, `\r`, `\t`, else by its number, `\u{202E}`. Print turns pictures like ␀ into specks. */
export const pictureOf = (character: string): string =>
  SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}}`;

export interface Piece {
  readonly text: string;
  /** true = `text` stands for a character that can't be seen. */
  readonly replaced: boolean;
}

/** Splits text into what may be shown as it is and what is shown by its picture. */
export const pieces = (text: string, keepSpelling = false): Piece[] => {
  const out: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(UNSEEN_ALL)) {
    if (keepSpelling && SPELLING.has(match[0])) continue;
    if (match.index > from) out.push({ text: text.slice(from, match.index), replaced: false });
    out.push({ text: pictureOf(match[0]), replaced: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) out.push({ text: text.slice(from), replaced: false });
  return out;
};

/** The same as one string, for places that take no markup. */
export const visible = (text: string): string =>
  pieces(text)
    .map((piece) => piece.text)
    .join('');

/** The first `limit` UTF-16 units of a text, never half of a surrogate pair. */
export const firstPart = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
};
