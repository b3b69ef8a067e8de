// Journal entries page by page. The list stands still while new entries are written: reading it writes one itself.
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { JournalEntry } from '../../../shared/model/journal.ts';
import type { Client } from '../../bridge/client.ts';
import { useClient } from '../../bridge/provider.tsx';
import { usePagedRows, type Page, type PagedRows } from '../../bridge/use-paged-rows.ts';

export interface JournalFilter {
  readonly result: JournalEntry['result'] | 'all';
  readonly text: string;
}

/** Rows per page. */
const SIZE = 200;

interface Source {
  readonly client: Client;
  readonly queries: QueryClient;
  readonly queryKey: readonly unknown[];
  readonly filter: JournalFilter;
}

const read = async ({ client, filter }: Source, before: number | undefined): Promise<Page<JournalEntry>> => {
  const answer = await client.call('journal.page', {
    limit: SIZE,
    ...(before === undefined ? {} : { before }),
    ...(filter.result === 'all' ? {} : { result: filter.result }),
    ...(filter.text === '' ? {} : { text: filter.text }),
  });
  return { total: answer.total, rows: answer.entries };
};

/** Without a filter the numbers have no holes, so that any page can be asked for at once; else pages follow each other. */
const fetchPage = async (source: Source, at: number): Promise<Page<JournalEntry>> => {
  if (at === 0) return read(source, undefined);
  const known = async (page: number): Promise<Page<JournalEntry>> =>
    source.queries.ensureQueryData({
      queryKey: [...source.queryKey, page],
      queryFn: async () => fetchPage(source, page),
      staleTime: Infinity,
    });
  const top = await known(0);
  const newest = top.rows[0]?.seq;
  if (newest === undefined) return top;
  const isUnfiltered = source.filter.result === 'all' && source.filter.text === '';
  const before = isUnfiltered ? newest + 1 - at * SIZE : (await known(at - 1)).rows.at(-1)?.seq;
  return before === undefined ? { total: top.total, rows: [] } : read(source, before);
};

export interface JournalRows extends PagedRows<JournalEntry> {
  /** Starts again with the newest entries. */
  readonly refresh: () => void;
}

export const useJournalRows = ({ result, text }: JournalFilter): JournalRows => {
  const client = useClient();
  const queries = useQueryClient();
  const [round, setRound] = useState(0);
  const source = useMemo<Source>(
    () => ({
      client,
      queries,
      queryKey: ['journal.page', { result, text, round }],
      filter: { result, text },
    }),
    [client, queries, result, text, round],
  );
  const rows = usePagedRows<JournalEntry>({
    queryKey: source.queryKey,
    fetchPage: useCallback(async (offset: number) => fetchPage(source, offset / SIZE), [source]),
    size: SIZE,
  });
  return { ...rows, refresh: useCallback(() => setRound((now) => now + 1), []) };
};
