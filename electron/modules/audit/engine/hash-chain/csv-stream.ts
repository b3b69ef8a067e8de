// Cuts a CSV text into rows (RFC 4180: cells in quotes may hold separators, doubled quotes and line breaks), and rows into cells.
import { Carry, MAX_RECORD_BYTES } from '../lines/splitter.ts';
import type { PieceSink } from '../lines/splitter.ts';

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const CARRIAGE_RETURN = 0x0d;

/** Streams rows, the heading among them; a row ends at a line feed outside quotes. */
export class CsvSplitter {
  readonly #sink: PieceSink;
  readonly #carry = new Carry();
  #isQuoted = false;
  /** Where the row at hand begins. */
  #offset: number;
  #line: number;
  #linesInside = 0;

  constructor(sink: PieceSink, offset = 0, line = 1) {
    this.#sink = sink;
    this.#offset = offset;
    this.#line = line;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const feed = chunk.indexOf(LINE_FEED, at);
      const end = feed < 0 ? chunk.length : feed;
      this.#toggle(chunk, at, end);
      if (feed >= 0 && !this.#isQuoted) {
        this.#carry.append(chunk, at, end);
        this.#flush(true);
        at = end + 1;
        continue;
      }
      if (feed >= 0) this.#linesInside += 1;
      const next = feed < 0 ? end : end + 1;
      this.#carry.append(chunk, at, next);
      at = next;
    }
  }

  end(): void {
    if (this.#carry.length > 0) this.#flush(false);
  }

  /** Doubled quotes open and close at once: only the parity counts. */
  #toggle(chunk: Buffer, start: number, end: number): void {
    for (let at = chunk.indexOf(QUOTE, start); at >= 0 && at < end; at = chunk.indexOf(QUOTE, at + 1)) {
      this.#isQuoted = !this.#isQuoted;
    }
  }

  #flush(complete: boolean): void {
    const { length } = this.#carry;
    if (length > MAX_RECORD_BYTES) this.#sink.tooLong(this.#offset, this.#line, length);
    else {
      const isWhole = complete && !this.#isQuoted;
      this.#sink.piece(this.#carry.finished(), 0, length, this.#offset, this.#line, isWhole);
    }
    this.#carry.clear();
    this.#offset += length + 1;
    this.#line += 1 + this.#linesInside;
    this.#linesInside = 0;
    this.#isQuoted = false;
  }
}

/** The end of a row without the carriage return of a CR LF. */
export const rowEnd = (bytes: Buffer, start: number, end: number): number =>
  end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;

/** The cells of a row; null where text follows a closing quote, or a quote isn't closed. */
export const cellsOf = (row: string, delimiter: string): string[] | null => {
  if (!row.includes('"')) return row.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (row[at] === '"') {
      let cell = '';
      at += 1;
      for (;;) {
        const quote = row.indexOf('"', at);
        if (quote < 0) return null;
        cell += row.slice(at, quote);
        at = quote + 1;
        if (row[at] !== '"') break;
        cell += '"';
        at += 1;
      }
      cells.push(cell);
      if (at === row.length) return cells;
      if (!row.startsWith(delimiter, at)) return null;
      at += delimiter.length;
    } else {
      const end = row.indexOf(delimiter, at);
      cells.push(end < 0 ? row.slice(at) : row.slice(at, end));
      if (end < 0) return cells;
      at = end + delimiter.length;
    }
  }
};

export interface CsvHead {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const NAME = /^[\p{L}_@][\p{L}\p{N}_.@ /-]{0,63}$/u;

/** The heading of a CSV table; null when the line is none: at least three different names of the usual kind. */
export const csvHead = (line: string): CsvHead | null => {
  for (const delimiter of [',', ';', '\t', '|']) {
    const names = cellsOf(line, delimiter);
    if (names === null || names.length < 2) continue;
    if (new Set(names).size === names.length && names.every((name) => NAME.test(name)))
      return { delimiter, names };
  }
  return null;
};
