// One tiled log: its data against its checkpoints, its checkpoints against each other and against those given.
import type { AnchorCheck, Finding } from '../../../../../shared/model/verdict.ts';
import type { EngineRun, VerifyOptions } from '../format.ts';
import type { FindingList } from '../lines/finding-list.ts';
import { hex } from '../merkle/sha256.ts';
import { readSmall } from '../merkle/small-file.ts';
import type { Companions } from '../signed-note/companions.ts';
import type { Checkpoint } from '../signed-note/checkpoint.ts';
import { compareHeads } from '../signed-note/compare-checkpoints.ts';
import type { Comparison } from '../signed-note/compare-checkpoints.ts';
import { headFinding } from '../signed-note/head-finding.ts';
import { judgeNote, signersSentence } from '../signed-note/judge-note.ts';
import type { JudgedNote } from '../signed-note/judge-note.ts';
import type { NoteKey } from '../signed-note/keys.ts';
import { isNoteFile, looksLikeNote, MAX_NOTE_BYTES } from '../signed-note/note.ts';
import { leavesOf } from './layout.ts';
import type { TileLog } from './layout.ts';
import { missingTiles } from './missing-tiles.ts';
import { ConsistencyCollector } from './range-roots.ts';
import { TilePass } from './tile-pass.ts';

type Head = JudgedNote & { readonly checkpoint: Checkpoint };
const isHead = (judged: JudgedNote): judged is Head => judged.checkpoint !== null;

export interface LogOutcome {
  /** Leaves that the checkpoint or, without one, the files speak of. */
  readonly size: number;
  /** Leaves that a checkpoint which holds covers. */
  readonly covered: number;
  readonly anchored: boolean;
  /** The root over the data as it stands; null where hashes are missing. */
  readonly head: Buffer | null;
  readonly primary: JudgedNote | null;
  readonly notes: readonly JudgedNote[];
  readonly anchors: readonly AnchorCheck[];
  readonly forkProof?: string;
  readonly proves: readonly string[];
  readonly doesNotProve: readonly string[];
  readonly unreferenced: readonly string[];
}

export interface LogContext {
  readonly companions: Companions;
  readonly keys: readonly NoteKey[];
  readonly findings: FindingList;
  readonly firstIndex: number;
  readonly options: VerifyOptions;
  readonly run: EngineRun;
}

const notesIn = async (log: TileLog, keys: readonly NoteKey[]): Promise<readonly JudgedNote[]> => {
  const notes: JudgedNote[] = [];
  for (const file of log.others) {
    if (!file.name.startsWith(log.prefix) || file.bytes > MAX_NOTE_BYTES) continue;
    const bytes = await readSmall(file, log.style.format);
    const isNamed = /^(?:checkpoint|latest$)/u.test(file.name.slice(log.prefix.length));
    if (isNamed || isNoteFile(bytes)) notes.push(judgeNote(file.name, bytes, keys));
  }
  return notes;
};

/** The head that the data is held against: of those signed, else of all, the largest; `checkpoint` before others. */
const primaryOf = (heads: readonly Head[], prefix: string): Head | null => {
  const rank = (head: Head): readonly number[] => [
    head.isSigned ? 1 : 0,
    head.checkpoint.size,
    head.path === `${prefix}checkpoint` ? 1 : 0,
  ];
  const sorted = [...heads].toSorted((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    return (y[0] ?? 0) - (x[0] ?? 0) || (y[1] ?? 0) - (x[1] ?? 0) || (y[2] ?? 0) - (x[2] ?? 0);
  });
  return sorted[0] ?? null;
};

/** All that is known once the data was read. */
interface State {
  readonly log: TileLog;
  readonly context: LogContext;
  readonly primary: Head;
  readonly roots: ReadonlyMap<number, Buffer>;
}

const agrees = ({ roots }: State, { checkpoint }: Head): boolean | null => {
  const root = roots.get(checkpoint.size);
  return root === undefined ? null : root.equals(checkpoint.root);
};

/** The proof that the data under `primary` begins otherwise than `older` says; reads the log once more. */
const forkOf = async (state: State, older: Head): Promise<ReturnType<typeof compareHeads>> => {
  const { log, context, primary, roots } = state;
  const [size1, size2] = [older.checkpoint.size, primary.checkpoint.size];
  const root1 = roots.get(size1);
  if (size1 === size2 || size1 === 0 || root1 === undefined) return compareHeads(primary, older);
  const collector = new ConsistencyCollector(size1, size2);
  const pass = new TilePass(log, {
    size: size2,
    sizes: [],
    expected: primary.checkpoint.root,
    firstIndex: 0,
    findings: null,
    run: context.run,
    onLeaves: (first, hashes) => collector.add(first, hashes),
  });
  await pass.run();
  const proof = collector.proof(root1, primary.checkpoint.root);
  return compareHeads(primary, older, proof === null ? [] : [proof]);
};

const mismatch = (state: State, head: Head, heads: readonly Head[]): Finding => {
  const { size, root, origin } = head.checkpoint;
  const { firstIndex } = state.context;
  // Heads that hold and heads that don't enclose the place where data and heads part.
  const from = Math.max(
    0,
    ...heads
      .filter((each) => each.checkpoint.size < size && agrees(state, each) === true)
      .map((each) => each.checkpoint.size),
  );
  const to = Math.min(
    size,
    ...heads
      .filter((each) => each.checkpoint.size > from && agrees(state, each) === false)
      .map((each) => each.checkpoint.size),
  );
  const who = head.isSigned ? `${origin} signed` : 'the checkpoint names';
  const where = `The altered entries lie somewhere between ${firstIndex + from} and ${firstIndex + Math.max(from, to - 1)}; nothing at hand says where exactly.`;
  return {
    kind: 'HEAD_MISMATCH',
    verdict: 'TAMPERED',
    path: head.path,
    between: [String(firstIndex + from), String(firstIndex + Math.max(from, to - 1))],
    expected: hex(root),
    actual: hex(state.roots.get(size) ?? Buffer.alloc(0)),
    message: `The root over the first ${size} entries is not the one that ${who}: entries and tiles were rewritten together. ${where}`,
  };
};

/** Holds one head against the data and the primary head; true when it forks from it. */
const checkHead = async (
  state: State,
  head: Head,
  heads: readonly Head[],
): Promise<{ readonly forkProof?: string; readonly check: AnchorCheck }> => {
  const { primary, context } = state;
  const { findings } = context;
  const { size, origin } = head.checkpoint;
  const base = { name: head.path, kind: 'checkpoint', time: null } as const;
  const signed = head.isSigned ? 'signed' : 'unsigned, as far as known';
  if (size > primary.checkpoint.size) {
    const count = size - primary.checkpoint.size;
    const index = context.firstIndex + primary.checkpoint.size;
    const message = `${head.path} covers ${size} entries, and only ${primary.checkpoint.size} were handed over: the last ${count} are missing.`;
    findings.add({ kind: 'GAP', verdict: 'GAP', index, count, path: head.path, message });
    return { check: { ...base, outcome: 'unverified', adds: message } };
  }
  const holds = agrees(state, head);
  if (holds === null) {
    const adds = `The root at ${size} entries could not be computed, because hashes before it are missing.`;
    return { check: { ...base, outcome: 'unverified', adds } };
  }
  if (holds) {
    const outcome = size === primary.checkpoint.size ? 'covers' : 'covers-part';
    const adds = `${origin} ${signed}: the first ${size} entries are those that it commits to.`;
    return {
      check: head.isSigned
        ? { ...base, outcome, index: context.firstIndex + Math.max(0, size - 1), adds }
        : { ...base, outcome: 'unverified', adds },
    };
  }
  if (head !== primary && head.isSigned && primary.isSigned) {
    const comparison =
      agrees(state, primary) === true || size === primary.checkpoint.size ? await forkOf(state, head) : null;
    if (comparison?.outcome === 'fork') {
      const message = `${primary.path} and ${head.path}: ${comparison.message}`;
      findings.add({ kind: 'FORK', verdict: 'FORK', path: head.path, message });
      const { forkProof } = comparison;
      return {
        ...(forkProof === undefined ? {} : { forkProof }),
        check: { ...base, outcome: 'conflicts', adds: comparison.message },
      };
    }
  }
  const finding = mismatch(state, head, heads);
  // A head that nobody vouches for accuses nobody, unless it is all there is.
  const isIdle = head !== primary && !head.isSigned;
  findings.add(isIdle ? { ...finding, verdict: 'UNVERIFIABLE' } : finding);
  return { check: { ...base, outcome: 'conflicts', adds: finding.message } };
};

/** @param compared The checkpoints that were given, by their roots. */
const checkTrustedHeads = (
  roots: ReadonlyMap<number, Buffer>,
  size: number,
  compared: ReadonlyMap<string, Comparison['outcome']>,
  { options, findings }: LogContext,
): AnchorCheck[] => {
  const checks: AnchorCheck[] = [];
  for (const head of options.trustedHeads) {
    const base = { name: 'trusted head', kind: 'head', time: null } as const;
    const [at] = [...roots].find(([, root]) => hex(root) === head) ?? [];
    if (at !== undefined) {
      const outcome = at === size ? 'covers' : 'covers-part';
      const adds = `The root over the first ${at} entries is the one given.`;
      if (!compared.has(head)) checks.push({ ...base, outcome, index: Math.max(0, at - 1), adds });
      continue;
    }
    const actual = roots.get(size);
    const adds = 'The trusted root is not the root of this log at any size that a checkpoint names.';
    const finding = headFinding(head, actual === undefined ? null : hex(actual), compared, adds);
    if (finding === null) continue;
    findings.add(finding);
    if (!compared.has(head)) checks.push({ ...base, outcome: 'conflicts', adds });
  }
  return checks;
};

const tailFinding = (log: TileLog, size: number, firstIndex: number): Finding | null => {
  const count = leavesOf(log) - size;
  if (count <= 0) return null;
  const message = `${count} entries from ${firstIndex + size} on lie beyond the checkpoint: nothing vouches for them, and they were not checked.`;
  return { kind: 'UNPROTECTED_RECORD', verdict: 'INTACT_BUT_UNANCHORED', path: `${log.prefix}tile`, message };
};

/** Adds its findings to the context's. @throws AppError('job.cancelled'), and what the source throws. */
export const verifyLog = async (log: TileLog, context: LogContext): Promise<LogOutcome> => {
  const { findings, firstIndex, keys, companions, run } = context;
  const notes = await notesIn(log, keys);
  for (const { findings: each } of notes) for (const finding of each) findings.add(finding);
  const own = notes.filter(isHead);
  const primary = primaryOf(own, log.prefix);
  const origin = primary?.checkpoint.origin;
  const given = companions.given
    .filter(({ bytes }) => looksLikeNote(Buffer.from(bytes)))
    .map(({ name, bytes }) => judgeNote(name, bytes, keys));
  const givenHeads = given
    .filter(isHead)
    .filter(({ checkpoint }) => origin === undefined || checkpoint.origin === origin);
  const against = primary ?? primaryOf(givenHeads, '');
  const size = against?.checkpoint.size ?? leavesOf(log);
  for (const finding of missingTiles(log, size, firstIndex)) findings.add(finding);
  const heads = [...own, ...givenHeads];
  const sizes = [...new Set([size, ...heads.map(({ checkpoint }) => checkpoint.size)])].filter(
    (each) => each <= size,
  );
  const expected = against?.checkpoint.root ?? null;
  const pass = new TilePass(log, { size, sizes, expected, firstIndex, findings, run });
  const { roots, entries } = await pass.run();
  const checks: AnchorCheck[] = [];
  let forkProof: string | undefined;
  const forks = new Set<JudgedNote>();
  const givenChecks: AnchorCheck[] = [];
  if (against !== null) {
    const state: State = { log, context, primary: against, roots };
    for (const head of heads) {
      const checked = await checkHead(state, head, heads);
      forkProof ??= checked.forkProof;
      if (checked.forkProof !== undefined) forks.add(head);
      checks.push(checked.check);
      if (!own.includes(head)) givenChecks.push(checked.check);
    }
  }
  const tail = tailFinding(log, size, firstIndex);
  if (tail !== null && against !== null) findings.add(tail);
  const compared = new Map<string, Comparison['outcome']>(
    given.filter(isHead).map((head) => [hex(head.checkpoint.root), forks.has(head) ? 'fork' : 'unproven']),
  );
  const trusted = checkTrustedHeads(roots, size, compared, context);
  const covers = [...checks, ...trusted].filter(
    ({ outcome }) => outcome === 'covers' || outcome === 'covers-part',
  );
  const anchored = forkProof === undefined && covers.some(({ outcome }) => outcome === 'covers');
  const covered = Math.max(0, ...covers.map(({ index = -1 }) => index + 1 - firstIndex));
  const root = roots.get(size);
  const used = new Set([...notes.map(({ path }) => path), ...companions.beside.map(({ name }) => name)]);
  return {
    size,
    covered,
    anchored,
    head: root ?? null,
    primary: against,
    notes,
    // What lies in the folder came with the log; only what was given stands apart from it.
    anchors: [...givenChecks, ...trusted],
    ...(forkProof === undefined ? {} : { forkProof }),
    proves: [
      `${entries} of ${size} entries were hashed and compared with the tiles${root === undefined ? '' : `; the root over all is ${hex(root)}`}.`,
      ...(anchored && covered === size
        ? ['Each of them is as it was when the checkpoint was signed, none is missing or added.']
        : []),
      ...heads.map(signersSentence).filter((sentence) => sentence !== null),
      ...checks
        .filter(({ outcome }) => outcome === 'covers-part')
        .map(({ name, adds }) => `${name}: ${adds}`),
    ],
    doesNotProve: anchored
      ? []
      : ['That no entry was altered, added or removed: no checkpoint that a known key signed covers them.'],
    unreferenced: log.others.map(({ name }) => name).filter((name) => !used.has(name)),
  };
};

/** Heads of one origin in several folders of one source; the fork proof, where two conflict. */
export const checkAcrossLogs = (
  outcomes: readonly LogOutcome[],
  findings: FindingList,
): string | undefined => {
  let forkProof: string | undefined;
  for (const [i, { primary }] of outcomes.entries()) {
    for (const { primary: other } of outcomes.slice(0, i)) {
      if (primary === null || other === null) continue;
      const comparison = compareHeads(primary, other);
      if (comparison.outcome !== 'fork') continue;
      const message = `${primary.path} and ${other.path}: ${comparison.message}`;
      findings.add({ kind: 'FORK', verdict: 'FORK', path: primary.path, message });
      forkProof ??= comparison.forkProof;
    }
  }
  return forkProof;
};
