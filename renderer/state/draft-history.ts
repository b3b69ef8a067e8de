// A draft with its own undo and redo: the browser's undo forgets when a field is redrawn.

export interface DraftHistory<T> {
  /** What is stored; the draft differs from it or not. */
  readonly base: T;
  readonly past: readonly T[];
  readonly now: T;
  readonly future: readonly T[];
  /** The field and time of the last edit: typing in one field within a second is one step. */
  readonly last: { readonly field: string; readonly at: number } | null;
}

const JOIN_MS = 1000;
const MAX_STEPS = 200;

export const startDraft = <T>(base: T): DraftHistory<T> => ({
  base,
  past: [],
  now: base,
  future: [],
  last: null,
});

/** `at` is in milliseconds. */
export const editDraft = <T, K extends keyof T & string>(
  draft: DraftHistory<T>,
  field: K,
  value: T[K],
  at: number,
): DraftHistory<T> => {
  if (Object.is(draft.now[field], value)) return draft;
  const joins =
    draft.last !== null &&
    draft.last.field === field &&
    at - draft.last.at < JOIN_MS &&
    draft.future.length === 0;
  return {
    ...draft,
    past: joins && draft.past.length > 0 ? draft.past : [...draft.past, draft.now].slice(-MAX_STEPS),
    now: { ...draft.now, [field]: value },
    future: [],
    last: { field, at },
  };
};

export const undoDraft = <T>(draft: DraftHistory<T>): DraftHistory<T> => {
  const now = draft.past.at(-1);
  return now === undefined
    ? draft
    : { ...draft, past: draft.past.slice(0, -1), now, future: [draft.now, ...draft.future], last: null };
};

export const redoDraft = <T>(draft: DraftHistory<T>): DraftHistory<T> => {
  const [now, ...future] = draft.future;
  return now === undefined ? draft : { ...draft, past: [...draft.past, draft.now], now, future, last: null };
};

/** After saving (or when the record changed elsewhere): the steps stay, so that a saved edit can be undone and saved again. */
export const rebaseDraft = <T>(draft: DraftHistory<T>, base: T): DraftHistory<T> => ({
  ...draft,
  base,
  last: null,
});

export const isChanged = <T extends object>(draft: DraftHistory<T>): boolean =>
  (Object.keys(draft.now) as (keyof T)[]).some((key) => !Object.is(draft.now[key], draft.base[key]));
