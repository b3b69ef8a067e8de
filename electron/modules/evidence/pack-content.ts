// What goes into a pack: per verification its report, findings and quoted records; the logs; and an index of it all.
import { createHash } from 'node:crypto';
import type { CaseId, VerificationId } from '../../../shared/model/ids.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { JobRun } from '../../jobs/job-kinds.ts';
import type { Vault } from '../../store/vault.ts';
import { COPY_LIMIT, logSource, type OpenVerification, type Verifications } from '../audit/public.ts';
import {
  composeReport,
  findingsDocument,
  type PackIndexFile,
  type PackIndexVerdict,
  printReport,
  type ReportParts,
} from '../reports/public.ts';
import type { InlineFile, LogToPack } from './engine/build-input.ts';
import { packedLogPath } from './engine/names.ts';

export interface PackContent {
  readonly inline: readonly InlineFile[];
  readonly logs: readonly LogToPack[];
  readonly verdicts: readonly PackIndexVerdict[];
  readonly files: readonly PackIndexFile[];
  readonly missing: readonly string[];
  /** The head of the log, where the pack is about one log that has one. */
  readonly auditLogHead: string | null;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Collects while it names: everything that is added is listed in the index. */
class Contents {
  readonly inline: InlineFile[] = [];
  readonly files: PackIndexFile[] = [];

  add(name: string, bytes: Uint8Array, role: string): string {
    this.inline.push({ name, bytes });
    this.files.push({
      path: `data/${name}`,
      originalName: null,
      role,
      bytes: bytes.length,
      sha256: sha256(bytes),
    });
    return `data/${name}`;
  }
}

const addVerification = async (
  vault: Vault,
  opened: OpenVerification,
  place: string,
  contents: Contents,
  parts: ReportParts,
): Promise<PackIndexVerdict> => {
  const { summary } = opened.body;
  const report = await composeReport(vault, opened, parts);
  const reportPath = contents.add(
    `${place}report.pdf`,
    await printReport(report, parts.printer),
    'Report (PDF)',
  );
  contents.add(`${place}report.html`, utf8(report.html), 'Report (HTML)');
  const findingsPath = contents.add(
    `${place}findings.json`,
    findingsDocument({
      verificationId: summary.id,
      importId: summary.importId,
      caseId: summary.caseId,
      finishedAt: summary.finishedAt,
      trustedHead: summary.trustedHead,
      appVersion: parts.host.appVersion,
      report: opened.verified.report,
    }),
    'Findings (JSON)',
  );
  contents.add(
    `${place}quoted-records.json`,
    utf8(`${JSON.stringify(report.model.quoted, null, 1)}\n`),
    'Quoted records (JSON)',
  );
  return { imported: opened.imported.log, verification: report.model.verification, reportPath, findingsPath };
};

const logFiles = (opened: OpenVerification): PackIndexFile[] => {
  const { log } = opened.imported;
  if (log.kind === 'file') {
    return [
      {
        path: packedLogPath(log.sha256, log.name),
        originalName: log.name,
        role: 'Log as imported',
        bytes: log.bytes,
        sha256: log.sha256,
      },
    ];
  }
  return opened.imported.entries.map((entry) => ({
    path: packedLogPath(entry.sha256, entry.name),
    originalName: `${log.name}/${entry.name}`,
    role: 'Log as imported',
    bytes: entry.bytes,
    sha256: entry.sha256,
  }));
};

export interface ContentRequest {
  readonly vault: Vault;
  readonly caseId: CaseId;
  readonly verificationIds: readonly VerificationId[];
  readonly includeLog: boolean;
  readonly verifications: Verifications;
  readonly parts: ReportParts;
}

/** Gathers the content of a pack. @throws AppError evidence.no_verification | record.not_found | file.* */
export const gatherContent = async (request: ContentRequest, run: JobRun): Promise<PackContent> => {
  const { vault, caseId, verificationIds, includeLog, verifications, parts } = request;
  const contents = new Contents();
  const logs = new Map<string, LogToPack>();
  const verdicts: PackIndexVerdict[] = [];
  const missing: string[] = [];
  const listed: PackIndexFile[] = [];
  const heads = new Set<string>();
  for (const [position, id] of verificationIds.entries()) {
    if (run.signal.aborted) throw new AppError('job.cancelled');
    run.progress({ step: 'composing', done: position, total: verificationIds.length, unit: 'files' });
    const opened = await verifications.open(vault, id);
    const { log } = opened.imported;
    if (log.caseId !== caseId) throw new AppError('evidence.no_verification');
    verdicts.push(
      await addVerification(
        vault,
        opened,
        verificationIds.length === 1 ? '' : `verifications/${position + 1}/`,
        contents,
        parts,
      ),
    );
    if (opened.verified.report.head !== null) heads.add(opened.verified.report.head);
    if (logs.has(log.sha256)) continue;
    if (!includeLog)
      missing.push(
        `The log with SHA-256 ${log.sha256} is not in the pack, by choice of its maker: its digest and the quoted records stand for it.`,
      );
    else if (log.bytes > COPY_LIMIT.bytes) {
      missing.push(
        `The log with SHA-256 ${log.sha256} is not in the pack because it is larger than 256 MiB: its digest and the quoted records stand for it.`,
      );
    } else {
      logs.set(log.sha256, {
        source: (await logSource(vault, opened)).source,
        sha256: log.sha256,
        originalName: log.name,
      });
      listed.push(...logFiles(opened));
    }
  }
  const [head] = heads;
  return {
    inline: contents.inline,
    logs: [...logs.values()],
    verdicts,
    files: [...contents.files, ...listed],
    missing: [...new Set(missing)],
    auditLogHead: heads.size === 1 && head !== undefined && /^[0-9a-f]{64}$/u.test(head) ? head : null,
  };
};
