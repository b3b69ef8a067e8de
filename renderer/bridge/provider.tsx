// Hands the client, the query cache and the job store to the tree, and keeps them current from pushes.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import type { Client } from './client.ts';
import { JOURNAL_QUERIES, STALE_AFTER_JOB } from './invalidation.ts';
import { isFinished } from './job-progress.ts';
import { createJobsStore, type JobsStore } from './jobs-store.ts';
import { OperationError } from './operation-error.ts';

interface BridgeContext {
  readonly client: Client;
  readonly jobs: JobsStore;
}

const Context = createContext<BridgeContext | null>(null);

/** `networkMode: always`, because the app has no network and the browser would hold every query back as offline. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        staleTime: 30_000,
        retry: (failures, error) =>
          failures < 2 && error instanceof OperationError && error.code === 'contract.rate',
        retryDelay: 400,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });

export interface BridgeProviderProps {
  readonly client: Client;
  readonly queries: QueryClient;
  readonly children: ReactNode;
}

export const BridgeProvider = ({ client, queries, children }: BridgeProviderProps) => {
  const value = useMemo<BridgeContext>(() => ({ client, jobs: createJobsStore(Date.now) }), [client]);
  useEffect(
    () =>
      client.onPush((push) => {
        if (push.type !== 'job') return;
        value.jobs.getState().apply(push.job);
        if (!isFinished(push.job)) return;
        for (const name of [...STALE_AFTER_JOB[push.job.kind], ...JOURNAL_QUERIES])
          void queries.invalidateQueries({ queryKey: [name] });
      }),
    [client, queries, value],
  );
  return (
    <QueryClientProvider client={queries}>
      <Context value={value}>{children}</Context>
    </QueryClientProvider>
  );
};

const useBridge = (): BridgeContext => {
  const value = useContext(Context);
  if (value === null) throw new Error('BridgeProvider is missing');
  return value;
};

export const useClient = (): Client => useBridge().client;
export const useJobsStore = (): JobsStore => useBridge().jobs;
