// Finds records again by their index: from the nearest noted offset on, without reading what comes before.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { SourceFile } from '../../../../ports/source.ts';
import type { Verified } from '../format.ts';
import { asBuffer } from './byte-queue.ts';
import { SPARSE } from './columns.ts';
import type { PlaceColumn } from './columns.ts';
import { layoutOf, RecordStream } from './record-stream.ts';
import type { Place } from './record-stream.ts';
import { TextStream } from './text-stream.ts';
import { isGzip } from './gunzip.ts';

type Locator = Verified['locator'];

const BEGINNING = 64 * 1024;

/** Keeps the place of every 256th record. */
export const locatorOf = (places: PlaceColumn): Locator => ({
  every: SPARSE,
  offsets: [...places.sparse],
  lines: places.sparse.map((_offset, row) => places.line(row * SPARSE)),
});

export interface FoundRecord {
  /** `line` is 0 where the locator doesn't know lines. */
  readonly place: Place;
  /** A copy of the record, followed by a line feed that is not part of it; null when it is too long to be read. */
  readonly bytes: Buffer | null;
}

/**
 * The records `from` to `to`, both included, as far as the file holds them. A compressed file is inflated from its
 * beginning. Throws what the source throws.
 */
export const findRecords = async (
  file: SourceFile,
  locator: Locator,
  from: number,
  to: number,
): Promise<readonly FoundRecord[]> => {
  const row = Math.min(Math.floor(from / locator.every), locator.offsets.length - 1);
  const offset = locator.offsets[row];
  if (offset === undefined) return [];
  const found: FoundRecord[] = [];
  const keep = (place: Place, bytes: Buffer | null): void => {
    if (place.index >= from && place.index <= to) found.push({ place, bytes });
  };
  const records = new RecordStream(
    {
      record: (bytes, start, end, place) => {
        // Copied only when asked for: on the way there every record passes by.
        if (place.index >= from) keep(place, Buffer.concat([bytes.subarray(start, end), LINE_FEED]));
      },
      tooLong: (place) => keep(place, null),
    },
    row * locator.every,
  );
  records.startAt(await layoutOfFile(file), offset, locator.lines?.[row] ?? 0);
  for await (const chunk of textFrom(file, offset)) {
    records.push(chunk);
    if (records.records > to) return found;
  }
  records.end();
  return found;
};

const LINE_FEED = Buffer.from('\n');

/** The first 64 KiB as stored. */
export const beginningOf = async (file: SourceFile): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of file.open({ start: 0, end: Math.min(BEGINNING, file.bytes) })) parts.push(chunk);
  return Buffer.concat(parts);
};

/** How the text of a file is laid out, by its beginning. */
export const layoutOfFile = async (file: SourceFile): Promise<'lines' | 'array'> => {
  const beginning = await beginningOf(file);
  if (!isGzip(beginning)) return layoutOf(beginning);
  for await (const chunk of new TextStream(file).chunks()) return layoutOf(chunk);
  return 'lines';
};

/** The plain text from an offset on. */
export async function* textFrom(file: SourceFile, offset: number): AsyncGenerator<Buffer> {
  if (!isGzip(await beginningOf(file))) {
    for await (const chunk of file.open({ start: offset })) yield asBuffer(chunk);
    return;
  }
  let position = 0;
  for await (const chunk of new TextStream(file).chunks()) {
    const skipped = Math.max(0, offset - position);
    position += chunk.length;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/** Throws AppError('audit.no_such_record') when a report has no record of that index. */
export const requireRecord = (verified: Verified, index: number): void => {
  const { records } = verified.report;
  if (index >= records) throw new AppError('audit.no_such_record', { index, last: Math.max(0, records - 1) });
};
