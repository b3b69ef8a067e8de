// Builds an EP-1 evidence pack: one streamed pass over the logs, manifests, two signatures, one ZIP.
import { createHash, hash, X509Certificate } from 'node:crypto';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { JobRun } from '../../../jobs/job-kinds.ts';
import { openSourceSpec } from '../../../ports/open-source-spec.ts';
import type { Source, SourceFile } from '../../../ports/source.ts';
import { BAGIT_TXT, bagInfo, byPath, manifest, type ManifestEntry } from './bag.ts';
import type { BuildInput, BuildOutput, LogToPack } from './build-input.ts';
import { howToVerify } from './how-to-verify.ts';
import { collisionKey, isPayloadName, packedLogPath } from './names.ts';
import { pemOf } from './pem.ts';
import { openSigner, signCms, signJws, type Signer } from './sign.ts';
import { ZipSink } from './zip-sink.ts';

/** A file of the payload; `sha256` is known beforehand for logs and checked again while they are written. */
interface Payload {
  readonly path: string;
  readonly bytes: number;
  readonly content: Uint8Array | LogContent;
}
interface LogContent {
  readonly sha256: string;
  /** For the error: the name that the user knows. */
  readonly name: string;
  readonly file: SourceFile;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const digest = (algorithm: 'sha256' | 'sha512', bytes: Uint8Array): string => hash(algorithm, bytes, 'hex');

/** Files up to this size are hashed in one call: a log folder may hold 100,000 of them, and each hash object costs. */
const SMALL = 1024 * 1024;

/** A log and its source as it was listed when the build began. */
interface Opened {
  readonly log: LogToPack;
  readonly source: Source;
}

/** Counts bytes for the progress and stops where the user cancels. */
const meter = (run: JobRun) => {
  let step = 'hashing';
  let done = 0;
  let total = 0;
  const report = () => run.progress({ step, done, total, unit: 'bytes' });
  return {
    enter: (name: string, more: number) => {
      step = name;
      total += more;
      report();
    },
    passed: (bytes: number) => {
      done += bytes;
      report();
    },
    stopIfCancelled: () => {
      if (run.signal.aborted) throw new AppError('job.cancelled');
    },
  };
};
type Meter = ReturnType<typeof meter>;

/** The file's chunks, ending the build where the file grew, shrank or is being cancelled. */
async function* wholeFile(file: SourceFile, name: string, at: Meter): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of file.open()) {
    at.stopIfCancelled();
    read += chunk.length;
    if (read > file.bytes) break;
    yield chunk;
    at.passed(chunk.length);
  }
  if (read !== file.bytes) throw new AppError('file.changed', { name });
}

/** All bytes of a small file. */
const readSmall = async (file: SourceFile, name: string, at: Meter): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of wholeFile(file, name, at)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const sha256OfFile = async (file: SourceFile, name: string, at: Meter): Promise<string> => {
  if (file.bytes <= SMALL) return digest('sha256', await readSmall(file, name, at));
  const sha256 = createHash('sha256');
  for await (const chunk of wholeFile(file, name, at)) sha256.update(chunk);
  return sha256.digest('hex');
};

/**
 * The payload files of one log. A single file is named by its recorded digest at once; the files of a folder are
 * hashed first, because their names in the pack need their digests and the folder's digest covers their listing.
 */
const logPayload = async (log: LogToPack, source: Source, at: Meter): Promise<Payload[]> => {
  const [only] = source.files;
  if (source.kind === 'file') {
    if (only === undefined) throw new AppError('file.not_found', { name: log.originalName });
    const content = { sha256: log.sha256, name: log.originalName, file: only };
    return [{ path: packedLogPath(log.sha256, log.originalName), bytes: only.bytes, content }];
  }
  at.enter('hashing', source.files.reduce((sum, file) => sum + file.bytes, 0));
  const payload: Payload[] = [];
  const listing = createHash('sha256');
  for (const file of source.files) {
    at.stopIfCancelled();
    const name = `${log.originalName}/${file.name}`;
    const sha256 = await sha256OfFile(file, name, at);
    listing.update(`${sha256}  ${file.name}\n`);
    payload.push({ path: packedLogPath(sha256, file.name), bytes: file.bytes, content: { sha256, name, file } });
  }
  if (listing.digest('hex') !== log.sha256) throw new AppError('file.digest_differs', { name: log.originalName });
  return payload;
};

/**
 * Looks once more whether a log is still there as it was listed: an open file can be read to its end after it was
 * deleted, and a folder may have got more files meanwhile.
 * @throws AppError('file.changed')
 */
const assertStillThere = async (log: LogToPack, before: Source): Promise<void> => {
  const listing = (source: Source): string => JSON.stringify(source.files.map(({ name, bytes }) => [name, bytes]));
  const after = await openSourceSpec(log.source).catch(() => null);
  if (after === null || listing(after) !== listing(before)) throw new AppError('file.changed', { name: log.originalName });
};

/** All payload files, sorted; a log file that occurs twice goes in once. */
const collect = async (input: BuildInput, sources: readonly Opened[], at: Meter): Promise<Payload[]> => {
  const files: Payload[] = input.inline.map(({ name, bytes }) => ({ path: `data/${name}`, bytes: bytes.length, content: bytes }));
  const logs = new Map<string, Payload>();
  for (const { log, source } of sources) {
    for (const file of await logPayload(log, source, at)) if (!logs.has(file.path)) logs.set(file.path, file);
  }
  files.push(...logs.values());
  for (const { path } of files) {
    if (!isPayloadName(path)) throw new Error('a payload name holds characters that a pack does not allow');
  }
  if (new Set(files.map(({ path }) => collisionKey(path))).size !== files.length) throw new Error('two payload files have one name');
  return files.toSorted(byPath);
};

const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;

/** Faults of the caller, not of the user: they never depend on what a user types or chooses. */
const assertInput = (input: BuildInput): void => {
  if (!UUID.test(input.externalIdentifier)) throw new Error('externalIdentifier is not a UUID');
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/u.test(input.folder) || input.folder.endsWith('.')) throw new Error('folder is not a plain name');
  if (input.auditLogHead !== null && !/^[0-9a-f]{64}$/u.test(input.auditLogHead)) throw new Error('auditLogHead is not a digest');
};

/** @throws AppError('evidence.signer_not_valid') when the certificate does not cover the time of signing. */
const assertSignerValid = ({ certificate }: Signer, root: X509Certificate, createdAt: string): void => {
  if (!certificate.verify(root.publicKey)) throw new Error('the signing certificate is not issued by the root');
  const at = Math.floor(Temporal.Instant.from(createdAt).epochMilliseconds / 1000) * 1000;
  const [from, to] = [certificate.validFromDate, certificate.validToDate];
  if (at < from.getTime() || at > to.getTime()) {
    throw new AppError('evidence.signer_not_valid', { at: createdAt, from: from.toISOString(), to: to.toISOString() });
  }
};

const bagInfoOf = (input: BuildInput, oxum: string): string =>
  bagInfo([
    ...(input.organisation.trim() === '' ? [] : [['Source-Organization', input.organisation] as const]),
    ...(input.description.trim() === '' ? [] : [['External-Description', input.description] as const]),
    ['External-Identifier', input.externalIdentifier],
    ['Bagging-Date', Temporal.Instant.from(input.createdAt).toZonedDateTimeISO('UTC').toPlainDate().toString()],
    ['Payload-Oxum', oxum],
    ['Bag-Software-Agent', 'Probity'],
    ['EP-Version', '1'],
    ['Expected-Signatures', 'cms,jws'],
    ...(input.auditLogHead === null ? [] : [['Audit-Log-Head', input.auditLogHead] as const]),
    ['Completeness', input.missing.length === 0 ? 'complete' : 'partial'],
    ...input.missing.map((sentence) => ['Missing-Item', sentence] as const),
  ]);

/** Lower-case hex. */
interface Digests {
  readonly sha256: string;
  readonly sha512: string;
}

async function* inlineContent(bytes: Uint8Array, at: Meter, hashed: (digests: Digests) => void): AsyncGenerator<Uint8Array> {
  hashed({ sha256: digest('sha256', bytes), sha512: digest('sha512', bytes) });
  at.passed(bytes.length);
  yield bytes;
}

/** A log's content on its way into the archive, checked against its recorded digest when it has passed. */
async function* logContent({ file, name, sha256 }: LogContent, at: Meter, hashed: (digests: Digests) => void): AsyncGenerator<Uint8Array> {
  let digests: Digests;
  if (file.bytes <= SMALL) {
    const bytes = await readSmall(file, name, at);
    yield bytes;
    digests = { sha256: digest('sha256', bytes), sha512: digest('sha512', bytes) };
  } else {
    const [short, long] = [createHash('sha256'), createHash('sha512')];
    for await (const chunk of wholeFile(file, name, at)) {
      short.update(chunk);
      long.update(chunk);
      yield chunk;
    }
    digests = { sha256: short.digest('hex'), sha512: long.digest('hex') };
  }
  if (digests.sha256 !== sha256) throw new AppError('file.digest_differs', { name });
  hashed(digests);
}

/** Writes the payload in its order and answers the digests of all files. */
const writePayload = async (sink: ZipSink, top: string, payload: readonly Payload[], at: Meter): Promise<(Digests & { readonly path: string })[]> => {
  const digests: (Digests & { readonly path: string })[] = [];
  await sink.addStreams(
    payload.map(({ path, bytes }) => ({ path: top + path, bytes })),
    (index) => {
      const { path, content } = payload[index] as Payload;
      const hashed = (each: Digests) => void digests.push({ path, ...each });
      return content instanceof Uint8Array ? inlineContent(content, at, hashed) : logContent(content, at, hashed);
    },
  );
  return digests;
};

const writePack = async (input: BuildInput, signer: Signer, root: X509Certificate, payload: readonly Payload[], sink: ZipSink, at: Meter): Promise<void> => {
  const top = `evidence-${input.folder}/`;
  const tags: (ManifestEntry & { readonly sha512: string })[] = [];
  const addTag = async (path: string, text: string): Promise<void> => {
    const bytes = utf8(text);
    tags.push({ path, digest: digest('sha256', bytes), sha512: digest('sha512', bytes) });
    await sink.addBytes(top + path, bytes);
  };
  const octets = payload.reduce((sum, file) => sum + file.bytes, 0);
  at.enter('packing', octets);
  await addTag(
    'HOW-TO-VERIFY.txt',
    howToVerify({
      folder: `evidence-${input.folder}`,
      organisation: input.organisation,
      createdAt: input.createdAt,
      externalIdentifier: input.externalIdentifier,
      rootFingerprint: digest('sha256', root.raw),
      signerNotAfter: Temporal.Instant.fromEpochMilliseconds(signer.certificate.validToDate.getTime()).toString(),
      missing: input.missing,
    }),
  );
  await addTag('bag-info.txt', bagInfoOf(input, `${octets}.${payload.length}`));
  await addTag('bagit.txt', BAGIT_TXT);

  const digests = await writePayload(sink, top, payload, at);
  await addTag('manifest-sha256.txt', manifest(digests.map(({ path, sha256 }) => ({ path, digest: sha256 }))));
  await addTag('manifest-sha512.txt', manifest(digests.map(({ path, sha512 }) => ({ path, digest: sha512 }))));

  at.stopIfCancelled();
  at.enter('signing', 0);
  const signed = utf8(manifest(tags));
  await sink.addBytes(`${top}signatures/root.pem`, utf8(pemOf('CERTIFICATE', root.raw)));
  await sink.addBytes(`${top}signatures/signer.pem`, utf8(pemOf('CERTIFICATE', signer.certificate.raw)));
  await sink.addBytes(`${top}signatures/tagmanifest-sha256.txt.jws`, utf8(await signJws(signed, signer)));
  await sink.addBytes(`${top}signatures/tagmanifest-sha256.txt.p7s`, utf8(signCms(signed, signer, input.createdAt)));
  await sink.addBytes(`${top}tagmanifest-sha256.txt`, signed);
  await sink.addBytes(`${top}tagmanifest-sha512.txt`, utf8(manifest(tags.map(({ path, sha512 }) => ({ path, digest: sha512 })))));
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
    const sources: Opened[] = [];
    for (const log of input.logs) sources.push({ log, source: await openSourceSpec(log.source) });
    const payload = await collect(input, sources, at);
    await writePack(input, signer, root, payload, sink, at);
    for (const { log, source } of sources) await assertStillThere(log, source);
    at.stopIfCancelled();
    return { ...(await sink.finish()), files: payload.length };
  } catch (error) {
    await sink.discard();
    throw error;
  }
};
