// Data over the bridge: reads are cached queries, changes are commands that make the right queries stale.
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { OperationInput, OperationName, OperationOutput } from '../../shared/contract/index.ts';
import { JOURNAL_QUERIES, STALE_AFTER_COMMAND } from './invalidation.ts';
import { useClient } from './provider.tsx';

export interface OperationOptions {
  /** false: not asked yet. */
  readonly enabled?: boolean;
  /** Keeps the last answer on the screen while the next one loads (paging, filters). */
  readonly keepPrevious?: boolean;
  /** Milliseconds between repeats; false: never. */
  readonly refetchInterval?: number | false;
  /** Milliseconds for which an answer counts as fresh; Infinity for what can't change. */
  readonly staleTime?: number;
}

/** A read, cached under `[name, input]`. `error` is an OperationError: show it with `describeError`. */
export const useOperation = <N extends OperationName>(
  name: N,
  input: OperationInput<N>,
  options: OperationOptions = {},
): UseQueryResult<OperationOutput<N>> => {
  const client = useClient();
  return useQuery<OperationOutput<N>>({
    queryKey: [name, input],
    queryFn: async () => client.call(name, input),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
    ...(options.refetchInterval === undefined ? {} : { refetchInterval: options.refetchInterval }),
    ...(options.staleTime === undefined ? {} : { staleTime: options.staleTime }),
  });
};

export interface CommandOptions<N extends OperationName> {
  readonly onDone?: (value: OperationOutput<N>, input: OperationInput<N>) => void;
  /** More queries to make stale than `invalidation.ts` lists. */
  readonly stale?: readonly OperationName[];
}

/** A change: `command.mutate(input)`, `command.isPending`, `command.error`, `command.reset()`. */
export const useCommand = <N extends OperationName>(
  name: N,
  options: CommandOptions<N> = {},
): UseMutationResult<OperationOutput<N>, Error, OperationInput<N>> => {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<OperationOutput<N>, Error, OperationInput<N>>({
    mutationFn: async (input) => client.call(name, input),
    onSuccess: (value, input) => {
      for (const stale of [
        ...(STALE_AFTER_COMMAND[name] ?? []),
        ...JOURNAL_QUERIES,
        ...(options.stale ?? []),
      ]) {
        void queries.invalidateQueries({ queryKey: [stale] });
      }
      options.onDone?.(value, input);
    },
  });
};
