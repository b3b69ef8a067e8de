// Walks the records of a log of any text form: lines, the elements of an array, or of the array inside a JSON document.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Source, SourceFile } from '../../../ports/source.ts';
import { objectKind } from '../engine/cloudtrail/object-names.ts';
import { RecordStream } from '../engine/lines/record-stream.ts';
import { TextStream } from '../engine/lines/text-stream.ts';

export interface RecordSink {
  /** A record: `bytes[start, end)`, valid only during the call; `offset` in bytes of the file's plain text. */
  record(bytes: Buffer, start: number, end: number, offset: number): void;
  /** A record of more than 16 MiB: only its place and `length` in bytes are known. */
  tooLong(offset: number, length: number): void;
}

const BEGINNING = 64 * 1024;
/** Milliseconds of work after which other work gets its turn. */
const TURN_MS = 20;

/** `{"Records":[{`, also behind a few plain members such as `"kind":"EventList"`. */
const DOCUMENT =
  /^\s*\{(?:\s*"[^"\\]{1,64}"\s*:\s*(?:"[^"\\]*"|[-\d.]+|true|false|null|\{[^{}]*\})\s*,)*\s*"(?:Records|records|value|items|entries|events|logs)"\s*:\s*\[\s*(?=\{)/u;

/** Where the array inside a document begins: the offset of its first element; -1 when the text is no such document. */
export const documentStart = (beginning: Buffer): number => {
  const hasBom = beginning[0] === 0xef && beginning[1] === 0xbb && beginning[2] === 0xbf;
  const skipped = hasBom ? 3 : 0;
  // One byte is one character, so that the match's length is an offset.
  const match = DOCUMENT.exec(beginning.latin1Slice(skipped));
  return match === null ? -1 : skipped + match[0].length;
};

const TEXT_NAME = /\.(?:jsonl?|ndjson|log|txt|csv|cef|xml|json-seq)(?:\.gz)?$|\.gz$|(?:^|\/)[^.]+$/iu;

/** The files of a source that hold its records, in the order of their names. */
export const recordFiles = (source: Source, format: string | null): readonly SourceFile[] => {
  if (source.kind === 'file') return source.files;
  if (format === 'cloudtrail') return source.files.filter((file) => objectKind(file.name) === 'log');
  return source.files.filter((file) => file.bytes > 0 && TEXT_NAME.test(file.name));
};

const linesIn = (bytes: Buffer): number => {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
};

const startIn = (records: RecordStream, beginning: Buffer): void => {
  const start = documentStart(beginning);
  if (start < 0) {
    records.push(beginning);
    return;
  }
  records.startAt('array', start, linesIn(beginning.subarray(0, start)) + 1);
  records.push(beginning.subarray(start));
};

/**
 * Reads one file to its end; yields after every chunk, so that the caller can write what has come and stop.
 * @throws AppError('job.cancelled') on abort, and what the file throws.
 */
export async function* walkRecords(
  file: SourceFile,
  sink: RecordSink,
  signal: AbortSignal,
): AsyncGenerator<TextStream, TextStream> {
  const text = new TextStream(file);
  const records = new RecordStream({
    record: (bytes, start, end, place) => sink.record(bytes, start, end, place.offset),
    tooLong: (place, length) => sink.tooLong(place.offset, length),
  });
  let beginning: Buffer[] | null = [];
  let held = 0;
  let turn = performance.now();
  for await (const chunk of text.chunks()) {
    if (signal.aborted) throw new AppError('job.cancelled');
    if (beginning === null) records.push(chunk);
    else {
      beginning.push(chunk);
      held += chunk.length;
      if (held >= BEGINNING) {
        startIn(records, Buffer.concat(beginning));
        beginning = null;
      }
    }
    yield text;
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  if (beginning !== null) startIn(records, Buffer.concat(beginning));
  records.end();
  yield text;
  return text;
}
