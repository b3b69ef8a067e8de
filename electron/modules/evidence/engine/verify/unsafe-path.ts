// Paths that must not be followed or unpacked, wherever they are written.

/**
 * Why a relative path of a bag is unsafe, or null: it must stay inside the bag on every system, whoever unpacks it
 * (RFC 8493 sections 2.1.3 and 5.1: no "..", no absolute path, no home folder, no drive, no backslash).
 */
export const unsafePath = (path: string): string | null => {
  if (path === '') return 'an empty name';
  if (path.startsWith('/')) return 'an absolute path';
  if (path.startsWith('~')) return 'a path into a home folder';
  if (/^[A-Za-z]:/u.test(path)) return 'a drive letter';
  if (path.includes('\\')) return 'a backslash';
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/u.test(path)) return 'a control character';
  const parts = path.split('/');
  if (parts.includes('..')) return 'a path out of the pack (..)';
  if (parts.includes('') || parts.includes('.')) return 'an empty or "." part';
  return null;
};
