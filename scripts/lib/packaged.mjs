// The packaged app of this machine: its executable, and its command line.
import { join } from 'node:path';
import { root, run } from './run.mjs';

const places = {
  darwin: {
    folder: join(process.arch === 'arm64' ? 'mac-arm64' : 'mac', 'Probity.app', 'Contents'),
    executable: 'MacOS/Probity',
    launcher: 'Resources/bin/probity',
  },
  win32: { folder: 'win-unpacked', executable: 'Probity.exe', launcher: 'resources/bin/probity.cmd' },
  linux: { folder: 'linux-unpacked', executable: 'probity-app', launcher: 'resources/bin/probity' },
};
const place = places[process.platform] ?? places.linux;
const inFlavour = (flavour, file) => join(root, 'dist', flavour, place.folder, file);

/** @param {'test' | 'release'} flavour */
export const packagedExe = (flavour) => inFlavour(flavour, place.executable);

/** Runs one command of the packaged app with no window. */
export const runPackagedCli = (flavour, args, options = {}) =>
  run(inFlavour(flavour, place.launcher), args, { shell: process.platform === 'win32', ...options });
