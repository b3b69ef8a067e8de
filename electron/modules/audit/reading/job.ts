// The heavy steps of reading, run in a job host.
import type { JobFunctions } from '../../../jobs/job-kinds.ts';
import { buildIndex } from './build-index.ts';
import { searchLog } from './search-log.ts';

export const readingJobs: Pick<JobFunctions, 'audit.index' | 'audit.search'> = {
  'audit.index': buildIndex,
  'audit.search': searchLog,
};
