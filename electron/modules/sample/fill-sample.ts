// Fills the sample workspace: one case with its logs taken in and verified, as its owner would have left it.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type CaseId, ImportId } from '../../../shared/model/ids.ts';
import type { Job } from '../../../shared/model/job.ts';
import * as v from 'valibot';
import type { JobManager } from '../../jobs/job-manager.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import type { Host } from '../../ports/host.ts';
import type { Vault } from '../../store/vault.ts';
import { getImport, importLog, verifyLog } from '../audit/public.ts';
import { caseRecord, newCase } from '../cases/public.ts';
import { writeSampleLogs } from './write-logs.ts';

export const SAMPLE_CASE = {
  name: 'Access records of the night of 7 November',
  reference: 'MH-AUD-2026-031',
  purpose:
    'Establish whether the access records that the data protection authority asked for are complete and unaltered.',
  notes:
    'A patient complained that a refused look-up shows as granted in the disclosure she received. The supplier handed over an export of the letter assistant’s log; IT found a backup of the same log; the cloud account’s CloudTrail folder covers the same night. The security officer noted the log’s head by phone on 9 November.',
} as const;

export interface SampleParts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly host: Host;
  readonly jobs: JobManager;
}

const resultOf = (job: Job): string => {
  if (job.failure !== null) throw new AppError('internal.unexpected', { traceId: job.failure.code });
  return job.result ?? '';
};

const OWNER = 'owner';

const takeInAndVerify = async (
  vault: Vault,
  caseId: CaseId,
  path: string,
  heads: readonly string[],
  parts: SampleParts,
): Promise<void> => {
  const { jobs, clock, ids } = parts;
  const common = { caseId, principal: OWNER, vault };
  const title = path.split(/[\\/]/u).at(-1) ?? path;
  const taken = await jobs.start({
    ...common,
    kind: 'audit.import',
    title,
    work: (run, host) => importLog({ vault, caseId, path, clock, ids }, run, host),
  });
  const imported = await getImport(vault, v.parse(ImportId, resultOf(await jobs.ended(taken.id))));
  const given = { format: null, trustedHeads: heads, keys: [], anchors: [], data: [], recipe: null };
  const request = { vault, imported, ...given, clock, ids };
  const checked = await jobs.start({
    ...common,
    kind: 'audit.verify',
    title,
    work: (run, host) => verifyLog(request, run, host),
  });
  resultOf(await jobs.ended(checked.id));
};

/** The exports stay in the app's data folder, so that they can be dropped into the window as well. */
export const fillSample = async (vault: Vault, parts: SampleParts): Promise<void> => {
  const folder = join(parts.host.userDataDir, 'Sample logs');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const logs = await writeSampleLogs(folder);
  const subject = newCase(SAMPLE_CASE, parts.clock, parts.ids);
  await vault.commit({
    puts: [caseRecord(subject)],
    entry: {
      eventType: 'cases',
      principal: OWNER,
      resource: subject.id,
      action: 'case.create',
      result: 'success',
      detail: {},
    },
  });
  await takeInAndVerify(vault, subject.id, logs.genuine, [logs.head], parts);
  await takeInAndVerify(vault, subject.id, logs.cloudtrail, [], parts);
  await takeInAndVerify(vault, subject.id, logs.tampered, [logs.head], parts);
};
