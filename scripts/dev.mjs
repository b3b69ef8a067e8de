// npm run dev: the window with live reload of the page.
import { join } from 'node:path';
import { isRoot, mustOnElectronNode, root } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup();
const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
await mustOnElectronNode('dev', [vite, 'dev', ...(isRoot ? ['--noSandbox'] : []), ...process.argv.slice(2)]);
