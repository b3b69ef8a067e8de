// Small helpers of the developer commands: where things are, and running a program with its output passed on.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const electronVersion = '43.2.0';
export const electronDir = join(root, 'node_modules', 'electron', 'dist');

const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
export const electronExe = () => join(electronDir, executables[process.platform] ?? 'electron');

/** The official distribution carries its version in a file; the fallback from the registry doesn't. */
export const isOfficialElectron = (top = root) =>
  existsSync(join(top, 'node_modules', 'electron', 'dist', 'version'));

export const isRoot = process.getuid?.() === 0;
export const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Prints one line of progress on stderr, so that stdout stays for results. */
export const say = (text) => process.stderr.write(`probity: ${text}\n`);

/** Runs a program; resolves to its exit code (128 + signal number when killed). */
export const run = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      ...options,
      env: { ...process.env, ...options.env },
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });

/** Runs a program and stops the whole command when it fails. */
export const must = async (what, command, args, options) => {
  const code = await run(command, args, options);
  if (code !== 0) {
    say(`${what} failed (exit code ${code}).`);
    process.exit(code);
  }
};

/** Runs a script on Electron's own Node: the runtime that ships. */
export const runOnElectronNode = (args, options = {}) =>
  run(electronExe(), args, {
    ...options,
    env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '', ...options.env },
  });

export const mustOnElectronNode = async (what, args, options) => {
  const code = await runOnElectronNode(args, options);
  if (code !== 0) {
    say(`${what} failed (exit code ${code}).`);
    process.exit(code);
  }
};

export const has = (program) =>
  spawnSync(process.platform === 'win32' ? 'where' : 'which', [program], { stdio: 'ignore' }).status === 0;
