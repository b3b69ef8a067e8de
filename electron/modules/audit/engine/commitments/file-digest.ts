// SHA-256 of a source's file while its bytes are handed on.
import { createHash } from 'node:crypto';
import type { SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';

/** Lower-case hex. @throws AppError('job.cancelled'), and what the file throws. */
export const sha256File = async (
  file: SourceFile,
  signal: AbortSignal,
  passed: (piece: Uint8Array) => void,
): Promise<string> => {
  const digest = createHash('sha256');
  for await (const piece of file.open()) {
    throwIfCancelled(signal);
    digest.update(piece);
    passed(piece);
  }
  return digest.digest('hex');
};
