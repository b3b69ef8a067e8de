// Cases: kept as records, changed only through staged writes.
import * as v from 'valibot';
import { AppError } from '../../../shared/errors/app-error.ts';
import { Case, type CaseDraft } from '../../../shared/model/case.ts';
import { CaseId } from '../../../shared/model/ids.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import type { Put, Vault } from '../../store/vault.ts';

export const caseRecord = (value: Case): Put => ({
  kind: 'case',
  id: value.id,
  caseId: value.id,
  body: value,
});

/** A new case, not yet written. */
export const newCase = (draft: CaseDraft, clock: Clock, ids: Ids): Case => {
  const now = clock.now();
  return { id: v.parse(CaseId, ids.make('case')), ...draft, createdAt: now, updatedAt: now };
};

/** @throws AppError record.not_found */
export const getCase = async (vault: Vault, id: CaseId): Promise<Case> => {
  const record = await vault.records.get('case', id);
  if (record === null) throw new AppError('record.not_found', { kind: 'case' });
  return v.parse(Case, record.body);
};

/** Newest first. */
export const listCases = async (vault: Vault): Promise<Case[]> =>
  (await vault.records.list('case')).map((record) => v.parse(Case, record.body));
