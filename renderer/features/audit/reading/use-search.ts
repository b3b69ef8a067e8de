// A full-text search as a job: started, watched, cancelled; its rows go into the choice when it is done.
import { useCallback, useEffect, useRef } from 'react';
import type { ImportId, RowSetId } from '../../../../shared/model/ids.ts';
import type { Job } from '../../../../shared/model/job.ts';
import { describeError, type ErrorWords } from '../../../bridge/operation-error.ts';
import { useClient } from '../../../bridge/provider.tsx';
import { showError } from '../../../bridge/show-error.ts';
import { useCommand } from '../../../bridge/use-operation.ts';
import { useOwnJob } from '../../../bridge/use-own-job.ts';
import { announce } from '../../../ui/announcer.tsx';
import { formatCount } from '../../../ui/format.ts';
import type { Found } from './reading-choice.ts';
import { READING_TEXT } from './text.ts';

export interface LogSearch {
  readonly running: Job | undefined;
  readonly failure: ErrorWords | null;
  readonly run: (text: string) => void;
  readonly dismiss: () => void;
}

export const useSearch = (importId: ImportId, onFound: (found: Found) => void): LogSearch => {
  const client = useClient();
  const told = useRef(onFound);
  useEffect(() => {
    told.current = onFound;
  });
  const onDone = useCallback(
    (job: Job) => {
      if (job.result === null) return;
      const id = job.result as RowSetId;
      void client.call('reading.found', { id }).then((found) => {
        announce(READING_TEXT.searchDone(formatCount(found.rows)));
        told.current({ id, text: found.text, rows: found.rows });
      }, showError);
    },
    [client],
  );
  const own = useOwnJob(onDone);
  const { start } = own;
  const search = useCommand('reading.search', { onDone: ({ jobId }) => start(jobId) });
  const { mutate } = search;
  return {
    running: own.running,
    failure: search.error === null ? own.failure : describeError(search.error),
    run: useCallback((text: string) => mutate({ importId, text }), [mutate, importId]),
    dismiss: own.dismiss,
  };
};
