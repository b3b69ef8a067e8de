// Filtering and ordering cases; when an edited case counts as changed.
import { describe, expect, test } from 'vitest';
import type { Case } from '../../../shared/model/case.ts';
import type { CaseId } from '../../../shared/model/ids.ts';
import { filterCases, sortCases } from '../../../renderer/features/cases/case-list.ts';
import { differs } from '../../../renderer/features/cases/use-case-form.ts';

const make = (n: number, name: string, reference: string, updatedAt: string): Case => ({
  id: `case_${n}` as CaseId,
  name,
  reference,
  purpose: '',
  notes: '',
  createdAt: updatedAt,
  updatedAt,
});
const list = [
  make(1, 'Portal access', 'AUD-2026-9', '2026-11-01T00:00:00.000Z'),
  make(2, 'Cloud trail', 'AUD-2026-10', '2026-11-03T00:00:00.000Z'),
  make(3, 'badge readers', '', '2026-11-02T00:00:00.500Z'),
];
const ids = (cases: readonly Case[]): string[] => cases.map((c) => c.id);

describe('case list', () => {
  test('every word must match, in any order and case', () => {
    expect(ids(filterCases(list, 'ACCESS aud'))).toEqual(['case_1']);
    expect(filterCases(list, 'access trail')).toEqual([]);
    expect(filterCases(list, '  ')).toBe(list);
  });

  test('references are ordered as numbers, names without regard to case', () => {
    expect(ids(sortCases(list, { column: 'reference', direction: 'ascending' }))).toEqual([
      'case_3',
      'case_1',
      'case_2',
    ]);
    expect(ids(sortCases(list, { column: 'name', direction: 'ascending' }))).toEqual([
      'case_3',
      'case_2',
      'case_1',
    ]);
  });

  test('the newest change comes first when asked so', () => {
    expect(ids(sortCases(list, { column: 'updated', direction: 'descending' }))).toEqual([
      'case_2',
      'case_3',
      'case_1',
    ]);
  });
});

describe('case draft', () => {
  const draft = { name: 'a', reference: '', purpose: '', notes: 'x' };
  test('spaces at the ends are no change, anything else is', () => {
    expect(differs(draft, { ...draft, name: ' a ' })).toBe(false);
    expect(differs(draft, { ...draft, notes: 'x\ny' })).toBe(true);
  });
});
