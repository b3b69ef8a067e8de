// Drafts outlive their screens: what was typed is there again when the user comes back.
import { useCallback, useMemo } from 'react';
import { create } from 'zustand';
import {
  editDraft,
  isChanged,
  rebaseDraft,
  redoDraft,
  startDraft,
  undoDraft,
  type DraftHistory,
} from './draft-history.ts';

interface DraftState {
  readonly drafts: Readonly<Record<string, DraftHistory<object>>>;
  readonly put: (key: string, draft: DraftHistory<object>) => void;
  readonly drop: (key: string) => void;
  readonly clear: () => void;
}

export const useDrafts = create<DraftState>((set) => ({
  drafts: {},
  put: (key, draft) => set((s) => ({ drafts: { ...s.drafts, [key]: draft } })),
  drop: (key) =>
    set((s) => {
      const { [key]: _gone, ...rest } = s.drafts;
      return { drafts: rest };
    }),
  clear: () => set({ drafts: {} }),
}));

export interface Draft<T> {
  readonly value: T;
  readonly isChanged: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly edit: <K extends keyof T & string>(field: K, value: T[K]) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** The stored form is now `base`. */
  readonly saved: (base: T) => void;
  /** Throws the draft away. */
  readonly drop: () => void;
}

/** `key` names the record (`case:case_…`), `base` is its stored form. */
export const useDraft = <T extends object>(key: string, base: T): Draft<T> => {
  const stored = useDrafts((s) => s.drafts[key]) as DraftHistory<T> | undefined;
  const draft = useMemo(() => stored ?? startDraft(base), [stored, base]);
  const change = useCallback(
    (step: (draft: DraftHistory<T>) => DraftHistory<T>) => {
      const { drafts, put } = useDrafts.getState();
      const current = (drafts[key] as DraftHistory<T> | undefined) ?? startDraft(base);
      put(key, step(current) as unknown as DraftHistory<object>);
    },
    [key, base],
  );
  return {
    value: draft.now,
    isChanged: isChanged(draft),
    canUndo: draft.past.length > 0,
    canRedo: draft.future.length > 0,
    edit: (field, value) => change((d) => editDraft(d, field, value, Date.now())),
    undo: () => change(undoDraft),
    redo: () => change(redoDraft),
    saved: (next) => change((d) => rebaseDraft(d, next)),
    drop: () => useDrafts.getState().drop(key),
  };
};
