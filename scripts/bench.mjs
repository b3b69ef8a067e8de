// npm run bench: every benchmark, or those whose name is given; each prints work per second, memory and a baseline.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runOnElectronNode, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup();
const folder = join(root, 'test', 'bench');
const [wanted, ...rest] = process.argv.slice(2).some((arg) => arg.startsWith('--'))
  ? [undefined, ...process.argv.slice(2)]
  : process.argv.slice(2);
const names = readdirSync(folder).filter(
  (name) => name.endsWith('.bench.ts') && (wanted === undefined || name.startsWith(wanted)),
);
let worst = 0;
for (const name of names) {
  say(name);
  worst = Math.max(worst, await runOnElectronNode(['--expose-gc', join(folder, name), ...rest]));
}
process.exit(worst);
