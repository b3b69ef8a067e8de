// Builds what a recipe hashes for one record: the reference way, from the parsed record.
import { numberText, writeJson } from '../../../../../shared/chain/canonical-json.ts';
import type { PyDict, PyNode } from '../../../../../shared/chain/python-json.ts';
import type { JoinedStyle, Recipe, TextStyle } from '../../../../../shared/chain/recipe.ts';
import { decodeDigest, digester, encodeDigest } from './digests.ts';
import type { Preimage } from './digests.ts';
import { fieldAt, withField, withoutFields } from './fields.ts';

/** One record as it was read: `line` is the text without its line end. */
export interface ReadRecord {
  readonly dict: PyDict;
  readonly line: Buffer;
}

const EMPTY: PyDict = { type: 'dict', members: new Map() };

/** The values that a joined text joins, or the node that is written as JSON. */
const bodyNode = (recipe: Recipe, record: ReadRecord): PyNode => {
  const { body } = recipe;
  switch (body.kind) {
    case 'record': {
      const left = withoutFields(record.dict, body.without);
      return (body.blanked ?? []).reduce((dict, { field, value }) => withField(dict, field, value), left);
    }
    case 'fields': {
      const members = new Map<string, PyNode>();
      for (const field of body.fields) {
        const value = fieldAt(record.dict, field);
        if (value !== undefined || recipe.text.kind === 'joined') members.set(field, value ?? null);
      }
      return { type: 'dict', members };
    }
    case 'member': {
      const value = fieldAt(record.dict, body.field) ?? null;
      return isDictNode(value) ? withoutFields(value, body.without) : value;
    }
    case 'line':
      return null;
  }
};

const isDictNode = (node: PyNode): node is PyDict =>
  typeof node === 'object' && node !== null && node.type === 'dict';

const joinedValue = (node: PyNode, style: JoinedStyle): string => {
  if (typeof node === 'string') return node;
  if (node === null) return style.none;
  if (typeof node === 'boolean') {
    const text = String(node);
    return style.booleans === 'json' ? text : text.charAt(0).toUpperCase() + text.slice(1);
  }
  if (node.type === 'int' || node.type === 'float') return numberText(node, style.nested.numbers);
  return writeJson(node, style.nested);
};

export const textOf = (node: PyNode, style: TextStyle): string => {
  switch (style.kind) {
    case 'json':
      return writeJson(node, style);
    case 'joined': {
      const values = isDictNode(node) ? [...node.members.values()] : [node];
      return values.map((value) => joinedValue(value, style)).join(style.by);
    }
    case 'raw':
      return typeof node === 'string' ? node : '';
  }
};

const wrapped = (recipe: Recipe, node: PyNode, previous: string | null): PyNode => {
  if (recipe.wrap !== null) {
    return {
      type: 'dict',
      members: new Map<string, PyNode>([
        [recipe.wrap.prev, previous],
        [recipe.wrap.body, node],
      ]),
    };
  }
  if (recipe.insert === null) return node;
  const { name, at } = recipe.insert;
  const dict = isDictNode(node) ? node : EMPTY;
  const members =
    at === 'end'
      ? [...dict.members, [name, previous] as const]
      : [[name, previous] as const, ...dict.members];
  return { type: 'dict', members: new Map(members) };
};

/** The text or bytes of the body alone. Throws PythonJsonError for what the style can't write. */
export const bodyOf = (recipe: Recipe, record: ReadRecord, previous: string | null): Preimage => {
  if (recipe.body.kind === 'line') return record.line;
  return textOf(wrapped(recipe, bodyNode(recipe, record), previous), recipe.text);
};

const TOKEN = /\{(prev|prev:digest|prev:bytes|body|body:hex|body:bytes)\}/;

export type TemplatePart = { readonly token: string } | { readonly text: string };

/** A template as its parts. */
export const templateParts = (template: string): readonly TemplatePart[] =>
  template
    .split(TOKEN)
    .map((part, i): TemplatePart => (i % 2 === 1 ? { token: part } : { text: part }))
    .filter((part) => !('text' in part) || part.text !== '');

/** Puts the previous hash and the body together. `previous` null = none. */
export const combine = (
  template: string,
  recipe: Recipe,
  previous: string | null,
  body: Preimage,
): Preimage => {
  if (template === '{body}') return body;
  const before = previous ?? '';
  const { digest } = recipe;
  const pieces = templateParts(template).map((part): Preimage => {
    if ('text' in part) return part.text;
    switch (part.token) {
      case 'prev':
        return before;
      case 'prev:digest':
        return before.startsWith(digest.prefix) ? before.slice(digest.prefix.length) : before;
      case 'prev:bytes':
        return decodeDigest(before, digest) ?? Buffer.from(before);
      case 'body:hex':
        return encodeDigest(digester(digest.algorithm, 'none', null)(body), { ...digest, prefix: '' });
      case 'body:bytes':
        return digester(digest.algorithm, 'none', null)(body);
      default:
        return body;
    }
  });
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
};

/** What is hashed for a record whose previous hash is `previous`; null = it has none. */
export const preimageOf = (recipe: Recipe, record: ReadRecord, previous: string | null): Preimage => {
  const before = previous ?? recipe.genesis;
  const template = previous === null && recipe.first !== null ? recipe.first : recipe.template;
  return combine(template, recipe, before, bodyOf(recipe, record, before));
};
