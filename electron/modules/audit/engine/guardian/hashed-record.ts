// Reads one record that carries its own hash: the stored hashes, the recomputed one, and the text that was hashed.
import { hash } from 'node:crypto';
import { writeCanonical } from '../../../../../shared/chain/python-canonical.ts';
import { parsePythonJson, PythonJsonError } from '../../../../../shared/chain/python-json.ts';
import type { PyDict, PyNode } from '../../../../../shared/chain/python-json.ts';
import type { Canonicaliser } from './byte-canonical.ts';
import { canonicaliser } from './wasm-canonical.ts';
import { STRING_CODED, STRING_PLAIN, VERBATIM } from './json-bytes.ts';

export const sha256Text = (text: string): string => hash('sha256', text, 'hex');

/** Ids are kept for many records: a longer one counts as none. */
const MAX_ID = 256;

/** The stored value of a hash field: undefined = absent. */
export type StoredHash = string | null | undefined;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface RecordShape {
  /** Names that the hash leaves out. The first is the record's own hash and must be a string. */
  readonly hashFields: readonly string[];
  /** Of those, the ones without which it is no record of the format. */
  readonly required: readonly string[];
  readonly idField: string;
}

/** Reusable reader: after `read` has answered null, the fields describe that record until the next call. */
export class HashedRecordReader {
  readonly #shape: RecordShape;
  readonly #writer: Canonicaliser;
  readonly #stored: StoredHash[];
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #dict: PyDict | null = null;
  #slowBody: string | null = null;
  /** SHA-256 of the canonical body, 64 lower-case hex digits. */
  recomputed = '';
  /** The record's id, '' when it has none that is a string of reasonable length. */
  id = '';

  constructor(shape: RecordShape) {
    this.#shape = shape;
    this.#writer = canonicaliser(shape.hashFields, shape.idField);
    this.#stored = shape.hashFields.map(() => undefined);
  }

  /** The stored value of the i-th hash field of the shape. */
  stored(i: number): StoredHash {
    return this.#stored[i];
  }

  /**
   * Reads `bytes[start, end)` (the byte at `end` must exist and end any token); when it is no record, the
   * reason as a clause for a message, without content: `not valid UTF-8`.
   */
  read(bytes: Buffer, start: number, end: number): string | null {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#dict = null;
    this.#slowBody = null;
    if (!this.#writer.read(bytes, start, end) || !this.#takeSpans()) return this.#readSlowly();
    this.recomputed = hash('sha256', this.#writer.canonical(), 'hex');
    const id = this.#writer.watched;
    this.id =
      id.kind === STRING_PLAIN && id.end - id.start <= MAX_ID
        ? bytes.toString('latin1', id.start, id.end)
        : // An id that isn't plain ASCII is rare: the reference reader decodes it.
          id.kind === STRING_CODED && id.end - id.start <= MAX_ID
          ? idOf(this.tree(), this.#shape.idField)
          : '';
    return null;
  }

  /** The text that was hashed. */
  body(): string {
    return this.#slowBody ?? this.#writer.canonical().toString('latin1');
  }

  /** The whole record as the reference reader sees it. */
  tree(): PyDict {
    this.#dict ??= parseDict(this.#text());
    return this.#dict;
  }

  #takeSpans(): boolean {
    for (let i = 0; i < this.#stored.length; i += 1) {
      const span = this.#writer.spans[i];
      if (span === undefined || span.kind === 0) this.#stored[i] = undefined;
      else if (span.kind === STRING_PLAIN)
        this.#stored[i] = this.#bytes.toString('latin1', span.start, span.end);
      else if (span.kind === VERBATIM && this.#bytes[span.start] === 0x6e) this.#stored[i] = null;
      else return false;
    }
    return this.#shape.required.every(
      (name) => typeof this.#stored[this.#shape.hashFields.indexOf(name)] === 'string',
    );
  }

  #text(): string {
    return decoder.decode(this.#bytes.subarray(this.#start, this.#end));
  }

  #readSlowly(): string | null {
    let text: string;
    try {
      text = this.#text();
    } catch {
      return 'not valid UTF-8';
    }
    let dict: PyDict;
    try {
      dict = parseDict(text);
    } catch (error) {
      if (!(error instanceof PythonJsonError)) throw error;
      return `no valid JSON: ${error.message}`;
    }
    this.#dict = dict;
    const { hashFields, required, idField } = this.#shape;
    for (const [i, name] of hashFields.entries()) {
      const value = dict.members.get(name);
      if (value !== undefined && value !== null && typeof value !== 'string') {
        return `${name} is no string`;
      }
      if (required.includes(name) && typeof value !== 'string') {
        return `it has no ${name}`;
      }
      this.#stored[i] = value;
    }
    this.#slowBody = writeCanonical(withoutMembers(dict, hashFields));
    this.recomputed = sha256Text(this.#slowBody);
    this.id = idOf(dict, idField);
    return null;
  }
}

const idOf = (dict: PyDict, name: string): string => {
  const value = dict.members.get(name);
  return typeof value === 'string' && value.length <= MAX_ID ? value : '';
};

const parseDict = (text: string): PyDict => {
  const node = parsePythonJson(text);
  if (!isDict(node)) throw new PythonJsonError('not an object', 0);
  return node;
};

export const isDict = (node: PyNode): node is PyDict =>
  typeof node === 'object' && node !== null && node.type === 'dict';

export const withoutMembers = (dict: PyDict, names: readonly string[]): PyDict => ({
  type: 'dict',
  members: new Map([...dict.members].filter(([name]) => !names.includes(name))),
});
