// The checker that each pack carries: verify.py, shipped read-only with the app.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';

/** The bytes of verify.py. @throws AppError('evidence.checker_missing') where the installation is broken. */
export const readChecker = async (resourcesDir: string): Promise<Uint8Array> => {
  try {
    return await readFile(join(resourcesDir, 'verify', 'verify.py'));
  } catch {
    throw new AppError('evidence.checker_missing');
  }
};
