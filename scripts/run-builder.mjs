// Runs electron-builder on Electron's own Node for pack-app.mjs (its command line misreads its arguments there).
import { build, Platform } from 'electron-builder';

const { root, output, targets } = JSON.parse(process.argv[2]);
await build({
  projectDir: root,
  targets:
    targets.length === 0 ? Platform.current().createTarget() : Platform.current().createTarget(targets),
  publish: 'never',
  config: { directories: { output } },
});
