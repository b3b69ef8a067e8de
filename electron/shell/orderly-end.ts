// Ends the app only after the vault is closed, or when closing takes too long.
import type { WorkbenchPort } from './workbench-port.ts';

/** An orderly end waits this long for the vault, in milliseconds. */
export const CLOSE_LIMIT = 10_000;

/** The part of Electron's App that is used. */
export interface EndingApp {
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: 'window-all-closed', listener: () => void): unknown;
  quit(): void;
  exit(code: number): void;
}

/** @returns whether the end has begun */
export const endInOrder = (
  app: EndingApp,
  workbench: Pick<WorkbenchPort, 'close'>,
  stop: () => void,
): (() => boolean) => {
  let ending = false;
  app.on('before-quit', (event) => {
    // The second time is our own quit below.
    if (ending) return;
    event.preventDefault();
    ending = true;
    stop();
    const limit = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_LIMIT));
    Promise.race([workbench.close(), limit]).then(
      () => app.quit(),
      () => app.exit(1),
    );
  });
  app.on('window-all-closed', () => app.quit());
  return () => ending;
};
