// One reading of a single-file log: streams its records to a handler, and checks that the file is the one taken in.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import type { EngineRun, VerifyOptions } from '../format.ts';
import { sourceDigest } from '../../../../ports/listing.ts';
import { pump, RecordStream } from './record-stream.ts';
import type { RecordHandler, TextForm } from './record-stream.ts';
import type { GzipTrouble } from './gunzip.ts';
import { TextStream } from './text-stream.ts';

export interface LogReading {
  readonly form: TextForm;
  readonly troubles: readonly GzipTrouble[];
  readonly isCompressed: boolean;
  /** Non-blank records, unreadable ones included. */
  readonly records: number;
  readonly bytes: number;
  /** What intake records: of a file its digest, of a folder that of its listing. */
  readonly sha256: string;
  /** Wall time of the reading in seconds. */
  readonly seconds: number;
}

/**
 * The one file of a source. Throws AppError('audit.format_mismatch') for a folder of several, AppError('file.empty').
 */
export const onlyFile = (source: Source, format: string): SourceFile => {
  const [file, ...others] = source.files;
  if (file === undefined || others.length > 0) {
    const reason = 'this format is one file, and this is a folder of several';
    throw new AppError('audit.format_mismatch', { name: source.name, format, reason });
  }
  if (file.bytes === 0) throw new AppError('file.empty', { name: file.name });
  return file;
};

/**
 * Throws AppError('file.changed') when the bytes aren't those recorded at intake, AppError('job.cancelled') on abort,
 * AppError('audit.format_mismatch') where hardly a line is a record, and what the source throws.
 */
export const readLog = async (
  source: Source,
  format: string,
  options: VerifyOptions,
  run: EngineRun,
  handler: RecordHandler,
): Promise<LogReading> => {
  const file = onlyFile(source, format);
  const text = new TextStream(file);
  const records = new RecordStream(handler);
  const began = performance.now();
  await pump(text, records, {
    signal: run.signal,
    advanced: (done, count) => {
      run.progress({ step: 'verifying', done, total: file.bytes, unit: 'bytes', records: count });
      if (handler.isHopeless !== true) return;
      const reason = 'most of its lines are no records, and there are more than a million of them';
      throw new AppError('audit.format_mismatch', { name: source.name, format, reason });
    },
  });
  const sha256 = sourceDigest(source.kind, [{ name: file.name, sha256: text.sha256() }]);
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256) {
    throw new AppError('file.changed', { name: source.name });
  }
  return {
    form: records.form,
    troubles: text.troubles,
    isCompressed: text.isCompressed,
    records: records.records,
    bytes: text.storedBytes,
    sha256,
    seconds: (performance.now() - began) / 1000,
  };
};
