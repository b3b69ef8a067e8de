// The listing of a folder and its digest: the same lines that `sha256sum` prints, so that anyone can make it again.
import { createHash } from 'node:crypto';
import type { SourceEntry } from '../../shared/model/audit.ts';

/**
 * One line as GNU `sha256sum` prints it: two spaces, and for a name with a backslash or a line break a leading
 * backslash and escapes, so that no name can pretend to be two lines.
 */
export const listingLine = (entry: Pick<SourceEntry, 'name' | 'sha256'>): string => {
  const escaped = entry.name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === entry.name ? '' : '\\'}${entry.sha256}  ${escaped}\n`;
};

/** SHA-256 over the listing lines, in the order given (a source's files are sorted by name, code units), lower-case hex. */
export const listingDigest = (entries: Iterable<Pick<SourceEntry, 'name' | 'sha256'>>): string => {
  const digest = createHash('sha256');
  for (const entry of entries) digest.update(listingLine(entry));
  return digest.digest('hex');
};

/** What identifies a source: a file's own SHA-256, a folder's {@link listingDigest}. */
export const sourceDigest = (
  kind: 'file' | 'folder',
  entries: readonly Pick<SourceEntry, 'name' | 'sha256'>[],
): string => {
  const [only] = entries;
  return kind === 'file' && only !== undefined ? only.sha256 : listingDigest(entries);
};
