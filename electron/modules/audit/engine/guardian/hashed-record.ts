// Reads one record that carries its own hash: the stored hashes, the recomputed one, and the text that was hashed.
import { hash } from 'node:crypto';
import { writeCanonical } from '../../../../../shared/chain/python-canonical.ts';
import { parsePythonJson, PythonJsonError } from '../../../../../shared/chain/python-json.ts';
import type { PyDict, PyNode } from '../../../../../shared/chain/python-json.ts';
import { CanonicalWriter } from './byte-canonical.ts';
import { STRING_PLAIN, VERBATIM } from './json-bytes.ts';

export const sha256Text = (text: string): string => hash('sha256', text, 'hex');

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
  readonly #writer: CanonicalWriter;
  readonly #stored: StoredHash[];
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #slow: { readonly dict: PyDict; readonly body: string } | null = null;
  /** SHA-256 of the canonical body, 64 lower-case hex digits. */
  recomputed = '';
  /** The record's id, '' when it has none that is a string. */
  id = '';

  constructor(shape: RecordShape) {
    this.#shape = shape;
    this.#writer = new CanonicalWriter(shape.hashFields, shape.idField);
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
    this.#slow = null;
    if (!this.#writer.read(bytes, start, end) || !this.#takeSpans()) return this.#readSlowly();
    this.recomputed = hash('sha256', this.#writer.canonical(), 'hex');
    const id = this.#writer.watched;
    this.id = id.kind === STRING_PLAIN ? bytes.toString('latin1', id.start, id.end) : '';
    // An id that isn't plain ASCII is rare: the reference reader decodes it.
    if (id.kind !== STRING_PLAIN && id.kind !== 0) this.id = idOf(this.tree(), this.#shape.idField);
    return null;
  }

  /** The text that was hashed. */
  body(): string {
    return this.#slow?.body ?? this.#writer.canonical().toString('latin1');
  }

  /** The whole record as the reference reader sees it. */
  tree(): PyDict {
    this.#slow ??= slowForm(this.#text(), this.#shape.hashFields);
    return this.#slow.dict;
  }

  #takeSpans(): boolean {
    for (let i = 0; i < this.#stored.length; i += 1) {
      const span = this.#writer.spans[i];
      if (span === undefined || span.kind === 0) this.#stored[i] = undefined;
      else if (span.kind === STRING_PLAIN) this.#stored[i] = this.#bytes.toString('latin1', span.start, span.end);
      else if (span.kind === VERBATIM && this.#bytes[span.start] === 0x6e) this.#stored[i] = null;
      else return false;
    }
    return this.#shape.required.every((name) => typeof this.#stored[this.#shape.hashFields.indexOf(name)] === 'string');
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
    try {
      this.#slow = slowForm(text, this.#shape.hashFields);
    } catch (error) {
      if (!(error instanceof PythonJsonError)) throw error;
      return `no valid JSON: ${error.message}`;
    }
    const { dict, body } = this.#slow;
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
    this.recomputed = sha256Text(body);
    this.id = idOf(dict, idField);
    return null;
  }
}

const idOf = (dict: PyDict, name: string): string => {
  const value = dict.members.get(name);
  return typeof value === 'string' ? value : '';
};

const slowForm = (text: string, hashFields: readonly string[]): { dict: PyDict; body: string } => {
  const node = parsePythonJson(text);
  if (!isDict(node)) throw new PythonJsonError('not an object', 0);
  return { dict: node, body: writeCanonical(withoutMembers(node, hashFields)) };
};

export const isDict = (node: PyNode): node is PyDict =>
  typeof node === 'object' && node !== null && node.type === 'dict';

export const withoutMembers = (dict: PyDict, names: readonly string[]): PyDict => ({
  type: 'dict',
  members: new Map([...dict.members].filter(([name]) => !names.includes(name))),
});

