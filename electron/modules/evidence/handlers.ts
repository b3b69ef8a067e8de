// Binds the operations on evidence packs and on the identity that signs them.
import { basename } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { PackVerification } from '../../../shared/model/evidence.ts';
import type { JobId } from '../../../shared/model/ids.ts';
import type { HandlersOf } from '../../gateway/operation-context.ts';
import type { JobManager } from '../../jobs/job-manager.ts';
import type { FileHandles } from '../../ports/file-handles.ts';
import { writeNewFile } from '../../ports/write-new-file.ts';
import { readSmallFile, type Verifications } from '../audit/public.ts';
import { getCase } from '../cases/public.ts';
import type { ReportParts } from '../reports/public.ts';
import { buildCasePack, listPacks } from './build-pack.ts';
import { getIdentity } from './identity-record.ts';

export interface EvidenceHandlerParts extends ReportParts {
  readonly jobs: JobManager;
  readonly handles: FileHandles;
  readonly verifications: Verifications;
}

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}

export const evidenceHandlers = (parts: EvidenceHandlerParts): HandlersOf<'evidence'> => {
  /** Answers about packs, strangers' included: they belong to this session and are no records of the workspace. */
  const answers = new Map<JobId, PackVerification>();
  return {
    'evidence.identity': (_input, { vault }) => getIdentity(vault),
    'evidence.exportRoot': async ({ to }, { vault, note }) => {
      const identity = await getIdentity(vault);
      const { name } = await writeNewFile(parts.handles.path(to), textOf(identity.rootPem));
      note(null, { rootFingerprint: identity.rootFingerprint });
      return { name, fingerprint: identity.rootFingerprint };
    },
    'evidence.build': async (
      { caseId, verificationIds, includeLog, quote, to },
      { vault, principal, note },
    ) => {
      note(caseId, { verifications: verificationIds.length, includeLog });
      await getCase(vault, caseId);
      const path = parts.handles.path(to);
      const request = {
        vault,
        caseId,
        verificationIds,
        includeLog,
        quote: quote ?? null,
        to: path,
        verifications: parts.verifications,
        parts,
      };
      const job = await parts.jobs.start({
        kind: 'evidence.build',
        title: basename(path),
        caseId,
        principal,
        vault,
        work: (run, host) => buildCasePack(request, run, host),
      });
      return { jobId: job.id };
    },
    'evidence.packs': ({ caseId }, { vault }) => listPacks(vault, caseId),
    'evidence.verify': async ({ pack, root }, { vault, principal }) => {
      const path = parts.handles.path(pack);
      const rootPem = root === undefined ? null : (await readSmallFile(parts.handles.path(root))).bytes;
      const job = await parts.jobs.start({
        kind: 'evidence.verify',
        title: basename(path),
        caseId: null,
        principal,
        vault,
        work: async (run, host) => {
          const answer = await host.run('evidence.verify', { pack: path, rootPem }, run);
          answers.set(job.id, answer);
          return { result: null, puts: [], detail: { sha256: answer.pack.sha256, verdict: answer.verdict } };
        },
      });
      return { jobId: job.id };
    },
    'evidence.verification': ({ jobId }) => {
      const answer = answers.get(jobId);
      if (answer === undefined) throw new AppError('record.not_found', { kind: 'pack check' });
      return answer;
    },
  };
};
