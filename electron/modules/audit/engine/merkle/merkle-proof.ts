// Merkle proofs as JSON documents, one or a folder of them: does each lead to the root that it names?
import type { Detection } from '../../../../../shared/model/audit.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { AnchorCheck } from '../../../../../shared/model/verdict.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { keysOf, readCompanions } from '../signed-note/companions.ts';
import { judgeNote } from '../signed-note/judge-note.ts';
import { looksLikeNote } from '../signed-note/note.ts';
import { conclude, documentRecord } from './conclude.ts';
import { isFields, parseJson } from './json-text.ts';
import { checkProof, isProofShaped, readProofDocument } from './proof-document.ts';
import type { ProofCheck } from './proof-document.ts';
import { hex } from './sha256.ts';
import { readSmall, readUpTo, SAMPLE_BYTES } from './small-file.ts';
import { MERKLE_PROOF_METHOD } from './method.ts';

const ID = 'merkle-proof';
const TITLE = 'Merkle proof (RFC 6962, JSON)';
/** A proof has at most 64 hashes. */
const PROOF_BYTES = 1024 * 1024;
const SAMPLES = 6;

const documentsOf = (source: Source): readonly SourceFile[] =>
  source.kind === 'file' ? source.files : source.files.filter(({ name }) => name.endsWith('.json'));

const detect = async (source: Source): Promise<Detection | null> => {
  const candidates = documentsOf(source).filter(({ bytes }) => bytes > 0 && bytes <= SAMPLE_BYTES);
  let proofs = 0;
  const sample = candidates.slice(0, SAMPLES);
  for (const file of sample) if (isProofShaped(parseJson(await readUpTo(file)))) proofs += 1;
  if (proofs === 0 || proofs * 2 < sample.length) return null;
  const reason =
    source.kind === 'file'
      ? 'It is a JSON document with the fields of a Merkle inclusion or consistency proof.'
      : 'Its JSON documents have the fields of Merkle inclusion or consistency proofs.';
  return { format: ID, title: TITLE, confidence: source.kind === 'file' ? 0.9 : 0.8, reason };
};

/** Roots that something from outside vouches for: hex → who. */
const trustedRoots = async (source: Source, options: VerifyOptions): Promise<Map<string, AnchorCheck>> => {
  const roots = new Map<string, AnchorCheck>();
  const base = { outcome: 'covers', time: null } as const;
  for (const head of options.trustedHeads)
    roots.set(head, { ...base, name: 'trusted head', kind: 'head', adds: 'The root is the one given.' });
  const companions = await readCompanions(source, options, ID, () => false);
  const { keys } = keysOf(companions);
  for (const { name, bytes } of companions.given) {
    if (!looksLikeNote(Buffer.from(bytes))) continue;
    const { checkpoint, isSigned } = judgeNote(name, bytes, keys);
    if (checkpoint === null || !isSigned) continue;
    const adds = `The root is the one that ${checkpoint.origin} signed for ${checkpoint.size} entries.`;
    roots.set(hex(checkpoint.root), { ...base, name, kind: 'checkpoint', adds });
  }
  return roots;
};

interface Tally {
  readonly findings: FindingList;
  readonly used: Map<string, AnchorCheck>;
  held: number;
  anchored: number;
  lastRoot: string | null;
}

const noteCheck = (
  tally: Tally,
  check: ProofCheck,
  at: { readonly index: number; readonly path: string },
  expectsError: boolean,
): void => {
  if (check.holds) tally.held += 1;
  if (check.holds && expectsError) {
    const message = `The proof holds (${check.words}), although the document says that it must not.`;
    tally.findings.add({ kind: 'REPAIRED', ...at, message });
  }
  if (check.holds) return;
  const { expected, actual } = check;
  const hint = expectsError ? ' The document says of itself that it is wrong (wantErr).' : '';
  tally.findings.add({
    kind: 'CHAIN_HASH_MISMATCH',
    verdict: 'TAMPERED',
    ...at,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    message: `The proof does not hold: ${check.words}.${hint}`,
  });
};

const checkFile = async (
  file: SourceFile,
  index: number,
  roots: ReadonlyMap<string, AnchorCheck>,
  tally: Tally,
): Promise<boolean> => {
  const json = parseJson(await readSmall(file, ID, PROOF_BYTES));
  const document = readProofDocument(json);
  const at = { index, path: file.name };
  if (document === null) return false;
  if (typeof document === 'string') {
    const message = `The proof can not be read: ${document}. A proof that can not be read proves nothing.`;
    tally.findings.add({ kind: 'MALFORMED', verdict: 'TAMPERED', ...at, message });
    return true;
  }
  const check = checkProof(document);
  noteCheck(tally, check, at, isFields(json) && json.wantErr === true);
  tally.lastRoot = hex(check.root);
  const anchor = roots.get(tally.lastRoot);
  if (anchor !== undefined && check.holds) {
    tally.used.set(tally.lastRoot, anchor);
    tally.anchored += 1;
  }
  return true;
};

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const roots = await trustedRoots(source, options);
  const tally: Tally = { findings: new FindingList(), used: new Map(), held: 0, anchored: 0, lastRoot: null };
  const files = documentsOf(source);
  const others = source.files.filter((file) => !files.includes(file)).map(({ name }) => name);
  let records = 0;
  for (const [done, file] of files.entries()) {
    throwIfCancelled(run.signal);
    if (await checkFile(file, done, roots, tally)) records += 1;
    else others.push(file.name);
    run.progress({ step: 'verifying', done: done + 1, total: files.length, unit: 'files', records });
  }
  if (records === 0) {
    const reason = 'no document in it has the fields of a Merkle proof';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const anchored = tally.anchored === records;
  for (const head of options.trustedHeads) {
    if (tally.used.has(head)) continue;
    const message = 'No proof that holds is about the trusted root.';
    tally.findings.add({ kind: 'HEAD_MISMATCH', verdict: 'TAMPERED', expected: head, message });
  }
  const proves = [
    `${tally.held} of ${records} Merkle ${records === 1 ? 'proof leads' : 'proofs lead'} to the root that ${records === 1 ? 'it names' : 'they name'}: for that root the leaf was in the tree, or the smaller tree was its beginning.`,
  ];
  const doesNotProve = ['That what the leaf stands for is true: a proof is about digests only.'];
  if (!anchored)
    doesNotProve.push(
      'That the roots are those of any real log: the proofs name them themselves. Give a signed checkpoint or the root that you trust.',
    );
  return conclude(source, options, run, began, {
    format: ID,
    base: anchored ? 'INTACT' : 'INTACT_BUT_UNANCHORED',
    anchored,
    // The index of a finding counts all documents of the folder.
    records: files.length,
    findings: tally.findings,
    head: records === 1 ? tally.lastRoot : null,
    proves,
    doesNotProve,
    anchors: [...tally.used.values()],
    unreferenced: others,
  });
};

/** JSON proof documents in the form of transparency-dev/merkle's vectors. Design: audit.md section 3.3. */
export const merkleProof: AuditFormat = {
  id: ID,
  title: TITLE,
  summary: 'Inclusion, consistency and subtree proofs of RFC 6962 / 9162 trees, one or a folder of them.',
  method: MERKLE_PROOF_METHOD,
  detect,
  verify,
  record: (source, verified, index) => documentRecord(documentsOf(source), verified, index),
};
