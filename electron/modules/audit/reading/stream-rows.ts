// Reads a log from its beginning and gives the records that pass a filter: for the command line, which keeps no index.
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { LogRow } from '../../../../shared/model/reading.ts';
import type { JobRun } from '../../../jobs/job-kinds.ts';
import type { Source } from '../../../ports/source.ts';
import { detect } from '../engine/detect.ts';
import { FORMATS } from '../engine/formats.ts';
import { storedTime } from './index-format.ts';
import { type Columns, summariserOf, type Summary, UNREADABLE } from './row-reader.ts';
import { searchPattern } from './search-pattern.ts';
import { instantOf } from './timeline.ts';
import { recordFiles, walkRecords } from './walk-records.ts';

export interface ReadOptions {
  /** An id of the formats list; null = detected. */
  readonly format: string | null;
  /** Milliseconds since 1970; `from` is included, `to` is not. */
  readonly from: number | null;
  readonly to: number | null;
  /** Any of these values; none = any value. */
  readonly actor: readonly string[];
  readonly action: readonly string[];
  readonly result: readonly string[];
  readonly search: string | null;
}

/** A record as it stands in the log, with what was read of it. */
export interface ReadRow {
  readonly row: LogRow;
  readonly text: string;
}

const holds = (wanted: readonly string[], value: string | null): boolean =>
  wanted.length === 0 || (value !== null && wanted.includes(value));

const passes = (options: ReadOptions, { time, actor, action, result }: Summary): boolean => {
  if ((options.from !== null || options.to !== null) && time === null) return false;
  if (options.from !== null && (time ?? 0) < options.from) return false;
  if (options.to !== null && (time ?? 0) >= options.to) return false;
  return holds(options.actor, actor) && holds(options.action, action) && holds(options.result, result);
};

/**
 * The passing records in their order. Reading ends where the caller stops taking.
 * @throws AppError reading.no_records | file.* | job.cancelled
 */
export async function* streamRows(
  source: Source,
  options: ReadOptions,
  run: JobRun,
): AsyncGenerator<ReadRow> {
  const format = options.format ?? (await detect(source, FORMATS))[0]?.format ?? null;
  const files = recordFiles(source);
  const summarise = summariserOf(format);
  const wanted = options.search === null ? null : searchPattern(options.search);
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let [before, row] = [0, 0];
  for (const file of files) {
    let columns: Columns | null = null;
    const found: ReadRow[] = [];
    const keep = (summary: Summary, text: string): void => {
      if (!passes(options, summary)) return;
      const name = source.kind === 'folder' ? file.name : null;
      const time = summary.time === null ? null : instantOf(storedTime(summary.time));
      found.push({ row: { ...summary, row, time, file: name }, text });
    };
    const sink = {
      begin: ({
        csv,
      }: {
        readonly csv: { readonly header: readonly string[]; readonly delimiter: string } | null;
      }): void => {
        columns = csv === null ? null : { names: csv.header, delimiter: csv.delimiter };
      },
      record: (bytes: Buffer, start: number, end: number): void => {
        if (wanted !== null) {
          wanted.pattern.lastIndex = 0;
          // Nothing else is read of a record that doesn't hold the text.
          if (!wanted.pattern.test(bytes.toString('latin1', start, end))) {
            row += 1;
            return;
          }
        }
        const text = bytes.toString('utf8', start, end);
        keep(summarise(text, columns), text);
        row += 1;
      },
      tooLong: (): void => {
        if (wanted === null) keep(UNREADABLE, '');
        row += 1;
      },
    };
    for await (const text of walkRecords(file, format, sink, run.signal)) {
      yield* found.splice(0);
      const done = before + text.storedBytes;
      run.progress({ step: 'reading', done, total, unit: 'bytes', records: row });
    }
    before += file.bytes;
  }
  if (row === 0) throw new AppError('reading.no_records', { name: source.name });
}
