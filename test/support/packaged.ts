// Where the packed flavours lie, and how their command line is run from outside.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Packaged {
  readonly folder: string;
  readonly executable: string;
  readonly launcher: string;
  readonly resources: string;
}

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Another place for dist/, e.g. that of a throw-away app. */
const DIST = process.env['PROBITY_DIST'] ?? join(ROOT, 'dist');

export const packagedAt = (folder: string): Packaged => ({
  folder,
  executable: join(folder, 'probity-app'),
  launcher: join(folder, 'resources', 'bin', 'probity'),
  resources: join(folder, 'resources'),
});

/** @throws when the flavour hasn't been packed: a test of the packaged app never passes without one. */
export const packaged = (flavour: 'release' | 'test'): Packaged => {
  const found = packagedAt(join(DIST, flavour, 'linux-unpacked'));
  if (!existsSync(found.executable))
    throw new Error(`${found.executable} is missing: run npm run pack first`);
  return found;
};

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without a display and without anything of the test runner's environment. */
export const runOutside = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ran => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
  });
  return { code: status, stdout, stderr };
};

/** Root has no Chromium sandbox to enter. */
export const ROOT_ARGS: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
