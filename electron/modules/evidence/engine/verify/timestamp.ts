// The timestamp of a pack, checked in full by the audit room's RFC 3161 engine, in the words of a pack step.
import { type KeyFile, timestampOver } from '../../../audit/public.ts';

export interface TimestampCheck {
  /** Sentences without a full stop; [] = nothing is wrong. */
  readonly faults: readonly string[];
  /** Certificates and the like that are missing to be sure; only worth anything when there are no faults. */
  readonly missing: readonly string[];
  readonly words: string;
}

const bare = (sentence: string): string => sentence.replace(/\.$/u, '');

/**
 * @param file tagmanifest-sha256.txt.tsr
 * @param content tagmanifest-sha256.txt
 * @param trust root certificates that the user gave, for signers or for timestamps, and other certificates
 */
export const checkTimestamp = (
  file: Uint8Array,
  content: Uint8Array,
  trust: readonly KeyFile[],
): TimestampCheck => {
  const answer = timestampOver(file, content, trust);
  return {
    faults: answer.wrong.map((text) =>
      text === 'It is over other bytes.' ? 'it is over another tagmanifest-sha256.txt' : bare(text),
    ),
    missing: answer.missing.map(bare),
    words: `the time-stamping authority ${answer.authority ?? ''} vouches that tagmanifest-sha256.txt existed at ${answer.time ?? ''}; its certificate leads to the root that you gave (${answer.root ?? ''})`,
  };
};
