// Binds the operations on reports.
import type { HandlersOf } from '../../gateway/operation-context.ts';
import type { JobManager } from '../../jobs/job-manager.ts';
import type { FileHandles } from '../../ports/file-handles.ts';
import { writeNewFile } from '../../ports/write-new-file.ts';
import type { Verifications } from '../audit/public.ts';
import { composeReport, createReport, listReports, openReport, type ReportParts } from './service.ts';

export interface ReportHandlerParts extends ReportParts {
  readonly jobs: JobManager;
  readonly handles: FileHandles;
  readonly verifications: Verifications;
}

export const reportHandlers = (parts: ReportHandlerParts): HandlersOf<'reports'> => ({
  'reports.preview': async ({ verificationId }, { vault, note }) => {
    note(verificationId);
    return {
      html: (await composeReport(vault, await parts.verifications.open(vault, verificationId), parts)).html,
    };
  },
  'reports.create': async ({ verificationId }, { vault, principal, note }) => {
    note(verificationId);
    const opened = await parts.verifications.open(vault, verificationId);
    const job = await parts.jobs.start({
      kind: 'report.create',
      title: opened.imported.log.name,
      caseId: opened.body.summary.caseId,
      principal,
      vault,
      work: (run) => createReport(vault, opened, parts, run),
    });
    return { jobId: job.id };
  },
  'reports.list': ({ caseId }, { vault }) => listReports(vault, caseId),
  'reports.save': async ({ id, as, to }, { vault, note }) => {
    const written = await writeNewFile(parts.handles.path(to), await openReport(vault, id, as));
    note(id, { as, bytes: written.bytes, sha256: written.sha256 });
    return written;
  },
});
