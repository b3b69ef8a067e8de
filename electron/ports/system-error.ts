// Turns failed system calls into the file.* outcomes that a person can act on; never shows a path.
import { AppError } from '../../shared/errors/app-error.ts';

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

const REASONS: Readonly<Record<string, string>> = {
  EIO: 'the disk reports a read error',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENAMETOOLONG: 'its path is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EBUSY: 'another program holds it',
  ETIMEDOUT: 'the drive does not answer',
  ESTALE: 'the network drive lost it',
  ENXIO: 'it is not a regular file',
};

/**
 * The AppError that a failed system call stands for; anything else (a bug) comes back as it is.
 * @param name what to call the file: a name relative to what the user chose.
 * @param missing what a vanished file means here: never there, or gone since it was listed.
 */
export const fileError = (
  error: unknown,
  name: string,
  missing: 'file.not_found' | 'file.changed',
): unknown => {
  const code = error instanceof AppError ? null : codeOf(error);
  if (code === null) return error;
  if (code === 'ENOENT') return new AppError(missing, { name });
  if (code === 'EACCES' || code === 'EPERM') return new AppError('file.no_permission', { name });
  // O_NOFOLLOW on a symbolic link.
  if (code === 'ELOOP' || code === 'EMLINK') return new AppError('file.not_regular', { name });
  return new AppError('file.unreadable', { name, reason: REASONS[code] ?? code });
};
