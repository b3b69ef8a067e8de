// Operations on cases.
import * as v from 'valibot';
import { Case, CaseDraft } from '../model/case.ts';
import { CaseId } from '../model/ids.ts';
import { op } from './define.ts';

export const casesContract = {
  'cases.list': op({
    kind: 'query',
    permission: 'case.read',
    clearance: 'internal',
    journal: 'case.list',
    input: v.strictObject({}),
    output: v.array(Case),
  }),
  'cases.get': op({
    kind: 'query',
    permission: 'case.read',
    clearance: 'internal',
    journal: 'case.read',
    input: v.strictObject({ id: CaseId }),
    output: Case,
  }),
  'cases.create': op({
    kind: 'command',
    permission: 'case.write',
    clearance: 'internal',
    journal: 'case.create',
    input: CaseDraft,
    output: Case,
  }),
  'cases.update': op({
    kind: 'command',
    permission: 'case.write',
    clearance: 'internal',
    journal: 'case.update',
    input: v.strictObject({ id: CaseId, ...CaseDraft.entries }),
    output: Case,
  }),
} as const;
