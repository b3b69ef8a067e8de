// A recipe on its way from a verification to the form that verifies with it, per log.
import type { ImportId } from '../../../shared/model/ids.ts';

const drafts = new Map<ImportId, string>();

export const keepRecipeDraft = (log: ImportId, json: string): void => void drafts.set(log, json);

/** The draft, once: it is the form's from then on. */
export const takeRecipeDraft = (log: ImportId): string => {
  const json = drafts.get(log) ?? '';
  drafts.delete(log);
  return json;
};
