// The native addon lies outside the archive, where no integrity check covers it: its digest is checked before it is loaded.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baked } from './baked.ts';

/** BSD sysexits EX_SOFTWARE: the installation itself is wrong. */
export const EXIT_ADDON = 70;

export type AddonCheck =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly line: string };

const REFUSED = 'Probity does not start: its database component';

/** `appRoot` is the path of app.asar; the addon lies beside it in app.asar.unpacked. */
export const checkAddon = (appRoot: string, baked: Baked | null): AddonCheck => {
  if (baked === null) return { ok: false, line: `${REFUSED} has no recorded digest. Install Probity again.` };
  const path = join(`${appRoot}.unpacked`, ...baked.addon.file.split('/'));
  let actual: string;
  try {
    actual = hash('sha256', readFileSync(path), 'hex');
  } catch {
    return { ok: false, line: `${REFUSED} is missing. Install Probity again.` };
  }
  if (actual !== baked.addon.sha256) {
    return { ok: false, line: `${REFUSED} was changed after it was built. Install Probity again.` };
  }
  return { ok: true, path };
};
