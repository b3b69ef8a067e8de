// Goes on from where an earlier verification of the same log stopped, was killed, or found its end.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import type { EngineRun, Verified, VerifyOptions } from '../format.ts';
import { CELL_BYTES } from '../lines/record-stream.ts';
import { writeReceipt } from './receipt.ts';
import type { Receipt, Signer } from './receipt.ts';
import { beginningDigest, cuttableFile } from './segment.ts';
import type { Segment } from './segment.ts';
import { verifyInParts } from './verify-parts.ts';
import type { PartsPlan } from './verify-parts.ts';
import { digestOf, resumableDigest } from './whole-digest.ts';

/**
 * What is known of a log so far: receipts in the order of the file. It is trusted: whoever can write it decides what is
 * not looked at again. Receipts signed with a key that only the verifier has keep others from doing so.
 */
export interface Checkpoint {
  /** As far as they can be read. @throws AppError('audit.receipt_untrusted') */
  receipts(): AsyncIterable<Receipt>;
  /** Adds a line, safely on disk when it resolves. */
  append(line: string): Promise<void>;
  /** Drops all but the first `count`. */
  keep(count: number): Promise<void>;
}

export interface ResumePlan extends Pick<PartsPlan, 'workers' | 'verifyPart'> {
  readonly checkpoint: Checkpoint;
  readonly signer: Signer;
  /** Digests all known bytes again instead of the last known part only. */
  readonly rehash: boolean;
}

export interface Resumed {
  readonly verified: Verified;
  /** Bytes that were not verified again. */
  readonly reusedBytes: number;
}

/** Small, because at most one part is lost with a kill, or verified again where the log has grown. */
const PART_BYTES = 8 * CELL_BYTES;
const BEGINNING = 64 * 1024;

/** @throws see {@link verifyInParts}; AppError('audit.receipt_invalid') when the checkpoint is of another log. */
export const verifyFrom = async (
  source: Source,
  options: Pick<VerifyOptions, 'trustedHeads' | 'expectedSha256'>,
  run: EngineRun,
  { checkpoint, signer, rehash, workers, verifyPart }: ResumePlan,
): Promise<Resumed> => {
  const file = await cuttableFile(source);
  const known = await knownParts(file, checkpoint, rehash, run);
  await checkpoint.keep(known.count);
  const verified = await verifyInParts(source, options, run, {
    partBytes: PART_BYTES,
    workers,
    verifyPart,
    known: firstOf(checkpoint, known.count),
    whole: await resumableDigest(known.state),
    done: (segment, state) => checkpoint.append(writeReceipt(segment, source.name, signer, state)),
  });
  return { verified, reusedBytes: known.bytes };
};

async function* firstOf(checkpoint: Checkpoint, count: number): AsyncGenerator<Segment> {
  let taken = 0;
  if (count === 0) return;
  for await (const { segment } of checkpoint.receipts()) {
    yield segment;
    taken += 1;
    if (taken === count) return;
  }
}

interface Known {
  readonly count: number;
  readonly bytes: number;
  readonly state: string | null;
}

/** How many receipts from the first on still hold. */
const knownParts = async (
  file: SourceFile,
  checkpoint: Checkpoint,
  rehash: boolean,
  run: EngineRun,
): Promise<Known> => {
  const beginning = await beginningDigest(file);
  const states: Known[] = [{ count: 0, bytes: 0, state: null }];
  const still = async ({ range, sha256 }: Pick<Segment, 'range' | 'sha256'>): Promise<boolean> =>
    (await digestOf(file, range, null, run.signal)) === sha256;
  let last: Pick<Segment, 'range' | 'sha256'> | null = null;
  for await (const { name, segment, digestState } of checkpoint.receipts()) {
    const { range, start, end, fileBytes, sha256 } = segment;
    if (segment.beginning !== beginning && Math.min(fileBytes, file.bytes) >= BEGINNING) {
      const reason = 'it is the checkpoint of a log with another beginning';
      throw new AppError('audit.receipt_invalid', { name, reason });
    }
    const before = states.at(-1) as Known;
    const hasGrown = file.bytes !== fileBytes;
    const holds =
      segment.beginning === beginning &&
      start === before.bytes &&
      end <= file.bytes &&
      digestState !== null &&
      // The last line of the log as it was may have been written on since.
      !(hasGrown && end === fileBytes) &&
      (range.to % CELL_BYTES === 0 || range.to === file.bytes) &&
      (!rehash || (await still(segment)));
    if (!holds) break;
    last = { range, sha256 };
    states.push({ count: before.count + 1, bytes: end, state: digestState });
    run.progress({ step: 'hashing', done: end, total: file.bytes, unit: 'bytes' });
  }
  // A log that is no longer what it was shows at its last known part; if it does, each part is looked at.
  if (last !== null && !rehash && !(await still(last))) return knownParts(file, checkpoint, true, run);
  return states.at(-1) as Known;
};
