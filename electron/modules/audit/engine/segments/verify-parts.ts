// Verifies a large log in parts, several at once, and joins them as they come: the same report as one reading.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun, Verified, VerifyOptions } from '../format.ts';
import { CELL_BYTES } from '../lines/record-stream.ts';
import { SegmentJoin } from './join.ts';
import { cuttableFile } from './segment.ts';
import type { Range, Segment } from './segment.ts';
import { digestOf, plainDigest } from './whole-digest.ts';
import type { WholeDigest } from './whole-digest.ts';

export interface PartsPlan {
  /** Bytes of a part, rounded up to whole cells. */
  readonly partBytes: number;
  /** Parts verified at once. */
  readonly workers: number;
  /** Verifies one part: in another thread, or here. */
  verifyPart(range: Range, run: EngineRun): Promise<Segment>;
  /** Parts that an earlier run has verified, from the beginning of the file on. Absent = none. */
  readonly known?: AsyncIterable<Segment>;
  /** Goes on where the known parts end. Absent = SHA-256 from the beginning. */
  readonly whole?: WholeDigest;
  /** Told of every new part in the order of the file, once its bytes were digested: `state` see WholeDigest. */
  readonly done?: (segment: Segment, state: string | null) => Promise<void>;
}

/** The parts of a file from `from` on. */
export const partsOf = (from: number, fileBytes: number, partBytes: number): Range[] => {
  const size = Math.max(1, Math.ceil(partBytes / CELL_BYTES)) * CELL_BYTES;
  const ranges: Range[] = [];
  for (let at = from; at < fileBytes; at += size)
    ranges.push({ from: at, to: Math.min(fileBytes, at + size) });
  return ranges;
};

/**
 * @throws AppError('file.changed') when a part was not verified from the bytes that the digest covers, or they aren't
 * those recorded at intake; AppError('job.cancelled'); what {@link verifySegment} throws.
 */
export const verifyInParts = async (
  source: Source,
  options: Pick<VerifyOptions, 'trustedHeads' | 'expectedSha256'>,
  run: EngineRun,
  plan: PartsPlan,
): Promise<Verified> => {
  const began = performance.now();
  const file = await cuttableFile(source);
  const whole = plan.whole ?? plainDigest();
  const join = new SegmentJoin();
  try {
    let knownEnd = 0;
    for await (const segment of plan.known ?? []) {
      join.add(segment);
      knownEnd = segment.range.to;
      throwIfCancelled(run.signal);
    }
    const ranges = partsOf(knownEnd, file.bytes, plan.partBytes);
    const progress = progressOf(run, file.bytes, knownEnd, join.records);
    const parts = inOrder(ranges, plan.workers, run.signal, (range, i, signal) =>
      plan.verifyPart(range, { signal, progress: (p) => progress(i, p.done, p.records ?? 0) }),
    );
    for await (const { part: segment, range } of parts) {
      // Read again beside the verification: the report's digest must be that of the very bytes that were verified.
      const sha256 = await digestOf(file, range, whole, run.signal);
      if (segment.fileBytes !== file.bytes || segment.sha256 !== sha256)
        throw new AppError('file.changed', { name: source.name });
      join.add(segment);
      await plan.done?.(segment, whole.state());
    }
    throwIfCancelled(run.signal);
    const sha256 = whole.hex();
    if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256)
      throw new AppError('file.changed', { name: source.name });
    return join.conclude(sha256, options.trustedHeads, { name: source.name, kind: source.kind, began });
  } finally {
    join.close();
  }
};

/** The progress of all parts as one. */
const progressOf = (
  run: EngineRun,
  total: number,
  known: number,
  knownRecords: number,
): ((part: number, bytes: number, records: number) => void) => {
  const bytesOf: number[] = [];
  const recordsOf: number[] = [];
  let done = known;
  let all = knownRecords;
  return (part, bytes, records) => {
    done += bytes - (bytesOf[part] ?? 0);
    all += records - (recordsOf[part] ?? 0);
    bytesOf[part] = bytes;
    recordsOf[part] = records;
    run.progress({ step: 'verifying', done: Math.min(done, total), total, unit: 'bytes', records: all });
  };
};

/**
 * Runs `work` over the ranges, `workers` at once, and yields the answers in order. At most one answer more than
 * workers waits, so that a slow part doesn't fill the memory with the others. The first failure stops all.
 */
async function* inOrder<T>(
  ranges: readonly Range[],
  workers: number,
  signal: AbortSignal,
  work: (range: Range, i: number, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<{ readonly part: T; readonly range: Range }> {
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  const waiting = new Map<number, Promise<T>>();
  let failure: { readonly error: unknown } | null = null;
  let next = 0;
  let running = 0;
  const mayStart = (): boolean =>
    failure === null && running < workers && next < ranges.length && waiting.size <= workers;
  const startMore = (): void => {
    while (mayStart()) {
      const i = next;
      next += 1;
      running += 1;
      const result = work(ranges[i] as Range, i, all).finally(() => {
        running -= 1;
        startMore();
      });
      result.catch((error: unknown) => {
        // The others then fail because they are stopped: only the first failure says why.
        failure ??= { error };
        stop.abort();
      });
      waiting.set(i, result);
    }
  };
  try {
    for (const [i, range] of ranges.entries()) {
      startMore();
      // What was finished before another failed still counts: a checkpoint keeps it.
      const answer = await waiting.get(i)?.then(
        (part) => ({ part }),
        () => null,
      );
      if (answer === null || answer === undefined)
        throw (failure as { readonly error: unknown } | null)?.error;
      waiting.delete(i);
      yield { part: answer.part, range };
    }
  } finally {
    failure ??= { error: null };
    stop.abort();
    await Promise.allSettled(waiting.values());
  }
}
