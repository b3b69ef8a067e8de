// Choosing files: the system's dialog gives a handle, never a path.
import { useMemo } from 'react';
import type { OperationInput, OperationOutput } from '../../shared/contract/index.ts';
import { useClient } from './provider.tsx';

type ChoosePurpose = OperationInput<'files.choose'>['purpose'];
type NewPurpose = OperationInput<'files.chooseNew'>['purpose'];

export interface Files {
  /** null when the user cancels. */
  readonly choose: (purpose: ChoosePurpose) => Promise<OperationOutput<'files.choose'>>;
  /** Where to write; null when the user cancels. */
  readonly chooseNew: (
    purpose: NewPurpose,
    suggestedName: string,
  ) => Promise<OperationOutput<'files.chooseNew'>>;
}

export const useFiles = (): Files => {
  const client = useClient();
  return useMemo(
    () => ({
      choose: async (purpose) => client.call('files.choose', { purpose }),
      chooseNew: async (purpose, suggestedName) => client.call('files.chooseNew', { purpose, suggestedName }),
    }),
    [client],
  );
};
