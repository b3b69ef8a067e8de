// Whether the workspace could be opened for reading only.
import { useOperation } from './use-operation.ts';

export const useReadOnly = (): boolean =>
  useOperation('workspace.status', {}, { staleTime: Infinity }).data?.readOnly ?? false;
