// Entry: runs one heavy job off the main thread, or keeps one log open for reading, in a utility process (app) or a worker thread (CLI, tests).
import { runInHost } from './jobs/run-in-host.ts';
import { serveJobs } from './jobs/serve-jobs.ts';
import { auditJobs } from './modules/audit/job.ts';
import { readingJobs } from './modules/audit/reading/job.ts';
import { serveReading } from './modules/audit/reading/serve-reading.ts';
import { evidenceJobs } from './modules/evidence/job.ts';
import { connectParent } from './ports/host-parent.ts';
import { recycled } from './ports/recycled-hosts.ts';
import { spawnThreadHost } from './ports/thread-host.ts';

const parent = connectParent();
serveReading(parent);
// Beside this module, with the same ending: .ts as it stands, .js when built.
const segmentHost = import.meta.url.replace(/job-host(\.[jt]s)$/u, 'segment-host$1');
const helpers = runInHost(recycled(spawnThreadHost).spawn, new URL(segmentHost));
serveJobs(parent, { ...auditJobs, ...readingJobs, ...evidenceJobs }, helpers);
