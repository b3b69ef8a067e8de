// Entry: verifies one part of a large log in a worker thread of a job host; loads nothing else, so that it starts quickly.
import { serveJobs } from './jobs/serve-jobs.ts';
import { verifySegment } from './modules/audit/engine/segments/segment.ts';
import { connectParent } from './ports/host-parent.ts';
import { openSourceSpec } from './ports/open-source-spec.ts';

serveJobs(connectParent(), {
  'audit.segment': async ({ source, range }, run) => verifySegment(await openSourceSpec(source), range, run),
});
