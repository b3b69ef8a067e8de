// The two packed flavours from outside: their fuses, what lies in them, and what they refuse.
import { getRawHeader, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packaged, packagedAt, ROOT, ROOT_ARGS, runOutside } from '../support/packaged.ts';

// These tests run on Electron's Node, which would show an archive as a folder.
Reflect.set(process, 'noAsar', true);

const FLAVOURS = ['release', 'test'] as const;
const HEADLESS = [...ROOT_ARGS, '--ozone-platform=headless', '--log-level=3'];
const archive = (flavour: (typeof FLAVOURS)[number]): string => join(packaged(flavour).resources, 'app.asar');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

describe.each(FLAVOURS)('the %s flavour', (flavour) => {
  it('has every fuse set as decided', async () => {
    const wire = await getCurrentFuseWire(packaged(flavour).executable);
    const names = Object.keys(FuseV1Options).filter((name) => !/^\d+$/u.test(name));
    const on = names.filter(
      (name) => wire[FuseV1Options[name as keyof typeof FuseV1Options]] === FuseState.ENABLE,
    );
    const off = names.filter(
      (name) => wire[FuseV1Options[name as keyof typeof FuseV1Options]] === FuseState.DISABLE,
    );
    expect(on.toSorted()).toEqual([
      'EnableCookieEncryption',
      'EnableEmbeddedAsarIntegrityValidation',
      ...(flavour === 'test' ? ['EnableNodeCliInspectArguments'] : []),
      'OnlyLoadAppFromAsar',
      'WasmTrapHandlers',
    ]);
    expect([...on, ...off].toSorted(), 'none inherited, none removed').toEqual(names.toSorted());
  });

  it('carries its own name and the digest of its addon', () => {
    const baked = JSON.parse(readFromArchive(archive(flavour), 'flavour.json')) as {
      flavour: string;
      addon: { file: string; sha256: string };
    };
    expect(baked.flavour).toBe(flavour);
    const addon = readFileSync(join(`${archive(flavour)}.unpacked`, baked.addon.file));
    expect(createHash('sha256').update(addon).digest('hex')).toBe(baked.addon.sha256);
  });

  it('holds what it needs and nothing else', () => {
    const strange = listPackage(archive(flavour), { isPack: false })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => !EXPECTED.some((pattern) => pattern.test(path)));
    expect(strange).toEqual([]);
  });

  it('keeps outside the archive only the addon and the launchers', () => {
    const outside = filesBelow(packaged(flavour).resources);
    expect(outside).toEqual([
      'app.asar',
      `app.asar.unpacked/node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`,
      'bin/probity',
      'bin/probity.cmd',
    ]);
    expect(statSync(packaged(flavour).launcher).mode & 0o111, 'the launcher can be run').toBe(0o111);
  });

  it('names one dependency and no development tool in its manifest', () => {
    const manifest = JSON.parse(readFromArchive(archive(flavour), 'package.json')) as Record<string, unknown>;
    expect(Object.keys(manifest['dependencies'] as object)).toEqual(['better-sqlite3']);
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
  });

  it('says its version without a display, through the launcher, a link to it and the executable', () => {
    const { launcher, executable } = packaged(flavour);
    const folder = mkdtempSync(join(tmpdir(), 'probity-link-'));
    try {
      symlinkSync(launcher, join(folder, 'first'));
      symlinkSync('first', join(folder, 'second'));
      for (const [command, args] of [
        [launcher, ['--version']],
        [join(folder, 'second'), ['--version']],
        [executable, [...ROOT_ARGS, '--version']],
      ] as const) {
        const ran = runOutside(command, args);
        expect(ran.code, ran.stderr).toBe(0);
        expect(ran.stdout).toContain(version);
      }
      expect(runOutside(launcher, ['--version']).stderr).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('answers help without a display when nothing was asked', () => {
    const asked = runOutside(packaged(flavour).launcher, []);
    expect(asked.code, asked.stderr).toBe(0);
    expect(asked.stdout).toMatch(/audit/u);
  });
});

/** Every file of the archive matches one of these; a new kind of file is looked at before it ships. */
const EXPECTED = [
  /^\/(?:package|flavour)\.json$/u,
  /^\/(?:out|resources|node_modules)$/u,
  /^\/out\/(?:electron|preload|renderer)(?:\/chunks|\/assets)?$/u,
  /^\/out\/electron\/(?:main|cli|job-host|segment-host|store-host)\.js$/u,
  /^\/out\/electron\/chunks\/[\w.-]+\.js$/u,
  /^\/out\/preload\/preload\.cjs$/u,
  /^\/out\/renderer\/index\.html$/u,
  /^\/out\/renderer\/assets\/[\w.-]+\.(?:js|css|svg|png|woff2)$/u,
  // Data that is read, never run.
  /^\/resources(?:\/[\w-]+)*$/u,
  /^\/resources\/[\w/.-]+\.(?:png|svg|ico|icns|json|jsonl|ndjson|gz|sql|txt|md|html|css|pem|der|woff2|sha256)$/u,
  // Handed out with packs as text, never run here.
  /^\/resources\/verify\/verify\.py$/u,
  /^\/node_modules\/better-sqlite3(?:\/lib|\/lib\/methods|\/prebuilds)?$/u,
  /^\/node_modules\/better-sqlite3\/(?:LICENSE|package\.json|lib\/[\w/.-]+\.js)$/u,
  new RegExp(`^/node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}\\.node$`, 'u'),
];

/** A packed file as text, found through the archive's own index. */
const readFromArchive = (path: string, file: string): string => {
  const { header, headerSize } = getRawHeader(path);
  const entry: unknown = header.files[file];
  if (typeof entry !== 'object' || entry === null || !('offset' in entry) || !('size' in entry))
    throw new Error(`${file} is not in ${path}`);
  const start = 8 + headerSize + Number(entry.offset);
  return readFileSync(path)
    .subarray(start, start + Number(entry.size))
    .toString('utf8');
};

describe('the launch guard of the release', () => {
  it.each([
    '--remote-debugging-port=0',
    '--remote-debugging-pipe',
    '--inspect=0',
    '--disable-web-security',
    '--js-flags=--expose-gc',
    '--load-extension=/tmp',
    '--proxy-server=127.0.0.1:1',
    '--host-rules=MAP * 127.0.0.1',
    '--user-data-dir=/tmp/probity-evil',
    '-remote-debugging-port=0',
    ' --remote-debugging-port=0',
  ])('ends the start with %j, in one line and without a debugger', (argument) => {
    const ran = runOutside(packaged('release').executable, [...HEADLESS, argument]);
    expect(ran.code).toBe(64);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(ran.stderr).toMatch(/^Probity does not start with /u);
    expect(ran.stdout).toBe('');
  });

  it("refuses Node's debugger behind a bare -- too", () => {
    expect(runOutside(packaged('release').executable, [...HEADLESS, '--', 'audit', '--inspect=0']).code).toBe(
      64,
    );
  });

  it('lets no environment variable turn the app into Node or preload code', () => {
    const { launcher } = packaged('release');
    const folder = mkdtempSync(join(tmpdir(), 'probity-env-'));
    try {
      const evil = join(folder, 'evil.cjs');
      writeFileSync(evil, "process.stdout.write('EVIL RAN')");
      for (const env of [{ ELECTRON_RUN_AS_NODE: '1' }, { NODE_OPTIONS: `--require=${evil}` }] as Record<
        string,
        string
      >[]) {
        const ran = runOutside(launcher, ['--version'], env);
        expect(ran.stdout).toContain(version);
        expect(ran.stdout).not.toContain('EVIL');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says in one line that it finds no display', () => {
    const ran = runOutside(packaged('release').executable, [...ROOT_ARGS, '--log-level=3']);
    expect([ran.code, ran.stderr.trim().split('\n').length]).toEqual([69, 1]);
    expect(ran.stderr).toContain('no display');
  });
});

describe('a copy with a changed addon', () => {
  let folder = '';
  beforeAll(() => {
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    folder = mkdtempSync(join(ROOT, '.cache', 'changed-'));
    // Hard links: the copy costs no space, and the one file that is changed is replaced, not written to.
    execFileSync('cp', ['-al', `${packaged('release').folder}/.`, folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const addonOf = (): string =>
    join(
      folder,
      'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds',
      `${process.platform}-${process.arch}.node`,
    );
  const replace = (bytes: Buffer): void => {
    rmSync(addonOf());
    writeFileSync(addonOf(), bytes);
  };

  it('starts as long as it is the same, and not with one flipped bit', () => {
    const genuine = readFileSync(addonOf());
    const { launcher } = packagedAt(folder);
    replace(genuine);
    expect(runOutside(launcher, ['--version']).code).toBe(0);

    const flipped = Buffer.from(genuine);
    const middle = Math.floor(flipped.length / 2);
    flipped.writeUInt8(flipped.readUInt8(middle) ^ 1, middle);
    replace(flipped);
    const ran = runOutside(launcher, ['--version']);
    expect(ran).toMatchObject({ code: 70, stdout: '' });
    expect(ran.stderr).toBe(
      'Probity does not start: its database component was changed after it was built. Install Probity again.\n',
    );

    rmSync(addonOf());
    expect(runOutside(launcher, ['--version']).code).toBe(70);
  });
});
