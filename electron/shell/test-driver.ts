// Test builds only: holds the window back until Playwright is attached, for a page that loads meanwhile escapes it.
import type { Boot } from './boot.ts';

/** A driver that never says so doesn't keep the window closed longer than this, in milliseconds. */
const DRIVER_LIMIT = 10_000;

/**
 * Resolves when the driver has attached; at once where there is none, and always in a release, whose launch guard lets
 * no debugging port through. Playwright calls `__playwright_run` in the main process when it is ready, as its own
 * loader for unpackaged apps expects; so call this before the ready event.
 */
export const driverAttached = async ({ electron: { app }, flavour }: Boot): Promise<void> => {
  if (flavour === 'release' || !app.commandLine.hasSwitch('remote-debugging-port')) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  Reflect.set(globalThis, '__playwright_run', resolve);
  const timer = setTimeout(resolve, DRIVER_LIMIT);
  await promise;
  clearTimeout(timer);
};
