// npm test: installs what is missing, builds and packs both flavours, and runs every test, the packaged app's included.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packFlavour } from './lib/build.mjs';
import { electronExe, has, hasDisplay, root, run, say } from './lib/run.mjs';
import { setup } from './setup.mjs';

const results = join(root, '.cache', 'results');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const bin = (name) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);

/** Runs one project of vitest.config.ts on Electron's own Node; the packaged app needs a display, so a virtual one is made. */
const suite = async (project) => {
  const report = join(results, `${project}.json`);
  const args = [
    vitest,
    'run',
    '--project',
    project,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ];
  const env = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' };
  const virtual = project === 'packaged' && !hasDisplay && has('xvfb-run');
  const code = virtual
    ? await run('xvfb-run', ['-a', '-s', '-screen 0 1600x1200x24', electronExe(), ...args], { env })
    : await run(electronExe(), args, { env });
  try {
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
      numFailedTestSuites: broken,
    } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that could not even be loaded has no failed test of its own.
    return { passed, failed: failed + (failed === 0 && (broken > 0 || code !== 0) ? 1 : 0), skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
};

await setup({ tests: true });
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const counts = [];
const step = async (name, command, args) => {
  const ok = (await run(command, args)) === 0;
  say(`${name}: ${ok ? 'ok' : 'FAILED'}`);
  counts.push({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });
};
await step('types', bin('tsc'), ['-b', '--pretty', 'false']);
await step('lint', process.execPath, [join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'), '--quiet']);
await step('format', process.execPath, [join(root, 'node_modules', 'oxfmt', 'bin', 'oxfmt'), '--check']);
await packFlavour('release');
await packFlavour('test');
counts.push(await suite('core'), await suite('packaged'));
const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
process.exit(sum('failed') === 0 ? 0 : 1);
