// Verifies the OpenTimestamps proofs of a file or folder: each by itself, against its file, and against the others.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { bytesCandidate, fileCandidate, sourceCandidates } from '../anchors/imprint.ts';
import type { Candidate } from '../anchors/imprint.ts';
import { matchData } from '../anchors/match-data.ts';
import { PROOF_BYTES, givenOf, requireProofs } from '../anchors/proof-files.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun, KeyFile, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { conclude } from '../merkle/conclude.ts';
import { readUpTo } from '../merkle/small-file.ts';
import { readHeaders, shownHash } from './block-headers.ts';
import type { BlockHeaders } from './block-headers.ts';
import { checkProof } from './check-proof.ts';
import { ProofFault, isProof, proofHasher, readProof } from './read-proof.ts';
import type { Proof } from './read-proof.ts';

export const ID = 'opentimestamps';

const digestWith =
  (name: string) =>
  (bytes: Uint8Array): string => {
    const sum = proofHasher(name);
    sum.update(bytes);
    return sum.digest('hex');
  };

/** Bytes as a file that can be opened like any other. */
export const fileOf = ({ name, bytes }: KeyFile): SourceFile => ({
  name,
  bytes: bytes.length,
  async *open({ start = 0, end = bytes.length } = {}) {
    yield bytes.subarray(start, end);
  },
});

/** The block headers among files of all kinds. */
export const headersAmong = async (
  files: readonly SourceFile[],
  run: EngineRun,
): Promise<readonly BlockHeaders[]> => {
  const found: BlockHeaders[] = [];
  for (const file of files) {
    const headers = await readHeaders(file, run);
    if (headers !== null) found.push(headers);
  }
  return found;
};

export const proofFault = (error: unknown): Finding => {
  if (!(error instanceof ProofFault)) throw error;
  const { message, offset, nature } = error;
  const said = `The proof can not be read: ${message}.`;
  const at = { byteOffset: offset, verdict: 'UNVERIFIABLE' as const };
  if (nature === 'short')
    return {
      kind: 'TRUNCATED',
      ...at,
      verdict: 'GAP',
      message: `${said} It was cut off, or a length in it was altered.`,
    };
  return {
    kind: 'MALFORMED',
    ...at,
    message:
      nature === 'version'
        ? `${said} A newer program may read it.`
        : `${said} It was damaged, or is of a newer kind.`,
  };
};

interface Outcome {
  readonly proof: Proof | null;
  readonly anchored: boolean;
  readonly proves: readonly string[];
  readonly time: string | null;
}

const verifyOne = async (
  file: SourceFile,
  alone: boolean,
  headers: readonly BlockHeaders[],
  candidates: readonly Candidate[],
  heads: readonly string[],
  add: (finding: Finding) => void,
): Promise<Outcome> => {
  try {
    const proof = readProof(await readUpTo(file, PROOF_BYTES));
    if (proof.trailing > 0) {
      const message = `${proof.trailing} bytes follow the proof; nothing vouches for them.`;
      add({ kind: 'TRAILING_DATA', verdict: 'UNVERIFIABLE', message });
    }
    const check = await checkProof(proof, headers);
    for (const finding of check.findings) add(finding);
    const { name: algorithm, shown } = proof.digest;
    const digest = digestWith(algorithm);
    const stamped = { name: file.name, noun: 'proof', hex: proof.hex, algorithm, shown, digest } as const;
    const match = await matchData(stamped, heads, candidates, alone);
    for (const finding of match.findings) add(finding);
    const { attested } = check;
    const proves = [
      ...(match.what === null ? [] : [`${match.what}: its ${shown} is the one that the proof begins with.`]),
      ...check.says.map((sentence) => `${sentence}.`),
    ];
    if (attested !== null)
      proves.unshift(
        `${attested.words}. What has this ${shown} existed by then: block ${attested.height} could not have been made without it. The time in a header is the miner’s and can be off by about two hours.`,
      );
    const anchored = attested !== null && match.what !== null && proof.trailing === 0;
    return { proof, anchored, proves, time: attested?.time.toString() ?? null };
  } catch (error) {
    add(proofFault(error));
    return { proof: null, anchored: false, proves: [], time: null };
  }
};

/** One block has one Merkle root: two proofs that name different ones for it can't both be true. */
const conflicts = (
  proofs: readonly { readonly name: string; readonly proof: Proof | null }[],
): readonly { readonly index: number; readonly of: number; readonly message: string }[] => {
  const first = new Map<number, { readonly root: string; readonly index: number }>();
  return proofs.flatMap(({ name, proof }, index) =>
    (proof?.attestations ?? []).flatMap(({ kind, height, message }) => {
      if (kind !== 'bitcoin' || height === null) return [];
      const root = shownHash(message);
      const before = first.get(height);
      if (before === undefined) first.set(height, { root, index });
      if (before === undefined || before.root === root) return [];
      const other = proofs[before.index]?.name ?? '';
      const text = `${name} and ${other} name different Merkle roots for Bitcoin block ${height} (${root} and ${before.root}): at least one of them is false. Its header decides which.`;
      return [{ index, of: before.index, message: text }];
    }),
  );
};

const candidatesOf = (
  options: VerifyOptions,
  beside: readonly SourceFile[],
  headerFiles: ReadonlySet<string>,
  run: EngineRun,
): readonly Candidate[] => {
  const given = givenOf(options);
  return [
    ...sourceCandidates(options.data ?? [], given.data, run, proofHasher),
    ...options.keys.map((key) => bytesCandidate(key, false, proofHasher)),
    ...beside.map((file) => fileCandidate({ name: file.name, given: false }, file, run, proofHasher)),
  ].filter(({ name }) => !headerFiles.has(name));
};

export const verifyProofs = async (
  source: Source,
  options: VerifyOptions,
  run: EngineRun,
): Promise<Verified> => {
  const began = performance.now();
  const { proofs, beside } = await requireProofs(source, ID, isProof);
  const others = [
    ...(options.data ?? []).flatMap(({ files }) => files),
    ...options.keys.map(fileOf),
    ...beside,
  ];
  const headers = await headersAmong(others, run);
  const candidates = candidatesOf(options, beside, new Set(headers.map(({ file }) => file)), run);
  const findings = new FindingList();
  const outcomes: Outcome[] = [];
  const alone = proofs.length === 1;
  const placeOf = (index: number) => ({
    index,
    ...(source.kind === 'folder' ? { path: proofs[index]?.name ?? '' } : {}),
  });
  for (const [index, file] of proofs.entries()) {
    throwIfCancelled(run.signal);
    const add = (finding: Finding) => findings.add({ ...finding, ...placeOf(index) });
    outcomes.push(await verifyOne(file, alone, headers, candidates, options.trustedHeads, add));
    run.progress({
      step: 'verifying',
      done: index + 1,
      total: proofs.length,
      unit: 'records',
      records: index + 1,
    });
  }
  const named = proofs.map(({ name }, i) => ({ name, proof: outcomes[i]?.proof ?? null }));
  for (const { index, of, message } of conflicts(named))
    findings.add({ kind: 'FORK', verdict: 'FORK', ...placeOf(index), ofIndex: of, message });
  const only = alone ? outcomes[0] : undefined;
  const proves = outcomes.flatMap((outcome, i) =>
    outcome.proves.map((text) => (alone ? text : `${proofs[i]?.name ?? ''}: ${text}`)),
  );
  return conclude(source, options, run, began, {
    format: ID,
    ...(only?.proof
      ? { dialect: `${only.proof.digest.shown}, ${only.proof.attestations.length} attestations` }
      : {}),
    base: 'INTACT',
    anchored: outcomes.every(({ anchored }) => anchored),
    records: proofs.length,
    findings,
    head: only?.proof?.hex ?? null,
    proves: [...new Set(proves)],
    doesNotProve: [
      'Who made the data, that what it says is true, or that it did not exist before: the proof says only that it existed by the time of the block.',
      ...headers.map(
        ({ file, words }) => `That the headers in ${file} are those that the world agrees on: ${words}.`,
      ),
    ],
    weaknesses: findings
      .listed()
      .findings.filter(({ kind }) => kind === 'WEAK_DIGEST')
      .map(({ message }) => message),
  });
};
