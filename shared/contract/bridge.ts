// What the preload script exposes to the page as window.probity: three functions, frozen.
import type { WireError } from '../errors/app-error.ts';
import type { FileHandle } from '../model/ids.ts';
import type { Job } from '../model/job.ts';
import type { OperationInput, OperationName, OperationOutput } from './index.ts';

export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError };

/** Why the main process pushes a message without being asked. */
export type Push =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'locked'; readonly reason: 'user' | 'idle' | 'suspend' | 'screen' }
  | { readonly type: 'menu'; readonly command: 'lock' | 'palette' | 'shortcuts' };

export interface ProbityBridge {
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<Reply<OperationOutput<N>>>;
  /** Subscribes to pushes (job progress at most 10 a second); returns the way to stop. */
  jobs(listener: (push: Push) => void): () => void;
  /** A dropped file becomes an opaque handle; its path never reaches the page. */
  droppedFile(
    file: unknown,
  ): Promise<Reply<{ readonly handle: FileHandle; readonly name: string; readonly kind: 'file' | 'folder' }>>;
}

/** The only channels between page and main process. */
export const CHANNELS = { call: 'probity:call', dropped: 'probity:dropped', push: 'probity:push' } as const;
