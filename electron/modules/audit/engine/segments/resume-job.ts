// The job of a verification with a checkpoint: its parts run in helper threads where there are any.
import { availableParallelism } from 'node:os';
import type { JobKinds, JobRun } from '../../../../jobs/job-kinds.ts';
import { openSourceSpec } from '../../../../ports/open-source-spec.ts';
import { openCheckpoint } from './checkpoint-file.ts';
import { MAX_THREADS } from './in-threads.ts';
import { ephemeralSigner, readSigner, readTrustedKey } from './receipt.ts';
import { verifySegment } from './segment.ts';
import { verifyFrom } from './verify-from.ts';

/** @throws AppError('audit.key_invalid' | 'audit.receipt_untrusted'), and what {@link verifyFrom} throws. */
export const resumeVerification = async (
  input: JobKinds['audit.resume']['input'],
  run: JobRun,
): Promise<JobKinds['audit.resume']['output']> => {
  const { signKey, trustKeys, trustedHeads, rehash } = input;
  const source = await openSourceSpec(input.source);
  const trusted = trustKeys.map(({ name, bytes }) => readTrustedKey(name, bytes));
  const { helpers } = run;
  return verifyFrom(source, { trustedHeads }, run, {
    checkpoint: openCheckpoint(input.checkpoint, trusted),
    signer: signKey === undefined ? ephemeralSigner() : readSigner(signKey.name, signKey.bytes),
    rehash,
    workers: helpers === undefined ? 1 : Math.min(MAX_THREADS, availableParallelism()),
    verifyPart: (range, part) =>
      helpers === undefined
        ? verifySegment(source, range, part)
        : helpers.run('audit.segment', { source: input.source, range }, part),
  });
};
