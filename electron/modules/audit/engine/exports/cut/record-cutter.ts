// Cuts a text of a known layout into records, setting aside what is only form: marks, line ends, blank lines, column names.
import { ArraySplitter } from '../../lines/array-splitter.ts';
import type { RecordHandler, TextForm } from '../../lines/record-stream.ts';
import type { PieceSink, Splitter } from '../../lines/splitter.ts';
import { isPreamble, splitterFor } from './layout.ts';
import type { TextLayout } from './layout.ts';
import { XmlSplitter } from './xml-splitter.ts';

const RETURN = 0x0d;
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === RETURN || byte === 0x09;

/** What may follow the list in a document: the end of it, with other members before. */
const MAX_REST = 65_536;

export class RecordCutter implements PieceSink {
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
  readonly #layout: TextLayout;
  readonly #handler: RecordHandler;
  readonly #splitter: Splitter;
  readonly #isLined: boolean;
  #toSkip: number;
  #needsHeader: boolean;
  #blanksBefore = 0;
  #rest: Buffer = Buffer.alloc(0);
  records: number;

  /**
   * `from` null: the text comes from its beginning. Else it begins at a record: `index` and where that one stands.
   */
  constructor(
    layout: TextLayout,
    handler: RecordHandler,
    from: { readonly index: number; readonly offset: number; readonly line: number } | null = null,
  ) {
    this.#layout = layout;
    this.#handler = handler;
    this.records = from?.index ?? 0;
    // A whole array begins wherever its bracket is.
    const begin = layout.cut === 'array' ? layout.start : layout.mark;
    this.#toSkip = from === null ? begin : 0;
    this.#needsHeader = layout.cut === 'csv' && from === null;
    this.#isLined = layout.cut === 'lines' || layout.cut === 'csv';
    if (from === null && layout.mark > 0) this.form.byteOrderMarks = 1;
    if (layout.cut === 'array') this.form.layout = 'array';
    const at = from ?? { offset: begin, line: layout.startLine };
    const isInside = from !== null || layout.start > 0;
    this.#splitter = splitterFor(layout, this, at, isInside, (offset, bytes) => {
      this.form.trailing = { offset, bytes };
    });
  }

  push(chunk: Buffer): void {
    const skipped = Math.min(this.#toSkip, chunk.length);
    this.#toSkip -= skipped;
    const rest = skipped === 0 ? chunk : chunk.subarray(skipped);
    // Only the end of the text is kept, to see what follows a list.
    if (this.#layout.start > 0) this.#rest = tail(this.#rest, rest);
    this.#splitter.push(rest);
  }

  end(): void {
    const splitter = this.#splitter;
    splitter.end();
    if (splitter instanceof ArraySplitter || splitter instanceof XmlSplitter)
      this.form.isClosed = splitter.isClosed;
    if (this.#layout.start > 0) this.#endOfDocument();
  }

  piece(bytes: Buffer, from: number, to: number, offset: number, line: number, complete: boolean): void {
    let [start, end] = [from, to];
    if (this.#isLined) {
      if (!complete) this.form.endsWithNewline = false;
      if (end > start && bytes[end - 1] === RETURN) {
        end -= 1;
        this.form.crlfLines += 1;
      }
    }
    // A tab at the beginning of a row is an empty column.
    if (this.#layout.cut !== 'csv') while (start < end && isSpace(bytes[start])) start += 1;
    if (start === end || (this.#layout.cut === 'csv' && isBlank(bytes, start, end))) {
      this.form.blankLines += 1;
      this.form.firstBlankLine ||= line;
      this.#blanksBefore += 1;
      return;
    }
    if (this.#needsHeader) {
      this.#needsHeader = isPreamble(bytes.toString('latin1', start, Math.min(end, start + 64)));
      return;
    }
    this.#handler.record(bytes, start, end, this.#place(offset + (start - from), line), complete);
  }

  tooLong(offset: number, line: number, length: number): void {
    this.#handler.tooLong(this.#place(offset, line), length);
  }

  #place(offset: number, line: number) {
    const place = { index: this.records, line, offset, blanksBefore: this.#blanksBefore };
    this.records += 1;
    this.#blanksBefore = 0;
    return place;
  }

  /** Whatever follows the list must close the document, and may hold plain members only. */
  #endOfDocument(): void {
    const { trailing } = this.form;
    if (trailing === null) {
      if (this.form.isClosed) this.form.isClosed = false;
      return;
    }
    if (trailing.bytes > MAX_REST) return;
    const rest = this.#rest
      .subarray(this.#rest.length - trailing.bytes)
      .toString('utf8')
      .trim();
    try {
      JSON.parse(`{"list":[]${rest}`);
      this.form.trailing = null;
    } catch {
      // It stays what it is: bytes behind the list that belong to nothing.
    }
  }
}

const isBlank = (bytes: Buffer, start: number, end: number): boolean => {
  for (let at = start; at < end; at += 1) if (bytes[at] !== 0x20 && bytes[at] !== RETURN) return false;
  return true;
};

const tail = (before: Buffer, chunk: Buffer): Buffer => {
  if (chunk.length >= MAX_REST) return Buffer.from(chunk.subarray(chunk.length - MAX_REST));
  const both = Buffer.concat([before, chunk]);
  return both.length <= MAX_REST ? both : Buffer.from(both.subarray(both.length - MAX_REST));
};
