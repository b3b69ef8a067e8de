// The names in an archive: which of them nobody should unpack.
import { AppError } from '../../shared/errors/app-error.ts';

/** Names that could leave a folder, if anybody unpacked them, are refused before anything is read. */
export const safeNames = (archive: string, names: readonly string[]): void => {
  const seen = new Set<string>();
  for (const name of names) {
    const parts = name.split('/');
    const reason = seen.has(name)
      ? 'a name occurs twice'
      : name.startsWith('/') || /^[A-Za-z]:/u.test(name) || name.includes('\0')
        ? 'a name is not relative'
        : parts.includes('..')
          ? 'a name leads out of the archive'
          : null;
    if (reason !== null) throw new AppError('archive.unsafe', { name: archive, reason });
    seen.add(name);
  }
};
