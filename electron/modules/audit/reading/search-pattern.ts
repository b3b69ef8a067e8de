// What a full-text search looks for in raw records: ASCII letters of either case, all else exactly, JSON escapes included.

/** Bytes that one character of the wanted text can stand for at most: two `\uXXXX` escapes. */
const BYTES_PER_CHARACTER = 12;

const LETTER = /^[a-z]$/iu;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/u;

const escaped = (character: string): string => (SPECIAL.test(character) ? `\\${character}` : character);

const hexByte = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

const eitherCase = (letter: string): string => `[${letter.toLowerCase()}${letter.toUpperCase()}]`;

/** `\u00fc`, with hex digits of either case; two escapes for a character beyond the basic plane. */
const jsonEscape = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => {
    const digits = character.charCodeAt(at).toString(16).padStart(4, '0');
    return `\\\\u${[...digits].map((digit) => (LETTER.test(digit) ? eitherCase(digit) : digit)).join('')}`;
  }).join('');

const patternOf = (character: string): string => {
  if (LETTER.test(character)) return eitherCase(character);
  // JSON writers put a backslash before these; some also before a slash.
  if (character === '"') return '\\\\?"';
  if (character === '/') return '\\\\?\\/';
  if (character === '\\') return '\\\\{1,2}';
  if (character === '\t') return '(?:\\t|\\\\t)';
  if ((character.codePointAt(0) ?? 0) < 0x80) return escaped(character);
  const bytes = [...Buffer.from(character, 'utf8')].map(hexByte).join('');
  return `(?:${bytes}|${jsonEscape(character)})`;
};

export interface SearchPattern {
  /** Global; for text in which one character is one byte (latin1). */
  readonly pattern: RegExp;
  /** No match is longer, in bytes. */
  readonly longest: number;
}

/** @param text What is looked for, not empty. */
export const searchPattern = (text: string): SearchPattern => {
  const characters = [...text];
  return {
    // Every character is a literal, a class or a choice of literals: no pattern of the user's is run.
    // oxlint-disable-next-line require-unicode-regexp -- bytes, not code points
    pattern: new RegExp(characters.map(patternOf).join(''), 'g'),
    longest: characters.length * BYTES_PER_CHARACTER,
  };
};
