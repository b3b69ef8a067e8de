// Writes parsed JSON as the usual loggers do before they hash it: Python, RFC 8785, JSON.stringify and Go's json.Marshal.
import { writeCanonical } from './python-canonical.ts';
import type { PyDict, PyNode, PyNumber } from './python-json.ts';
import { compareCodePoints, pythonFloat } from './python-text.ts';
import type { JsonStyle } from './recipe.ts';

const compareUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A number as ECMA-262 Number::toString writes it; what JSON can't hold is null. */
const ecmascriptNumber = (text: string): string => {
  const value = Number(text);
  return Number.isFinite(value) ? String(value) : 'null';
};

/** Go's encoding/json writes float64 in the digits and limits of ECMAScript, but keeps minus zero; integers keep all digits. */
const goNumber = (node: PyNumber): string => {
  if (node.type === 'int') return node.text;
  return Object.is(node.value, -0) ? '-0' : ecmascriptNumber(node.text);
};

export const numberText = (node: PyNumber, numbers: JsonStyle['numbers']): string => {
  switch (numbers) {
    case 'python':
      return node.type === 'int' ? node.text : pythonFloat(node.value);
    case 'ecmascript':
      return ecmascriptNumber(node.text);
    case 'go':
      return goNumber(node);
    case 'token':
      return node.text;
  }
};

const isDict = (node: PyNode): node is PyDict =>
  typeof node === 'object' && node !== null && node.type === 'dict';

const dict = (members: Iterable<readonly [string, PyNode]>): PyDict => ({
  type: 'dict',
  members: new Map(members),
});

const withoutNulls = (node: PyNode, isDeep: boolean): PyNode => {
  if (typeof node !== 'object' || node === null) return node;
  if (node.type === 'list')
    return isDeep ? { type: 'list', items: node.items.map((item) => withoutNulls(item, true)) } : node;
  if (node.type !== 'dict') return node;
  const kept = [...node.members].filter(([, value]) => value !== null);
  return dict(kept.map(([key, value]) => [key, isDeep ? withoutNulls(value, true) : value]));
};

/** Members in the order of `names`, all others left out, at every depth: JSON.stringify with an array. */
const allowedOnly = (node: PyNode, names: readonly string[]): PyNode => {
  if (typeof node !== 'object' || node === null) return node;
  if (node.type === 'list')
    return { type: 'list', items: node.items.map((item) => allowedOnly(item, names)) };
  if (node.type !== 'dict') return node;
  const kept = names.filter((name) => node.members.has(name));
  return dict(kept.map((name) => [name, allowedOnly(node.members.get(name) ?? null, names)]));
};

const HTML = /[<>&\u2028\u2029]/g;
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

// JSON.stringify writes lone surrogates as escapes; Python without ensure_ascii can't write them at all.
const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const MARK = '\uE000';

/**
 * The text that a logger of this style hashes. Sources: CPython json.dumps, RFC 8785, ECMA-262 JSON.stringify, Go
 * encoding/json. Throws {@link PythonJsonError} for a lone surrogate that the style can't write.
 */
export const writeJson = (value: PyNode, style: JsonStyle): string => {
  let node = style.nulls === 'keep' ? value : withoutNulls(value, style.nulls === 'drop');
  if (style.order === 'allow-list' && isDict(node)) {
    node = allowedOnly(node, [...node.members.keys()].toSorted(compareUnits));
  }
  const root = node;
  const keep = (): number => 0;
  const order = (at: PyDict): ((a: string, b: string) => number) => {
    switch (style.order) {
      case 'code-point':
        return compareCodePoints;
      case 'utf-16':
        return compareUnits;
      case 'top':
        return at === root ? compareUnits : keep;
      case 'insertion':
      case 'allow-list':
        return keep;
    }
  };
  const options = {
    compact: style.separators === 'compact',
    ensureAscii: style.ascii,
    number: (number: PyNumber): string => numberText(number, style.numbers),
    order,
  };
  const text =
    style.ascii || style.numbers === 'python' || !hasLone(node)
      ? writeCanonical(node, options)
      : withLoneSurrogates(node, options);
  return style.html ? text.replace(HTML, escaped) : text;
};

const hasLone = (node: PyNode): boolean => {
  if (typeof node === 'string') return !node.isWellFormed();
  if (typeof node !== 'object' || node === null) return false;
  if (node.type === 'list') return node.items.some(hasLone);
  if (node.type !== 'dict') return false;
  return [...node.members].some(([key, value]) => !key.isWellFormed() || hasLone(value));
};

/** A lone surrogate takes the way through the writer as a private sign that occurs nowhere else in the text. */
const withLoneSurrogates = (node: PyNode, options: Parameters<typeof writeCanonical>[1]): string => {
  let mark = MARK;
  const plain = writeCanonical(node, { ...options, ensureAscii: true });
  while (plain.includes(escaped(mark) + escaped(mark))) mark = String.fromCharCode(mark.charCodeAt(0) + 1);
  const hide = (text: string): string =>
    text.replace(LONE, (unit) => `${mark}${mark}${unit.charCodeAt(0).toString(16)}`);
  const hidden = writeCanonical(mapTexts(node, hide), options);
  return hidden.replaceAll(`${mark}${mark}`, '\\u');
};

const mapTexts = (node: PyNode, map: (text: string) => string): PyNode => {
  if (typeof node === 'string') return map(node);
  if (typeof node !== 'object' || node === null) return node;
  if (node.type === 'list') return { type: 'list', items: node.items.map((item) => mapTexts(item, map)) };
  if (node.type !== 'dict') return node;
  return dict([...node.members].map(([key, value]) => [map(key), mapTexts(value, map)]));
};

const style = (
  order: JsonStyle['order'],
  separators: JsonStyle['separators'],
  ascii: boolean,
  numbers: JsonStyle['numbers'],
  html = false,
): JsonStyle => ({ kind: 'json', order, separators, ascii, html, numbers, nulls: 'keep' });

/** RFC 8785, the JSON Canonicalization Scheme. */
export const JCS: JsonStyle = style('utf-16', 'compact', false, 'ecmascript');

/** The styles seen in public code, most frequent first. */
export const JSON_STYLES: readonly JsonStyle[] = [
  style('code-point', 'spaced', true, 'python'),
  style('code-point', 'compact', true, 'python'),
  JCS,
  style('code-point', 'compact', false, 'python'),
  style('code-point', 'spaced', false, 'python'),
  style('insertion', 'compact', false, 'ecmascript'),
  style('insertion', 'spaced', true, 'python'),
  style('insertion', 'compact', true, 'python'),
  style('insertion', 'spaced', false, 'python'),
  style('insertion', 'compact', false, 'python'),
  style('insertion', 'compact', false, 'go', true),
  style('code-point', 'compact', false, 'go', true),
  style('code-point', 'compact', false, 'go'),
  style('insertion', 'compact', false, 'go'),
  style('top', 'compact', false, 'ecmascript'),
  style('allow-list', 'compact', false, 'ecmascript'),
  style('code-point', 'compact', false, 'token'),
  style('insertion', 'compact', false, 'token'),
];
