// Taking a log in: digest and size before anything else, then an encrypted copy where it is small enough.
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ImportedLog } from '../../../shared/model/audit.ts';
import { ImportId, type CaseId } from '../../../shared/model/ids.ts';
import type { JobOutcome } from '../../jobs/job-manager.ts';
import type { JobHost, JobKinds, JobRun, SourceSpec } from '../../jobs/job-kinds.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import { openSourceSpec } from '../../ports/open-source-spec.ts';
import type { Vault } from '../../store/vault.ts';
import { importRecord, type ImportBody } from './repository.ts';

/** Larger logs stay where they are, and their digest is checked at each use. */
export const COPY_LIMIT = { bytes: 268_435_456, files: 2_000 } as const;

type Intake = JobKinds['audit.intake']['output'];

const copyIn = async (
  vault: Vault,
  path: string,
  intake: Intake,
  run: JobRun,
): Promise<ImportBody['copies']> => {
  const source = await openSourceSpec({ at: 'path', path });
  const expected = new Map(intake.entries.map((entry) => [entry.name, entry.sha256]));
  const copies: ImportBody['copies'] = [];
  let done = 0;
  for (const file of source.files) {
    if (run.signal.aborted) throw new AppError('job.cancelled');
    const blob = await vault.blobs.put(file.open());
    if (blob.sha256 !== expected.get(file.name)) throw new AppError('file.changed', { name: file.name });
    copies.push({ name: file.name, blob: blob.id });
    done += blob.bytes;
    run.progress({ step: 'copying', done, total: intake.bytes, unit: 'bytes' });
  }
  return copies;
};

export interface ImportRequest {
  readonly vault: Vault;
  readonly caseId: CaseId;
  readonly path: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The work of an `audit.import` job. Nothing is kept unless all of it succeeds. */
export const importLog = async (request: ImportRequest, run: JobRun, host: JobHost): Promise<JobOutcome> => {
  const { vault, path } = request;
  const intake = await host.run('audit.intake', { source: { at: 'path', path } }, run);
  if (intake.bytes === 0) throw new AppError('file.empty', { name: intake.name });
  const copied = intake.bytes <= COPY_LIMIT.bytes && intake.entries.length <= COPY_LIMIT.files;
  const log: ImportedLog = {
    id: v.parse(ImportId, request.ids.make('imp')),
    caseId: request.caseId,
    name: intake.name,
    kind: intake.kind,
    bytes: intake.bytes,
    files: intake.entries.length,
    sha256: intake.sha256,
    importedAt: request.clock.now(),
    custody: copied ? 'copied' : 'referenced',
    detections: [...intake.detections],
    format: intake.detections[0]?.format ?? null,
  };
  const copies = copied ? await copyIn(vault, path, intake, run) : [];
  const entries = intake.entries.length <= COPY_LIMIT.files ? [...intake.entries] : [];
  const body: ImportBody = { log, path, entries, copies, skipped: [...(intake.skipped ?? [])] };
  return {
    result: log.id,
    puts: [importRecord(body)],
    detail: {
      sha256: log.sha256,
      bytes: log.bytes,
      files: log.files,
      custody: log.custody,
      skipped: body.skipped.length,
    },
  };
};

/** Where a later job reads an import's bytes. */
export const sourceOf = async (vault: Vault, body: ImportBody): Promise<SourceSpec> => {
  if (body.log.custody === 'referenced') return { at: 'path', path: body.path };
  const files = await Promise.all(
    body.copies.map(async ({ name, blob }) => ({ name, ticket: await vault.blobs.ticket(blob) })),
  );
  return { at: 'blobs', name: body.log.name, kind: body.log.kind, files, skipped: body.skipped };
};

export const titleOf = (path: string): string => basename(join(path, '.'));
