// Turns what SQLite and the disk say into outcomes; never shows a path or a value.
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { DATABASE_FILE } from './connection.ts';

const DAMAGE = /^SQLITE_(?:NOTADB|CORRUPT|IOERR|CANTOPEN|FORMAT|SCHEMA|PROTOCOL)/u;

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

const sqliteError = (error: unknown, code: string): unknown => {
  if (code === 'SQLITE_FULL')
    return new AppError('file.cannot_write', { name: DATABASE_FILE, reason: 'the disk is full' });
  if (code.startsWith('SQLITE_READONLY')) return new AppError('workspace.read_only');
  return DAMAGE.test(code) ? new AppError('workspace.damaged', { part: DATABASE_FILE }) : error;
};

const WRITE_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file system allows no file of this size',
};

/** The outcome that a failure in the store means; anything that isn't foreseen comes back as it is. */
export const storeError = (error: unknown): unknown => {
  if (isAppError(error)) return error;
  const code = codeOf(error);
  if (code === null) return error;
  if (code.startsWith('SQLITE_')) return sqliteError(error, code);
  if (!(error instanceof Error && 'syscall' in error)) return error;
  if (code === 'EROFS') return new AppError('workspace.read_only');
  const reason = WRITE_REASONS[code];
  if (reason !== undefined) return new AppError('file.cannot_write', { name: 'the workspace', reason });
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new AppError('file.not_found', { name: 'the workspace' });
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError('file.no_permission', { name: 'the workspace' });
  return new AppError('file.unreadable', { name: 'the workspace', reason: code });
};
