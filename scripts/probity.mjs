// npm run -s probity -- …: the command line of the packaged app, which is built first where its sources changed.
import { packFlavour } from './lib/build.mjs';
import { runPackagedCli } from './lib/packaged.mjs';
import { setup } from './setup.mjs';

await setup();
await packFlavour('release');
process.exit(
  await runPackagedCli('release', process.argv.slice(2), { cwd: process.env.INIT_CWD ?? process.cwd() }),
);
