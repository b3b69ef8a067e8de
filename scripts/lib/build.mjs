// Builds main, preload and renderer into out/, and packs both flavours into dist/, each only when its sources changed.
import { join } from 'node:path';
import { mustOnElectronNode, root, say } from './run.mjs';
import { whenStale } from './stamp.mjs';

const sources = [
  'electron',
  'shared',
  'renderer',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
];

export const build = () =>
  whenStale('build', sources, 'out/electron/main.js', async () => {
    say('building …');
    const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    await mustOnElectronNode('build', [vite, 'build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] });
  });

/** @param {'test' | 'release'} flavour */
export const packFlavour = async (flavour) => {
  await build();
  await whenStale(
    `pack-${flavour}`,
    [...sources, 'resources', 'electron-builder.yml', 'scripts'],
    `dist/${flavour}`,
    async () => {
      say(`packing the ${flavour} flavour …`);
      await mustOnElectronNode('packing', [join(root, 'scripts', 'pack-app.mjs'), '--flavour', flavour], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    },
  );
};
