// Reads the records of a log by its recipe and computes their hashes: a fast way for the usual, the reference way for the rest.
import { isAscii, isUtf8 } from 'node:buffer';
import { PythonJsonError } from '../../../../../shared/chain/python-json.ts';
import type { JsonStyle, Recipe } from '../../../../../shared/chain/recipe.ts';
import { storedDigester } from './digests.ts';
import type { Preimage } from './digests.ts';
import { FastJson, isSafeFor, NotSureError } from './fast-json.ts';
import { fieldAt } from './fields.ts';
import { bodyOf, combine, preimageOf } from './preimage.ts';
import type { ReadRecord } from './preimage.ts';
import { readRecord } from './record-reader.ts';
import type { Layout } from './record-reader.ts';

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value by its path, as in fields.ts. */
const plainAt = (object: Plain, path: string): unknown => {
  if (Object.hasOwn(object, path)) return object[path];
  if (!path.includes('.')) return undefined;
  let value: unknown = object;
  for (const step of path.split('.')) {
    if (!isPlain(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
};

const setPlain = (object: Plain, path: string, value: unknown): void => {
  if (Object.hasOwn(object, path) || !path.includes('.')) {
    if (value !== undefined || Object.hasOwn(object, path)) object[path] = value;
    return;
  }
  const steps = path.split('.');
  let inner: unknown = object;
  for (const step of steps.slice(0, -1)) {
    if (!isPlain(inner) || !Object.hasOwn(inner, step)) return;
    inner = inner[step];
  }
  const last = steps.at(-1) ?? '';
  if (isPlain(inner) && (value !== undefined || Object.hasOwn(inner, last))) inner[last] = value;
};

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const MAX_ID = 256;

export class RecordHasher {
  readonly recipe: Recipe;
  readonly #layout: Layout;
  readonly #digest: (data: Preimage) => string;
  readonly #fast: FastJson | null;
  readonly #style: JsonStyle | null;
  readonly #counter: string | null;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #plain: Plain | null = null;
  #read: ReadRecord | null = null;
  /** The record's own hash as stored, null where it has none. */
  own: string | null = null;
  /** The previous hash as stored, null where it names none. */
  prev: string | null = null;
  /** The number by which records count up, or an id; '' where there is none. */
  id = '';
  /** What tells its chain from the others. */
  chainKey = '';

  constructor(recipe: Recipe, key: Buffer | null, layout: Layout, counter: string | null) {
    this.recipe = recipe;
    this.#layout = layout;
    this.#counter = counter;
    this.#digest = storedDigester(recipe.digest, key);
    const { text, body } = recipe;
    const isFast =
      layout.csv === null && text.kind === 'json' && text.order !== 'allow-list' && body.kind !== 'line';
    this.#style = isFast ? text : null;
    this.#fast = isFast ? new FastJson(text) : null;
  }

  /** Reads `bytes[start, end)`; answers why it is no record, or null. The bytes are used until the next call. */
  read(bytes: Buffer, start: number, end: number): string | null {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#read = null;
    this.#plain = this.#fastRead();
    const { own, prev, chain } = this.recipe;
    if (this.#plain !== null) {
      const plain = this.#plain;
      this.own = own === null ? null : textOrNull(plainAt(plain, own));
      this.prev = prev === null ? null : textOrNull(plainAt(plain, prev));
      this.id = this.#counter === null ? '' : idText(plainAt(plain, this.#counter));
      if (chain.length > 0) this.chainKey = chain.map((path) => idText(plainAt(plain, path))).join('\u001f');
      if (own === null || this.own !== null) return null;
      return `it has no ${own}`;
    }
    const read = readRecord(this.#copy(), this.#layout);
    if (typeof read === 'string') return read;
    this.#read = read;
    this.own = own === null ? null : this.#text(own);
    this.prev = prev === null ? null : this.#text(prev);
    this.id = this.#counter === null ? '' : this.#scalar(this.#counter);
    if (chain.length > 0) this.chainKey = chain.map((path) => this.#scalar(path)).join('\u001f');
    return own !== null && this.own === null ? `it has no ${own}` : null;
  }

  #copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#start, this.#end));
  }

  #fastRead(): Plain | null {
    if (this.#style === null) return null;
    const bytes = this.#bytes.subarray(this.#start, this.#end);
    const ascii = isAscii(bytes);
    if (!ascii && !isUtf8(bytes)) return null;
    const text = bytes.toString(ascii ? 'latin1' : 'utf8');
    if (!isSafeFor(text, this.#style)) return null;
    try {
      const value: unknown = JSON.parse(text);
      return isPlain(value) ? value : null;
    } catch {
      return null;
    }
  }

  #text(path: string): string | null {
    const value = this.#read === null ? undefined : fieldAt(this.#read.dict, path);
    return typeof value === 'string' ? value : null;
  }

  #scalar(path: string): string {
    const value = this.#read === null ? undefined : fieldAt(this.#read.dict, path);
    if (typeof value === 'object' && value !== null && value.type === 'int')
      return value.text.slice(0, MAX_ID);
    return idText(value);
  }

  /** The record as the reference reader sees it; null where it is none. */
  record(): ReadRecord | null {
    if (this.#read !== null) return this.#read;
    const read = readRecord(this.#copy(), this.#layout);
    if (typeof read === 'string') return null;
    this.#read = read;
    return read;
  }

  /** The hash that the record should carry, as stored; null where it can't be made. `previous` as in {@link preimageOf}. */
  hash(previous: string | null): string | null {
    const preimage = this.preimage(previous);
    return preimage === null ? null : this.#digest(preimage);
  }

  /** Exactly what is hashed. */
  preimage(previous: string | null): Preimage | null {
    const fast =
      this.#plain === null || this.#fast === null ? null : this.#fastBody(this.#plain, this.#fast, previous);
    if (fast !== null) {
      const { template, first, genesis } = this.recipe;
      const used = previous === null && first !== null ? first : template;
      return combine(used, this.recipe, previous ?? genesis, fast);
    }
    const record = this.record();
    return record === null ? null : guarded(() => preimageOf(this.recipe, record, previous));
  }

  /** The text of the body alone. */
  body(previous: string | null): Preimage | null {
    const record = this.record();
    return record === null
      ? null
      : guarded(() => bodyOf(this.recipe, record, previous ?? this.recipe.genesis));
  }

  #fastBody(plain: Plain, fast: FastJson, previous: string | null): string | null {
    try {
      return fast.write(this.#fastNode(plain, previous ?? this.recipe.genesis));
    } catch (error) {
      if (error instanceof NotSureError || error instanceof RangeError) return null;
      throw error;
    }
  }

  /** Leaves the record without its hash fields: they were read before. */
  #fastNode(plain: Plain, previous: string | null): unknown {
    const { body, wrap, insert } = this.recipe;
    let node: unknown = plain;
    if (body.kind === 'record') {
      for (const path of body.without) setPlain(plain, path, undefined);
      for (const { field, value } of body.blanked ?? []) setPlain(plain, field, value);
    } else if (body.kind === 'fields') {
      const picked: Plain = {};
      for (const field of body.fields) {
        const value = plainAt(plain, field);
        if (value !== undefined) picked[field] = value;
      }
      node = picked;
    } else if (body.kind === 'member') {
      node = plainAt(plain, body.field) ?? null;
      if (isPlain(node)) for (const path of body.without) setPlain(node, path, undefined);
    }
    if (wrap !== null) return { [wrap.prev]: previous, [wrap.body]: node };
    if (insert === null) return node;
    const inner = isPlain(node) ? node : {};
    return insert.at === 'start'
      ? { [insert.name]: previous, ...inner }
      : { ...inner, [insert.name]: previous };
  }
}

const idText = (value: unknown): string => {
  if (typeof value === 'string') return value.length <= MAX_ID ? value : '';
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : '';
};

const guarded = <T>(make: () => T): T | null => {
  try {
    return make();
  } catch (error) {
    if (error instanceof PythonJsonError) return null;
    throw error;
  }
};
