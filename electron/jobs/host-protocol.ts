// The messages between the main process and a job host.
import type { WireError } from '../../shared/errors/app-error.ts';
import type { Progress } from '../../shared/model/job.ts';

export type ToHost =
  | { readonly type: 'run'; readonly kind: string; readonly input: unknown }
  | { readonly type: 'cancel' };

export type FromHost =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly output: unknown }
  /** `unexpected` carries the message of a bug for the local log; it holds no data of the workspace. */
  | { readonly type: 'failed'; readonly error: WireError | null; readonly unexpected: string | null };
