// One running job: bar, numbers, and the button that stops it. The same in the job centre and in the rooms.
import type { Job } from '../../shared/model/job.ts';
import { Button } from '../ui/button.tsx';
import { ProgressBar } from '../ui/panels.tsx';
import { JOB_TEXT, jobName, progressLine } from './job-words.ts';
import { useJobClock } from './use-jobs.ts';
import { useCommand } from './use-operation.ts';

export const JobProgress = ({ job }: { readonly job: Job }) => {
  const clock = useJobClock(job);
  const cancel = useCommand('jobs.cancel');
  const isStopping = job.state === 'cancelling' || cancel.isPending;
  return (
    <div className="job">
      <ProgressBar
        label={`${jobName(job)}: ${job.title}`}
        done={job.progress?.done ?? 0}
        total={job.progress?.total ?? null}
        detail={progressLine(job, clock)}
        tone={isStopping ? 'attention' : 'accent'}
      />
      <Button
        size="small"
        isDisabled={isStopping}
        onPress={() => cancel.mutate({ id: job.id })}
        aria-label={`${JOB_TEXT.cancel}: ${job.title}`}
      >
        {isStopping ? JOB_TEXT.cancelling : JOB_TEXT.cancel}
      </Button>
    </div>
  );
};
