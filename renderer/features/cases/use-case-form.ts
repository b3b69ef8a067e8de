// The state of an edited case: a draft with undo, saved when the form is left, on Ctrl+S, before a lock, and after a pause.
import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { Case, CaseDraft } from '../../../shared/model/case.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { onBeforeLock } from '../../state/before-lock.ts';
import { useDraft, type Draft } from '../../state/drafts.ts';

/** Milliseconds without a key after which the draft is saved by itself: sleep and screen lock give no warning. */
const PAUSE_MS = 10_000;

const trimmed = (draft: CaseDraft): CaseDraft => ({
  name: draft.name.trim(),
  reference: draft.reference.trim(),
  purpose: draft.purpose.trim(),
  notes: draft.notes.trim(),
});

/** Spaces at the ends don't count: they are not stored. */
export const differs = (a: CaseDraft, b: CaseDraft): boolean => {
  const x = trimmed(a);
  const y = trimmed(b);
  return x.name !== y.name || x.reference !== y.reference || x.purpose !== y.purpose || x.notes !== y.notes;
};

export interface CaseForm {
  readonly draft: Draft<CaseDraft>;
  readonly state: 'saved' | 'unsaved' | 'saving';
  readonly isNameEmpty: boolean;
  readonly error: Error | null;
  /** Does nothing when nothing changed or the name is empty. */
  readonly save: () => Promise<void>;
}

export const useCaseForm = (record: Case): CaseForm => {
  const base = useMemo<CaseDraft>(
    () => ({ name: record.name, reference: record.reference, purpose: record.purpose, notes: record.notes }),
    [record.name, record.reference, record.purpose, record.notes],
  );
  const draft = useDraft(`case:${record.id}`, base);
  const update = useCommand('cases.update');
  const isNameEmpty = draft.value.name.trim() === '';
  const isChanged = differs(draft.value, base);

  const latest = useRef({ value: draft.value, base, isPending: update.isPending });
  useEffect(() => {
    latest.current = { value: draft.value, base, isPending: update.isPending };
  });
  const { mutateAsync } = update;
  const { saved } = draft;
  const save = useCallback(async (): Promise<void> => {
    const now = latest.current;
    if (now.isPending || now.value.name.trim() === '' || !differs(now.value, now.base)) return;
    try {
      await mutateAsync({ id: record.id, ...now.value });
      saved(now.value);
    } catch {
      // `update.error` holds the reason and the form shows it; the draft stays.
    }
  }, [mutateAsync, record.id, saved]);

  useEffect(() => onBeforeLock(save), [save]);
  // Going to another room takes the form away without a blur.
  useEffect(() => () => void save(), [save]);
  useEffect(() => {
    if (!differs(draft.value, base)) return undefined;
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft.value, base, save]);

  return {
    draft,
    state: update.isPending ? 'saving' : isChanged ? 'unsaved' : 'saved',
    isNameEmpty,
    error: update.error,
    save,
  };
};
