// The canonical text of one variant with holes where numbers may have been written differently.
import { canonicalNumber, writeCanonical } from '../../../../../shared/chain/python-canonical.ts';
import type { PyNode, PyNumber } from '../../../../../shared/chain/python-json.ts';
import { pythonFloat } from '../../../../../shared/chain/python-text.ts';
import { numericKeyOrder } from './repair-variants.ts';
import type { Variant } from './repair-variants.ts';
import { roundedInteger } from './rounded-integer.ts';
import type { RoundedInteger } from './rounded-integer.ts';

/** A number that may have had another form when it was hashed. */
export interface Atom {
  /** Its path with list positions left out: `additional_data.vector[]`. */
  readonly pattern: string;
  readonly asWritten: string;
  /** Other forms; the first is the likeliest. Empty when only a rounded integer is possible. */
  readonly alternatives: readonly string[];
  /** What it may have been before rounding, as an integer. */
  readonly rounded: RoundedInteger | null;
}

export interface Template {
  readonly chunks: readonly string[];
  /** One between each two chunks. */
  readonly atoms: readonly Atom[];
}

// Canonical text is printable ASCII, so this can't occur in it.
const HOLE = '\0';

export const templateOf = (variant: Variant): Template => {
  const found = new Map<PyNumber, Atom>();
  collectAtoms(variant.body, '', found);
  const atoms: Atom[] = [];
  const text = writeCanonical(variant.body, {
    number: (node) => {
      const atom = found.get(node);
      if (atom === undefined) return canonicalNumber(node);
      atoms.push(atom);
      return HOLE;
    },
    ...(variant.numericKeys ? { order: numericKeyOrder } : {}),
  });
  return { chunks: text.split(HOLE), atoms };
};

/** The text with `fill(i)` in the i-th hole. */
export const fillTemplate = (template: Template, fill: (i: number) => string): string => {
  let text = template.chunks[0] ?? '';
  for (let i = 0; i < template.atoms.length; i += 1) text += fill(i) + (template.chunks[i + 1] ?? '');
  return text;
};

const collectAtoms = (node: PyNode, path: string, found: Map<PyNumber, Atom>): void => {
  if (node === null || typeof node !== 'object') return;
  if (node.type === 'list') {
    for (const item of node.items) collectAtoms(item, `${path}[]`, found);
  } else if (node.type === 'dict') {
    for (const [key, value] of node.members) collectAtoms(value, path === '' ? key : `${path}.${key}`, found);
  } else {
    const alternatives = alternativesOf(node);
    const rounded = roundedInteger(node);
    if (alternatives.length > 0 || rounded !== null) {
      found.set(node, { pattern: path, asWritten: canonicalNumber(node), alternatives, rounded });
    }
  }
};

const alternativesOf = (node: PyNumber): readonly string[] => {
  if (node.type === 'int') {
    const asFloat = pythonFloat(Number(node.text));
    return node.text === '0' ? [asFloat, '-0.0'] : [asFloat];
  }
  return Number.isInteger(node.value) && Math.abs(node.value) < 1e21 ? [BigInt(node.value).toString()] : [];
};
