// Which of the three windows is shown: first run, lock screen, or the frame of an open workspace.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Push } from '../../shared/contract/bridge.ts';
import type { WorkspaceStatus } from '../../shared/model/workspace.ts';
import { describeError } from '../bridge/operation-error.ts';
import { useClient, useJobsStore } from '../bridge/provider.tsx';
import { useOperation } from '../bridge/use-operation.ts';
import { FirstRun } from '../features/workspace/first-run.tsx';
import { LockScreen } from '../features/workspace/lock-screen.tsx';
import { SampleReady } from '../features/workspace/sample-ready.tsx';
import { flushBeforeLock } from '../state/before-lock.ts';
import { useDrafts } from '../state/drafts.ts';
import { useToasts } from '../state/toasts.ts';
import { useUi } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/panels.tsx';
import { Frame } from './frame.tsx';
import { APP_TEXT } from './text.ts';

type LockReason = Extract<Push, { type: 'locked' }>['reason'];

export const Gate = () => {
  const client = useClient();
  const queries = useQueryClient();
  const jobs = useJobsStore();
  const status = useOperation('workspace.status', {}, { staleTime: Infinity });
  const [reason, setReason] = useState<LockReason | null>(null);
  const [isChoosing, setChoosing] = useState(false);
  const [samplePassphrase, setSamplePassphrase] = useState<string | null>(null);

  const take = useCallback(
    (next: WorkspaceStatus) => {
      queries.setQueryData(['workspace.status', {}], next);
      if (next.state === 'open') {
        setReason(null);
        setChoosing(false);
      }
    },
    [queries],
  );

  /** Forgets everything that came from the workspace; the main process also reloads this page. */
  const forget = useCallback(
    (why: LockReason | null) => {
      const now = queries.getQueryData<WorkspaceStatus>(['workspace.status', {}]);
      if (now !== undefined && now.state === 'open') take({ ...now, state: 'locked' });
      setReason((now) => why ?? now);
      setSamplePassphrase(null);
      useUi.getState().reset();
      useDrafts.getState().clear();
      useToasts.getState().clear();
      jobs.getState().clear();
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'workspace.status' });
      void queries.invalidateQueries({ queryKey: ['workspace.status'] });
    },
    [jobs, queries, take],
  );

  useEffect(() => client.onNoSession(() => forget(null)), [client, forget]);
  useEffect(
    () =>
      client.onPush((push) => {
        if (push.type === 'locked') forget(push.reason);
      }),
    [client, forget],
  );

  // Closing a workspace, or anything else that ends it, leaves nothing of it behind either.
  const state = status.data?.state;
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && state !== 'open') forget(null);
    wasOpen.current = state === 'open';
  }, [state, forget]);

  const lock = useCallback(() => {
    void flushBeforeLock()
      .then(async () => client.call('workspace.lock', {}))
      .then(
        () => forget('user'),
        () => forget('user'),
      );
  }, [client, forget]);

  if (status.error !== null) {
    return (
      <main className="gate">
        <div className="gate-card">
          <h1>{APP_TEXT.statusFailed}</h1>
          <ErrorNotice
            error={describeError(status.error)}
            actions={<Button onPress={() => void status.refetch()}>{APP_TEXT.retry}</Button>}
          />
        </div>
      </main>
    );
  }
  if (status.data === undefined) return <main className="gate" aria-busy="true" />;
  if (status.data.state === 'open' && samplePassphrase !== null) {
    return <SampleReady passphrase={samplePassphrase} onContinue={() => setSamplePassphrase(null)} />;
  }
  if (status.data.state === 'open') return <Frame status={status.data} onLock={lock} />;
  if (status.data.state === 'locked' && !isChoosing) {
    return (
      <LockScreen
        status={status.data}
        reason={reason}
        onOpen={take}
        onChooseOther={() => setChoosing(true)}
      />
    );
  }
  return (
    <FirstRun
      appVersion={status.data.appVersion}
      onStatus={(next) => {
        take(next);
        setChoosing(false);
      }}
      onSample={(next, passphrase) => {
        setSamplePassphrase(passphrase);
        take(next);
      }}
      onBack={isChoosing ? () => setChoosing(false) : undefined}
    />
  );
};
