// One question for other modules: is this file a valid RFC 3161 timestamp over exactly these bytes, and by whom and when?
import { createHash } from 'node:crypto';
import type { KeyFile } from '../format.ts';
import { digestOf } from './algorithms.ts';
import { readTrustMaterial } from './certificates.ts';
import { checkToken } from './check-token.ts';
import { DerFault } from './der.ts';
import { readTimestampFile } from './read-token.ts';
import { accuracyText, timeText } from './token-facts.ts';

export interface TimestampAnswer {
  /** What is certainly wrong: it can't be read, was refused or altered, or is over other bytes. */
  readonly wrong: readonly string[];
  /** What is missing to tell: certificates, mostly. */
  readonly missing: readonly string[];
  /** Remarks, e.g. weak digests. */
  readonly remarks: readonly string[];
  /** RFC 3339 UTC, with the accuracy; null where it can't be read. */
  readonly time: string | null;
  readonly authority: string | null;
  readonly root: string | null;
}

const unread = (why: string): TimestampAnswer => ({
  wrong: [why],
  missing: [],
  remarks: [],
  time: null,
  authority: null,
  root: null,
});

/** @param trust root certificates, intermediate ones and revocation lists. Never throws for what is in the files. */
export const timestampOver = (
  file: Uint8Array,
  content: Uint8Array,
  trust: readonly KeyFile[],
): TimestampAnswer => {
  try {
    const read = readTimestampFile(file);
    if (read.kind === 'request') return unread('It is a request for a timestamp, not the answer to one.');
    if (read.kind === 'refusal') return unread('The authority refused the timestamp.');
    const { info } = read.token;
    const check = checkToken(read.token, readTrustMaterial(trust));
    const digest = digestOf(info.imprint.algorithm);
    const isOver =
      digest !== null && createHash(digest.name).update(content).digest('hex') === info.imprint.hex;
    const texts = (verdict: 'TAMPERED' | 'UNVERIFIABLE' | undefined): string[] =>
      check.faults.filter((fault) => fault.verdict === verdict).map(({ message }) => message);
    return {
      wrong: [
        ...(read.trailing > 0 ? ['Bytes follow the timestamp.'] : []),
        ...(digest !== null && !isOver ? ['It is over other bytes.'] : []),
        ...texts('TAMPERED'),
      ],
      missing: [
        ...(digest === null ? ['It is over a digest that is not known here.'] : []),
        ...texts('UNVERIFIABLE'),
      ],
      remarks: texts(undefined),
      time: `${timeText(info)} (${accuracyText(info)})`,
      authority: check.signer?.subject ?? info.tsa,
      root: check.way?.at(-1)?.subject ?? null,
    };
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    return unread(`It can not be read: ${error.message}.`);
  }
};
