// Reaches into parsed records by dotted paths: reading, leaving out, setting; a key that holds dots itself is found first.
import type { PyDict, PyNode } from '../../../../../shared/chain/python-json.ts';
import { isDict } from '../guardian/hashed-record.ts';

/** The steps of a path in this record: a key that contains the dots, or one key for each part. */
const stepsIn = (dict: PyDict, path: string): readonly string[] =>
  dict.members.has(path) || !path.includes('.') ? [path] : path.split('.');

/** undefined = absent. */
export const fieldAt = (dict: PyDict, path: string): PyNode | undefined => {
  let node: PyNode | undefined = dict;
  for (const step of stepsIn(dict, path)) {
    if (node === undefined || !isDict(node)) return undefined;
    node = node.members.get(step);
  }
  return node;
};

const edited = (dict: PyDict, steps: readonly string[], value: PyNode | undefined): PyDict => {
  const [first, ...rest] = steps;
  if (first === undefined) return dict;
  const inner = dict.members.get(first);
  if (rest.length > 0) {
    if (inner === undefined || !isDict(inner)) return dict;
    return withMember(dict, first, edited(inner, rest, value));
  }
  if (value !== undefined) return withMember(dict, first, value);
  if (inner === undefined) return dict;
  const members = new Map(dict.members);
  members.delete(first);
  return { type: 'dict', members };
};

const withMember = (dict: PyDict, key: string, value: PyNode): PyDict => ({
  type: 'dict',
  members: new Map(dict.members).set(key, value),
});

/** The record without a field; the same when it has none. */
export const withoutField = (dict: PyDict, path: string): PyDict =>
  edited(dict, stepsIn(dict, path), undefined);

/** The record with a field set; a new one comes last. */
export const withField = (dict: PyDict, path: string, value: PyNode): PyDict =>
  edited(dict, stepsIn(dict, path), value);

export const withoutFields = (dict: PyDict, paths: readonly string[]): PyDict => {
  if (paths.every((path) => !path.includes('.'))) {
    const members = new Map(dict.members);
    for (const path of paths) members.delete(path);
    return { type: 'dict', members };
  }
  return paths.reduce(withoutField, dict);
};

/** All leaves (texts, numbers, words, empty objects and lists) down to `depth` levels, as dotted paths. */
export function* leavesOf(dict: PyDict, depth: number, prefix = ''): Generator<readonly [string, PyNode]> {
  for (const [key, value] of dict.members) {
    const path = prefix + key;
    if (isDict(value) && value.members.size > 0 && depth > 1) yield* leavesOf(value, depth - 1, `${path}.`);
    else yield [path, value];
  }
}
