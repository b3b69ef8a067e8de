// Builds a small genuine pack, takes it apart, and puts it together again with or without honest manifests and signatures.
import { createHash, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPromise } from 'yauzl';
import { manifest } from '../../../../electron/modules/evidence/engine/bag.ts';
import type { BuildInput } from '../../../../electron/modules/evidence/engine/build-input.ts';
import { buildPack } from '../../../../electron/modules/evidence/engine/build.ts';
import { makeIdentity, type Identity } from '../../../../electron/modules/evidence/engine/identity.ts';
import { signCms, signJws, type Signer } from '../../../../electron/modules/evidence/engine/sign.ts';
import { verifyPack } from '../../../../electron/modules/evidence/engine/verify/verify-pack.ts';
import type { PackVerification } from '../../../../shared/model/evidence.ts';
import { rawZip } from './raw-zip.ts';

export const MADE = '2026-11-20T09:30:00.500Z';
export const TOP = 'evidence-AUD-2026-014/';
export const run = (signal: AbortSignal = new AbortController().signal) => ({
  signal,
  progress: () => undefined,
});

/** Files of a bag by their path in it. */
export type Files = Map<string, Buffer>;

export const digest = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex');

export const temporaryFolder = async (): Promise<{ path: string; remove: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'probity-evidence-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

export const organisationIdentity = (): Identity =>
  makeIdentity({ organisation: 'Prüfamt & Co', now: '2026-11-01T00:00:00.000Z' });
export const signerOf = (identity: Identity): Signer => ({
  key: createPrivateKey({ key: Buffer.from(identity.signerKeyPkcs8), format: 'der', type: 'pkcs8' }),
  certificate: new X509Certificate(identity.signerPem),
});
export const signerFrom = (key: KeyObject, certificatePem: string): Signer => ({
  key,
  certificate: new X509Certificate(certificatePem),
});

/** A log file, a log folder with two files and two inline files. Everything is written below `folder`. */
export const smallInput = async (folder: string, identity: Identity, to: string): Promise<BuildInput> => {
  const log = Buffer.from(Array.from({ length: 60 }, (_, i) => `{"seq":${i},"event":"login"}\n`).join(''));
  const parts: readonly (readonly [string, string])[] = [
    ['2026/first.json', '{"a":1}\n'],
    ['zweite Datei ä.log', 'second\n'],
  ];
  await mkdir(join(folder, 'trail', '2026'), { recursive: true });
  await writeFile(join(folder, 'audit log.jsonl'), log);
  for (const [name, text] of parts) await writeFile(join(folder, 'trail', name), text);
  const listing = parts.map(([name, text]) => `${digest('sha256', Buffer.from(text))}  ${name}\n`).join('');
  return {
    externalIdentifier: '3f1b0c1e-0000-4000-8000-000000000001',
    folder: 'AUD-2026-014',
    createdAt: MADE,
    organisation: 'Prüfamt & Co',
    description: 'Verification of the access log',
    auditLogHead: 'ab'.repeat(32),
    inline: [
      {
        name: 'index.html',
        bytes: Buffer.from('<!doctype html><html lang="en"><title>Pack</title><p>Report</p></html>\n'),
      },
      { name: 'index.json', bytes: Buffer.from('{"files":[]}\n') },
    ],
    logs: [
      {
        source: { at: 'path', path: join(folder, 'audit log.jsonl') },
        sha256: digest('sha256', log),
        originalName: 'audit log.jsonl',
      },
      {
        source: { at: 'path', path: join(folder, 'trail') },
        sha256: digest('sha256', Buffer.from(listing)),
        originalName: 'trail',
      },
    ],
    missing: [],
    signer: {
      privateKey: identity.signerKeyPkcs8,
      certificatePem: identity.signerPem,
      rootPem: identity.rootPem,
    },
    to,
  };
};

/** The files of an archive without its top folder. */
export const filesOf = async (zipPath: string): Promise<Files> => {
  const zip = await openPromise(zipPath, { lazyEntries: true });
  const files: Files = new Map();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files.set(entry.fileName.slice(entry.fileName.indexOf('/') + 1), Buffer.concat(chunks));
  }
  return files;
};

export const zipOfFiles = (files: Files, top = TOP): Buffer =>
  rawZip({ entries: [...files].map(([path, data]) => ({ name: top + path, data })) });

const isTag = (path: string): boolean =>
  !path.startsWith('data/') && !path.startsWith('signatures/') && !path.startsWith('tagmanifest-');
const rewrite = (files: Files, prefix: string, wanted: (path: string) => boolean): void => {
  for (const algorithm of ['sha256', 'sha512']) {
    const entries = [...files]
      .filter(([path]) => wanted(path))
      .map(([path, bytes]) => ({ path, digest: digest(algorithm, bytes) }));
    files.set(`${prefix}-${algorithm}.txt`, Buffer.from(manifest(entries)));
  }
};
export const rewritePayloadManifests = (files: Files): void =>
  rewrite(files, 'manifest', (path) => path.startsWith('data/'));
export const rewriteTagManifests = (files: Files): void => rewrite(files, 'tagmanifest', isTag);

/** Signs again, honestly, with whatever key: what only its holder can do. */
export const resign = async (files: Files, signer: Signer, at = MADE): Promise<void> => {
  const content = files.get('tagmanifest-sha256.txt') ?? Buffer.alloc(0);
  files.set('signatures/signer.pem', Buffer.from(signer.certificate.toString()));
  files.set('signatures/tagmanifest-sha256.txt.p7s', Buffer.from(signCms(content, signer, at)));
  files.set('signatures/tagmanifest-sha256.txt.jws', Buffer.from(await signJws(content, signer)));
};

/** A genuine pack with its identity, ready to be tampered with. */
export interface Kit {
  readonly folder: string;
  readonly identity: Identity;
  readonly zip: Buffer;
  files(): Files;
  verify(zip: Buffer, root?: string | null): Promise<PackVerification>;
  remove(): Promise<void>;
}

export const makeKit = async (): Promise<Kit> => {
  const { path: folder, remove } = await temporaryFolder();
  const identity = organisationIdentity();
  const to = join(folder, 'evidence.zip');
  await buildPack(await smallInput(folder, identity, to), run());
  const original = await filesOf(to);
  let serial = 0;
  return {
    folder,
    identity,
    zip: await readFile(to),
    files: () => new Map([...original].map(([path, bytes]) => [path, Buffer.from(bytes)])),
    verify: async (zip, root = identity.rootPem) => {
      serial += 1;
      const path = join(folder, `case-${serial}.zip`);
      await writeFile(path, zip);
      try {
        return await verifyPack(path, root === null ? null : Buffer.from(root), run());
      } finally {
        await rm(path);
      }
    },
    remove,
  };
};

export const statusOf = (result: PackVerification, id: string): string | undefined =>
  result.steps.find((step) => step.id === id)?.status;
export const failedSteps = (result: PackVerification): string[] =>
  result.steps.filter(({ status }) => status === 'fail').map(({ id }) => id);
