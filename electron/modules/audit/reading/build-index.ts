// The work of an `audit.index` job: reads a log once and writes its index (and, where needed, its plain text) as blobs.
import { createHash } from 'node:crypto';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { JobRun, JobKinds } from '../../../jobs/job-kinds.ts';
import { sourceDigest } from '../../../ports/listing.ts';
import { openArchive } from '../../../ports/archive-source.ts';
import { openSourceSpec } from '../../../ports/open-source-spec.ts';
import type { Source, SourceFile } from '../../../ports/source.ts';
import { writeBlobFile } from '../../../store/blob-store.ts';
import type { BlobTarget } from '../../../store/vault.ts';
import { throwIfCancelled } from '../engine/cancel.ts';
import { takeIn } from '../engine/intake.ts';
import { encodingOf, type PlainText } from '../engine/exports/cut/plain-text.ts';
import { isGzip } from '../engine/lines/gunzip.ts';
import type { TextLayout } from '../engine/exports/cut/layout.ts';
import { BlockDigests, watchedFile } from './block-digests.ts';
import { ByteChannel } from './byte-channel.ts';
import { IndexWriter } from './index-writer.ts';
import { type Columns, summariserOf, UNREADABLE } from './row-reader.ts';
import { recordFiles, walkRecords } from './walk-records.ts';

type Input = JobKinds['audit.index']['input'];
type Output = JobKinds['audit.index']['output'];
type Written = Output['index'];

/** An encrypted file that is being written. */
interface Sink {
  readonly channel: ByteChannel;
  readonly written: Promise<Written>;
}

const openSink = (target: BlobTarget): Sink => {
  const channel = new ByteChannel();
  const written = writeBlobFile(target.path, channel, Buffer.from(target.keyHex, 'hex'));
  // A disk that refuses ends the reading, too.
  written.catch((error: unknown) => channel.fail(error));
  return { channel, written };
};

const TEXT_PIECE = 1 << 20;
const LINE_FEED = 0x0a;

/** The plain text of a compressed or many-file log: its records, a line feed after each. */
class TextPieces {
  readonly #pieces: Buffer[] = [];
  #piece = Buffer.allocUnsafe(TEXT_PIECE);
  #filled = 0;
  #position = 0;

  /** Returns the record's offset in the text. */
  add(bytes: Buffer, start: number, end: number): number {
    const offset = this.#position;
    const length = end - start;
    this.#position += length + 1;
    if (this.#filled + length + 1 > this.#piece.length) this.#flush(length + 1);
    bytes.copy(this.#piece, this.#filled, start, end);
    this.#piece[this.#filled + length] = LINE_FEED;
    this.#filled += length + 1;
    return offset;
  }

  #flush(needed: number): void {
    if (this.#filled > 0) this.#pieces.push(this.#piece.subarray(0, this.#filled));
    this.#piece = Buffer.allocUnsafe(Math.max(TEXT_PIECE, needed));
    this.#filled = 0;
  }

  take(): Buffer[] {
    return this.#pieces.splice(0);
  }

  finish(): Buffer[] {
    this.#flush(0);
    return this.take();
  }
}

/** Whether the file's bytes are its plain text: neither compressed nor UTF-16. */
const isPlain = async (file: SourceFile): Promise<boolean> => {
  for await (const chunk of file.open({ start: 0, end: Math.min(4, file.bytes) }))
    return !isGzip(chunk) && encodingOf(Buffer.from(chunk)) === 'utf-8';
  return true;
};

const digestOf = async (file: SourceFile, run: JobRun): Promise<string> => {
  const digest = createHash('sha256');
  for await (const chunk of file.open()) {
    throwIfCancelled(run.signal);
    digest.update(chunk);
  }
  return digest.digest('hex');
};

interface Reading {
  readonly source: Source;
  readonly files: readonly SourceFile[];
  readonly index: Sink;
  readonly text: Sink | null;
  readonly blocks: BlockDigests | null;
}

const read = async (input: Input, reading: Reading, run: JobRun): Promise<IndexWriter['rows']> => {
  const { source, files, index, text, blocks } = reading;
  const writer = new IndexWriter();
  const summarise = summariserOf(input.format);
  const pieces = new TextPieces();
  const digests = new Map<string, string>();
  let columns: Columns | null = null;
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  for (const file of files) {
    writer.startFile(file.name);
    const watched = blocks === null ? file : watchedFile(file, blocks);
    const sink = {
      begin: ({ csv }: TextLayout): void => {
        columns = csv === null ? null : { names: csv.header, delimiter: csv.delimiter };
      },
      record: (bytes: Buffer, start: number, end: number, offset: number): void => {
        const facts = summarise(bytes.toString('utf8', start, end), columns);
        writer.add(facts, text === null ? offset : pieces.add(bytes, start, end), end - start);
      },
      tooLong: (offset: number, length: number): void => {
        // Of the plain text only what can be shown is kept; the row says that it could not be read.
        const place = text === null ? offset : pieces.add(Buffer.alloc(0), 0, 0);
        writer.add(UNREADABLE, place, text === null ? length : 0);
      },
    };
    let last: PlainText | null = null;
    for await (const stream of walkRecords(watched, input.format, sink, run.signal)) {
      last = stream;
      for (const segment of writer.take()) await index.channel.push(segment);
      if (text !== null) for (const piece of pieces.take()) await text.channel.push(piece);
      const done = before + stream.storedBytes;
      run.progress({ step: 'indexing', done, total, unit: 'bytes', records: writer.rows });
    }
    if (last !== null) digests.set(file.name, last.sha256());
    before += file.bytes;
  }
  if (input.expectedSha256 !== null) {
    const entries: { name: string; sha256: string }[] = [];
    for (const file of source.files)
      entries.push({ name: file.name, sha256: digests.get(file.name) ?? (await digestOf(file, run)) });
    if (sourceDigest(source.kind, entries) !== input.expectedSha256)
      throw new AppError('file.digest_differs', { name: source.name });
  }
  if (writer.rows === 0) throw new AppError('reading.no_records', { name: source.name });
  const { last } = writer.finish({
    format: input.format,
    hasText: text !== null,
    blocks: blocks?.finish() ?? null,
    columns,
  });
  for (const segment of last) await index.channel.push(segment);
  if (text !== null) for (const piece of pieces.finish()) await text.channel.push(piece);
  return writer.rows;
};

/** @throws AppError reading.no_records | reading.too_many_rows | file.* | job.cancelled */
export const buildIndex = async (input: Input, run: JobRun): Promise<Output> => {
  const given = await openSourceSpec(input.source);
  const source = await openArchive(given);
  const isArchive = source !== given;
  // An archive is compared by its own bytes; what it holds has no digest of its own.
  if (
    isArchive &&
    input.expectedSha256 !== null &&
    (await takeIn(given, run)).sha256 !== input.expectedSha256
  )
    throw new AppError('file.digest_differs', { name: given.name });
  const files = recordFiles(source);
  const [only, ...others] = files;
  if (only === undefined) throw new AppError('reading.no_records', { name: source.name });
  const needsText = isArchive || others.length > 0 || !(await isPlain(only));
  const index = openSink(input.index);
  const text = needsText ? openSink(input.text) : null;
  // A blob authenticates itself; a file on disk may change behind our back.
  const blocks = needsText || input.source.at === 'blobs' ? null : new BlockDigests();
  try {
    const expected = isArchive ? { ...input, expectedSha256: null } : input;
    const rows = await read(expected, { source, files, index, text, blocks }, run);
    index.channel.end();
    text?.channel.end();
    return { index: await index.written, text: text === null ? null : await text.written, rows };
  } catch (error) {
    index.channel.fail(error);
    text?.channel.fail(error);
    await Promise.allSettled([index.written, text?.written]);
    throw error;
  }
};
