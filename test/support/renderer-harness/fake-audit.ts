// Answers of the audit and evidence rooms beyond their lists.
import type { JobId } from '../../../shared/model/ids.ts';
import type { Job, JobKind } from '../../../shared/model/job.ts';
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import type { Answers, FakeOptions } from './fake-bridge.ts';
import { IMPORTS, PACKS, REPORTS, VERIFICATIONS } from './fake-data.ts';
import { findingsOf, packCheck, recordOf, reportOf } from './fake-report.ts';

export interface FakeJob {
  readonly kind: JobKind;
  readonly title: string;
  readonly ticks: number;
  readonly result: string | null;
  readonly caseId?: Job['caseId'];
}
export type StartJob = (job: FakeJob) => JobId;

const summaryOf = (id: string): VerificationSummary => {
  const found = VERIFICATIONS.find((v) => v.id === id);
  if (found === undefined) throw new Error('no such verification');
  return found;
};

export const auditAnswers = (options: FakeOptions, startJob: StartJob): Answers => ({
  'audit.formats': () => [
    {
      id: 'guardian-chain',
      title: 'Guardian chain',
      summary: 'JSON Lines with event_hash, chain_hash and previous_hash.',
    },
    {
      id: 'aws-cloudtrail',
      title: 'AWS CloudTrail',
      summary: 'A folder of log files with signed hourly digests.',
    },
    {
      id: 'agno-integrity',
      title: 'Agno integrity',
      summary: 'JSON Lines with one integrity_hash per entry, without links.',
    },
  ],
  'audit.getImport': ({ id }) => {
    const found = IMPORTS.find((log) => log.id === id);
    if (found === undefined || options.isEmpty) throw new Error('no such import');
    return found;
  },
  'audit.import': ({ caseId }) => ({
    jobId: startJob({
      kind: 'audit.import',
      title: 'portal-access-2026-04.jsonl',
      ticks: 15,
      result: IMPORTS[4]?.id ?? null,
      caseId,
    }),
  }),
  'audit.verify': ({ importId, trustedHead, headFile }) => {
    const log = IMPORTS.find(({ id }) => id === importId);
    const made =
      VERIFICATIONS.find(
        (v) =>
          v.importId === importId &&
          (trustedHead === undefined && headFile === undefined ? true : v.anchored),
      ) ?? VERIFICATIONS[0];
    return {
      jobId: startJob({
        kind: 'audit.verify',
        title: log?.name ?? 'log',
        ticks: 12,
        result: made?.id ?? null,
        caseId: log?.caseId ?? null,
      }),
    };
  },
  'audit.report': ({ id }) => ({ summary: summaryOf(id), report: reportOf(summaryOf(id)) }),
  'audit.findings': ({ id, kind, offset, limit }) => {
    const all = findingsOf(summaryOf(id)).filter((f) => kind === undefined || f.kind === kind);
    return { total: all.length, findings: all.slice(offset, offset + limit) };
  },
  'audit.record': ({ id, index }) => recordOf(summaryOf(id), index),
  'reports.create': () => ({
    jobId: startJob({
      kind: 'report.create',
      title: 'portal-access-2026-03.jsonl',
      ticks: 3,
      result: REPORTS[0]?.id ?? null,
    }),
  }),
  'reports.save': ({ as }) => ({
    name: `Verification-of-portal-access-2026-03.${as}`,
    bytes: 184_220,
    sha256: REPORTS[0]?.pdfSha256 ?? '',
  }),
  'evidence.build': () => ({
    jobId: startJob({
      kind: 'evidence.build',
      title: 'evidence-AUD-2026-014.zip',
      ticks: 4,
      result: PACKS[0]?.id ?? null,
    }),
  }),
  'evidence.verify': ({ root }) => ({
    jobId: startJob({
      kind: 'evidence.verify',
      title: root === undefined ? 'evidence-AUD-2026-014.zip' : 'evidence-altered.zip',
      ticks: 3,
      result: root === undefined ? 'unknown' : 'invalid',
    }),
  }),
  'evidence.verification': () => packCheck(options.isAltered ? 'INVALID' : 'VALID_SIGNER_UNKNOWN'),
});
