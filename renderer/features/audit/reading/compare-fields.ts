// Two records field by field: which fields are the same, which differ, and which only one of them has.
import type { RowDetail } from '../../../../shared/model/reading.ts';

type Fields = RowDetail['fields'];

export interface ComparedField {
  readonly name: string;
  /** null: this record has no such field. */
  readonly left: string | null;
  readonly right: string | null;
  readonly state: 'same' | 'differs' | 'left' | 'right';
}

/** A name that comes twice is told apart by its turn. */
const numbered = (fields: Fields): Map<string, { name: string; value: string }> => {
  const turns = new Map<string, number>();
  return new Map(
    fields.map(({ name, value }) => {
      const turn = turns.get(name) ?? 0;
      turns.set(name, turn + 1);
      return [`${name}\n${turn}`, { name, value }];
    }),
  );
};

/** In the order of the left record; what only the right one has stands at the end. */
export const compareFields = (left: Fields, right: Fields): readonly ComparedField[] => {
  const [lefts, rights] = [numbered(left), numbered(right)];
  const shared = [...lefts].map(([key, { name, value }]): ComparedField => {
    const other = rights.get(key)?.value ?? null;
    const state = other === null ? 'left' : other === value ? 'same' : 'differs';
    return { name, left: value, right: other, state };
  });
  const added = [...rights]
    .filter(([key]) => !lefts.has(key))
    .map(([, { name, value }]): ComparedField => ({ name, left: null, right: value, state: 'right' }));
  return [...shared, ...added];
};
