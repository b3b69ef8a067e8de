// Streams the records of one text: counts them, sets aside what is only form (BOM, CRLF, blank lines), and stays interruptible.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { ArraySplitter } from './array-splitter.ts';
import { LineSplitter } from './line-splitter.ts';
import type { PieceSink, Splitter } from './splitter.ts';
import type { TextStream } from './text-stream.ts';

/** Where a record stands: `index` from 0 among non-blank records, `line` from 1, `offset` in bytes of the plain text. */
export interface Place {
  readonly index: number;
  readonly line: number;
  readonly offset: number;
  /** Blank lines directly before it. */
  readonly blanksBefore: number;
}

export interface RecordHandler {
  /**
   * A record without its line end: `bytes[start, end)`, valid only during the call; the byte at `end` exists and ends
   * any JSON token. `complete` is false when the file ends before the record's line does.
   */
  record(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): void;
  /** A record too long to be read; `length` in bytes. */
  tooLong(place: Place, length: number): void;
  /** The next line is the first that begins in another cell: see {@link CELL_BYTES}. */
  enterCell?(): void;
  /** Asked now and then: true when so many lines are no records that reading on would only fill the memory. */
  readonly isHopeless?: boolean;
}

/**
 * Bytes of plain text after which a reader forgets what it learnt about earlier records, so that the same record gets the
 * same answer wherever a log was cut for verification: cuts are made at borders of cells.
 */
export const CELL_BYTES = 4 * 1024 * 1024;

/** What is only form, counted; none of it changes a hash. */
export interface TextForm {
  layout: 'lines' | 'array';
  byteOrderMarks: number;
  /** Lines that end in CR LF. */
  crlfLines: number;
  blankLines: number;
  /** Line number of the first blank line, 0 = none. */
  firstBlankLine: number;
  /** false when the last line has no line feed; always true for an array. */
  endsWithNewline: boolean;
  /** false for an array whose closing bracket is missing. */
  isClosed: boolean;
  /** Bytes after a JSON array that aren't whitespace. */
  trailing: { readonly offset: number; readonly bytes: number } | null;
}

const BOM = [0xef, 0xbb, 0xbf] as const;
const CARRIAGE_RETURN = 0x0d;
const PEEK_BYTES = 64 * 1024;
/** Milliseconds of work after which other work gets its turn. */
const TURN_MS = 20;

const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === CARRIAGE_RETURN || byte === 0x09;

const startsWithBom = (bytes: Buffer, start: number, end: number): boolean =>
  end - start >= 3 && BOM.every((byte, i) => bytes[start + i] === byte);

/** Whether a text that begins like this is a JSON array of objects (or an empty one). */
export const layoutOf = (beginning: Buffer): 'lines' | 'array' => {
  let at = startsWithBom(beginning, 0, beginning.length) ? 3 : 0;
  const skip = (): void => {
    while (at < beginning.length && isSpace(beginning[at] as number)) at += 1;
  };
  skip();
  if (beginning[at] !== 0x5b) return 'lines';
  at += 1;
  skip();
  return beginning[at] === 0x7b || beginning[at] === 0x5d ? 'array' : 'lines';
};

const cellEndAfter = (offset: number): number => (Math.floor(offset / CELL_BYTES) + 1) * CELL_BYTES;

/** Turns pieces into records. */
export class RecordStream implements PieceSink {
  readonly form: TextForm = {
    layout: 'lines',
    byteOrderMarks: 0,
    crlfLines: 0,
    blankLines: 0,
    firstBlankLine: 0,
    endsWithNewline: true,
    isClosed: true,
    trailing: null,
  };
  readonly #handler: RecordHandler;
  #splitter: Splitter | null = null;
  #beginning: Buffer[] = [];
  #beginningSize = 0;
  /** Records so far, those too long included. */
  records: number;
  #blanksBefore = 0;
  #cellEnd = CELL_BYTES;

  constructor(handler: RecordHandler, firstIndex = 0) {
    this.#handler = handler;
    this.records = firstIndex;
  }

  /** Starts in the middle of a text, at a record; used to look one up. */
  startAt(layout: 'lines' | 'array', offset: number, line: number): void {
    this.form.layout = layout;
    this.#cellEnd = cellEndAfter(offset);
    this.#splitter =
      layout === 'lines'
        ? new LineSplitter(this, offset, line)
        : new ArraySplitter(this, { offset, line }, () => undefined);
  }

  push(chunk: Buffer): void {
    if (this.#splitter !== null) {
      this.#splitter.push(chunk);
      return;
    }
    this.#beginning.push(chunk);
    this.#beginningSize += chunk.length;
    if (this.#beginningSize >= PEEK_BYTES) this.#begin();
  }

  end(): void {
    const splitter = this.#splitter ?? this.#begin();
    splitter.end();
    if (splitter instanceof ArraySplitter) this.form.isClosed = splitter.isClosed;
  }

  #begin(): Splitter {
    const beginning =
      this.#beginning.length === 1 ? (this.#beginning[0] as Buffer) : Buffer.concat(this.#beginning);
    this.#beginning = [];
    this.form.layout = layoutOf(beginning);
    if (this.form.layout === 'array' && startsWithBom(beginning, 0, beginning.length))
      this.form.byteOrderMarks = 1;
    const trailing = (offset: number, bytes: number): void => {
      this.form.trailing = { offset, bytes };
    };
    const splitter =
      this.form.layout === 'lines' ? new LineSplitter(this) : new ArraySplitter(this, null, trailing);
    this.#splitter = splitter;
    splitter.push(beginning);
    return splitter;
  }

  /** The line of the next byte, where lines are read. */
  get line(): number {
    return this.#splitter instanceof LineSplitter ? this.#splitter.line : 1;
  }

  /** Blank lines after the last record. */
  get trailingBlanks(): number {
    return this.#blanksBefore;
  }

  piece(bytes: Buffer, from: number, to: number, offset: number, line: number, complete: boolean): void {
    if (offset >= this.#cellEnd) this.#enterCell(offset);
    let start = from;
    let end = to;
    if (bytes[start] === BOM[0] && startsWithBom(bytes, start, end)) {
      start += 3;
      this.form.byteOrderMarks += 1;
    }
    if (this.form.layout === 'lines') {
      if (!complete) this.form.endsWithNewline = false;
      if (end > start && bytes[end - 1] === CARRIAGE_RETURN) {
        end -= 1;
        this.form.crlfLines += 1;
      }
    }
    while (start < end && isSpace(bytes[start] as number)) start += 1;
    if (start === end) {
      this.form.blankLines += 1;
      this.form.firstBlankLine ||= line;
      this.#blanksBefore += 1;
      return;
    }
    this.#handler.record(bytes, start, end, this.#place(offset + (start - from), line), complete);
  }

  tooLong(offset: number, line: number, length: number): void {
    if (offset >= this.#cellEnd) this.#enterCell(offset);
    this.#handler.tooLong(this.#place(offset, line), length);
  }

  #enterCell(offset: number): void {
    this.#cellEnd = cellEndAfter(offset);
    this.#handler.enterCell?.();
  }

  #place(offset: number, line: number): Place {
    const place = { index: this.records, line, offset, blanksBefore: this.#blanksBefore };
    this.records += 1;
    this.#blanksBefore = 0;
    return place;
  }
}

export interface PumpRun {
  readonly signal: AbortSignal;
  /** Called after every chunk. */
  advanced(storedBytes: number, records: number): void;
}

/** Reads the whole text. Throws AppError('job.cancelled') on abort, and what the source throws. */
export const pump = async (text: TextStream, records: RecordStream, run: PumpRun): Promise<void> => {
  let turn = performance.now();
  for await (const chunk of text.chunks()) {
    records.push(chunk);
    run.advanced(text.storedBytes, records.records);
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    if (run.signal.aborted) throw new AppError('job.cancelled');
  }
  records.end();
  run.advanced(text.storedBytes, records.records);
};
