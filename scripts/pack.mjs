// npm run pack: the packages of this system's targets (needs the tools that electron-builder fetches), or --dir alone.
import { join } from 'node:path';
import { build, packFlavour } from './lib/build.mjs';
import { isOfficialElectron, mustOnElectronNode, root, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup();
if (process.argv.includes('--dir')) {
  await packFlavour('release');
  process.exit(0);
}
if (!isOfficialElectron()) {
  say(
    'this Electron came from the npm registry as a development fallback; releases are packed on a machine that has the official one.',
  );
  process.exit(1);
}
await build();
await mustOnElectronNode('packing', [
  join(root, 'scripts', 'pack-app.mjs'),
  '--flavour',
  'release',
  '--targets',
]);
