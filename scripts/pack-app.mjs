// Packs the built app (out/) as dist/<flavour>/<platform>-unpacked: lays out what goes into the archive, then runs electron-builder.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

// On Electron's own Node an archive would look like a folder.
process.noAsar = true;

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const ADDON = 'better-sqlite3';
/** setup.mjs marks the distribution that it took from the npm registry. */
const isFallbackElectron = (root) => existsSync(join(root, 'node_modules/electron/dist/probity-fallback'));

const copy = (from, to, filter = () => true) =>
  cpSync(from, to, { recursive: true, dereference: true, filter });

const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

/** Lays out the archive's content in `stage` , flavour.json with the addon's digest included. */
const layOut = (root, stage, flavour, target) => {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  copy(join(root, 'out'), join(stage, 'out'), (path) => !path.endsWith('.map'));
  // The launchers lie outside the archive, where a shell can run them.
  copy(
    join(root, 'resources'),
    join(stage, 'resources'),
    (path) => relative(join(root, 'resources'), path) !== 'bin',
  );

  const from = join(root, 'node_modules', ADDON);
  const to = join(stage, 'node_modules', ADDON);
  const file = `node_modules/${ADDON}/prebuilds/${target}.node`;
  for (const part of ['LICENSE', 'lib']) copy(join(from, part), join(to, part));
  // Its own manifest names what only building from source needs; electron-builder would look for that.
  const addon = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  writeJson(join(to, 'package.json'), {
    name: ADDON,
    version: addon.version,
    license: addon.license,
    main: addon.main,
  });
  mkdirSync(join(to, 'prebuilds'));
  copy(join(root, file), join(stage, file));
  const sha256 = createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');
  writeJson(join(stage, 'flavour.json'), { flavour, addon: { file, sha256 } });

  const { name, productName, version, description, author, type, main } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const desktopName = `${name}.desktop`;
  const dependencies = { [ADDON]: addon.version };
  writeJson(join(stage, 'package.json'), {
    name,
    productName,
    version,
    description,
    author,
    type,
    main,
    desktopName,
    dependencies,
  });
};

/**
 * Packs `out/`, which must have been built, for this machine's platform.
 * @param {object} options
 * @param {'release' | 'test'} options.flavour
 * @param {string} [options.outDir] default dist/<flavour>
 * @param {readonly string[]} [options.targets] electron-builder's names, e.g. ['deb']; none = all of electron-builder.yml; default ['dir']
 * @param {string} [options.root] the project's folder
 * @returns {{ folder: string, executable: string, launcher: string }} where the unpacked app lies
 */
export const packApp = ({ flavour, outDir, targets = ['dir'], root = ROOT }) => {
  if (flavour !== 'release' && flavour !== 'test') throw new Error(`Unknown flavour ${flavour}`);
  if ((targets.length === 0 || targets.some((target) => target !== 'dir')) && isFallbackElectron(root)) {
    throw new Error(
      'Installers are made only with the official Electron distribution, not with the fallback from the registry.',
    );
  }
  const output = resolve(root, outDir ?? join('dist', flavour));
  // The one folder that electron-builder.yml names: flavours are packed one after the other.
  layOut(root, join(root, '.cache', 'pack'), flavour, `${process.platform}-${process.arch}`);
  rmSync(output, { recursive: true, force: true });

  // Without ELECTRON_NO_ASAR, Electron's Node would take the archive that is being written for a folder.
  const run = spawnSync(
    createRequire(join(root, 'package.json'))('electron'),
    [join(root, 'scripts/run-builder.mjs'), JSON.stringify({ root, output, targets })],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ELECTRON_NO_ASAR: '1', CI: 'true' },
    },
  );
  if (run.status !== 0) throw new Error(`electron-builder failed:\n${run.stdout}\n${run.stderr}`);

  if (process.platform === 'darwin') {
    const folder = join(output, process.arch === 'arm64' ? 'mac-arm64' : 'mac', 'Probity.app');
    return {
      folder,
      executable: join(folder, 'Contents/MacOS/Probity'),
      launcher: join(folder, 'Contents/Resources/bin/probity'),
    };
  }
  const windows = process.platform === 'win32';
  const folder = join(output, windows ? 'win-unpacked' : 'linux-unpacked');
  return {
    folder,
    executable: join(folder, windows ? 'Probity.exe' : 'probity-app'),
    launcher: join(folder, 'resources/bin', windows ? 'probity.cmd' : 'probity'),
  };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: { flavour: { type: 'string' }, targets: { type: 'boolean', default: false } },
  });
  try {
    const { folder } = packApp({ flavour: values.flavour, ...(values.targets ? { targets: [] } : {}) });
    process.stdout.write(`${folder}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
