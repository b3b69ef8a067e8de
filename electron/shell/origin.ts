// The one place that page content comes from, and how its addresses are recognised.

export const APP_SCHEME = 'app';
export const WORKBENCH_HOST = 'workbench';
/** Serves nothing: the page goes there for a moment so that its process dies (see window.ts). */
export const BLANK_HOST = 'blank';
export const REPORT_HOST = 'report';

export const WORKBENCH_URL = `${APP_SCHEME}://${WORKBENCH_HOST}/`;
export const BLANK_URL = `${APP_SCHEME}://${BLANK_HOST}/`;

/**
 * The path of an app:// address on `host`, or null for anything that isn't plainly one: other schemes and hosts,
 * user info, ports, queries, and every encoded or odd character (our own file names need none).
 */
export const pathOn = (host: string, address: string): string | null => {
  const prefix = `${APP_SCHEME}://${host}`;
  if (!address.startsWith(`${prefix}/`)) return null;
  const path = address.slice(prefix.length);
  return /^(?:\/[\w-][\w.-]*)*\/?$/u.test(path) ? path : null;
};

/** true for the workbench's own document, whatever its #fragment. */
export const isWorkbenchDocument = (address: string): boolean => {
  const path = pathOn(WORKBENCH_HOST, address.replace(/#.*$/su, ''));
  return path === '/' || path === '/index.html';
};
