// What the pack step wrote into the archive: the flavour of this build and the digest of its native addon.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { Sha256Hex } from '../../shared/model/ids.ts';

/** development = not packaged. test differs from release in one fuse (Node's inspect switches) and in what the launch guard lets through. */
export type Flavour = 'release' | 'test' | 'development';

const Baked = v.strictObject({
  flavour: v.picklist(['release', 'test']),
  /** `file` is relative to the unpacked half of the archive, with '/' between parts. */
  addon: v.strictObject({ file: v.string(), sha256: Sha256Hex }),
});
export type Baked = v.InferOutput<typeof Baked>;

export const BAKED_FILE = 'flavour.json';

/** Null when the archive carries none or a damaged one: a packaged app then refuses to start. */
export const readBaked = (appRoot: string): Baked | null => {
  try {
    const parsed = v.safeParse(Baked, JSON.parse(readFileSync(join(appRoot, BAKED_FILE), 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
};

export const flavourOf = (packaged: boolean, baked: Baked | null): Flavour =>
  packaged ? (baked?.flavour ?? 'release') : 'development';
