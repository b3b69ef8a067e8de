// Says that a job has ended, once, with its result in words.
import { useEffect } from 'react';
import type { Job } from '../../shared/model/job.ts';
import { verdictClass } from '../../shared/model/verdict.ts';
import type { Client } from '../bridge/client.ts';
import { isFinished } from '../bridge/job-progress.ts';
import { describeCode } from '../bridge/operation-error.ts';
import { jobName } from '../bridge/job-words.ts';
import { useClient } from '../bridge/provider.tsx';
import { useUi } from '../state/ui-store.ts';
import { showToast, type ToastMessage } from '../state/toasts.ts';
import { announce } from '../ui/announcer.tsx';
import { VERDICT_TEXT } from '../../shared/model/verdict-text.ts';
import { openResult, roomOf } from './job-result.ts';
import { APP_TEXT } from './text.ts';

const toastOf = async (client: Client, job: Job): Promise<Omit<ToastMessage, 'id'> | null> => {
  const open = openResult(job);
  const action = open === null ? undefined : { label: APP_TEXT.jobOpen, run: open };
  if (job.state === 'failed' || job.state === 'interrupted') {
    const words = describeCode(job.failure?.code ?? 'job.crashed', job.failure?.params ?? {});
    return {
      tone: 'fail',
      title: `${jobName(job)} failed: ${job.title}`,
      detail: `${words.what} ${words.remedy}`,
    };
  }
  if (job.state === 'cancelled') return { tone: 'neutral', title: `${jobName(job)} cancelled: ${job.title}` };
  if (job.kind === 'audit.verify') {
    const all = await client.call('audit.verifications', {});
    const made = all.find((v) => v.id === job.result);
    if (made !== undefined) {
      const { word, meaning } = VERDICT_TEXT[made.verdict];
      return { tone: verdictClass(made.verdict), title: `${word}: ${job.title}`, detail: meaning, action };
    }
  }
  // A finished check may have found the pack invalid: the colour of success would say too much.
  return {
    tone: job.kind === 'evidence.verify' ? 'info' : 'pass',
    title: `${jobName(job)} finished: ${job.title}`,
    action,
  };
};

export const useJobToasts = (): void => {
  const client = useClient();
  useEffect(() => {
    const told = new Set<string>();
    return client.onPush((push) => {
      if (push.type !== 'job' || !isFinished(push.job) || told.has(push.job.id)) return;
      told.add(push.job.id);
      void toastOf(client, push.job).then(
        (toast) => {
          if (toast === null) return;
          // Whoever stands in the room where the result appears sees it there.
          const seen =
            push.job.state === 'succeeded' && useUi.getState().trail.here.room === roomOf(push.job);
          if (!seen) showToast(toast);
          announce(toast.title, toast.tone === 'fail' ? 'assertive' : 'polite');
        },
        () => undefined,
      );
    });
  }, [client]);
};
