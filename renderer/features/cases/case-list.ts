// Filtering and ordering the list of cases.
import type { Case } from '../../../shared/model/case.ts';

export interface CaseSort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/** Every word of the filter must stand in the name, the reference or the purpose. */
export const filterCases = (cases: readonly Case[], filter: string): readonly Case[] => {
  const words = filter
    .toLocaleLowerCase()
    .split(/\s+/u)
    .filter((w) => w !== '');
  if (words.length === 0) return cases;
  return cases.filter((c) => {
    const text = `${c.name} ${c.reference} ${c.purpose}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
};

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export const sortCases = (cases: readonly Case[], sort: CaseSort): readonly Case[] => {
  const compare: Readonly<Record<string, (a: Case, b: Case) => number>> = {
    name: (a, b) => collator.compare(a.name, b.name),
    reference: (a, b) => collator.compare(a.reference, b.reference),
    updated: (a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt),
  };
  const by = compare[sort.column];
  if (by === undefined) return cases;
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return cases.toSorted((a, b) => sign * by(a, b) || collator.compare(a.name, b.name));
};
