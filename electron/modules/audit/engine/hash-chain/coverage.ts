// Which fields a hash protects: each is changed in memory, and what leaves the hash as it is, isn't protected.
import type { PyDict, PyNode } from '../../../../../shared/chain/python-json.ts';
import { fieldAt, leavesOf, withField } from './fields.ts';
import { reproduced } from './reproduce.ts';
import type { ReadRecord } from './preimage.ts';
import type { Hit } from './search.ts';

const DEPTH = 4;
const MAX_RECORDS = 20;
const MAX_FIELDS = 500;

const flipped = (node: PyNode): PyNode => {
  if (typeof node === 'string') return `${node}~`;
  if (typeof node === 'boolean') return !node;
  if (node === null) return 'changed';
  switch (node.type) {
    case 'int':
      return { type: 'int', text: String(BigInt(node.text) + 1n) };
    case 'float':
      return { type: 'float', value: 12_345.625, text: '12345.625' };
    case 'list':
      return { type: 'list', items: [...node.items, 'changed'] };
    case 'dict':
      return { type: 'dict', members: new Map([...node.members, ['changed', true]]) };
  }
};

export interface CoverageSample {
  readonly record: ReadRecord;
  /** The previous hash with which its own hash fits. */
  readonly previous: string | null;
}

/** Dotted paths of the fields that can be changed without changing the hash, judged by records whose hash fits. */
export const unprotectedFields = (
  hit: Hit,
  samples: readonly CoverageSample[],
  exempt: ReadonlySet<string>,
): readonly string[] => {
  const { recipe } = hit;
  const isFree = new Map<string, boolean>();
  const tops = new Map<string, boolean>();
  for (const { record, previous } of samples.slice(0, MAX_RECORDS)) {
    const before = reproduced(hit, record, previous);
    if (before === null) continue;
    const same = (dict: PyDict, changedPrevious: string | null): boolean =>
      reproduced(hit, { dict, line: record.line }, changedPrevious) === before;
    for (const [path, value] of leavesOf(record.dict, DEPTH)) {
      if (exempt.has(path) || isFree.size > MAX_FIELDS || isFree.get(path) === false) continue;
      const changed = withField(record.dict, path, flipped(value));
      const next = recipe.prev === path ? flippedText(fieldAt(changed, path)) : previous;
      isFree.set(path, same(changed, next));
      const top = path.split('.')[0] ?? path;
      tops.set(top, (tops.get(top) ?? true) && isFree.get(path) === true);
    }
  }
  const free = [...isFree].filter(([, value]) => value).map(([path]) => path);
  // A member of which nothing is protected is named as a whole.
  return [
    ...new Set(
      free.map((path) =>
        tops.get(path.split('.')[0] ?? path) === true ? (path.split('.')[0] ?? path) : path,
      ),
    ),
  ];
};

const flippedText = (node: PyNode | undefined): string | null => (typeof node === 'string' ? node : null);
