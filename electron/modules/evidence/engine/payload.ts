// The payload of a pack: which files it has, what they are called, and their content on its way into the archive.
import { createHash, hash } from 'node:crypto';
import { basename } from 'node:path';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { JobRun } from '../../../jobs/job-kinds.ts';
import { listingLine } from '../../../ports/listing.ts';
import { openSourceSpec } from '../../../ports/open-source-spec.ts';
import type { Source, SourceFile } from '../../../ports/source.ts';
import { byPath } from './bag.ts';
import type { BuildInput, LogToPack } from './build-input.ts';
import { collisionKey, isPayloadName, MOST_FILES, packedLogPath } from './names.ts';

/** A file of the payload; `sha256` is known beforehand for logs and checked again while they are written. */
export interface Payload {
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

export const digest = (algorithm: 'sha256' | 'sha512', bytes: Uint8Array): string =>
  hash(algorithm, bytes, 'hex');

/** Files up to this size are hashed in one call: a log folder may hold 100,000 of them, and each hash object costs. */
const SMALL = 1024 * 1024;

/** A log and its source as it was listed when the build began. */
export interface Opened {
  readonly log: LogToPack;
  readonly source: Source;
}

/** Counts bytes for the progress and stops where the user cancels. */
export const meter = (run: JobRun) => {
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
export type Meter = ReturnType<typeof meter>;

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
  at.enter(
    'hashing',
    source.files.reduce((sum, file) => sum + file.bytes, 0),
  );
  const payload: Payload[] = [];
  const listing = createHash('sha256');
  for (const file of source.files) {
    at.stopIfCancelled();
    const name = `${log.originalName}/${file.name}`;
    const sha256 = await sha256OfFile(file, name, at);
    listing.update(listingLine({ name: file.name, sha256 }));
    payload.push({
      path: packedLogPath(sha256, file.name),
      bytes: file.bytes,
      content: { sha256, name, file },
    });
  }
  if (listing.digest('hex') !== log.sha256)
    throw new AppError('file.digest_differs', { name: log.originalName });
  return payload;
};

/**
 * Looks once more whether a log is still there as it was listed: an open file can be read to its end after it was
 * deleted, and a folder may have got more files meanwhile.
 * @throws AppError('file.changed')
 */
export const assertStillThere = async (log: LogToPack, before: Source): Promise<void> => {
  const listing = (source: Source): string =>
    JSON.stringify(source.files.map(({ name, bytes }) => [name, bytes]));
  const after = await openSourceSpec(log.source).catch(() => null);
  if (after === null || listing(after) !== listing(before))
    throw new AppError('file.changed', { name: log.originalName });
};

export const openLogs = async (logs: readonly LogToPack[]): Promise<Opened[]> => {
  const opened: Opened[] = [];
  for (const log of logs) opened.push({ log, source: await openSourceSpec(log.source) });
  return opened;
};

/**
 * All payload files, sorted; a log file that occurs twice goes in once.
 * @throws AppError file.* of the sources, file.digest_differs for a folder that is not the one that was imported
 */
export const collectPayload = async (
  input: BuildInput,
  sources: readonly Opened[],
  at: Meter,
): Promise<Payload[]> => {
  const files: Payload[] = input.inline.map(({ name, bytes }) => ({
    path: `data/${name}`,
    bytes: bytes.length,
    content: bytes,
  }));
  const logs = new Map<string, Payload>();
  for (const { log, source } of sources) {
    for (const file of await logPayload(log, source, at)) if (!logs.has(file.path)) logs.set(file.path, file);
  }
  files.push(...logs.values());
  // More than a verifier would read.
  if (files.length > MOST_FILES)
    throw new AppError('file.cannot_write', {
      name: basename(input.to),
      reason: `a pack holds at most ${MOST_FILES} files`,
    });
  for (const { path } of files) {
    if (!isPayloadName(path)) throw new Error('a payload name holds characters that a pack does not allow');
  }
  if (new Set(files.map(({ path }) => collisionKey(path))).size !== files.length)
    throw new Error('two payload files have one name');
  return files.toSorted(byPath);
};

/** Lower-case hex. */
export interface Digests {
  readonly sha256: string;
  readonly sha512: string;
}

async function* inlineContent(
  bytes: Uint8Array,
  at: Meter,
  hashed: (digests: Digests) => void,
): AsyncGenerator<Uint8Array> {
  hashed({ sha256: digest('sha256', bytes), sha512: digest('sha512', bytes) });
  at.passed(bytes.length);
  yield bytes;
}

/** A log's content on its way into the archive, checked against its recorded digest when it has passed. */
async function* logContent(
  { file, name, sha256 }: LogContent,
  at: Meter,
  hashed: (digests: Digests) => void,
): AsyncGenerator<Uint8Array> {
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

/** The content of one payload file; its digests are told before the last of it has been taken or right after. */
export const payloadContent = (
  { content }: Payload,
  at: Meter,
  hashed: (digests: Digests) => void,
): AsyncIterable<Uint8Array> =>
  content instanceof Uint8Array ? inlineContent(content, at, hashed) : logContent(content, at, hashed);
