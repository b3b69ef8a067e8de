// Spreads the verification of a large log over the machine's cores.
import { availableParallelism } from 'node:os';
import { isAppError } from '../../../../../shared/errors/app-error.ts';
import type { Source } from '../../../../ports/source.ts';
import type { EngineRun, Verified, VerifyOptions } from '../format.ts';
import { cuttableFile } from './segment.ts';
import { verifyInParts } from './verify-parts.ts';

/** A smaller log is verified before threads are worth their start. */
const WORTH_BYTES = 64 * 1024 * 1024;
const LEAST_PART = 16 * 1024 * 1024;
const LARGEST_PART = 32 * 1024 * 1024;
/** Parts for each thread: enough that none waits long for the last of the others. */
const PARTS_EACH = 3;
/** Each thread takes some 40 MiB. */
export const MAX_THREADS = 8;

export const partBytesFor = (fileBytes: number, threads: number): number =>
  Math.min(LARGEST_PART, Math.max(LEAST_PART, Math.ceil(fileBytes / (threads * PARTS_EACH))));

/** null where the log is small, can't be cut, or threads fail: then it is read in one go. */
export const verifyInThreads = async (
  source: Source,
  options: VerifyOptions,
  run: EngineRun,
): Promise<Verified | null> => {
  const { spec } = source;
  const { helpers } = run;
  const threads = Math.min(MAX_THREADS, availableParallelism());
  const bytes = source.files[0]?.bytes ?? 0;
  if (spec === undefined || helpers === undefined || threads < 2 || bytes < WORTH_BYTES) return null;
  if (!(await isCuttable(source))) return null;
  try {
    return await verifyInParts(source, options, run, {
      partBytes: partBytesFor(bytes, threads),
      workers: threads,
      verifyPart: (range, part) => helpers.run('audit.segment', { source: spec, range }, part),
    });
  } catch (error) {
    // A thread that can't be had, or is ended by the system, costs time but no answer.
    if (isAppError(error) && error.code === 'job.crashed') return null;
    throw error;
  }
};

const isCuttable = async (source: Source): Promise<boolean> => {
  try {
    await cuttableFile(source);
    return true;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
};
