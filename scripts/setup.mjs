// Installs whatever is missing: npm packages, the Electron binary, and on Linux the shared libraries it links to.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  electronDir,
  electronExe,
  electronVersion,
  has,
  hasDisplay,
  isOfficialElectron,
  isRoot,
  must,
  root,
  say,
} from './lib/run.mjs';

/** A registry package that carries the stock Linux x64 distribution, for machines that reach the registry alone. */
const fallback = {
  spec: 'hvir-linux-x64@0.1.5',
  integrity:
    'sha512-zqCLwMwq6Uwe041NLHJ5gqlmPDaL6jG3eAFWZyr4+xsDY6gQET3X5IzfZ0bQX9yMtk5p+Q5nG7Six73dy9RrKQ==',
};
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const debianPackages = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatk-bridge2.0-0',
];

const requireNode20 = () => {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    say(`Node 20 or newer is needed; this is ${process.version}.`);
    process.exit(1);
  }
};

const installPackages = async () => {
  const stamp = join(root, 'node_modules', '.probity-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing the packages of package-lock.json …');
  await must('npm ci', npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    shell: process.platform === 'win32',
    // Standard output belongs to the command that follows.
    stdio: ['ignore', 2, 2],
  });
  writeFileSync(stamp, lock);
};

const electronAnswers = () => {
  if (!existsSync(electronExe())) return { ok: false, reason: 'missing' };
  const answer = spawnSync(electronExe(), ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    encoding: 'utf8',
  });
  if (answer.stdout?.trim() === electronVersion) return { ok: true };
  const library = /error while loading shared libraries: (\S+):/u.exec(answer.stderr ?? '')?.[1];
  return library
    ? { ok: false, reason: 'library', library }
    : { ok: false, reason: 'broken', detail: (answer.stderr ?? '').slice(0, 300) };
};

const writePathFile = () =>
  writeFileSync(
    join(root, 'node_modules', 'electron', 'path.txt'),
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron',
  );

const downloadOfficial = () => {
  say(`fetching Electron ${electronVersion} …`);
  const result = spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    encoding: 'utf8',
    timeout: 600_000,
  });
  return result.status === 0 && existsSync(electronExe());
};

const unpackFallback = () => {
  say(
    `the release page can't be reached; taking the same build from the npm registry (${fallback.spec}), for development and tests only.`,
  );
  const work = mkdtempSync(join(tmpdir(), 'probity-electron-'));
  try {
    const packed = spawnSync(npm, ['pack', '--silent', '--pack-destination', work, fallback.spec], {
      cwd: work,
      encoding: 'utf8',
    });
    const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
    if (packed.status !== 0 || !tarball) throw new Error(`npm pack ${fallback.spec} failed`);
    const integrity = `sha512-${createHash('sha512')
      .update(readFileSync(join(work, tarball)))
      .digest('base64')}`;
    if (integrity !== fallback.integrity)
      throw new Error(`${fallback.spec} has another content than the pinned one`);
    const untar = (...args) => {
      if (spawnSync('tar', args, { cwd: work, stdio: 'ignore' }).status !== 0)
        throw new Error(`tar ${args.join(' ')} failed`);
    };
    untar('xzf', tarball, 'package/payload.tar.gz');
    untar('xzf', 'package/payload.tar.gz');
    const app = join(work, 'app');
    rmSync(join(app, 'resources'), { recursive: true });
    mkdirSync(join(app, 'resources'));
    renameSync(join(app, 'hvir'), join(app, 'electron'));
    chmodSync(join(app, 'electron'), 0o755);
    rmSync(electronDir, { recursive: true, force: true });
    cpSync(app, electronDir, { recursive: true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

const succeeds = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
/** Since Debian 13 some libraries carry the suffix t64 in their package's name. */
const forms = (name) => [name, `${name}t64`];

const installLibraries = async (packages) => {
  const missing = packages.filter((name) => !forms(name).some((form) => succeeds('dpkg', '-s', form)));
  if (missing.length === 0) return false;
  const wanted = missing.map(
    (name) => `$(apt-cache show ${name}t64 >/dev/null 2>&1 && echo ${name}t64 || echo ${name})`,
  );
  const command = `apt-get update && apt-get install -y --no-install-recommends ${wanted.join(' ')}`;
  if (!isRoot || !has('apt-get')) {
    say(`these system packages are missing; install them once with:\n  sudo sh -c '${command}'`);
    process.exit(1);
  }
  say(`installing system packages: ${missing.join(' ')} …`);
  await must('apt-get', 'sh', ['-c', command.replaceAll('apt-get', 'apt-get -qq')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  return true;
};

/** The fallback distribution lacks Electron's default app, without which `electron <folder>` does nothing. */
const packDefaultApp = async () => {
  const target = join(electronDir, 'resources', 'default_app.asar');
  if (isOfficialElectron() || existsSync(target)) return;
  const { createPackage } = await import(
    pathToFileURL(join(root, 'node_modules', '@electron', 'asar', 'lib', 'asar.js')).href
  ).then((m) => m.default ?? m);
  await createPackage(join(root, 'scripts', 'default-app'), target);
};

/** Makes the machine ready. `tests` adds what only tests need (a virtual display). */
export const setup = async ({ tests = false } = {}) => {
  requireNode20();
  await installPackages();
  let state = electronAnswers();
  if (!state.ok && (state.reason === 'missing' || state.reason === 'broken')) {
    if (!downloadOfficial()) {
      if (process.platform !== 'linux' || process.arch !== 'x64') {
        say(
          `Electron ${electronVersion} could not be downloaded. Connect to the internet once, or put the distribution into ${electronDir}.`,
        );
        process.exit(1);
      }
      unpackFallback();
    }
    writePathFile();
    state = electronAnswers();
  }
  if (process.platform === 'linux') {
    const wanted = [...debianPackages, ...(tests && !hasDisplay ? ['xvfb', 'xauth'] : [])];
    if (has('dpkg') && (await installLibraries(wanted))) state = electronAnswers();
  }
  if (!state.ok) {
    say(
      state.reason === 'library'
        ? `Electron needs the shared library ${state.library}; install the package of your system that holds it.`
        : `Electron does not start: ${state.detail ?? state.reason}`,
    );
    process.exit(1);
  }
  await packDefaultApp();
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await setup({ tests: process.argv.includes('--tests') });
  say('ready.');
}
