// Offline proofs that an entry is in a transparency log: entry, inclusion proof, checkpoint, signatures.
import { createHash } from 'node:crypto';
import { rootFromInclusion } from '../../../../../shared/chain/merkle-verify.ts';
import type { Detection } from '../../../../../shared/model/audit.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { AnchorCheck, Finding } from '../../../../../shared/model/verdict.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { conclude, documentRecord } from '../merkle/conclude.ts';
import { hex, sha256 } from '../merkle/sha256.ts';
import { readSmall, readUpTo } from '../merkle/small-file.ts';
import { KEYS_BESIDE, keysOf, readCompanions } from '../signed-note/companions.ts';
import { compareHeads } from '../signed-note/compare-checkpoints.ts';
import type { Comparison } from '../signed-note/compare-checkpoints.ts';
import { headFinding } from '../signed-note/head-finding.ts';
import { judgeNote, signersSentence, unknownSentence } from '../signed-note/judge-note.ts';
import type { JudgedNote } from '../signed-note/judge-note.ts';
import { readKeyText } from '../signed-note/keys.ts';
import { looksLikeNote } from '../signed-note/note.ts';
import { MAGIC, parseProofFile } from './proof-file.ts';
import type { ProofFile } from './proof-file.ts';
import { TLOG_PROOF_METHOD } from './method.ts';

const ID = 'tlog-proof';
const TITLE = 'Transparency log proof (C2SP tlog-proof)';
/** Proofs with post-quantum cosignatures have some tens of KiB. */
const PROOF_BYTES = 1024 * 1024;
/** Files of a folder that are tried as the entry. */
const MOST_CANDIDATES = 200;

const isProof = async (file: SourceFile): Promise<boolean> =>
  (await readUpTo(file, MAGIC.length + 1)).toString('latin1') === `${MAGIC}\n`;

const proofsIn = async (source: Source): Promise<readonly SourceFile[]> => {
  const proofs: SourceFile[] = [];
  for (const file of source.files) if (file.bytes <= PROOF_BYTES && (await isProof(file))) proofs.push(file);
  return proofs;
};

const detect = async (source: Source): Promise<Detection | null> => {
  const few = source.kind === 'folder' ? source.files.slice(0, MOST_CANDIDATES) : source.files;
  if (few.some(({ name }) => /(?:^|\/)tile\//u.test(name))) return null;
  const proofs = await proofsIn({ ...source, files: few });
  if (proofs.length === 0) return null;
  const reason = `${source.kind === 'file' ? 'It begins' : `${proofs.length} of its files begin`} with ${MAGIC}.`;
  return { format: ID, title: TITLE, confidence: source.kind === 'file' ? 0.99 : 0.85, reason };
};

/** SHA-256 of 0x00 and the file: its leaf hash. */
const leafOf = async (file: SourceFile): Promise<Buffer> => {
  const digest = createHash('sha256').update(Uint8Array.of(0));
  for await (const part of file.open()) digest.update(part);
  return digest.digest();
};

interface Leaf {
  readonly name: string;
  readonly hash: Buffer;
  /** Handed over for this proof, or named as an entry: it must be the one. */
  readonly isMeant: boolean;
}

const isKeyOrNote = (bytes: Buffer, name: string): boolean =>
  looksLikeNote(bytes) ||
  bytes.subarray(0, MAGIC.length).toString('latin1') === MAGIC ||
  readKeyText(bytes.toString('utf8'), name).keys.length > 0;

/** Files that may be the entry: whatever is given or lies beside, and is no key, note, proof or read-me. */
const leavesOf = async (source: Source, options: VerifyOptions): Promise<readonly Leaf[]> => {
  const leaves: Leaf[] = [];
  const add = async (file: SourceFile, isGiven: boolean): Promise<void> => {
    if (/(?:^|\/)readme[^/]*$/iu.test(file.name)) return;
    if (isKeyOrNote(await readUpTo(file), file.name)) return;
    const isMeant = isGiven || /leaf|entry|record/iu.test(file.name);
    leaves.push({ name: file.name, hash: await leafOf(file), isMeant });
  };
  const keysGiven = options.keysGiven ?? options.keys.length;
  const dataGiven = options.dataGiven ?? options.data?.length ?? 0;
  for (const [i, { name, bytes }] of options.keys.entries()) {
    const open = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
    };
    await add({ name, bytes: bytes.length, open }, i < keysGiven);
  }
  for (const [i, data] of (options.data ?? []).entries())
    for (const file of data.files.slice(0, MOST_CANDIDATES))
      await add(file, i < dataGiven && data.kind === 'file');
  if (source.kind === 'folder')
    for (const file of source.files.slice(0, MOST_CANDIDATES)) await add(file, false);
  return leaves;
};

/** Holds the proof against every candidate entry. */
const inclusionOf = (
  proof: ProofFile,
  judged: JudgedNote,
  leaves: readonly Leaf[],
  at: { readonly index: number; readonly path: string },
): { readonly findings: readonly Finding[]; readonly entry: string | null } => {
  const { checkpoint } = judged;
  if (checkpoint === null) {
    const message = 'The note in the proof is no checkpoint, so it names no tree that the entry could be in.';
    return { findings: [{ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message }], entry: null };
  }
  const { size, root } = checkpoint;
  const lead = (hash: Buffer): Uint8Array | null =>
    rootFromInclusion(sha256, hash, proof.index, size, proof.hashes);
  // Whether the proof fits index and size does not depend on the entry.
  if (lead(Buffer.alloc(32)) === null) {
    const message = `The proof has ${proof.hashes.length} hashes, and that is not how many entry ${proof.index} of ${size} takes.`;
    return { findings: [{ kind: 'CHAIN_HASH_MISMATCH', verdict: 'TAMPERED', ...at, message }], entry: null };
  }
  const entry = leaves.find(({ hash }) => root.equals(lead(hash) ?? Buffer.alloc(0)));
  if (entry !== undefined) return { findings: [], entry: entry.name };
  const meant = leaves.filter(({ isMeant }) => isMeant);
  const [first] = meant;
  if (first === undefined) {
    const message =
      'The entry itself is missing, so whether it is in the log can not be told: the proof holds only hashes. Give the entry as data.';
    return { findings: [{ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message }], entry: null };
  }
  const which = meant.length === 1 ? first.name : `none of ${meant.map(({ name }) => name).join(', ')}`;
  const message = `The proof does not lead from ${which} to the root in the checkpoint: the entry, the index or a hash of the proof was altered.`;
  const hashes = { expected: hex(root), actual: hex(lead(first.hash) ?? Buffer.alloc(0)) };
  return {
    findings: [{ kind: 'CHAIN_HASH_MISMATCH', verdict: 'TAMPERED', ...at, ...hashes, message }],
    entry: null,
  };
};

interface Outcome {
  readonly judged: JudgedNote | null;
  readonly proves: readonly string[];
  readonly holds: boolean;
}

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const files = await proofsIn(source);
  if (files.length === 0) {
    const reason = `no file in it begins with ${MAGIC}`;
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const companions = await readCompanions(source, options, ID, () => true);
  const keys = keysOf(companions);
  const leaves = await leavesOf(source, options);
  const findings = new FindingList();
  const outcomes: Outcome[] = [];
  for (const [index, file] of files.entries()) {
    throwIfCancelled(run.signal);
    const at = { index, path: file.name };
    const proof = parseProofFile(await readSmall(file, ID, PROOF_BYTES));
    if ('problem' in proof) {
      const message = `This is no well-formed proof: ${proof.problem}.`;
      findings.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, line: proof.line, message });
      outcomes.push({ judged: null, proves: [], holds: false });
      continue;
    }
    const judged = judgeNote(file.name, proof.note, keys.keys, { index });
    const inclusion = inclusionOf(proof, judged, leaves, at);
    for (const finding of [...judged.findings, ...inclusion.findings]) findings.add(finding);
    const { checkpoint } = judged;
    const proves =
      inclusion.entry === null || checkpoint === null
        ? []
        : [
            `${inclusion.entry} is entry ${proof.index} of the ${checkpoint.size} entries under the root in ${file.name}${judged.isSigned ? ', which the log signed' : ''}.`,
          ];
    const signers = signersSentence(judged);
    outcomes.push({
      judged,
      proves: signers === null ? proves : [...proves, signers],
      holds: judged.isSigned && inclusion.entry !== null,
    });
    run.progress({
      step: 'verifying',
      done: index + 1,
      total: files.length,
      unit: 'files',
      records: index + 1,
    });
  }
  const judgedNotes = outcomes.flatMap(({ judged }) => (judged === null ? [] : [judged]));
  const anchors: AnchorCheck[] = [];
  let forkProof: string | undefined;
  const compared = new Map<string, Comparison['outcome']>();
  for (const { name, bytes } of companions.given) {
    if (!looksLikeNote(Buffer.from(bytes))) continue;
    const other = judgeNote(name, bytes, keys.keys);
    for (const judged of judgedNotes) {
      const { outcome, message, forkProof: proof } = compareHeads(judged, other);
      if (outcome === 'fork') findings.add({ kind: 'FORK', verdict: 'FORK', path: judged.path, message });
      forkProof ??= proof;
      const stated = other.checkpoint === null ? '' : hex(other.checkpoint.root);
      if (compared.get(stated) !== 'fork') compared.set(stated, outcome);
      const said =
        outcome === 'fork'
          ? 'conflicts'
          : outcome === 'same'
            ? 'covers'
            : outcome === 'unrelated'
              ? 'unrelated'
              : 'unverified';
      anchors.push({ name, kind: 'checkpoint', outcome: said, time: null, adds: message });
    }
  }
  const roots = judgedNotes.flatMap(({ checkpoint }) => (checkpoint === null ? [] : [hex(checkpoint.root)]));
  for (const head of options.trustedHeads) {
    if (roots.includes(head)) continue;
    const message = 'The trusted root is not the root of the checkpoint in the proof.';
    const finding = headFinding(head, roots[0] ?? null, compared, message);
    if (finding !== null) findings.add(finding);
  }
  return conclude(source, options, run, began, {
    format: ID,
    base: 'INTACT',
    anchored: forkProof === undefined && outcomes.every(({ holds }) => holds),
    records: files.length,
    findings,
    head: roots.length === 1 ? (roots[0] ?? null) : null,
    proves: outcomes.flatMap(({ proves }) => proves),
    doesNotProve: [
      ...judgedNotes.map(unknownSentence).filter((words) => words !== null),
      ...(keys.onlyBeside ? [KEYS_BESIDE] : []),
      'That what the entry says is true, or anything about the other entries of the log.',
      'That no other history was shown to someone else, unless witnesses whom you trust have cosigned.',
    ],
    anchors,
    ...(forkProof === undefined ? {} : { forkProof }),
  });
};

/** Offline-verifiable proofs of inclusion. Definition: c2sp.org/tlog-proof. */
export const tlogProof: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'Entry index, inclusion proof and signed checkpoint in one file (.tlog-proof), with the entry beside it.',
  method: TLOG_PROOF_METHOD,
  detect,
  verify,
  record: async (source, verified, index) => documentRecord(await proofsIn(source), verified, index),
};
