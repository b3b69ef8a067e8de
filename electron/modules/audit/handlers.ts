// Binds the operations of the audit room to their services and jobs.
import { AppError } from '../../../shared/errors/app-error.ts';
import type { HandlersOf } from '../../gateway/operation-context.ts';
import type { JobManager } from '../../jobs/job-manager.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import type { FileHandles } from '../../ports/file-handles.ts';
import type { FileHandle } from '../../../shared/model/ids.ts';
import { openArchive } from '../../ports/archive-source.ts';
import { openSourceSpec } from '../../ports/open-source-spec.ts';
import { writeNewFile } from '../../ports/write-new-file.ts';
import { getCase } from '../cases/public.ts';
import { detect } from './engine/detect.ts';
import { FORMATS } from './engine/formats.ts';
import { headsOfFile, parseTrustedHeads } from './engine/trusted-head.ts';
import { importLog, titleOf } from './import-log.ts';
import { getImport } from './repository.ts';
import {
  findingsPage,
  firstLook,
  formatInfos,
  importedLog,
  importedLogs,
  recordView,
  summaries,
  type Verifications,
} from './service.ts';
import { one, readSmallFile, verifyLog } from './verify-log.ts';

export interface AuditParts {
  readonly jobs: JobManager;
  readonly handles: FileHandles;
  readonly verifications: Verifications;
  readonly clock: Clock;
  readonly ids: Ids;
}

export const auditHandlers = ({
  jobs,
  handles,
  verifications,
  clock,
  ids,
}: AuditParts): HandlersOf<'audit'> => ({
  'audit.formats': () => formatInfos(),
  'audit.detect': async ({ file }) => [
    ...(await detect(
      await openArchive(await openSourceSpec({ at: 'path', path: handles.path(file) })),
      FORMATS,
    )),
  ],
  'audit.import': async ({ caseId, file }, { vault, principal, note }) => {
    await getCase(vault, caseId);
    const path = handles.path(file);
    note(caseId);
    const job = await jobs.start({
      kind: 'audit.import',
      title: titleOf(path),
      caseId,
      principal,
      vault,
      work: (run, host) => importLog({ vault, caseId, path, clock, ids }, run, host),
    });
    return { jobId: job.id };
  },
  'audit.imports': ({ caseId }, { vault }) => importedLogs(vault, caseId),
  'audit.getImport': ({ id }, { vault, note }) => {
    note(id);
    return importedLog(vault, id);
  },
  'audit.verify': async (input, { vault, principal, note }) => {
    note(input.importId);
    const imported = await getImport(vault, input.importId);
    const pasted =
      input.trustedHead === undefined || input.trustedHead === '' ? [] : parseTrustedHeads(input.trustedHead);
    const filed = input.headFile === undefined ? null : await readSmallFile(handles.path(input.headFile));
    const trustedHeads = [...pasted, ...(filed === null ? [] : headsOfFile(filed.name, filed.bytes))];
    const small = (files: readonly FileHandle[] | undefined) =>
      Promise.all((files ?? []).map((file) => readSmallFile(handles.path(file))));
    const request = {
      format: input.format ?? null,
      trustedHeads,
      keys: await small(input.keys),
      anchors: await small(input.anchors),
      data: (input.data ?? []).map((file) => handles.path(file)),
      recipe: input.recipe ?? null,
    };
    const job = await jobs.start({
      kind: 'audit.verify',
      title: imported.log.name,
      caseId: imported.log.caseId,
      principal,
      vault,
      work: (run, host) => verifyLog({ vault, imported, ...request, clock, ids }, run, host),
    });
    return { jobId: job.id };
  },
  'audit.verifications': ({ caseId, importId }, { vault }) => summaries(vault, caseId, importId),
  'audit.report': async ({ id }, { vault, note }) => {
    note(id);
    const { body, verified } = await verifications.open(vault, id);
    return { summary: body.summary, report: firstLook(verified.report) };
  },
  'audit.findings': async ({ id, ...query }, { vault, note }) => {
    note(id);
    return findingsPage((await verifications.open(vault, id)).verified.report, query);
  },
  'audit.saveForkProof': async ({ id, to }, { vault, note }) => {
    const { forkProof } = (await verifications.open(vault, id)).verified.report;
    if (forkProof === undefined) throw new AppError('record.not_found', { kind: 'proof of two histories' });
    const written = await writeNewFile(handles.path(to), one(Buffer.from(forkProof, 'utf8')));
    note(id, { bytes: written.bytes, sha256: written.sha256 });
    return written;
  },
  'audit.record': async ({ id, index }, { vault, note }) => {
    note(id, { index });
    return recordView(vault, await verifications.open(vault, id), index);
  },
});
