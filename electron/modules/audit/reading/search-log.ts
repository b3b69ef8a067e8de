// The work of an `audit.search` job: streams the log's text once and marks the rows that contain what is looked for.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { JobKinds, JobRun } from '../../../jobs/job-kinds.ts';
import { openSourceSpec } from '../../../ports/open-source-spec.ts';
import { throwIfCancelled } from '../engine/cancel.ts';
import { BlockDigests } from './block-digests.ts';
import { PLACE_BYTES } from './index-format.ts';
import { searchPattern, type SearchPattern } from './search-pattern.ts';
import { placeIn, readIndexFooter, readPlaceSegments, readTicket } from './stored-index.ts';
import { recordFiles } from './walk-records.ts';

type Input = JobKinds['audit.search']['input'];
type Output = JobKinds['audit.search']['output'];

/** Goes through the rows in step with the text; asks for the places of later rows only when they are needed. */
class RowCursor {
  readonly #segments: AsyncGenerator<Buffer>;
  #segment: Buffer | null = null;
  #firstRow = 0;
  #at = 0;

  constructor(segments: AsyncGenerator<Buffer>) {
    this.#segments = segments;
  }

  /** A reader that stops early must still close the index. */
  async close(): Promise<void> {
    await this.#segments.return(undefined);
  }

  /** The first row that ends behind `offset`; null behind the last one. Offsets must not fall. */
  async rowAt(offset: number): Promise<{ row: number; start: number; end: number } | null> {
    for (;;) {
      const segment = this.#segment;
      if (segment !== null) {
        for (; this.#at < segment.length; this.#at += PLACE_BYTES) {
          const { offset: start, length } = placeIn(segment, this.#at);
          if (start + length > offset)
            return { row: this.#firstRow + this.#at / PLACE_BYTES, start, end: start + length };
        }
        this.#firstRow += segment.length / PLACE_BYTES;
      }
      const next = await this.#segments.next();
      if (next.done === true) return null;
      this.#segment = next.value;
      this.#at = 0;
    }
  }
}

/** Finds in a stream, whatever the borders of its chunks. */
class Finder {
  readonly #wanted: SearchPattern;
  readonly #rows: RowCursor;
  readonly #bits: Uint8Array;
  #kept = Buffer.alloc(0) as Buffer;
  #position = 0;
  /** Nothing before this offset is of interest: its row is marked already. */
  #from = 0;
  found = 0;

  constructor(wanted: SearchPattern, rows: RowCursor, bits: Uint8Array) {
    this.#wanted = wanted;
    this.#rows = rows;
    this.#bits = bits;
  }

  async push(chunk: Buffer): Promise<void> {
    const start = this.#position;
    this.#position += chunk.length;
    const most = this.#wanted.longest - 1;
    // What may begin before this chunk is looked for in a small piece of both: the chunk itself is not copied.
    if (this.#kept.length > 0)
      await this.#scan(Buffer.concat([this.#kept, chunk.subarray(0, most)]), start - this.#kept.length);
    await this.#scan(chunk, start);
    const tail = chunk.length >= most ? chunk : Buffer.concat([this.#kept, chunk]);
    this.#kept = Buffer.from(tail.subarray(Math.max(0, tail.length - most)));
  }

  async #scan(bytes: Buffer, start: number): Promise<void> {
    const { pattern } = this.#wanted;
    const text = bytes.toString('latin1');
    pattern.lastIndex = Math.max(0, this.#from - start);
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const at = start + match.index;
      const row = await this.#rows.rowAt(at);
      if (row === null) return;
      // A match across the border of two rows is none.
      if (row.start <= at && at + match[0].length <= row.end) {
        const byte = row.row >> 3;
        this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (row.row & 7));
        this.found += 1;
        this.#from = row.end;
      } else this.#from = at + 1;
      pattern.lastIndex = Math.max(0, this.#from - start);
    }
  }
}

const textOf = async (input: Input): Promise<{ bytes: number; chunks: AsyncIterable<Uint8Array> }> => {
  if (input.text !== null)
    return { bytes: input.text.bytes, chunks: readTicket(input.text, 0, input.text.bytes) };
  const source = await openSourceSpec(input.source);
  const [file] = recordFiles(source);
  if (file === undefined) throw new AppError('file.not_found', { name: source.name });
  return { bytes: file.bytes, chunks: file.open() };
};

/** @throws AppError file.digest_differs when a referenced log is not what was imported; record.altered; job.cancelled */
export const searchLog = async (input: Input, run: JobRun): Promise<Output> => {
  const footer = await readIndexFooter(input.index);
  const bits = new Uint8Array(Math.ceil(footer.rows / 8));
  const rows = new RowCursor(readPlaceSegments(input.index, footer.rows));
  const finder = new Finder(searchPattern(input.find), rows, bits);
  const { bytes, chunks } = await textOf(input);
  const blocks = footer.blocks === null ? null : new BlockDigests();
  let done = 0;
  try {
    for await (const chunk of chunks) {
      throwIfCancelled(run.signal);
      blocks?.push(chunk);
      await finder.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      done += chunk.length;
      run.progress({ step: 'searching', done, total: bytes, unit: 'bytes', records: finder.found });
      await nextTurn();
    }
  } finally {
    await rows.close();
  }
  if (blocks !== null && blocks.finish().digests !== footer.blocks?.digests)
    throw new AppError('file.digest_differs', {
      name: input.source.at === 'path' ? 'The log' : input.source.name,
    });
  return { bits, rows: finder.found };
};
