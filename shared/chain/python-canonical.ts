// Writes what python-json.ts has read as CPython's json.dumps(sort_keys=True) does: the reference for the byte-level writer.
import { parsePythonJson, PythonJsonError } from './python-json.ts';
import type { PyDict, PyNode, PyNumber } from './python-json.ts';
import { compareCodePoints, pythonFloat, pythonString } from './python-text.ts';

export interface CanonicalOptions {
  /** separators=(',', ':') instead of Python's default `", "` and `": "`. */
  readonly compact?: boolean;
  /** Default true, as in Python. false refuses lone surrogates, which no UTF-8 file can hold. */
  readonly ensureAscii?: boolean;
  /** Writes a number otherwise than Python would; for the search of what a tool has re-formatted. */
  readonly number?: (node: PyNumber) => string;
  /** The order of a dict's keys, where it isn't by code point. */
  readonly order?: (dict: PyDict) => ((a: string, b: string) => number) | undefined;
}

export const canonicalNumber = (node: PyNumber): string =>
  node.type === 'int' ? node.text : pythonFloat(node.value);

/** `json.dumps(value, sort_keys=True)`. Throws {@link PythonJsonError} for a lone surrogate without ensureAscii. */
export const writeCanonical = (value: PyNode, options: CanonicalOptions = {}): string => {
  const comma = options.compact === true ? ',' : ', ';
  const colon = options.compact === true ? ':' : ': ';
  const ensureAscii = options.ensureAscii !== false;
  const number = options.number ?? canonicalNumber;
  const string = (text: string): string => {
    if (!ensureAscii && !text.isWellFormed()) throw new PythonJsonError('lone surrogate', 0);
    return pythonString(text, ensureAscii);
  };
  const write = (node: PyNode): string => {
    if (node === null) return 'null';
    if (typeof node === 'boolean') return node ? 'true' : 'false';
    if (typeof node === 'string') return string(node);
    if (node.type === 'list') return `[${node.items.map(write).join(comma)}]`;
    if (node.type !== 'dict') return number(node);
    const entries = [...node.members];
    const compare = options.order?.(node) ?? compareCodePoints;
    entries.sort(([a], [b]) => compare(a, b));
    return `{${entries.map(([key, member]) => string(key) + colon + write(member)).join(comma)}}`;
  };
  return write(value);
};

/** From JSON text to the text that Python would hash. Throws {@link PythonJsonError}. */
export const canonicalPythonJson = (text: string, options: CanonicalOptions = {}): string =>
  writeCanonical(parsePythonJson(text), options);
