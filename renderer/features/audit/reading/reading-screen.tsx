// Reading a log: its index is built when it is opened for the first time, then its records are there.
import { ListTree } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ImportId } from '../../../../shared/model/ids.ts';
import { JobProgress } from '../../../bridge/job-progress-view.tsx';
import { describeError } from '../../../bridge/operation-error.ts';
import { useCommand, useOperation } from '../../../bridge/use-operation.ts';
import { useOwnJob } from '../../../bridge/use-own-job.ts';
import { useReadOnly } from '../../../bridge/use-read-only.ts';
import { navigate } from '../../../state/ui-store.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Skeleton } from '../../../ui/marks.tsx';
import { EmptyState, ErrorNotice, Page } from '../../../ui/panels.tsx';
import { ReadingRoom } from './reading-room.tsx';
import { READING_TEXT } from './text.ts';

export interface ReadingScreenProps {
  readonly importId: ImportId;
  readonly record: number | undefined;
}

export const ReadingScreen = ({ importId, record }: ReadingScreenProps) => {
  const log = useOperation('audit.getImport', { id: importId });
  const open = useOperation('reading.open', { importId }, { staleTime: Infinity });
  const isReadOnly = useReadOnly();
  const { refetch } = open;
  const own = useOwnJob(() => void refetch());
  const { start } = own;
  const index = useCommand('reading.index', { onDone: ({ jobId }) => start(jobId) });
  const { mutate } = index;
  const state = open.data?.state;
  const running = open.data?.state === 'absent' ? open.data.jobId : null;

  // Building it is what opening means; a failure is not repeated by itself.
  const begun = useRef(false);
  useEffect(() => {
    if (state !== 'absent' || begun.current || isReadOnly) return;
    begun.current = true;
    if (running === null) mutate({ importId });
    else start(running);
  }, [state, running, isReadOnly, mutate, start, importId]);

  const back = <LinkButton onPress={() => navigate('audit', { importId })}>{READING_TEXT.back}</LinkButton>;
  if (open.data?.state === 'ready' && log.data !== undefined)
    return (
      <ReadingRoom
        info={open.data.info}
        name={log.data.name}
        hasFiles={log.data.kind === 'folder'}
        record={record}
        summary={back}
      />
    );
  const error = log.error ?? open.error;
  const failure =
    error !== null ? describeError(error) : index.error !== null ? describeError(index.error) : own.failure;
  return (
    <Page
      title={log.data === undefined ? READING_TEXT.read : READING_TEXT.title(log.data.name)}
      summary={back}
    >
      {failure !== null ? (
        <ErrorNotice
          error={failure}
          actions={
            <Button
              onPress={() => {
                own.dismiss();
                if (error !== null) void refetch();
                else mutate({ importId });
              }}
            >
              {READING_TEXT.retry}
            </Button>
          }
        />
      ) : state === 'absent' && isReadOnly ? (
        <EmptyState icon={ListTree} title={READING_TEXT.indexing}>
          {READING_TEXT.indexReadOnly}
        </EmptyState>
      ) : own.running !== undefined ? (
        <div className="reading-building stack">
          <h2>{READING_TEXT.indexing}</h2>
          <p className="muted">{READING_TEXT.indexingWhy}</p>
          <JobProgress job={own.running} />
        </div>
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  );
};
