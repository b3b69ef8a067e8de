// Writes values of JSON.parse in the style of a recipe, remembering the key order of records that look alike.
import { compareCodePoints, pythonString } from '../../../../../shared/chain/python-text.ts';
import type { JsonStyle } from '../../../../../shared/chain/recipe.ts';

/** The keys that an object at this place had last time, and their order. */
interface Slot {
  keys: readonly string[];
  sorted: readonly string[];
  quoted: readonly string[];
  slots: Slot[];
}

const newSlot = (): Slot => ({ keys: [], sorted: [], quoted: [], slots: [] });

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const HTML = /[<>&\u2028\u2029]/g;
/** As in the reference reader. */
const MAX_DEPTH = 1000;

/** A value or nesting that the reference writer must decide on. */
export class NotSureError extends Error {}

const isObject = (value: object): value is Record<string, unknown> => !Array.isArray(value);

export class FastJson {
  readonly #style: JsonStyle;
  readonly #comma: string;
  readonly #colon: string;
  readonly #root = newSlot();
  readonly #isNative: boolean;

  constructor(style: JsonStyle) {
    this.#style = style;
    this.#comma = style.separators === 'compact' ? ',' : ', ';
    this.#colon = style.separators === 'compact' ? ':' : ': ';
    this.#isNative =
      style.order === 'insertion' &&
      style.separators === 'compact' &&
      !style.ascii &&
      !style.html &&
      style.nulls === 'keep';
  }

  /** Members that are undefined are left out. Throws {@link NotSureError}. */
  write(value: unknown): string {
    if (this.#isNative) return JSON.stringify(value) ?? 'null';
    const text = this.#value(value, this.#root, 0);
    return this.#style.html ? text.replace(HTML, escaped) : text;
  }

  #value(value: unknown, slot: Slot, depth: number): string {
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
      case 'boolean':
        return String(value);
      default:
        break;
    }
    if (value === null || typeof value !== 'object') return 'null';
    if (depth >= MAX_DEPTH) throw new NotSureError();
    if (!isObject(value)) {
      const items = value as readonly unknown[];
      return `[${items.map((item) => this.#value(item, slot, depth + 1)).join(this.#comma)}]`;
    }
    return this.#object(value, slot, depth);
  }

  #object(value: Record<string, unknown>, slot: Slot, depth: number): string {
    const keys = Object.keys(value);
    if (!isSame(keys, slot.keys)) this.#learn(slot, keys, depth);
    const { sorted, quoted, slots } = slot;
    const dropsNull = this.#style.nulls === 'drop' || (this.#style.nulls === 'drop-top' && depth === 0);
    let text = '{';
    for (let i = 0; i < sorted.length; i += 1) {
      const member = value[sorted[i] as string];
      if (member === undefined || (member === null && dropsNull)) continue;
      if (text.length > 1) text += this.#comma;
      text += quoted[i] as string;
      text += this.#value(member, slots[i] as Slot, depth + 1);
    }
    return `${text}}`;
  }

  #learn(slot: Slot, keys: readonly string[], depth: number): void {
    const { order } = this.#style;
    const isSorted = order === 'code-point' || order === 'utf-16' || (order === 'top' && depth === 0);
    slot.keys = keys;
    slot.sorted = isSorted ? keys.toSorted(order === 'code-point' ? compareCodePoints : undefined) : keys;
    slot.quoted = slot.sorted.map((key) => this.#string(key) + this.#colon);
    slot.slots = keys.map(newSlot);
  }

  #string(text: string): string {
    if (text.length < 200 && PLAIN.test(text)) return `"${text}"`;
    return this.#style.ascii ? pythonString(text) : JSON.stringify(text);
  }
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const isSame = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
};

// A number stands after a colon that follows a key, a bracket or a comma. Inside a text this may match too: that costs
// time, nothing else.
const BEFORE = String.raw`(?:"\s*:|[[,])\s*-?`;
/** Numbers that Python writes otherwise than JavaScript: 1.0, exponents, the very small, those of 16 and more digits. */
const PYTHON_EXOTIC = new RegExp(String.raw`${BEFORE}(?:\d+\.0+(?!\d)|\d+(?:\.\d+)?[eE]|0\.0000|\d{16})`);
/** The same for Go: large integers and minus zero. */
const GO_EXOTIC = new RegExp(String.raw`${BEFORE}\d{16}|-0`);
/** The same where numbers stay as they stand: everything but short whole numbers. */
const TOKEN_EXOTIC = new RegExp(String.raw`${BEFORE}\d+(?:\.|[eE]|(?<=\d{16}))|-0`);
const NUMBER_KEY = /"\d+"\s*:/;

/** Whether JSON.parse keeps all of a text that a style needs. */
export const isSafeFor = (text: string, style: JsonStyle): boolean => {
  if (text.includes('__proto__')) return false;
  const isSorted = style.order === 'code-point' || style.order === 'utf-16';
  if (!isSorted && NUMBER_KEY.test(text)) return false;
  switch (style.numbers) {
    case 'ecmascript':
      return true;
    case 'python':
      return !PYTHON_EXOTIC.test(text);
    case 'go':
      return !GO_EXOTIC.test(text);
    case 'token':
      return !TOKEN_EXOTIC.test(text);
  }
};
