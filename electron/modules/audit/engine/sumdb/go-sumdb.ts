// Go checksum databases: lookups with their signed tree, tiles in the older layout, or a whole copy with its data.
import { leafHash } from '../../../../../shared/chain/merkle.ts';
import { verifyInclusion } from '../../../../../shared/chain/merkle-verify.ts';
import type { Detection } from '../../../../../shared/model/audit.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { conclude, documentRecord } from '../merkle/conclude.ts';
import { hex, sha256 } from '../merkle/sha256.ts';
import { readSmall, readUpTo } from '../merkle/small-file.ts';
import { KEYS_BESIDE, keysOf, readCompanions } from '../signed-note/companions.ts';
import type { Keys } from '../signed-note/companions.ts';
import { compareHeads } from '../signed-note/compare-checkpoints.ts';
import { judgeNote, signersSentence } from '../signed-note/judge-note.ts';
import type { JudgedNote } from '../signed-note/judge-note.ts';
import { looksLikeNote } from '../signed-note/note.ts';
import { tileLogs } from '../tlog-tiles/layout.ts';
import type { TileLog } from '../tlog-tiles/layout.ts';
import { verifyLog } from '../tlog-tiles/verify-log.ts';
import { looksLikeLookup, parseLookup, SUMDB_PATH, SUMDB_TILES } from './lookup.ts';
import type { Lookup } from './lookup.ts';
import { TileMissing, TileNodes } from './tile-nodes.ts';
import { GO_SUMDB_METHOD } from './method.ts';

const ID = 'go-sumdb';
const TITLE = 'Go checksum database (sumdb)';
const LOOKUP_BYTES = 1024 * 1024;

const isTile = (name: string): boolean => SUMDB_PATH.test(name);

const lookupsOf = async (source: Source): Promise<readonly SourceFile[]> => {
  const lookups: SourceFile[] = [];
  for (const file of source.files) {
    if (isTile(file.name) || file.bytes === 0 || file.bytes > LOOKUP_BYTES) continue;
    if (looksLikeLookup(await readUpTo(file, 4096))) lookups.push(file);
  }
  return lookups;
};

const detect = async (source: Source): Promise<Detection | null> => {
  if (source.kind === 'folder') {
    if (!source.files.some(({ name }) => isTile(name))) return null;
    const reason = 'It has tiles in the layout of a Go checksum database (tile/8/…).';
    return { format: ID, title: TITLE, confidence: 0.96, reason };
  }
  const [file] = source.files;
  if (file === undefined || !looksLikeLookup(await readUpTo(file, 4096))) return null;
  const reason = 'It is an answer of a Go checksum database: record number, go.sum lines, signed tree.';
  return { format: ID, title: TITLE, confidence: 0.95, reason };
};

/** Whether the record of an answer lies in the tree that is signed under it, as the tiles have it. */
const recordFinding = async (
  lookup: Lookup,
  { checkpoint }: JudgedNote,
  log: TileLog | undefined,
  at: { readonly index: number; readonly path: string },
): Promise<Finding | null> => {
  if (checkpoint === null) return null;
  const { size, root } = checkpoint;
  const hash = Buffer.from(leafHash(sha256, lookup.record));
  if (lookup.id >= size) {
    const message = `Record ${lookup.id} can not be in a tree of ${size} records.`;
    return { kind: 'CHAIN_HASH_MISMATCH', verdict: 'TAMPERED', ...at, message };
  }
  const missing = (what: string): Finding => ({
    kind: 'KEY_MISSING',
    verdict: 'UNVERIFIABLE',
    ...at,
    message: `The signature is over the tree; whether the record is in it can not be told without ${what}.`,
  });
  if (log === undefined) return missing('the tiles of the database (or a proof)');
  try {
    const nodes = new TileNodes(log, size);
    const stored = await nodes.node(0, lookup.id);
    if (!stored.equals(hash)) {
      const message = `Record ${lookup.id} does not have the hash that the tiles have for it: the record was altered.`;
      const compared = { expected: hex(stored), actual: hex(hash) };
      return { kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED', ...at, ...compared, message };
    }
    if (verifyInclusion(sha256, hash, lookup.id, size, await nodes.inclusion(lookup.id), root)) return null;
    const message = `The tiles do not lead from record ${lookup.id} to the signed root: a tile was altered.`;
    return { kind: 'CHAIN_HASH_MISMATCH', verdict: 'TAMPERED', ...at, expected: hex(root), message };
  } catch (error) {
    if (error instanceof TileMissing) return missing(`the tile ${error.path}`);
    throw error;
  }
};

interface Answers {
  readonly judged: readonly JudgedNote[];
  readonly proves: readonly string[];
  /** Each record lies in a tree that the database signed. */
  readonly proven: boolean;
}

const verifyLookups = async (
  files: readonly SourceFile[],
  log: TileLog | undefined,
  keys: Keys,
  firstIndex: number,
  findings: FindingList,
  run: EngineRun,
): Promise<Answers> => {
  const judgedNotes: JudgedNote[] = [];
  const proves: string[] = [];
  let proven = true;
  for (const [i, file] of files.entries()) {
    throwIfCancelled(run.signal);
    const at = { index: firstIndex + i, path: file.name };
    const lookup = parseLookup(await readSmall(file, ID, LOOKUP_BYTES));
    if (lookup === null) {
      const message = 'The answer has not the form of record number, record and signed note.';
      findings.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message });
      proven = false;
      continue;
    }
    const judged = judgeNote(file.name, lookup.note, keys.keys, { index: at.index });
    for (const finding of judged.findings) findings.add(finding);
    const wrong = await recordFinding(lookup, judged, log, at);
    proven &&= wrong === null && judged.isSigned;
    if (wrong !== null) findings.add(wrong);
    else if (judged.checkpoint !== null)
      proves.push(
        `Record ${lookup.id} in ${file.name} lies in the tree of ${judged.checkpoint.size} records under its signed root.`,
      );
    judgedNotes.push(judged);
    run.progress({ step: 'verifying', done: i + 1, total: files.length, unit: 'files', records: i + 1 });
  }
  return { judged: judgedNotes, proves, proven };
};

/** A copy of the whole database has its data; a client's cache has some tiles. */
const isWhole = (log: TileLog): boolean => log.entries.size > 0;

/** Tiles may be given as a folder beside a single answer. */
const logFor = (source: Source, options: VerifyOptions): readonly TileLog[] =>
  [source, ...(options.data ?? [])].flatMap((each) => tileLogs(each, SUMDB_TILES, SUMDB_PATH));

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const files = await lookupsOf(source);
  const logs = logFor(source, options);
  if (files.length === 0 && logs.length === 0) {
    const reason = 'it holds neither an answer nor tiles of a checksum database';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const companions = await readCompanions(source, options, ID, (name) => !isTile(name));
  const keys = keysOf(companions);
  const findings = new FindingList();
  for (const { file, reason } of keys.unusable)
    findings.add({ kind: 'MALFORMED', path: file, message: `A key in it can not be used: ${reason}.` });
  const own = source.kind === 'folder' ? logs[0] : undefined;
  const outcome =
    own !== undefined && (isWhole(own) || files.length === 0)
      ? await verifyLog(own, { companions, keys: keys.keys, findings, firstIndex: 0, options, run })
      : null;
  const size = outcome?.size ?? 0;
  const answers = await verifyLookups(files, logs[0], keys, size, findings, run);
  const others = companions.given
    .filter(({ bytes }) => looksLikeNote(Buffer.from(bytes)) && !looksLikeLookup(Buffer.from(bytes)))
    .map(({ name, bytes }) => judgeNote(name, bytes, keys.keys));
  let forkProof = outcome?.forkProof;
  for (const judged of answers.judged) {
    for (const other of [...others, ...answers.judged.slice(0, answers.judged.indexOf(judged))]) {
      const { outcome: said, message, forkProof: proof } = compareHeads(judged, other);
      if (said !== 'fork') continue;
      findings.add({
        kind: 'FORK',
        verdict: 'FORK',
        path: judged.path,
        message: `${judged.path} and ${other.path}: ${message}`,
      });
      forkProof ??= proof;
    }
  }
  const anchored = (outcome?.anchored ?? true) && answers.proven;
  const root = outcome?.head ?? answers.judged[0]?.checkpoint?.root ?? null;
  return conclude(source, options, run, began, {
    format: ID,
    base: anchored ? 'INTACT' : 'INTACT_BUT_UNANCHORED',
    anchored,
    records: size + files.length,
    findings,
    head: root === null ? null : hex(root),
    proves: [
      ...(outcome?.proves ?? []),
      ...answers.proves,
      ...answers.judged.map(signersSentence).filter((words) => words !== null),
    ],
    doesNotProve: [
      ...(outcome?.doesNotProve ?? []),
      ...(keys.onlyBeside ? [KEYS_BESIDE] : []),
      'That a module is harmless: the database vouches that everyone gets the same one.',
    ],
    anchors: outcome?.anchors ?? [],
    ...(forkProof === undefined ? {} : { forkProof }),
  });
};

/** sum.golang.org and its kind. Definition: golang.org/design/25530-sumdb, golang.org/x/mod/sumdb. */
export const goSumdb: AuditFormat = {
  id: ID,
  title: TITLE,
  summary: 'Lookups, tiles and copies of a Go checksum database (sum.golang.org).',
  method: GO_SUMDB_METHOD,
  detect,
  verify,
  record: async (source, verified, index) => {
    const files = await lookupsOf(source);
    const first = verified.report.records - files.length;
    if (index >= first) {
      const shown = await documentRecord(
        files,
        { ...verified, report: { ...verified.report, records: files.length } },
        index - first,
      );
      return { ...shown, index };
    }
    return documentRecord([], verified, index);
  },
};
