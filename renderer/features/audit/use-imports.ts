// Taking logs in: starts the jobs, goes to the log when a single one is done, keeps what failed until it is dismissed.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CaseId, FileHandle, ImportId } from '../../../shared/model/ids.ts';
import { describeCode, describeError, type ErrorWords } from '../../bridge/operation-error.ts';
import { useClient } from '../../bridge/provider.tsx';
import { useFinishedJob } from '../../bridge/use-jobs.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { navigate } from '../../state/ui-store.ts';

export interface Imports {
  readonly failures: readonly ErrorWords[];
  readonly dismiss: () => void;
  readonly importHandle: (caseId: CaseId, file: FileHandle) => void;
  /** Dropped files or folders; each becomes a log of its own. */
  readonly importDropped: (caseId: CaseId, files: readonly File[]) => void;
}

export const useImports = (): Imports => {
  const client = useClient();
  const finished = useFinishedJob();
  const { mutateAsync: begin } = useCommand('audit.import');
  const [failures, setFailures] = useState<readonly ErrorWords[]>([]);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  const fail = useCallback((words: ErrorWords) => setFailures((now) => [...now, words]), []);
  const takeIn = useCallback(
    async (caseId: CaseId, handle: Promise<FileHandle>, isAlone: boolean): Promise<void> => {
      try {
        const { jobId } = await begin({ caseId, file: await handle });
        const job = await finished(jobId);
        if (!isHere.current) return;
        if (job.state === 'failed' || job.state === 'interrupted')
          fail(describeCode(job.failure?.code ?? 'job.crashed', job.failure?.params));
        else if (job.state === 'succeeded' && job.result !== null && isAlone)
          navigate('audit', { importId: job.result as ImportId });
      } catch (error) {
        fail(describeError(error));
      }
    },
    [begin, finished, fail],
  );
  return useMemo(
    () => ({
      failures,
      dismiss: () => setFailures([]),
      importHandle: (caseId, file) => void takeIn(caseId, Promise.resolve(file), true),
      importDropped: (caseId, files) => {
        // The File objects lose their paths once the drop event is over: ask for every handle at once.
        for (const file of files)
          void takeIn(
            caseId,
            client.droppedFile(file).then(({ handle }) => handle),
            files.length === 1,
          );
      },
    }),
    [failures, takeIn, client],
  );
};
