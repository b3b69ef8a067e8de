// npm run screenshots: pictures of the packaged app's rooms on the sample workspace, light and dark; one of them is the README's.
import { join } from 'node:path';
import { packFlavour } from './lib/build.mjs';
import { electronExe, has, hasDisplay, root, run } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup({ tests: true });
await packFlavour('test');
const args = [
  join(root, 'test', 'support', 'take-screenshots.ts'),
  process.argv[2] ?? join(root, '.cache', 'screenshots'),
];
const env = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' };
const virtual = !hasDisplay && has('xvfb-run');
process.exit(
  virtual
    ? await run('xvfb-run', ['-a', '-s', '-screen 0 1600x1200x24', electronExe(), ...args], { env })
    : await run(electronExe(), args, { env }),
);
