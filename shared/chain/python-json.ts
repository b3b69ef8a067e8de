// Reads JSON text as CPython's json.loads does, keeping what JavaScript would lose: number tokens, key sets, key order.

/** A whole number of any size: its canonical digits (`-0` is `0`). */
export interface PyInt {
  readonly type: 'int';
  readonly text: string;
}

/** A token with a fraction or exponent, or NaN / Infinity / -Infinity. `text` is the token as it stands. */
export interface PyReal {
  readonly type: 'float';
  readonly value: number;
  readonly text: string;
}

export interface PyList {
  readonly type: 'list';
  readonly items: readonly PyNode[];
}

/** Members in the order of first appearance; of equal keys the last value counts, as in a Python dict. */
export interface PyDict {
  readonly type: 'dict';
  readonly members: ReadonlyMap<string, PyNode>;
}

export type PyNumber = PyInt | PyReal;
export type PyNode = null | boolean | string | PyNumber | PyList | PyDict;

/**
 * CPython's default recursion limit: neither json.loads nor json.dumps gets through deeper values, so nothing deeper
 * can have been written by the logger.
 */
export const MAX_JSON_DEPTH = 1000;

/** CPython ≥ 3.11 (and 3.10.7) refuses to convert longer integers, sign not counted (sys.get_int_max_str_digits). */
export const MAX_INT_DIGITS = 4300;

/** The text isn't what json.loads accepts. `position` counts UTF-16 units. The message holds no content. */
export class PythonJsonError extends Error {
  readonly position: number;
  constructor(reason: string, position: number) {
    super(reason);
    this.name = 'PythonJsonError';
    this.position = position;
  }
}

const WHITESPACE = /[ \t\n\r]*/y;
// Python's NUMBER_RE with ASCII digits (the C scanner accepts no others).
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
// oxlint-disable-next-line no-control-regex
const PLAIN_RUN = /[^"\\\x00-\x1f]*/y;
const FOUR_HEX = /[0-9a-fA-F]{4}/y;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const WORDS: ReadonlyMap<string, PyNode> = new Map<string, PyNode>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', { type: 'float', value: Number.NaN, text: 'NaN' }],
  ['Infinity', { type: 'float', value: Number.POSITIVE_INFINITY, text: 'Infinity' }],
  ['-Infinity', { type: 'float', value: Number.NEGATIVE_INFINITY, text: '-Infinity' }],
]);

/** One pass over one text; holds the position. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): PyNode {
    this.#skipWhitespace();
    const value = this.#value(1);
    this.#skipWhitespace();
    if (this.#at < this.#text.length) throw this.#error('extra data');
    return value;
  }

  #error(reason: string): PythonJsonError {
    return new PythonJsonError(reason, this.#at);
  }

  /** The text that a sticky pattern matches here, or null; moves past it. */
  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #skipWhitespace(): void {
    this.#match(WHITESPACE);
  }

  #value(depth: number): PyNode {
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === '{' || first === '[') {
      if (depth > MAX_JSON_DEPTH) throw this.#error(`nested deeper than ${MAX_JSON_DEPTH} levels`);
      this.#at += 1;
      return first === '{' ? this.#dict(depth) : this.#list(depth);
    }
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #number(): PyNumber {
    const found = this.#match(NUMBER);
    if (found === null) throw this.#error('no value here');
    const [text, whole = '', fraction, exponent] = found;
    if (fraction !== undefined || exponent !== undefined) return { type: 'float', value: Number(text), text };
    if (whole.length - (whole.startsWith('-') ? 1 : 0) > MAX_INT_DIGITS) {
      throw this.#error(`an integer of more than ${MAX_INT_DIGITS} digits`);
    }
    return { type: 'int', text: whole === '-0' ? '0' : whole };
  }

  #string(): string {
    this.#at += 1;
    let result = '';
    for (;;) {
      result += this.#match(PLAIN_RUN)?.[0] ?? '';
      const next = this.#text[this.#at];
      if (next === undefined) throw this.#error('unterminated string');
      if (next !== '"' && next !== '\\') throw this.#error('control character in a string');
      this.#at += 1;
      if (next === '"') return result;
      result += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at] ?? '';
    if (letter === 'u') {
      this.#at += 1;
      const digits = this.#match(FOUR_HEX);
      if (digits === null) throw this.#error('invalid \\u escape');
      return String.fromCharCode(Number.parseInt(digits[0], 16));
    }
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined) throw this.#error('invalid escape');
    this.#at += 1;
    return plain;
  }

  #list(depth: number): PyList {
    const items: PyNode[] = [];
    this.#skipWhitespace();
    if (this.#takes(']')) return { type: 'list', items };
    for (;;) {
      items.push(this.#value(depth + 1));
      this.#skipWhitespace();
      if (this.#takes(']')) return { type: 'list', items };
      this.#expect(',');
      this.#skipWhitespace();
    }
  }

  #dict(depth: number): PyDict {
    const members = new Map<string, PyNode>();
    this.#skipWhitespace();
    if (this.#takes('}')) return { type: 'dict', members };
    for (;;) {
      if (this.#text[this.#at] !== '"') throw this.#error('no property name here');
      const key = this.#string();
      this.#skipWhitespace();
      this.#expect(':');
      this.#skipWhitespace();
      members.set(key, this.#value(depth + 1));
      this.#skipWhitespace();
      if (this.#takes('}')) return { type: 'dict', members };
      this.#expect(',');
      this.#skipWhitespace();
    }
  }

  #takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw this.#error(`no '${character}' here`);
  }
}

/**
 * Parses JSON text as CPython 3.11's `json.loads(str)` does: NaN and the infinities are accepted, control characters in
 * strings, a byte order mark and integers of more than 4,300 digits are not. Throws {@link PythonJsonError}.
 */
export const parsePythonJson = (text: string): PyNode => new Reader(text).document();
