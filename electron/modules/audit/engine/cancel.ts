// The one way in which an engine stops when its job was cancelled.
import { AppError } from '../../../../shared/errors/app-error.ts';

/** @throws AppError('job.cancelled') */
export const throwIfCancelled = (signal: AbortSignal): void => {
  if (signal.aborted) throw new AppError('job.cancelled');
};
