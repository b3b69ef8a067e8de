// A case: the piece of work to which everything imported, found and made is tied.
import * as v from 'valibot';
import { CaseId, Instant } from './ids.ts';

const text = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max));

export const CaseDraft = v.strictObject({
  name: v.pipe(text(200), v.minLength(1, 'case.name.empty')),
  /** The organisation's own file reference, e.g. `AUD-2026-014`. */
  reference: text(100),
  /** Why the data is processed: shown in reports, required to export (GDPR Art. 5(1)(b)). */
  purpose: text(1000),
  notes: text(100_000),
});
export type CaseDraft = v.InferOutput<typeof CaseDraft>;

export const Case = v.strictObject({
  id: CaseId,
  ...CaseDraft.entries,
  createdAt: Instant,
  updatedAt: Instant,
});
export type Case = v.InferOutput<typeof Case>;
