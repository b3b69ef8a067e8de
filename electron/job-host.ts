// Entry: runs one heavy job off the main thread, in a utility process (app) or a worker thread (CLI, tests).
import { serveJobs } from './jobs/serve-jobs.ts';
import { auditJobs } from './modules/audit/job.ts';
import { evidenceJobs } from './modules/evidence/job.ts';
import { connectParent } from './ports/host-parent.ts';

serveJobs(connectParent(), { ...auditJobs, ...evidenceJobs });
