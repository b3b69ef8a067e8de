// Walks the records of a log of any text form: lines, rows, elements of an array or of a document, XML events.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Source, SourceFile } from '../../../ports/source.ts';
import { throwIfCancelled } from '../engine/cancel.ts';
import { objectKind } from '../engine/cloudtrail/object-names.ts';
import { layoutFor, layoutOfText, type TextLayout } from '../engine/exports/cut/layout.ts';
import { PlainText } from '../engine/exports/cut/plain-text.ts';
import { RecordCutter } from '../engine/exports/cut/record-cutter.ts';
import { EXPORT_ADAPTERS } from '../engine/exports/export-adapters.ts';

export interface RecordSink {
  /** The form of the file, before its first record. */
  begin(layout: TextLayout): void;
  /** A record: `bytes[start, end)`, valid only during the call; `offset` in bytes of the file's plain text. */
  record(bytes: Buffer, start: number, end: number, offset: number): void;
  /** A record of more than 16 MiB: only its place and `length` in bytes are known. */
  tooLong(offset: number, length: number): void;
}

const BEGINNING = 64 * 1024;
/** Milliseconds of work after which other work gets its turn. */
const TURN_MS = 20;

const TEXT_NAME =
  /\.(?:jsonl?|ndjson|log|txt|csv|tsv|cef|leef|xml|json-seq)(?:\.gz)?$|\.gz$|(?:^|\/)[^.]+$/iu;

/** The files of a source that hold its records, in the order of their names. */
export const recordFiles = (source: Source): readonly SourceFile[] => {
  if (source.kind === 'file') return source.files;
  // Of a trail, its log files: digests, keys and sidecars hold no events.
  const trail = source.files.filter((file) => objectKind(file.name) === 'log');
  if (trail.length > 0) return trail;
  return source.files.filter((file) => file.bytes > 0 && TEXT_NAME.test(file.name));
};

/** Stands in for the cutter of a file that is no text. */
const NO_TEXT: Pick<RecordCutter, 'push' | 'end'> = { push: () => undefined, end: () => undefined };

/** Columns that logs have: a first line that names one of them is the header of a table. */
const COLUMN =
  /^(?:@?timestamp|time|date(?:time)?|ts|event_?time|created_?at|actor|user(?:_?id|name)?|action|event(?:_?type|_?name)?|operation)$/iu;

/** How a text of this format is cut; formats with hashes count lines, so that their findings name the same records. */
export const layoutOfLog = (beginning: Buffer, format: string | null): TextLayout => {
  const layout = layoutOfText(beginning);
  const adapter = EXPORT_ADAPTERS.find(({ id }) => id === format);
  if (adapter !== undefined) return layoutFor(layout, adapter.text);
  const isTable = layout.csv?.header.some((name) => COLUMN.test(name)) === true;
  const plain = layoutFor(layout, isTable ? 'csv' : 'lines');
  return format === null || plain.cut !== 'objects' ? plain : { ...plain, cut: 'lines' };
};

/**
 * Reads one file to its end; yields after every chunk, so that the caller can write what has come and stop.
 * A file that is no text has no records.
 * @throws AppError('job.cancelled') on abort, and what the file throws.
 */
export async function* walkRecords(
  file: SourceFile,
  format: string | null,
  sink: RecordSink,
  signal: AbortSignal,
): AsyncGenerator<PlainText> {
  const text = new PlainText(file);
  const begin = (beginning: Buffer): Pick<RecordCutter, 'push' | 'end'> => {
    // Text has no zero bytes; UTF-16 was decoded before.
    if (beginning.subarray(0, BEGINNING).includes(0)) return NO_TEXT;
    const layout = layoutOfLog(beginning.subarray(0, BEGINNING), format);
    sink.begin(layout);
    const made = new RecordCutter(layout, {
      record: (bytes, start, end, place) => sink.record(bytes, start, end, place.offset),
      tooLong: (place, length) => sink.tooLong(place.offset, length),
    });
    made.push(beginning);
    return made;
  };
  let cutter: Pick<RecordCutter, 'push' | 'end'> | null = null;
  let beginning: Buffer[] = [];
  let held = 0;
  let turn = performance.now();
  for await (const chunk of text.chunks()) {
    throwIfCancelled(signal);
    if (cutter !== null) cutter.push(chunk);
    else {
      beginning.push(chunk);
      held += chunk.length;
      if (held >= BEGINNING) {
        cutter = begin(Buffer.concat(beginning));
        beginning = [];
      }
    }
    yield text;
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  cutter ??= begin(Buffer.concat(beginning));
  cutter.end();
  yield text;
}
