// npm run bench: every benchmark, or those whose name is given; each prints work per second, memory and a baseline.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runOnElectronNode, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup();
const folder = join(root, 'test', 'bench');
const given = process.argv.slice(2);
const wanted = given[0]?.startsWith('--') ? undefined : given[0];
/** Options are those of one benchmark, so they go with its name. */
const options = wanted === undefined ? [] : given.slice(1);
const names = readdirSync(folder).filter(
  (name) => name.endsWith('.bench.ts') && (wanted === undefined || name.startsWith(wanted)),
);
if (names.length === 0) say(`there is no benchmark ${wanted}`);
let worst = names.length === 0 ? 2 : 0;
for (const name of names) {
  say(name);
  worst = Math.max(worst, await runOnElectronNode(['--expose-gc', join(folder, name), ...options]));
}
process.exit(worst);
