// Judges the attestations of one OpenTimestamps proof with the block headers at hand.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { shownHash } from './block-headers.ts';
import type { BlockHeaders } from './block-headers.ts';
import type { Attestation, Proof } from './read-proof.ts';

export interface ProofCheck {
  readonly findings: readonly Finding[];
  /** A block whose header was given holds the commitment. */
  readonly attested: {
    readonly height: number;
    readonly time: Temporal.Instant;
    readonly words: string;
  } | null;
  /** What each attestation says, in words. */
  readonly says: readonly string[];
}

const CHAIN = { bitcoin: 'Bitcoin', litecoin: 'Litecoin', ethereum: 'Ethereum' } as const;

const missing = (message: string, counts: boolean): Finding => ({
  kind: 'KEY_MISSING',
  ...(counts ? { verdict: 'UNVERIFIABLE' as const } : {}),
  message,
});

interface Judged {
  readonly says: string;
  /** Present where it does not stand as proven. `counts` = whether another attestation already proves the proof. */
  finding?(counts: boolean): Finding;
  readonly attested?: ProofCheck['attested'];
}

const judgeBitcoin = async (
  { height, message, offset }: Attestation,
  headers: readonly BlockHeaders[],
): Promise<Judged> => {
  const at = height ?? 0;
  const root = shownHash(message);
  const says = `It commits to Bitcoin block ${at}, Merkle root ${root}`;
  if (message.length !== 32)
    return {
      says,
      finding: (counts) => ({
        kind: 'SIGNATURE_INVALID',
        ...(counts ? { verdict: 'TAMPERED' as const } : {}),
        byteOffset: offset,
        message: `The attestation of Bitcoin block ${at} is over ${message.length} bytes: a Merkle root has 32, so it can not be true.`,
      }),
    };
  const problems: string[] = [];
  for (const each of headers) {
    const header = each.problem === null ? await each.at(at) : null;
    if (each.problem !== null) problems.push(`${each.file} can not be relied on: ${each.problem}`);
    if (header === null) continue;
    if (header.workBits === null) {
      problems.push(
        `the header at height ${at} in ${each.file} shows no work that Bitcoin would accept, so it is no block of Bitcoin`,
      );
      continue;
    }
    if (header.root.equals(message)) {
      const time = header.time.toString();
      const words = `Block ${at} of Bitcoin holds the commitment: its header in ${each.file} has the Merkle root ${root}, the time ${time} and 2^${header.workBits.toFixed(1)} hashes of work of its own (${each.words})`;
      return { says, attested: { height: at, time: header.time, words } };
    }
    const actual = shownHash(header.root);
    return {
      says,
      finding: (counts) => ({
        kind: 'HEAD_MISMATCH',
        ...(counts ? { verdict: 'TAMPERED' as const } : {}),
        byteOffset: offset,
        expected: actual,
        actual: root,
        message: `The proof leads to the Merkle root ${root}, but Bitcoin block ${at} has ${actual} (${each.file}): the proof was altered, or never was true.`,
      }),
    };
  }
  const why = problems.length === 0 ? 'header not supplied' : problems.join('; ');
  return {
    says,
    finding: (counts) =>
      missing(
        `${says} (${why}). The header of that block is missing: give block headers with --data, raw from the first block on, or as lines of height and header.`,
        counts,
      ),
  };
};

const judge = async (attestation: Attestation, headers: readonly BlockHeaders[]): Promise<Judged> => {
  const { kind, height, address, tag, payload, message } = attestation;
  if (kind === 'bitcoin') return judgeBitcoin(attestation, headers);
  if (kind === 'pending') {
    const says = `It is pending at the calendar ${address ?? ''}`;
    const note = `${says}: the calendar promised to complete it, and that completion (ots upgrade) is missing. A promise is no proof.`;
    return { says, finding: (counts) => missing(note, counts) };
  }
  if (kind === 'unknown') {
    const says = `It holds an attestation of an unknown kind (${tag}, ${payload.length} bytes)`;
    return {
      says,
      finding: (counts) => missing(`${says}: whoever defined it is needed to verify it.`, counts),
    };
  }
  const says = `It commits to ${CHAIN[kind]} block ${height ?? 0}, digest ${message.toString('hex')}`;
  const note = `${says}: blocks of ${CHAIN[kind]} are not checked here, only those of Bitcoin.`;
  return { says, finding: (counts) => missing(note, counts) };
};

/** All attestations; one that a header bears out proves the whole, and the others then are remarks. */
export const checkProof = async (proof: Proof, headers: readonly BlockHeaders[]): Promise<ProofCheck> => {
  const judged: Judged[] = [];
  for (const each of proof.attestations) judged.push(await judge(each, headers));
  const attested = judged
    .flatMap((each) => (each.attested === undefined || each.attested === null ? [] : [each.attested]))
    .reduce<ProofCheck['attested']>(
      (best, each) => (best === null || each.height < best.height ? each : best),
      null,
    );
  // Where a block is named, what is only pending beside it holds nothing back.
  const hasBlock = proof.attestations.some(({ kind }) => kind === 'bitcoin');
  const findings = judged.flatMap(({ finding }, i) => {
    const isBlock = proof.attestations[i]?.kind === 'bitcoin';
    return finding === undefined ? [] : [finding(attested === null && (isBlock || !hasBlock))];
  });
  if (proof.digest.weak) {
    const message = `The proof is over a ${proof.digest.shown} digest: two different files with that digest can be made, so it no longer ties the time to one file alone.`;
    findings.push({ kind: 'WEAK_DIGEST', message });
  }
  return { findings, attested, says: judged.map(({ says }) => says) };
};
