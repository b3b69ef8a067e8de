// Which verifications a new pack starts with: the newest of each log, or the one that the user came from.
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import type { VerificationId } from '../../../shared/model/ids.ts';

/** The contract takes this many. */
export const MAX_IN_PACK = 100;

export const newestFirst = (a: VerificationSummary, b: VerificationSummary): number =>
  Date.parse(b.finishedAt) - Date.parse(a.finishedAt);

/** The newest verification of each log. */
export const newestOfEach = (verifications: readonly VerificationSummary[]): readonly VerificationId[] => {
  const seen = new Set<string>();
  return verifications
    .toSorted(newestFirst)
    .filter(({ importId }) => !seen.has(importId) && seen.add(importId))
    .map(({ id }) => id);
};

/** What is chosen at first. */
export const firstChoice = (
  verifications: readonly VerificationSummary[],
  from: VerificationId | undefined,
): readonly VerificationId[] =>
  from !== undefined && verifications.some(({ id }) => id === from)
    ? [from]
    : newestOfEach(verifications).slice(0, MAX_IN_PACK);
