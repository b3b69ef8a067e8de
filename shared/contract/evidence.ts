// Operations on reports and evidence packs.
import * as v from 'valibot';
import { EvidencePack, IndexRange, PackVerification, Report, SigningIdentity } from '../model/evidence.ts';
import { CaseId, FileHandle, JobId, ReportId, VerificationId } from '../model/ids.ts';
import { op } from './define.ts';

export const evidenceContract = {
  /** The report as HTML, without storing anything: what the preview shows. */
  'reports.preview': op({
    kind: 'query',
    permission: 'evidence.read',
    clearance: 'internal',
    journal: 'report.preview',
    input: v.strictObject({ verificationId: VerificationId }),
    output: v.strictObject({ html: v.string() }),
  }),
  /** Starts the job that makes HTML and PDF. Result: a ReportId. */
  'reports.create': op({
    kind: 'command',
    permission: 'evidence.create',
    clearance: 'internal',
    journal: 'report.create',
    input: v.strictObject({ verificationId: VerificationId }),
    output: v.strictObject({ jobId: JobId }),
  }),
  'reports.list': op({
    kind: 'query',
    permission: 'evidence.read',
    clearance: 'internal',
    journal: 'report.list',
    input: v.strictObject({ caseId: v.optional(CaseId) }),
    output: v.array(Report),
  }),
  'reports.save': op({
    kind: 'command',
    permission: 'evidence.create',
    clearance: 'internal',
    journal: 'report.export',
    input: v.strictObject({ id: ReportId, as: v.picklist(['pdf', 'html']), to: FileHandle }),
    output: v.strictObject({ name: v.string(), bytes: v.number(), sha256: v.string() }),
  }),
  'evidence.identity': op({
    kind: 'query',
    permission: 'evidence.read',
    clearance: 'internal',
    journal: 'evidence.identity',
    input: v.strictObject({}),
    output: SigningIdentity,
  }),
  'evidence.exportRoot': op({
    kind: 'command',
    permission: 'evidence.create',
    clearance: 'internal',
    journal: 'evidence.exportRoot',
    input: v.strictObject({ to: FileHandle }),
    output: v.strictObject({ name: v.string(), fingerprint: v.string() }),
  }),
  /** Starts the job that writes a pack to `to`. Logs above 256 MiB go in as digest and quoted records only. Result: a PackId. */
  'evidence.build': op({
    kind: 'command',
    permission: 'evidence.create',
    clearance: 'confidential',
    journal: 'evidence.build',
    input: v.strictObject({
      caseId: CaseId,
      verificationIds: v.pipe(v.array(VerificationId), v.minLength(1), v.maxLength(100)),
      includeLog: v.boolean(),
      /** The records to quote, each proved by itself, at most 1,000; absent = those at the first findings. */
      quote: v.optional(v.pipe(v.array(IndexRange), v.minLength(1), v.maxLength(1000))),
      to: FileHandle,
    }),
    output: v.strictObject({ jobId: JobId }),
  }),
  'evidence.packs': op({
    kind: 'query',
    permission: 'evidence.read',
    clearance: 'internal',
    journal: 'evidence.packs',
    input: v.strictObject({ caseId: v.optional(CaseId) }),
    output: v.array(EvidencePack),
  }),
  /** Checks any EP-1 pack, one's own or a stranger's. Runs as a job; the answer comes with evidence.verification. */
  'evidence.verify': op({
    kind: 'command',
    permission: 'evidence.read',
    clearance: 'internal',
    journal: 'evidence.verify',
    input: v.strictObject({ pack: FileHandle, root: v.optional(FileHandle) }),
    output: v.strictObject({ jobId: JobId }),
  }),
  'evidence.verification': op({
    kind: 'query',
    permission: 'evidence.read',
    clearance: 'internal',
    journal: null,
    input: v.strictObject({ jobId: JobId }),
    output: PackVerification,
  }),
} as const;
