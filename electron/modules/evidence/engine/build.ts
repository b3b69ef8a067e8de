// Builds an EP-1 evidence pack: one streamed pass over the logs, manifests, two signatures, one ZIP.
import { X509Certificate } from 'node:crypto';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { JobRun } from '../../../jobs/job-kinds.ts';
import { BAGIT_TXT, bagInfo, manifest, type ManifestEntry } from './bag.ts';
import type { BuildInput, BuildOutput } from './build-input.ts';
import { howToVerify } from './how-to-verify.ts';
import {
  assertStillThere,
  collectPayload,
  digest,
  meter,
  openLogs,
  payloadContent,
  type Digests,
  type Meter,
  type Payload,
} from './payload.ts';
import { pemOf } from './pem.ts';
import { openSigner, signCms, signJws, type Signer } from './sign.ts';
import { ZipSink } from './zip-sink.ts';

/** The checker's name in a pack. */
const CHECKER = 'verify.py';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;

/** Faults of the caller, not of the user: they never depend on what a user types or chooses. */
const assertInput = (input: BuildInput): void => {
  if (!UUID.test(input.externalIdentifier)) throw new Error('externalIdentifier is not a UUID');
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/u.test(input.folder) || input.folder.endsWith('.'))
    throw new Error('folder is not a plain name');
  if (input.auditLogHead !== null && !/^[0-9a-f]{64}$/u.test(input.auditLogHead))
    throw new Error('auditLogHead is not a digest');
};

/** @throws AppError('evidence.signer_not_valid') when the certificate does not cover the time of signing. */
const assertSignerValid = ({ certificate }: Signer, root: X509Certificate, createdAt: string): void => {
  if (!certificate.verify(root.publicKey))
    throw new Error('the signing certificate is not issued by the root');
  const at = Math.floor(Temporal.Instant.from(createdAt).epochMilliseconds / 1000) * 1000;
  const [from, to] = [certificate.validFromDate, certificate.validToDate];
  if (at < from.getTime() || at > to.getTime()) {
    throw new AppError('evidence.signer_not_valid', {
      at: createdAt,
      from: from.toISOString(),
      to: to.toISOString(),
    });
  }
};

const bagInfoOf = (input: BuildInput, oxum: string): string =>
  bagInfo([
    ...(input.organisation.trim() === '' ? [] : [['Source-Organization', input.organisation] as const]),
    ...(input.description.trim() === '' ? [] : [['External-Description', input.description] as const]),
    ['External-Identifier', input.externalIdentifier],
    [
      'Bagging-Date',
      Temporal.Instant.from(input.createdAt).toZonedDateTimeISO('UTC').toPlainDate().toString(),
    ],
    ['Payload-Oxum', oxum],
    ['Bag-Software-Agent', 'Probity'],
    ['EP-Version', '1'],
    ['Expected-Signatures', 'cms,jws'],
    ...(input.auditLogHead === null ? [] : [['Audit-Log-Head', input.auditLogHead] as const]),
    ['Completeness', input.missing.length === 0 ? 'complete' : 'partial'],
    ...input.missing.map((sentence) => ['Missing-Item', sentence] as const),
  ]);

/** Writes the payload in its order and answers the digests of all files. */
const writePayload = async (
  sink: ZipSink,
  top: string,
  payload: readonly Payload[],
  at: Meter,
): Promise<(Digests & { readonly path: string })[]> => {
  const digests: (Digests & { readonly path: string })[] = [];
  await sink.addStreams(
    payload.map(({ path, bytes }) => ({ path: top + path, bytes })),
    (index) => {
      const file = payload[index] as Payload;
      return payloadContent(file, at, (each) => void digests.push({ path: file.path, ...each }));
    },
  );
  return digests;
};

const writePack = async (
  input: BuildInput,
  signer: Signer,
  root: X509Certificate,
  payload: readonly Payload[],
  sink: ZipSink,
  at: Meter,
): Promise<void> => {
  const top = `evidence-${input.folder}/`;
  const tags: (ManifestEntry & { readonly sha512: string })[] = [];
  const addTag = async (path: string, text: string): Promise<void> => {
    const bytes = utf8(text);
    tags.push({ path, digest: digest('sha256', bytes), sha512: digest('sha512', bytes) });
    await sink.addBytes(top + path, bytes);
  };
  const octets = payload.reduce((sum, file) => sum + file.bytes, 0);
  at.enter('packing', octets);
  // Last in the archive, but covered by the manifests like every tag file.
  const { checker } = input;
  if (checker !== undefined)
    tags.push({
      path: CHECKER,
      digest: digest('sha256', checker),
      sha512: digest('sha512', checker),
    });
  await addTag(
    'HOW-TO-VERIFY.txt',
    howToVerify({
      folder: `evidence-${input.folder}`,
      organisation: input.organisation,
      createdAt: input.createdAt,
      externalIdentifier: input.externalIdentifier,
      rootFingerprint: digest('sha256', root.raw),
      signerNotAfter: Temporal.Instant.fromEpochMilliseconds(
        signer.certificate.validToDate.getTime(),
      ).toString(),
      missing: input.missing,
      checkerSha256: checker === undefined ? null : digest('sha256', checker),
    }),
  );
  await addTag('bag-info.txt', bagInfoOf(input, `${octets}.${payload.length}`));
  await addTag('bagit.txt', BAGIT_TXT);

  const digests = await writePayload(sink, top, payload, at);
  await addTag(
    'manifest-sha256.txt',
    manifest(digests.map(({ path, sha256 }) => ({ path, digest: sha256 }))),
  );
  await addTag(
    'manifest-sha512.txt',
    manifest(digests.map(({ path, sha512 }) => ({ path, digest: sha512 }))),
  );

  at.stopIfCancelled();
  at.enter('signing', 0);
  const signed = utf8(manifest(tags));
  await sink.addBytes(`${top}signatures/root.pem`, utf8(pemOf('CERTIFICATE', root.raw)));
  await sink.addBytes(`${top}signatures/signer.pem`, utf8(pemOf('CERTIFICATE', signer.certificate.raw)));
  await sink.addBytes(`${top}signatures/tagmanifest-sha256.txt.jws`, utf8(await signJws(signed, signer)));
  await sink.addBytes(
    `${top}signatures/tagmanifest-sha256.txt.p7s`,
    utf8(signCms(signed, signer, input.createdAt)),
  );
  await sink.addBytes(`${top}tagmanifest-sha256.txt`, signed);
  await sink.addBytes(
    `${top}tagmanifest-sha512.txt`,
    utf8(manifest(tags.map(({ path, sha512 }) => ({ path, digest: sha512 })))),
  );
  if (checker !== undefined) await sink.addBytes(top + CHECKER, checker);
};

/**
 * Builds the pack at `input.to`, or nothing: it is written to `<to>.partial` and named when it is whole and synced.
 *
 * Deterministic: equal input gives equal bytes for every entry outside `signatures/`, in the same order, on any
 * machine and in any time zone. Only the two signatures differ between runs, because ECDSA draws a random number;
 * their signing time is `createdAt`, not the clock. `signatures/root.pem` is for comparing fingerprints by another
 * road; no verifier may take its trust from it.
 *
 * `files` in the answer counts payload files (those below `data/`).
 *
 * @throws AppError file.exists, file.cannot_write, file.changed, file.digest_differs and other file.* of the sources,
 *   evidence.signer_not_valid, job.cancelled
 */
export const buildPack = async (input: BuildInput, run: JobRun): Promise<BuildOutput> => {
  assertInput(input);
  const signer = openSigner(input.signer.privateKey, input.signer.certificatePem);
  const root = new X509Certificate(input.signer.rootPem);
  assertSignerValid(signer, root, input.createdAt);

  const at = meter(run);
  at.stopIfCancelled();
  const sink = await ZipSink.create(input.to);
  try {
    const sources = await openLogs(input.logs);
    const payload = await collectPayload(input, sources, at);
    await writePack(input, signer, root, payload, sink, at);
    for (const { log, source } of sources) await assertStillThere(log, source);
    at.stopIfCancelled();
    return { ...(await sink.finish()), files: payload.length };
  } catch (error) {
    await sink.discard();
    throw error;
  }
};
