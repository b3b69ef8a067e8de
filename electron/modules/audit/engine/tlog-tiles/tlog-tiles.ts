// Tiled transparency logs: entries, tiles, checkpoints, signatures and cosignatures, and whether all heads agree.
import type { Detection } from '../../../../../shared/model/audit.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { requireRecord } from '../lines/locator.ts';
import { findingsOf } from '../lines/record-fields.ts';
import { conclude } from '../merkle/conclude.ts';
import { hex } from '../merkle/sha256.ts';
import { readSmall } from '../merkle/small-file.ts';
import { KEYS_BESIDE, keysOf, readCompanions } from '../signed-note/companions.ts';
import { unknownSentence } from '../signed-note/judge-note.ts';
import { C2SP_TILES, entryBounds, readBundle, readTile } from './bundle.ts';
import { checkAcrossLogs, verifyLog } from './verify-log.ts';
import type { LogOutcome } from './verify-log.ts';
import { bestOf, leavesOf, tileLogs, WIDTH } from './layout.ts';
import { TLOG_TILES_METHOD } from './method.ts';

const ID = 'tlog-tiles';
const TITLE = 'Tiled transparency log (C2SP tlog-tiles)';
const isTile = (name: string): boolean => /(?:^|\/)tile\//u.test(name);

const detect = async (source: Source): Promise<Detection | null> => {
  if (source.kind !== 'folder') return null;
  const logs = tileLogs(source, C2SP_TILES);
  if (logs.length === 0) return null;
  const hasCheckpoint = logs.some(({ others }) =>
    others.some(({ name }) => /(?:^|\/)checkpoint/u.test(name)),
  );
  const where = logs.length === 1 ? 'It has' : `${logs.length} folders in it have`;
  return {
    format: ID,
    title: TITLE,
    confidence: hasCheckpoint ? 0.97 : 0.92,
    reason: `${where} hash tiles and entry bundles under tile/${hasCheckpoint ? ', and a checkpoint' : ''}.`,
  };
};

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const logs = tileLogs(source, C2SP_TILES);
  if (logs.length === 0) {
    const reason = 'it has no files under tile/';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const companions = await readCompanions(source, options, ID, (name) => !isTile(name));
  const keys = keysOf(companions);
  const findings = new FindingList();
  for (const { file, reason } of keys.unusable)
    findings.add({ kind: 'MALFORMED', path: file, message: `A key in it can not be used: ${reason}.` });
  const outcomes: LogOutcome[] = [];
  let firstIndex = 0;
  for (const log of logs) {
    const outcome = await verifyLog(log, { companions, keys: keys.keys, findings, firstIndex, options, run });
    outcomes.push(outcome);
    firstIndex += outcome.size;
  }
  const across = checkAcrossLogs(outcomes, findings);
  const heads = outcomes.flatMap(({ head }) => (head === null ? [] : [head]));
  const forkProof = outcomes.find((each) => each.forkProof !== undefined)?.forkProof ?? across;
  const anchored = outcomes.every((each) => each.anchored);
  return conclude(source, options, run, began, {
    format: ID,
    base: anchored ? 'INTACT' : 'INTACT_BUT_UNANCHORED',
    anchored,
    records: firstIndex,
    findings,
    head: heads.length === 1 ? hex(heads[0] as Buffer) : null,
    proves: outcomes.flatMap(({ proves }) => proves),
    doesNotProve: [
      ...outcomes.flatMap(({ doesNotProve }) => doesNotProve),
      ...outcomes.flatMap(({ notes }) => notes.map(unknownSentence)).filter((words) => words !== null),
      ...(keys.onlyBeside ? [KEYS_BESIDE] : []),
      'That what the entries say is true, or that everything that happened was logged.',
      'That no other history was shown to someone else: compare the checkpoint with one that another person holds.',
    ],
    anchors: outcomes.flatMap(({ anchors }) => anchors),
    ...(forkProof === undefined ? {} : { forkProof }),
    unreferenced: outcomes.flatMap(({ unreferenced }) => unreferenced),
    unanchoredFrom: anchored ? null : (outcomes[0]?.covered ?? 0),
  });
};

const RAW_BYTES = 64 * 1024;

/** Where entry `index` of the whole source lies. Sizes are those that verification took. */
const record = async (source: Source, verified: Verified, index: number): Promise<RecordView> => {
  requireRecord(verified, index);
  const [only, ...more] = tileLogs(source, C2SP_TILES);
  let leaf = index;
  let log = only;
  for (const next of more) {
    const size = log === undefined ? 0 : leavesOf(log);
    if (leaf < size) break;
    leaf -= size;
    log = next;
  }
  const bundle = Math.floor(leaf / WIDTH);
  const slot = leaf % WIDTH;
  const file = bestOf(log?.entries.get(bundle), slot + 1);
  const tile = bestOf(log?.tiles[0]?.get(bundle), slot + 1);
  const bytes = file === null ? Buffer.alloc(0) : await readSmall(file.file, ID, WIDTH * 65_537 + 1);
  const bounds = entryBounds(bytes)[slot];
  const raw = bounds === undefined ? Buffer.alloc(0) : bytes.subarray(...bounds);
  const recomputed = file === null ? undefined : (await readBundle(file)).hashes[slot];
  const stored = tile === null ? undefined : (await readTile(tile, ID)).hashes[slot];
  return {
    index,
    line: null,
    byteOffset: bounds?.[0] ?? null,
    path: file?.file.name ?? null,
    raw: raw.subarray(0, RAW_BYTES).toString('utf8'),
    rawTruncated: raw.length > RAW_BYTES,
    fields: [],
    checks: [
      {
        name: `leaf hash (slot ${slot} of ${tile?.file.name ?? 'a missing tile'})`,
        stored: stored === undefined ? null : hex(stored),
        recomputed: recomputed === undefined ? null : hex(recomputed),
        ok: stored !== undefined && recomputed?.equals(stored) === true,
        hashed: null,
      },
    ],
    findings: [...findingsOf(verified.report, index)],
  };
};

/** Logs in the tiled layout of c2sp.org/tlog-tiles, with checkpoints and cosignatures. Design: audit.md section 3.4. */
export const tlogTiles: AuditFormat = {
  id: ID,
  title: TITLE,
  summary: 'A transparency log as files: tile/, tile/entries/ and signed checkpoints.',
  method: TLOG_TILES_METHOD,
  detect,
  verify,
  record,
};
