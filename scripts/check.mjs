// npm run check: types, lint and format, in that order; --fix mends what can be mended.
import { join } from 'node:path';
import { mustOnElectronNode, must, root } from './lib/run.mjs';
import { setup } from './setup.mjs';

const fix = process.argv.includes('--fix');
const bin = (name) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);

await setup();
await must('type check', bin('tsc'), ['-b', '--pretty', 'false']);
await mustOnElectronNode('lint', [
  join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'),
  '--quiet',
  ...(fix ? ['--fix'] : []),
]);
await mustOnElectronNode('format', [
  join(root, 'node_modules', 'oxfmt', 'bin', 'oxfmt'),
  ...(fix ? [] : ['--check']),
]);
