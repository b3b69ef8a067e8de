// Runs one command of the command line inside the app: no window, then out with an exit code.
import { join } from 'node:path';
import { type Boot, explain, hardenBoot, partsOf, placeUserData } from './boot.ts';
import { isAnsweredAtOnce } from './launch-guard.ts';
import type { RunCli } from './workbench-port.ts';

/** Pipes are written asynchronously on some systems; exiting before they are flushed cuts the output off. */
const flush = async (stream: NodeJS.WriteStream): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.write('', () => resolve());
  await promise;
};

/** BSD sysexits EX_SOFTWARE: the command line itself has failed, which its own exit codes never say. */
const EXIT_BROKEN = 70;

const run = async (boot: Boot, argv: readonly string[], runCli: RunCli): Promise<number> => {
  try {
    return await runCli(argv, partsOf(boot));
  } catch (error) {
    explain(boot, error);
    process.stderr.write('Probity failed unexpectedly.\n');
    return EXIT_BROKEN;
  }
};

/** Resolves before the app is ready where there is something to wait for: the ready event waits for main.ts. */
export const startCommand = async (boot: Boot, argv: readonly string[], runCli: RunCli): Promise<void> => {
  const { app } = boot.electron;
  placeUserData(boot);
  const finish = async (code: number): Promise<void> => {
    await Promise.all([flush(process.stdout), flush(process.stderr)]);
    app.exit(code);
  };

  if (isAnsweredAtOnce(argv)) {
    await finish(await run(boot, argv, runCli));
    return;
  }
  // Chromium's own files (preferences, no content) go to a folder apart: a running window has the usual one open.
  app.setPath('sessionData', join(app.getPath('userData'), 'command'));
  // Nothing is shown: a GPU process would only complain that there is no display.
  app.disableHardwareAcceleration();
  hardenBoot(boot);
  app
    .whenReady()
    .then(async () => finish(await run(boot, argv, runCli)))
    .catch((error: unknown) => {
      explain(boot, error);
      app.exit(EXIT_BROKEN);
    });
};
