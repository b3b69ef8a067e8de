// Finds the tools that an auditor has anyway; a test that needs an absent one is skipped with a loud line.
import { spawnSync } from 'node:child_process';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
}

export const runTool = (command: string, args: readonly string[], cwd?: string): Ran => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { code: status, out: `${stdout ?? ''}${stderr ?? ''}` };
};

/** Whether all tools answer; says so where one does not. */
export const haveTools = (
  test: string,
  ...tools: readonly (readonly [command: string, ...args: string[]])[]
): boolean =>
  tools.every(([command, ...args]) => {
    const found = runTool(command, args).code === 0;
    if (!found) {
      // oxlint-disable-next-line no-console -- a skipped test must be seen
      console.warn(`SKIPPED: ${test}: '${[command, ...args].join(' ')}' does not run on this machine`);
    }
    return found;
  });
