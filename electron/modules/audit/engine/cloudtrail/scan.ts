// Reads what a verification needs before any log: every digest, the metadata and the keys beside them. Each file once.
import { createHash } from 'node:crypto';
import { mapPool } from '../../../../ports/map-pool.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun } from '../format.ts';
import { looksLikeDigest, parseDigest } from './digest-document.ts';
import { inflateObject } from './gzip-member.ts';
import type { GzipProblem, Inflated } from './gzip-member.ts';
import { readJson } from './json-text.ts';
import { baseName, objectKind } from './object-names.ts';
import type { KeyList } from './public-keys.ts';
import { MetadataIndex, OBJECT_SIDECAR, readSidecar } from './sidecars.ts';
import type { DigestFile } from './trail-model.ts';

/** Inflated bytes of a digest, or of metadata. An hour with 50,000 log files has a digest of 20 MiB. */
export const MAX_DIGEST_BYTES = 32 * 1024 * 1024;
/** Digests under way at once; each may be held whole. */
const DIGEST_POOL = 8;
/** Logs under way at once: hides the latency of the disk. Small ones are held whole, at most 1 MiB each as stored. */
export const READ_POOL = 16;

export const PROBLEM_TEXT: Readonly<Record<GzipProblem, string>> = {
  truncated: 'the compressed data ends too early',
  corrupt: 'the compressed data is damaged',
  'too-large': 'it inflates to more than is allowed',
  'not-gzip': 'it is neither gzip nor JSON',
};

/** Counts bytes, reports progress, and keeps the digest of every stored file for the folder's own digest. */
export class ReadLog {
  readonly stored: (string | null)[];
  bytes = 0;
  files = 0;
  readonly #total: number;
  readonly run: EngineRun;
  constructor(source: Source, run: EngineRun) {
    this.stored = Array.from({ length: source.files.length }, () => null);
    this.#total = source.files.reduce((sum, file) => sum + file.bytes, 0);
    this.run = run;
  }
  readonly onRead = (bytes: number): void => {
    this.bytes += bytes;
    this.run.progress({
      step: 'verifying',
      done: Math.min(this.bytes, this.#total),
      total: this.#total,
      unit: 'bytes',
      records: this.files,
    });
  };
  finish(fileIndex: number, storedSha256: string): void {
    this.stored[fileIndex] = storedSha256;
    this.files += 1;
  }
}

/** Hashes a file whose content doesn't matter here. */
export const hashStored = async (file: SourceFile, fileIndex: number, log: ReadLog): Promise<void> => {
  const digest = createHash('sha256');
  for await (const piece of file.open()) {
    throwIfCancelled(log.run.signal);
    digest.update(piece);
    log.onRead(piece.length);
  }
  log.finish(fileIndex, digest.digest('hex'));
};

const readInflated = async (
  file: SourceFile,
  fileIndex: number,
  log: ReadLog,
): Promise<{ inflated: Inflated; content: Buffer }> => {
  const pieces: Uint8Array[] = [];
  const inflated = await inflateObject(file, {
    maxBytes: MAX_DIGEST_BYTES,
    signal: log.run.signal,
    onRead: log.onRead,
    onData: (piece) => pieces.push(piece),
  });
  log.finish(fileIndex, inflated.storedSha256);
  return { inflated, content: Buffer.concat(pieces) };
};

const digestFile = (path: string, fileIndex: number, inflated: Inflated, content: Uint8Array): DigestFile => {
  const { storedSha256, sha256, trailing } = inflated;
  const base = { path, fileIndex, storedSha256, sha256, trailing };
  if (inflated.problem !== null) return { ...base, document: null, problem: PROBLEM_TEXT[inflated.problem] };
  const parsed = parseDigest(content);
  return 'document' in parsed
    ? { ...base, document: parsed.document, problem: null }
    : { ...base, document: null, problem: parsed.problem };
};

export interface Scan {
  readonly digests: readonly DigestFile[];
  /** Positions in `source.files`. */
  readonly logs: readonly number[];
  readonly metadata: MetadataIndex;
  readonly keyLists: readonly { readonly path: string; readonly list: KeyList }[];
  /** Files that are none of these; they count towards the folder's digest only. */
  readonly others: readonly string[];
  /** JSON files too large to be read: they may hold metadata or keys that are then missed. */
  readonly tooLarge: readonly string[];
}

type Read =
  | { readonly digest: DigestFile }
  | { readonly metadata: Parameters<MetadataIndex['add']>[0] }
  | { readonly keys: KeyList; readonly path: string }
  | { readonly other: string };

/** Reads one digest, or one JSON or gzip file that may be a digest, metadata or keys. */
const readOne = async (file: SourceFile, fileIndex: number, named: boolean, log: ReadLog): Promise<Read> => {
  const { inflated, content } = await readInflated(file, fileIndex, log);
  if (named) return { digest: digestFile(file.name, fileIndex, inflated, content) };
  const value = inflated.problem === null ? readJson(content) : undefined;
  // A digest under a name of its own is a digest that was moved, not a stranger.
  if (looksLikeDigest(value)) return { digest: digestFile(file.name, fileIndex, inflated, content) };
  const sidecar = value === undefined ? null : readSidecar(file.name, value);
  if (sidecar === null) return { other: file.name };
  return sidecar.kind === 'keys' ? { keys: sidecar.list, path: file.name } : { metadata: sidecar.named };
};

const collect = (reads: readonly Read[], logs: readonly number[]): Scan => {
  const metadata = new MetadataIndex();
  for (const read of reads) if ('metadata' in read) metadata.add(read.metadata);
  return {
    digests: reads.flatMap((read) => ('digest' in read ? [read.digest] : [])),
    logs,
    metadata,
    keyLists: reads.flatMap((read) => ('keys' in read ? [{ path: read.path, list: read.keys }] : [])),
    others: reads.flatMap((read) => ('other' in read ? [read.other] : [])),
    tooLarge: [],
  };
};

/** Classifies every file by its name, and reads all but the logs. */
export const scan = async (source: Source, log: ReadLog): Promise<Scan> => {
  const wanted: { file: SourceFile; fileIndex: number; named: boolean }[] = [];
  const logs: number[] = [];
  const strangers: number[] = [];
  const tooLarge: string[] = [];
  for (const [fileIndex, file] of source.files.entries()) {
    const kind = objectKind(file.name);
    if (kind === 'digest') wanted.push({ file, fileIndex, named: true });
    else if (kind === 'log') logs.push(fileIndex);
    else if (kind === 'json' && file.bytes <= MAX_DIGEST_BYTES)
      wanted.push({ file, fileIndex, named: false });
    else {
      strangers.push(fileIndex);
      if (kind === 'json') tooLarge.push(file.name);
    }
  }
  const reads = await mapPool(wanted, DIGEST_POOL, ({ file, fileIndex, named }) =>
    readOne(file, fileIndex, named, log),
  );
  await mapPool(strangers, READ_POOL, async (fileIndex) => {
    const file = source.files[fileIndex];
    if (file !== undefined) await hashStored(file, fileIndex, log);
  });
  const found = collect(reads, logs);
  return {
    ...found,
    tooLarge,
    others: [
      ...found.others,
      ...strangers.map((fileIndex) => source.files[fileIndex]?.name ?? ''),
    ].toSorted(),
  };
};

/** Keys and metadata for one digest: the files that speak of many objects, and those named after this one. */
export const scanSidecars = async (source: Source, digestName: string, log: ReadLog): Promise<Scan> => {
  const wanted = source.files.flatMap((file, fileIndex) => {
    const useful = objectKind(file.name) === 'json' && file.bytes <= MAX_DIGEST_BYTES;
    const elsewhere = OBJECT_SIDECAR.test(baseName(file.name)) && !baseName(file.name).startsWith(digestName);
    return useful && !elsewhere ? [{ file, fileIndex }] : [];
  });
  const reads = await mapPool(wanted, DIGEST_POOL, ({ file, fileIndex }) =>
    readOne(file, fileIndex, false, log),
  );
  return collect(reads, []);
};
