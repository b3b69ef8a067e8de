// The evidence jobs, as a job host runs them.
import type { JobFunctions } from '../../jobs/job-kinds.ts';
import { buildPack } from './engine/build.ts';
import { verifyPack } from './engine/verify/verify-pack.ts';

export const evidenceJobs: Pick<JobFunctions, 'evidence.build' | 'evidence.verify'> = {
  'evidence.build': (input, run) => buildPack(input, run),
  'evidence.verify': ({ pack, rootPem, timestampTrust }, run) =>
    verifyPack(pack, rootPem, run, timestampTrust ?? []),
};
