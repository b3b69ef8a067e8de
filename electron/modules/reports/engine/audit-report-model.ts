// What an audit report is made from, and which verdict that material bears: never a better one than it shows.
import * as v from 'valibot';
import type { ImportedLog } from '../../../../shared/model/audit.ts';
import type { Case } from '../../../../shared/model/case.ts';
import {
  type RecordView,
  type Verdict,
  type VerdictClass,
  VerificationReport,
  verdictClass,
  verdictOf,
  worse,
} from '../../../../shared/model/verdict.ts';
import { VERDICT_CLASS_TEXT, VERDICT_TEXT } from '../../../../shared/model/verdict-text.ts';

export interface AuditReportModel {
  readonly locale: 'en';
  readonly reportId: string;
  /** RFC 3339 UTC: when the report was written. */
  readonly createdAt: string;
  readonly appVersion: string;
  /** Empty = no organisation was named in the settings. */
  readonly organisation: string;
  /** SHA-256 of the root certificate's DER, lower-case hex; null = no signing identity yet. */
  readonly rootFingerprint: string | null;
  readonly case: Pick<Case, 'name' | 'reference' | 'purpose'>;
  readonly imported: Pick<
    ImportedLog,
    'name' | 'kind' | 'bytes' | 'files' | 'sha256' | 'importedAt' | 'custody' | 'detections'
  >;
  /** null = no verification has finished; the report then says that nothing is known. */
  readonly verification: {
    readonly id: string;
    /** RFC 3339 UTC. */
    readonly finishedAt: string;
    /** The head that was supplied from outside, lower-case hex; null = none. */
    readonly trustedHead: string | null;
    readonly report: VerificationReport;
  } | null;
  /** Records under the lens, in the order in which they are shown. */
  readonly quoted: readonly RecordView[];
}

export interface StatedVerdict {
  /** null = the material bears none. */
  readonly code: Verdict | null;
  readonly word: string;
  readonly class: VerdictClass | 'none';
  readonly classText: string;
  readonly meaning: string;
  /** Why the verdict is not the stored one: contradictions inside the material. Empty normally. */
  readonly objections: readonly string[];
  /** The verification, where its form is sound and it is about this import. */
  readonly report: VerificationReport | null;
}

const none = (
  meaning: string,
  objections: readonly string[],
  report: VerificationReport | null,
): StatedVerdict => ({
  code: null,
  word: 'No verdict',
  class: 'none',
  classText: 'Nothing is known',
  meaning,
  objections,
  report,
});

const NOTHING_KNOWN =
  'This material bears no verdict: it shows neither that the log is genuine nor that it was altered.';

/** What speaks against a stored INTACT. */
const objectionsToIntact = (report: VerificationReport): string[] => {
  const objections: string[] = [];
  if (!report.anchored)
    objections.push('The stored verdict is INTACT, yet no anchor from outside the log is recorded.');
  if (report.records === 0 && report.strip.length === 0)
    objections.push('The stored verdict is INTACT, yet nothing was read.');
  if (report.findingsOmitted > 0)
    objections.push('The stored verdict is INTACT, yet not all findings were kept.');
  return objections;
};

/**
 * The verdict that may be printed. It is the stored one, or a worse one where the findings ask for it, or none where
 * the verification is absent, malformed, about other bytes, or INTACT without what INTACT needs.
 */
export const statedVerdict = (
  verification: { readonly report: unknown } | null,
  importedSha256: string,
): StatedVerdict => {
  if (verification === null) return none(`No verification has finished. ${NOTHING_KNOWN}`, [], null);
  const parsed = v.safeParse(VerificationReport, verification.report);
  if (!parsed.success)
    return none(NOTHING_KNOWN, ['The stored verification is not in the form that a verification has.'], null);
  const report = parsed.output;
  if (report.source.sha256 !== importedSha256) {
    return none(
      NOTHING_KNOWN,
      ['The stored verification is about other bytes than the imported log: their digests differ.'],
      null,
    );
  }
  const code = worse(report.verdict, verdictOf('INTACT', report.findings));
  const objections = code === 'INTACT' ? objectionsToIntact(report) : [];
  if (objections.length > 0) return none(NOTHING_KNOWN, objections, report);
  if (code !== report.verdict) {
    objections.push(
      `The stored verdict is ${report.verdict}; the findings below ask for ${code}, which is what this report states.`,
    );
  }
  const kind = verdictClass(code);
  return {
    code,
    word: VERDICT_TEXT[code].word,
    class: kind,
    classText: VERDICT_CLASS_TEXT[kind],
    meaning: VERDICT_TEXT[code].meaning,
    objections,
    report,
  };
};
