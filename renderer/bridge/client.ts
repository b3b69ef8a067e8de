// The page's one way out: typed calls over the bridge, with the lock noticed in one place.
import type { ProbityBridge, Push } from '../../shared/contract/bridge.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../shared/contract/index.ts';
import type { FileHandle } from '../../shared/model/ids.ts';
import { OperationError } from './operation-error.ts';

export interface DroppedFile {
  readonly handle: FileHandle;
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

export interface Client {
  /** @throws OperationError when the main process refuses or fails. */
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N>>;
  /** Turns a dropped File into an opaque handle. @throws OperationError */
  droppedFile(file: File): Promise<DroppedFile>;
  /** Pushes from the main process; returns the way to stop. */
  onPush(listener: (push: Push) => void): () => void;
  /** Runs when any call finds that there is no session any more; returns the way to stop. */
  onNoSession(listener: () => void): () => void;
}

/** Wraps the bridge. Tests hand in a bridge of their own. */
export const createClient = (bridge: ProbityBridge): Client => {
  const lockListeners = new Set<() => void>();
  const refuse = (error: ConstructorParameters<typeof OperationError>[0]): never => {
    if (error.code === 'access.no_session') for (const listener of lockListeners) listener();
    throw new OperationError(error);
  };
  return {
    call: async (operation, input) => {
      const reply = await bridge.call(operation, input);
      return reply.ok ? reply.value : refuse(reply.error);
    },
    droppedFile: async (file) => {
      const reply = await bridge.droppedFile(file);
      return reply.ok ? reply.value : refuse(reply.error);
    },
    onPush: (listener) => bridge.jobs(listener),
    onNoSession: (listener) => {
      lockListeners.add(listener);
      return () => lockListeners.delete(listener);
    },
  };
};
