// The job centre: what runs now, with numbers and a way to stop it; what has ended, with its result.
import { ListTodo } from 'lucide-react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import type { VerificationSummary } from '../../shared/model/audit.ts';
import type { Job } from '../../shared/model/job.ts';
import { JobProgress } from '../bridge/job-progress-view.tsx';
import { isFinished } from '../bridge/job-progress.ts';
import { jobName } from '../bridge/job-words.ts';
import { describeCode } from '../bridge/operation-error.ts';
import { useJobClock, useJobs } from '../bridge/use-jobs.ts';
import { useOperation } from '../bridge/use-operation.ts';
import { useUi } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { formatSeconds } from '../ui/format.ts';
import { Badge } from '../ui/marks.tsx';
import type { Tone } from '../ui/tone.ts';
import { inOverlayRoot } from '../ui/overlay-root.ts';
import { VerdictBadge } from '../ui/verdict-badge.tsx';
import { openResult } from './job-result.ts';
import { APP_TEXT } from './text.ts';

const STATE_BADGES: Readonly<Record<Job['state'], { readonly tone: Tone; readonly label: string }>> = {
  queued: { tone: 'neutral', label: 'Waiting' },
  running: { tone: 'info', label: 'Running' },
  cancelling: { tone: 'attention', label: 'Cancelling' },
  succeeded: { tone: 'pass', label: 'Done' },
  failed: { tone: 'fail', label: 'Failed' },
  cancelled: { tone: 'neutral', label: 'Cancelled' },
  interrupted: { tone: 'attention', label: 'Interrupted' },
};

interface FinishedJobProps {
  readonly job: Job;
  readonly verification: VerificationSummary | undefined;
}

const FinishedJob = ({ job, verification }: FinishedJobProps) => {
  const clock = useJobClock(job);
  const open = openResult(job);
  const badge = STATE_BADGES[job.state];
  const failure = job.failure === null ? null : describeCode(job.failure.code, job.failure.params);
  return (
    <li className="job">
      <div className="job-text">
        <p className="job-title">
          {jobName(job)}: {job.title}
        </p>
        <p className="row">
          {verification === undefined ? (
            <Badge tone={badge.tone}>{badge.label}</Badge>
          ) : (
            <VerdictBadge verdict={verification.verdict} />
          )}
          {clock.elapsed === null ? null : (
            <span className="muted">{APP_TEXT.jobTook(formatSeconds(clock.elapsed))}</span>
          )}
        </p>
        {failure === null || job.state === 'cancelled' ? null : (
          <p className="job-failure">
            {failure.what} <span className="muted">{failure.remedy}</span>
          </p>
        )}
      </div>
      {open === null ? null : (
        <Button size="small" onPress={open} aria-label={`${APP_TEXT.jobOpen}: ${job.title}`}>
          {APP_TEXT.jobOpen}
        </Button>
      )}
    </li>
  );
};

const MAX_FINISHED = 30;

const JobLists = ({ jobs }: { readonly jobs: readonly Job[] }) => {
  const verifications = useOperation('audit.verifications', {});
  const running = jobs.filter((job) => !isFinished(job));
  const finished = jobs.filter(isFinished).slice(0, MAX_FINISHED);
  if (jobs.length === 0) return <p className="jobs-none muted">{APP_TEXT.jobsNone}</p>;
  return (
    <>
      {running.length === 0 ? null : (
        <section aria-label={APP_TEXT.jobsCurrent}>
          <h3 className="jobs-heading">{APP_TEXT.jobsCurrent}</h3>
          <ul>
            {running.map((job) => (
              <li key={job.id}>
                <JobProgress job={job} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {finished.length === 0 ? null : (
        <section aria-label={APP_TEXT.jobsDone}>
          <h3 className="jobs-heading">{APP_TEXT.jobsDone}</h3>
          <ul>
            {finished.map((job) => (
              <FinishedJob
                key={job.id}
                job={job}
                verification={verifications.data?.find((v) => v.id === job.result)}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
};

/** The share of all running jobs together, in percent; null when a total is unknown. */
const commonPercent = (running: readonly Job[]): number | null => {
  let done = 0;
  let share = 0;
  for (const job of running) {
    if (job.progress === null || job.progress.total === null || job.progress.total === 0) return null;
    share += job.progress.done / job.progress.total;
    done += 1;
  }
  return done === 0 ? null : Math.floor((share / done) * 100);
};

export const JobCentre = () => {
  const jobs = useJobs();
  const isOpen = useUi((s) => s.overlay === 'jobs');
  const openOverlay = useUi((s) => s.openOverlay);
  const running = jobs.filter((job) => !isFinished(job));
  const percent = commonPercent(running);
  const status =
    running.length === 0 ? null : percent === null ? APP_TEXT.jobsRunning(running.length) : `${percent} %`;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={(open) => openOverlay(open ? 'jobs' : null)}>
      <AriaButton className="button top-button" data-variant="quiet">
        <ListTodo className="icon" aria-hidden />
        <span className="top-label">{APP_TEXT.jobs}</span>
        {status === null ? null : <span className="job-status">{status}</span>}
      </AriaButton>
      <Popover {...inOverlayRoot()} className="popover jobs-popover" placement="bottom end" offset={6}>
        <Dialog className="jobs" aria-label={APP_TEXT.jobs}>
          <JobLists jobs={jobs} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
};
