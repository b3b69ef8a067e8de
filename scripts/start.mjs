// npm start: installs what is missing, builds, and opens the app; with no display it does the sample job headless.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packFlavour } from './lib/build.mjs';
import { packagedExe, runPackagedCli } from './lib/packaged.mjs';
import { hasDisplay, isRoot, run, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup();
await packFlavour('release');
if (hasDisplay) {
  say('opening the window …');
  process.exit(await run(packagedExe('release'), isRoot ? ['--no-sandbox'] : []));
}
const out = mkdtempSync(join(tmpdir(), 'probity-sample-'));
say(`no display: doing the sample job headless, results in ${out}`);
process.exit(await runPackagedCli('release', ['sample', 'run', '--out', out]));
