// Every fuse of this Electron is decided, and the two flavours differ in one.
import { FuseV1Options } from '@electron/fuses';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

type Fuses = Readonly<Record<string, unknown>>;
const script = pathToFileURL(join(import.meta.dirname, '../../../scripts/after-pack.mjs')).href;
const { fusesFor }: { fusesFor(flavour: string): Fuses } = await import(script);

const names = Object.keys(FuseV1Options).filter((name) => !/^\d+$/u.test(name));
const byName = (fuses: Fuses): Fuses =>
  Object.fromEntries(names.map((name) => [name, fuses[FuseV1Options[name as keyof typeof FuseV1Options]]]));

describe('fusesFor', () => {
  it('decides every fuse that the tool knows', () => {
    expect(names.length).toBeGreaterThanOrEqual(9);
    expect(fusesFor('release')['strictlyRequireAllFuses']).toBe(true);
    expect(byName(fusesFor('release'))).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
      WasmTrapHandlers: true,
    });
  });

  it('opens in the test flavour only what Playwright attaches through', () => {
    expect(byName(fusesFor('test'))).toEqual({
      ...byName(fusesFor('release')),
      EnableNodeCliInspectArguments: true,
    });
  });
});
