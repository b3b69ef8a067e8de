// Operations of the audit room: take in a log, verify it, look at a record, anchor it.
import * as v from 'valibot';
import { Detection, ImportedLog, VerificationSummary } from '../model/audit.ts';
import { CaseId, FileHandle, ImportId, JobId, VerificationId } from '../model/ids.ts';
import { Finding, FindingKind, RecordView, VerificationReport } from '../model/verdict.ts';
import { op } from './define.ts';

const Index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const files = v.optional(v.pipe(v.array(FileHandle), v.maxLength(32)));
const head = v.optional(v.pipe(v.string(), v.trim(), v.maxLength(10_000)));

export const FormatInfo = v.strictObject({ id: v.string(), title: v.string(), summary: v.string() });

export const auditContract = {
  'audit.formats': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'public',
    journal: null,
    input: v.strictObject({}),
    output: v.array(FormatInfo),
  }),
  /** Starts the job that records digest and size, detects the format and keeps the import. Result: an ImportId. */
  'audit.import': op({
    kind: 'command',
    permission: 'audit.run',
    clearance: 'internal',
    journal: 'audit.import',
    input: v.strictObject({ caseId: CaseId, file: FileHandle }),
    output: v.strictObject({ jobId: JobId }),
  }),
  'audit.imports': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'internal',
    journal: 'audit.imports',
    input: v.strictObject({ caseId: v.optional(CaseId) }),
    output: v.array(ImportedLog),
  }),
  'audit.getImport': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'internal',
    journal: 'audit.getImport',
    input: v.strictObject({ id: ImportId }),
    output: ImportedLog,
  }),
  /**
   * Starts a verification. `trustedHead` is pasted text, `headFile` a file that holds it, `keys` keys and companion files,
   * `anchors` evidence from outside, `data` what a proof is about, `recipe` the JSON form of how a chain is hashed.
   * Result: a VerificationId.
   */
  'audit.verify': op({
    kind: 'command',
    permission: 'audit.run',
    clearance: 'internal',
    journal: 'audit.verify',
    input: v.strictObject({
      importId: ImportId,
      format: v.optional(v.string()),
      trustedHead: head,
      headFile: v.optional(FileHandle),
      keys: files,
      anchors: files,
      data: files,
      recipe: v.optional(v.pipe(v.string(), v.maxLength(65_536))),
    }),
    output: v.strictObject({ jobId: JobId }),
  }),
  'audit.verifications': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'internal',
    journal: 'audit.verifications',
    input: v.strictObject({ caseId: v.optional(CaseId), importId: v.optional(ImportId) }),
    output: v.array(VerificationSummary),
  }),
  /** The report without its findings and stretches beyond the first 2,000; page the rest with audit.findings. */
  'audit.report': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'internal',
    journal: 'audit.report',
    input: v.strictObject({ id: VerificationId }),
    output: v.strictObject({ summary: VerificationSummary, report: VerificationReport }),
  }),
  'audit.findings': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'internal',
    journal: 'audit.findings',
    input: v.strictObject({
      id: VerificationId,
      kind: v.optional(FindingKind),
      offset: Index,
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
    }),
    output: v.strictObject({ total: Index, findings: v.array(Finding) }),
  }),
  'audit.record': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'confidential',
    journal: 'audit.record',
    input: v.strictObject({ id: VerificationId, index: Index }),
    output: RecordView,
  }),
  /** Writes the self-contained proof of two histories that a verification found. */
  'audit.saveForkProof': op({
    kind: 'command',
    permission: 'evidence.create',
    clearance: 'internal',
    journal: 'audit.saveForkProof',
    input: v.strictObject({ id: VerificationId, to: FileHandle }),
    output: v.strictObject({ name: v.string(), bytes: Index, sha256: v.string() }),
  }),
  'audit.detect': op({
    kind: 'query',
    permission: 'audit.read',
    clearance: 'internal',
    journal: 'audit.detect',
    input: v.strictObject({ file: FileHandle }),
    output: v.array(Detection),
  }),
} as const;
