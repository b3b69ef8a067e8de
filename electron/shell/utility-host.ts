// Job hosts as Electron utility processes: a crash there leaves the app and its vault alone.
import type { ForkOptions } from 'electron';
import { fileURLToPath } from 'node:url';
import type { SpawnHostProcess } from '../ports/host-process.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The part of Electron's utilityProcess that is used. */
export interface UtilityProcessApi {
  fork(modulePath: string, args: string[], options: ForkOptions): UtilityChild;
}
export interface UtilityChild {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

/** A job host sees no other variable: nothing that a parent shell exported can steer it. */
const PASSED_ON = ['LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'windir'] as const;

/** The environment of a job host: the few variables that dates and temporary files need. */
export const hostEnvironment = (env: Environment): Record<string, string> => {
  const passed: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = env[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
};

/** The spawner works only after `app.whenReady()`. */
export const utilityHostSpawner =
  (api: UtilityProcessApi, env: Environment): SpawnHostProcess =>
  (entry, name) => {
    const child = api.fork(fileURLToPath(entry), [], {
      serviceName: name,
      stdio: 'ignore',
      env: hostEnvironment(env),
    });
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process has no origin
      post: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', listener),
      kill: () => void child.kill(),
    };
  };
