// What to do next in a case: one step, the most pressing first.
import type { ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import type { EvidencePack } from '../../../shared/model/evidence.ts';

export type NextStep =
  | { readonly kind: 'verify'; readonly log: ImportedLog }
  | { readonly kind: 'anchor'; readonly log: ImportedLog; readonly verification: VerificationSummary }
  | { readonly kind: 'pack'; readonly results: number };

const newest = (list: readonly VerificationSummary[]): VerificationSummary | undefined =>
  list.reduce<VerificationSummary | undefined>(
    (best, v) => (best === undefined || Date.parse(v.finishedAt) > Date.parse(best.finishedAt) ? v : best),
    undefined,
  );

/** null: every log is verified as far as it can be, and every newest result is in a pack. */
export const nextStep = (
  logs: readonly ImportedLog[],
  verifications: readonly VerificationSummary[],
  packs: readonly EvidencePack[],
): NextStep | null => {
  const latest = logs.map((log) => ({
    log,
    verification: newest(verifications.filter((v) => v.importId === log.id)),
  }));
  const unverified = latest.find((l) => l.verification === undefined);
  if (unverified !== undefined) return { kind: 'verify', log: unverified.log };
  for (const { log, verification } of latest) {
    if (verification?.verdict === 'INTACT_BUT_UNANCHORED') return { kind: 'anchor', log, verification };
  }
  const packed = new Set(packs.flatMap((pack) => pack.verificationIds));
  const results = latest.filter((l) => l.verification !== undefined && !packed.has(l.verification.id)).length;
  return results === 0 ? null : { kind: 'pack', results };
};
