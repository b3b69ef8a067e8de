// Signed notes and checkpoints: their form, their signatures, and whether several heads of one log agree.
import type { Detection } from '../../../../../shared/model/audit.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { AnchorCheck } from '../../../../../shared/model/verdict.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { conclude, documentRecord } from '../merkle/conclude.ts';
import { parseJson } from '../merkle/json-text.ts';
import { readProofDocument } from '../merkle/proof-document.ts';
import type { ConsistencyProof } from '../merkle/proof-document.ts';
import { hex } from '../merkle/sha256.ts';
import { readSmall, readUpTo, SAMPLE_BYTES } from '../merkle/small-file.ts';
import { KEYS_BESIDE, keysOf, readCompanions } from './companions.ts';
import type { Companions } from './companions.ts';
import { compareHeads } from './compare-checkpoints.ts';
import type { Comparison } from './compare-checkpoints.ts';
import { headFinding } from './head-finding.ts';
import { judgeNote, signersSentence, unknownSentence } from './judge-note.ts';
import type { JudgedNote } from './judge-note.ts';
import { isNoteFile, looksLikeNote, MAX_NOTE_BYTES } from './note.ts';
import { SIGNED_NOTE_METHOD } from './method.ts';

const ID = 'signed-note';
const TITLE = 'Signed note or checkpoint (C2SP)';
const SAMPLES = 24;

const isCandidate = ({ bytes, name }: SourceFile): boolean =>
  bytes > 0 && bytes <= MAX_NOTE_BYTES && !/(?:^|\/)tile\//u.test(name) && !name.endsWith('.json');

const notesOf = async (source: Source): Promise<readonly SourceFile[]> => {
  if (source.kind === 'file') return source.files;
  const notes: SourceFile[] = [];
  for (const file of source.files.filter(isCandidate))
    if (isNoteFile(await readUpTo(file, SAMPLE_BYTES))) notes.push(file);
  return notes;
};

const detect = async (source: Source): Promise<Detection | null> => {
  if (source.kind === 'folder' && source.files.some(({ name }) => /(?:^|\/)tile\//u.test(name))) return null;
  let notes = 0;
  let checkpoints = 0;
  for (const file of source.files.filter(isCandidate).slice(0, SAMPLES)) {
    const bytes = await readUpTo(file, SAMPLE_BYTES);
    if (!isNoteFile(bytes)) continue;
    notes += 1;
    if (/^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n/u.test(bytes.toString('utf8'))) checkpoints += 1;
  }
  if (notes === 0) return null;
  const what = checkpoints === notes ? 'a checkpoint of a transparency log' : 'text';
  return {
    format: ID,
    title: TITLE,
    confidence: source.kind === 'file' ? 0.9 : 0.6,
    reason:
      source.kind === 'file'
        ? `It is ${what} followed by a blank line and signature lines.`
        : 'Files in it are texts followed by a blank line and signature lines.',
  };
};

/** Consistency proofs (JSON) among the companions. */
const proofsIn = ({ given, beside }: Companions): readonly ConsistencyProof[] =>
  [...given, ...beside].flatMap(({ bytes }) => {
    const document = bytes[0] === 0x7b ? readProofDocument(parseJson(bytes)) : null;
    return document !== null && typeof document !== 'string' && document.kind === 'consistency'
      ? [document]
      : [];
  });

interface Heads {
  readonly anchors: AnchorCheck[];
  forkProof: string | undefined;
  readonly agreed: string[];
}

/** Adds what two heads of one log say of each other. `other` is null for two notes of one folder. */
const noteComparison = (
  findings: FindingList,
  heads: Heads,
  comparison: Comparison,
  at: { readonly index: number; readonly path: string },
  other: JudgedNote,
): void => {
  const { outcome, message } = comparison;
  const text = `${at.path} and ${other.path}: ${message}`;
  if (outcome === 'fork') {
    findings.add({ kind: 'FORK', verdict: 'FORK', ...at, message: text });
    heads.forkProof ??= comparison.forkProof;
  } else if (outcome === 'unproven') {
    findings.add({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message: text });
  } else if (outcome === 'same' || outcome === 'consistent') {
    heads.agreed.push(text);
  }
};

const anchorOf = (comparison: Comparison, other: JudgedNote): AnchorCheck => {
  const { outcome, message } = comparison;
  const said =
    outcome === 'fork'
      ? 'conflicts'
      : outcome === 'same' || outcome === 'consistent'
        ? 'covers'
        : outcome === 'unrelated'
          ? 'unrelated'
          : 'unverified';
  return { name: other.path, kind: 'checkpoint', outcome: said, time: null, adds: message };
};

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const companions = await readCompanions(source, options, ID, (name) => !/(?:^|\/)tile\//u.test(name));
  const keys = keysOf(companions);
  const proofs = proofsIn(companions);
  const files = await notesOf(source);
  const findings = new FindingList();
  for (const { file, reason } of keys.unusable)
    findings.add({ kind: 'MALFORMED', path: file, message: `A key in it can not be used: ${reason}.` });
  const notes: JudgedNote[] = [];
  for (const [index, file] of files.entries()) {
    throwIfCancelled(run.signal);
    const judged = judgeNote(file.name, await readSmall(file, ID), keys.keys, { index });
    for (const finding of judged.findings) findings.add(finding);
    notes.push(judged);
    run.progress({
      step: 'verifying',
      done: index + 1,
      total: files.length,
      unit: 'files',
      records: index + 1,
    });
  }
  if (notes.length === 0) {
    const reason = 'no file in it holds signature lines';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const heads: Heads = { anchors: [], forkProof: undefined, agreed: [] };
  const given = companions.given
    .filter(({ bytes }) => looksLikeNote(Buffer.from(bytes)))
    .map(({ name, bytes }) => judgeNote(name, bytes, keys.keys));
  const compared = new Map<string, Comparison['outcome']>();
  for (const [index, judged] of notes.entries()) {
    const at = { index, path: judged.path };
    for (const other of given) {
      const comparison = compareHeads(judged, other, proofs);
      heads.anchors.push(anchorOf(comparison, other));
      const stated = other.checkpoint === null ? '' : hex(other.checkpoint.root);
      if (compared.get(stated) !== 'fork') compared.set(stated, comparison.outcome);
      noteComparison(findings, heads, comparison, at, other);
    }
    for (const other of notes.slice(0, index)) {
      const comparison = compareHeads(judged, other, proofs);
      // Heads of different size lie together without a claim about each other.
      if (comparison.outcome === 'fork') noteComparison(findings, heads, comparison, at, other);
    }
  }
  const roots = notes.flatMap(({ checkpoint }) => (checkpoint === null ? [] : [hex(checkpoint.root)]));
  for (const head of options.trustedHeads) {
    if (roots.includes(head)) continue;
    const message = 'The trusted root is not the root of this checkpoint.';
    const finding = headFinding(head, roots[0] ?? null, compared, message);
    if (finding !== null) findings.add(finding);
  }
  const sentences = (of: (judged: JudgedNote) => string | null): string[] =>
    notes.map(of).filter((sentence) => sentence !== null);
  return conclude(source, options, run, began, {
    format: ID,
    ...(notes.length === 1 && notes[0]?.checkpoint ? { dialect: 'checkpoint' } : {}),
    base: 'INTACT',
    anchored: heads.forkProof === undefined && notes.every(({ isSigned }) => isSigned),
    records: notes.length,
    findings,
    head: roots.length === 1 ? (roots[0] ?? null) : null,
    proves: [...sentences(signersSentence), ...heads.agreed],
    doesNotProve: [
      ...sentences(unknownSentence),
      ...(keys.onlyBeside ? [KEYS_BESIDE] : []),
      'That what the text says is true: a signature says who vouches for it.',
      ...(roots.length > 0
        ? ['What the log holds: a checkpoint commits to its entries, but does not show them.']
        : []),
    ],
    anchors: heads.anchors,
    ...(heads.forkProof === undefined ? {} : { forkProof: heads.forkProof }),
  });
};

/** Signed notes, checkpoints and cosignatures. Definition: c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature. */
export const signedNote: AuditFormat = {
  id: ID,
  title: TITLE,
  summary: 'Text with signature lines: C2SP signed notes, checkpoints of transparency logs, cosignatures.',
  method: SIGNED_NOTE_METHOD,
  detect,
  verify,
  record: async (source, verified, index) => documentRecord(await notesOf(source), verified, index),
};
