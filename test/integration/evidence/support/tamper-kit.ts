// What the tamper tests share: one genuine pack, ways to change it, and the check that the right step catches each.
import type { KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity } from '../../../../electron/modules/evidence/engine/identity.ts';
import type { Signer } from '../../../../electron/modules/evidence/engine/sign.ts';
import { cms } from './forge.ts';
import {
  failedSteps,
  makeKit,
  resign,
  rewritePayloadManifests,
  rewriteTagManifests,
  signerFrom,
  signerOf,
  TOP,
  zipOfFiles,
  type Files,
  type Kit,
} from './pack-kit.ts';
import { rawZip, type RawEntry } from './raw-zip.ts';

export const P7S = 'signatures/tagmanifest-sha256.txt.p7s';
export const JWS = 'signatures/tagmanifest-sha256.txt.jws';
export const TSR = 'signatures/tagmanifest-sha256.txt.tsr';
export const SIGNER = 'signatures/signer.pem';

let genuine: Kit | null = null;
/** The genuine pack; only from inside a test. */
export const kit = (): Kit => {
  if (genuine === null) throw new Error('the pack is built before the tests of a file that calls useKit()');
  return genuine;
};
/** Builds the pack before the tests of a file and removes it after them. */
export const useKit = (): void => {
  beforeAll(async () => {
    genuine = await makeKit();
  });
  afterAll(() => kit().remove());
};

export interface Forged {
  readonly zip: Buffer;
  /** The root that the recipient has; the organisation's own where not given, null for none. */
  readonly root?: string | null;
}

/** What is done, the steps that must fail, how it is done. Every verdict must be INVALID. */
export type Case = readonly [what: string, caughtBy: readonly string[], how: () => Promise<Forged> | Forged];

export const some = Buffer.from('something\n');
export const get = (files: Files, path: string): Buffer => files.get(path) ?? Buffer.alloc(0);
export const text = (files: Files, path: string): string => get(files, path).toString('utf8');
export const logPath = (files: Files): string =>
  [...files.keys()].find((path) => path.endsWith('.jsonl')) ?? '';

/** Changes files and leaves everything else as it was. */
export const edit = (change: (files: Files) => void | Promise<void>) => async (): Promise<Forged> => {
  const files = kit().files();
  await change(files);
  return { zip: zipOfFiles(files) };
};
export const replace = (path: string, from: string | RegExp, to: string) =>
  edit((files) => {
    const before = text(files, path);
    const after = before.replace(from, to);
    expect(after, 'the tampering changes something').not.toBe(before);
    files.set(path, Buffer.from(after));
  });
/** Changes files, then makes all digests and signatures right again with the organisation's own key: a signer's mistake. */
export const signedMistake = (change: (files: Files) => void, manifests = true) =>
  edit(async (files) => {
    change(files);
    if (manifests) rewritePayloadManifests(files);
    rewriteTagManifests(files);
    await resign(files, signerOf(kit().identity));
  });
export const flip = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
export const withCms = (make: (content: Buffer) => Buffer) =>
  edit((files) => void files.set(P7S, make(get(files, 'tagmanifest-sha256.txt'))));
export const withJws = (make: (content: Buffer) => Buffer) =>
  edit((files) => void files.set(JWS, make(get(files, 'tagmanifest-sha256.txt'))));
export const entries = (files: Files): RawEntry[] =>
  [...files].map(([path, data]) => ({ name: TOP + path, data }));
/** Rewrites one entry of the archive, the files staying as they are. */
export const container =
  (change: (list: RawEntry[]) => RawEntry[], more: { comment?: string; countOff?: number } = {}) =>
  (): Forged => ({
    zip: rawZip({ entries: change(entries(kit().files())), ...more }),
  });
export const changeFirst = (fields: Partial<RawEntry>) =>
  container(([first, ...rest]) => [{ ...(first as RawEntry), ...fields }, ...rest]);
export const addEntry = (entry: RawEntry) => container((list) => [...list, entry]);
/** Signs everything anew with a signer of the forger's making. */
export const forgedBy =
  (
    make: () => {
      readonly signer: ReturnType<typeof signerOf>;
      readonly root?: string | null;
      readonly at?: string;
    },
    change: (files: Files) => void = () => undefined,
  ) =>
  async (): Promise<Forged> => {
    const { signer, root, at } = make();
    const files = kit().files();
    change(files);
    rewritePayloadManifests(files);
    rewriteTagManifests(files);
    files.delete('signatures/root.pem');
    await resign(files, signer, at);
    return { zip: zipOfFiles(files), ...(root === undefined ? {} : { root }) };
  };
export const other = () => makeIdentity({ organisation: 'Prüfamt & Co', now: '2026-11-01T00:00:00.000Z' });

/** The signer of the genuine pack. */
export const own = (): Signer => signerOf(kit().identity);

/** A pack signed by `leaf`, with the certificates between it and the root in the CMS signature. */
export const chainOf = async (
  leaf: string,
  key: KeyObject,
  middle: readonly string[],
  root: string,
): Promise<Forged> => {
  const signer = signerFrom(key, leaf);
  const files = kit().files();
  files.delete('signatures/root.pem');
  await resign(files, signer);
  files.set(P7S, cms({ content: get(files, 'tagmanifest-sha256.txt'), signer, moreCertificates: middle }));
  return { zip: zipOfFiles(files), root };
};

/**
 * One test for each case. `exactly` the named steps fail, or `at least` they: in a damaged container the rest may
 * not be readable either.
 */
export const itCatches = (name: string, howMany: 'exactly' | 'at least', cases: readonly Case[]): void => {
  describe(name, () => {
    it.each(cases)('%s: caught by %j', async (_what, caughtBy, how) => {
      const { zip, root } = await how();
      const result = await kit().verify(zip, root);
      expect(result.verdict).toBe('INVALID');
      expect(result.steps).toHaveLength(11);
      const found = failedSteps(result).toSorted();
      expect(found).toEqual(
        howMany === 'exactly' ? [...caughtBy].toSorted() : expect.arrayContaining([...caughtBy]),
      );
    });
  });
};
