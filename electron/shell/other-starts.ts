// Another start of the app hands its workspace over to this one; what it says is treated as hostile.
import { isAbsolute, resolve } from 'node:path';
import { workspacePath } from './launch-guard.ts';
import type { WorkbenchPort } from './workbench-port.ts';

/** The part of Electron's App that is used. */
export interface OtherStartsApp {
  on(
    event: 'second-instance',
    listener: (event: unknown, argv: readonly unknown[], folder: unknown) => void,
  ): unknown;
  on(event: 'open-file', listener: (event: { preventDefault(): void }, path: unknown) => void): unknown;
}

export interface OtherStartsParts {
  readonly app: OtherStartsApp;
  readonly workbench: Pick<WorkbenchPort, 'call' | 'openPath'>;
  /** Brings the window to the front. */
  readonly show: () => void;
  /** Loads the page anew. */
  readonly reset: () => Promise<void>;
}

export const listenToOtherStarts = ({ app, workbench, show, reset }: OtherStartsParts): void => {
  const status = async (): Promise<string> => {
    const asked = { operation: 'workspace.status', input: {}, session: null, sender: 'launch' };
    return JSON.stringify((await workbench.call(asked)).reply);
  };
  // The page is left alone, with whatever its user is writing, unless a workspace was really selected.
  const open = async (path: string): Promise<void> => {
    const before = await status();
    await workbench.openPath(path);
    if ((await status()) !== before) await reset();
  };

  app.on('second-instance', (_event, argv, folder) => {
    show();
    // Chromium adds switches of its own and changes the order; the workspace stays last. No switch takes effect here.
    const path = workspacePath(argv.at(-1));
    if (path === null || typeof folder !== 'string' || !isAbsolute(folder)) return;
    open(resolve(folder, path)).catch(() => {});
  });
  app.on('open-file', (event, given) => {
    event.preventDefault();
    show();
    const path = workspacePath(given);
    if (path !== null && isAbsolute(path)) open(path).catch(() => {});
  });
};
