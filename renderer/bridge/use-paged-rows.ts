// Rows of a long list, fetched page by page as they become visible.
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';

/** The pages that hold the rows `first` to `last` of a list with `total` rows. */
export const pagesFor = (first: number, last: number, size: number, total: number): readonly number[] => {
  if (total === 0) return [0];
  const from = Math.max(0, Math.floor(first / size));
  const to = Math.min(Math.floor((total - 1) / size), Math.floor(Math.max(first, last) / size));
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
};

export interface Page<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export interface PagedRows<Row> {
  /** null until the first page has come. */
  readonly total: number | null;
  readonly rowAt: (index: number) => Row | undefined;
  /** For DataGrid's `onVisible`. */
  readonly onVisible: (first: number, last: number) => void;
  readonly error: Error | null;
  readonly isLoading: boolean;
}

export interface PagedRowsOptions<Row> {
  /** The query key without the page number; its first part is the operation, so that invalidation finds it. */
  readonly queryKey: readonly unknown[];
  /** Fetches `limit` rows from `offset` on. */
  readonly fetchPage: (offset: number, limit: number) => Promise<Page<Row>>;
  /** Rows per page. */
  readonly size: number;
}

/** Pages stay in the query cache; a new `queryKey` (another filter) starts at the top. */
export const usePagedRows = <Row>({ queryKey, fetchPage, size }: PagedRowsOptions<Row>): PagedRows<Row> => {
  const queries = useQueryClient();
  const [range, setRange] = useState({ first: 0, last: 0 });
  const key = JSON.stringify(queryKey);
  const firstPage = queries.getQueryData<Page<Row>>([...queryKey, 0]);
  const wanted = useMemo(() => {
    const pages = pagesFor(range.first, range.last, size, firstPage?.total ?? 0);
    return pages.includes(0) ? pages : [0, ...pages];
  }, [range, size, firstPage?.total]);
  const results = useQueries({
    queries: wanted.map((page) => ({
      queryKey: [...queryKey, page],
      queryFn: async () => fetchPage(page * size, size),
      staleTime: Infinity,
    })),
  });
  const total = results[0]?.data?.total ?? null;
  const rowAt = useCallback(
    (index: number): Row | undefined => {
      const page = Math.floor(index / size);
      return queries.getQueryData<Page<Row>>([...(JSON.parse(key) as unknown[]), page])?.rows[
        index - page * size
      ];
    },
    [queries, key, size],
  );
  const onVisible = useCallback(
    (first: number, last: number) =>
      setRange((now) => (now.first === first && now.last === last ? now : { first, last })),
    [],
  );
  return {
    total,
    rowAt,
    onVisible,
    error: results.find((r) => r.error !== null)?.error ?? null,
    isLoading: results[0]?.isPending ?? true,
  };
};
