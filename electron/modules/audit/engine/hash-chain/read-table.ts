// One reading of a CSV table: streams its rows to a handler as records, the heading left out; and finds single rows again.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { sourceDigest } from '../../../../ports/listing.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun, Verified, VerifyOptions } from '../format.ts';
import type { FoundRecord } from '../lines/locator.ts';
import { textFrom } from '../lines/locator.ts';
import { onlyFile } from '../lines/read-log.ts';
import type { LogReading } from '../lines/read-log.ts';
import type { Place, RecordHandler, TextForm } from '../lines/record-stream.ts';
import { TextStream } from '../lines/text-stream.ts';
import { CsvSplitter, rowEnd } from './csv-stream.ts';

/** Milliseconds of work after which other work gets its turn. */
const TURN_MS = 20;

const newForm = (): TextForm => ({
  layout: 'lines',
  byteOrderMarks: 0,
  crlfLines: 0,
  blankLines: 0,
  firstBlankLine: 0,
  endsWithNewline: true,
  isClosed: true,
  trailing: null,
});

/** Turns rows into records; `headings` rows at the beginning are none. */
class RowStream {
  readonly form = newForm();
  readonly splitter: CsvSplitter;
  records: number;
  #headings: number;
  #blanks = 0;

  constructor(
    handler: RecordHandler,
    from: { offset: number; line: number; index: number; headings: number },
  ) {
    this.records = from.index;
    this.#headings = from.headings;
    const place = (offset: number, line: number): Place => {
      const made = { index: this.records, line, offset, blanksBefore: this.#blanks };
      this.records += 1;
      this.#blanks = 0;
      return made;
    };
    this.splitter = new CsvSplitter(
      {
        piece: (bytes, start, to, offset, line, complete) => {
          if (!complete) this.form.endsWithNewline = false;
          const end = rowEnd(bytes, start, to);
          if (end < to) this.form.crlfLines += 1;
          if (end === start) {
            this.form.blankLines += 1;
            this.form.firstBlankLine ||= line;
            this.#blanks += 1;
            return;
          }
          if (this.#headings > 0) {
            this.#headings -= 1;
            if (bytes[start] === 0xef) this.form.byteOrderMarks += 1;
            return;
          }
          handler.record(bytes, start, end, place(offset, line), complete);
        },
        tooLong: (offset, line, length) => handler.tooLong(place(offset, line), length),
      },
      from.offset,
      from.line,
    );
  }
}

/** As readLog, for a table. Throws what readLog throws. */
export const readTable = async (
  source: Source,
  format: string,
  options: VerifyOptions,
  run: EngineRun,
  handler: RecordHandler,
): Promise<LogReading> => {
  const file = onlyFile(source, format);
  const text = new TextStream(file);
  const rows = new RowStream(handler, { offset: 0, line: 1, index: 0, headings: 1 });
  const began = performance.now();
  let turn = began;
  for await (const chunk of text.chunks()) {
    rows.splitter.push(chunk);
    run.progress({
      step: 'verifying',
      done: text.storedBytes,
      total: file.bytes,
      unit: 'bytes',
      records: rows.records,
    });
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    throwIfCancelled(run.signal);
  }
  rows.splitter.end();
  const sha256 = sourceDigest(source.kind, [{ name: file.name, sha256: text.sha256() }]);
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256)
    throw new AppError('file.changed', { name: source.name });
  return {
    form: rows.form,
    troubles: text.troubles,
    isCompressed: text.isCompressed,
    records: rows.records,
    bytes: text.storedBytes,
    sha256,
    seconds: (performance.now() - began) / 1000,
  };
};

/** As findRecords, for a table. */
export const findRows = async (
  file: SourceFile,
  locator: Verified['locator'],
  from: number,
  to: number,
): Promise<readonly FoundRecord[]> => {
  const row = Math.min(Math.floor(from / locator.every), locator.offsets.length - 1);
  const offset = locator.offsets[row];
  if (offset === undefined) return [];
  const found: FoundRecord[] = [];
  const start = { offset, line: locator.lines?.[row] ?? 1, index: row * locator.every, headings: 0 };
  const rows = new RowStream(
    {
      record: (bytes, at, end, place) => {
        if (place.index >= from && place.index <= to)
          found.push({ place, bytes: Buffer.concat([bytes.subarray(at, end), Buffer.from('\n')]) });
      },
      tooLong: (place) => {
        if (place.index >= from && place.index <= to) found.push({ place, bytes: null });
      },
    },
    start,
  );
  for await (const chunk of textFrom(file, offset)) {
    rows.splitter.push(chunk);
    if (rows.records > to) return found;
  }
  rows.splitter.end();
  return found;
};
