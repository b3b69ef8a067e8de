// npm run dev: the window with live reload of the page. On the system's Node: what runs on Electron's would hand its mode on.
import { join } from 'node:path';
import { isRoot, must, root } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup();
const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
await must('dev', process.execPath, [
  vite,
  'dev',
  ...(isRoot ? ['--noSandbox'] : []),
  ...process.argv.slice(2),
]);
