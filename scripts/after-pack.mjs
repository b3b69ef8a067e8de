// electron-builder's afterPack: sets every fuse of the packaged executable (security.md row 14).
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';

/** The flavours differ in one fuse: Playwright attaches through Node's inspector. */
export const fusesFor = (flavour) => ({
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: flavour === 'test',
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
});

const executableOf = (context) => {
  const { appOutDir, electronPlatformName, packager } = context;
  if (electronPlatformName === 'darwin') return join(appOutDir, `${packager.appInfo.productFilename}.app`);
  if (electronPlatformName === 'win32') return join(appOutDir, `${packager.appInfo.productFilename}.exe`);
  return join(appOutDir, packager.executableName);
};

export default async function afterPack(context) {
  // The flavour has one source: the file that goes into the archive.
  const { flavour } = JSON.parse(readFileSync(join(context.packager.info.appDir, 'flavour.json'), 'utf8'));
  if (flavour !== 'release' && flavour !== 'test') throw new Error(`Unknown flavour ${flavour}`);
  const executable = executableOf(context);
  if (!existsSync(executable)) throw new Error(`No ${executable} among ${readdirSync(context.appOutDir)}`);
  // A distribution may bring one: in a package it would be another app to start.
  rmSync(join(context.packager.getResourcesDir(context.appOutDir), 'default_app.asar'), { force: true });
  await flipFuses(executable, {
    ...fusesFor(flavour),
    // Changing the binary breaks its ad-hoc signature, without which Apple silicon refuses to run it.
    resetAdHocDarwinSignature: context.electronPlatformName === 'darwin',
  });
}
