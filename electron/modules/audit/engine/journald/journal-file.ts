// Verifies one journal file: every object, every reference, every tag, never stopping at the first damage.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Finding, Stretch, Verdict } from '../../../../../shared/model/verdict.ts';
import { readEntries, entryHead, runsOf } from './entries.ts';
import { checkOrder } from './entry-order.ts';
import { ALTERED, timeText } from './file-report.ts';
import type { FileReport, SealFacts } from './file-report.ts';
import type { SealKeys } from './fsprg.ts';
import { checkHeader } from './header-check.ts';
import { DATA, ENTRY, isJournal, JournalBytes, parseHeader, STATE_ONLINE } from './layout.ts';
import type { JournalHeader } from './layout.ts';
import { nameObject, ObjectChecker } from './objects.ts';
import type { ObjectFault } from './objects.ts';
import { ObjectWalker } from './object-walk.ts';
import type { Walk } from './object-walk.ts';
import { ReferenceChecker, UNLISTED } from './references.ts';
import { sealFindings } from './seal-findings.ts';
import { TraceBudget } from './seal-trace.ts';
import { checkSeals, spansOf } from './seal.ts';
import type { CheckedSpan } from './seal.ts';
import type { VerificationKey } from './verification-key.ts';
import { XorCheck } from './xor-check.ts';

export interface JournalRun {
  readonly keys: readonly VerificationKey[];
  /** Key generators already made, by seed: finding their primes takes a while. */
  readonly made: Map<string, SealKeys>;
  /** Awaited now and then; throws to stop. */
  readonly pause: () => Promise<void>;
}

/** Sizes that the header has had since the first version. */
const HEADER_SIZES = [264, 272, 256, 240, 224, 208] as const;
/** Faults of one kind that are listed one by one; the rest as a number. */
const LISTED = 2000;
const MAX_MARKS = 100_000;

export interface OpenedJournal {
  readonly bytes: JournalBytes;
  readonly header: JournalHeader;
  readonly walk: Walk;
  /** Where the objects begin: where the header says, but for a header that is wrong. */
  readonly start: number;
}

/** The objects of a file. Throws AppError('audit.format_mismatch') when it has no journal header. */
export const openJournal = async (
  name: string,
  buffer: Buffer,
  pause: () => Promise<void>,
): Promise<OpenedJournal> => {
  const bytes = new JournalBytes(buffer);
  const header = parseHeader(bytes);
  if (header === null) {
    const reason = isJournal(buffer) ? 'it ends inside its header' : 'it does not begin like a journal file';
    throw new AppError('audit.format_mismatch', { name, format: 'journald-fss', reason });
  }
  const looksRight = HEADER_SIZES.some((size) => size === header.headerSize);
  const isObject = (at: number): boolean => {
    const type = buffer[at] ?? 0;
    return type >= DATA && type <= 7 && buffer[at + 1] === 0 && buffer[at + 2] === 0;
  };
  const start = looksRight
    ? header.headerSize
    : header.headerSize % 8 === 0 &&
        header.headerSize > 272 &&
        header.headerSize < 4096 &&
        isObject(header.headerSize)
      ? header.headerSize
      : (HEADER_SIZES.find(isObject) ?? 208);
  return { bytes, header, walk: await new ObjectWalker(bytes, header).walk(start, pause), start };
};

class FileJudge {
  readonly findings: Finding[] = [];
  readonly marks: { index: number; count: number; state: Stretch['state'] }[] = [];
  readonly #omitted = new Map<string, number>();

  /** Lists a finding for each run of consecutive entries. */
  addRuns(finding: Finding, rows: Iterable<number>): void {
    const runs = runsOf(rows);
    if (runs.length === 0) this.add(finding);
    for (const { index, count } of runs) this.add({ ...finding, index, ...(count > 1 ? { count } : {}) });
  }

  add(finding: Finding): void {
    const kind = `${finding.kind} ${finding.verdict ?? ''}`;
    const seen = (this.#omitted.get(kind) ?? 0) + 1;
    this.#omitted.set(kind, seen);
    if (finding.verdict !== undefined && finding.index !== undefined && this.marks.length < MAX_MARKS) {
      const state = finding.verdict === 'UNVERIFIABLE' ? 'uncovered' : 'failed';
      this.marks.push({ index: finding.index, count: finding.count ?? 1, state });
    }
    if (seen <= LISTED) this.findings.push(finding);
    else if (seen === LISTED + 1) {
      const { kind: of, verdict } = finding;
      const message = `More than ${LISTED} findings of this kind in one journal file: the others are not listed one by one.`;
      this.findings.push(verdict === undefined ? { kind: of, message } : { kind: of, verdict, message });
    }
  }
}

/** `trouble`: what is wrong with the compression around the file. */
export const verifyJournal = async (
  name: string,
  buffer: Buffer,
  trouble: string | null,
  run: JournalRun,
): Promise<FileReport> => {
  const { bytes, header, walk, start } = await openJournal(name, buffer, run.pause);
  const { objects, damages } = walk;
  const judge = new FileJudge();
  const table = readEntries(bytes, header, objects);
  const entries = table.entryObjects.length;
  const rowOfEntry = (object: number): number => table.entryIndex.row(objects.at(object));
  const isOnline = header.state === STATE_ONLINE;
  const expectedEnd = header.headerSize + header.arenaSize;
  const lastObject = objects.length === 0 ? 0 : objects.at(objects.length - 1);
  const isShort = bytes.length < expectedEnd;
  const isTruncated =
    (isShort && (walk.cutAt !== null || lastObject < header.tailObject)) || trouble !== null;

  // The header, by itself.
  const headerFault = (message: string, byteOffset: number): void =>
    judge.add({ kind: 'MALFORMED', verdict: 'TAMPERED', byteOffset, message: `${message} ${ALTERED}` });
  if (!header.reservedIsZero) headerFault('Reserved bytes of the header are not zero.', 17);
  if (header.state > 2) headerFault(`The header’s state ${header.state} does not exist.`, 16);
  if (start !== header.headerSize) headerFault(`The header says that it has ${header.headerSize} bytes.`, 88);
  if (header.hasUnknownFlags) {
    const message =
      'The header names extensions that are not known here: what they change can not be checked.';
    judge.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', byteOffset: 8, message });
  }

  // Places where the objects do not follow on each other.
  for (const { at, to, kept, why } of damages) {
    if (to === bytes.length && kept === null && at > header.tailObject) {
      const message = `${to - at} bytes that are no journal objects stand behind the last object.`;
      judge.add({
        kind: 'TRAILING_DATA',
        ...(isOnline ? {} : { verdict: 'UNVERIFIABLE' as const }),
        byteOffset: at,
        message,
      });
      continue;
    }
    const row = kept !== null && objects.type(kept) === ENTRY ? rowOfEntry(kept) : null;
    judge.add({
      kind: 'MALFORMED',
      verdict: 'TAMPERED',
      ...(row === null ? {} : { index: row }),
      byteOffset: at,
      message: `The ${to - at} bytes from 0x${at.toString(16)} on are damaged: ${why}. ${kept === null ? 'What was there is lost; reading went on behind it.' : `It is taken for ${nameObject(objects, kept)}.`} ${ALTERED}`,
    });
  }

  // Each object by itself.
  const checker = new ObjectChecker(bytes, header, objects);
  const badRows = new Map<number, readonly number[]>();
  let unread = 0;
  let whyUnread = '';
  const usersOf = (object: number): Uint32Array => {
    const data = table.dataIndex.row(objects.at(object));
    return table.users.subarray(table.userStart[data], table.userStart[data + 1]);
  };
  const objectFinding = (fault: ObjectFault): void => {
    const { object } = fault;
    const type = objects.type(object);
    if (fault.kind === 'unread') {
      unread += 1;
      whyUnread = fault.why;
      return;
    }
    const rows = type === DATA ? [...usersOf(object)] : type === ENTRY ? [rowOfEntry(object)] : [];
    badRows.set(object, [...(badRows.get(object) ?? []), ...rows]);
    const uses = type === DATA ? ', a field of this entry,' : '';
    judge.addRuns(
      {
        kind: fault.kind === 'hash' ? 'EVENT_HASH_MISMATCH' : 'MALFORMED',
        verdict: 'TAMPERED',
        byteOffset: objects.at(object),
        ...(fault.expected === undefined ? {} : { expected: fault.expected }),
        ...(fault.actual === undefined ? {} : { actual: fault.actual }),
        message: `The ${nameObject(objects, object)}${uses} is not as it was written: ${fault.why}. ${ALTERED}`,
      },
      rows,
    );
  };
  for (let i = 0; i < objects.length; i += 1) {
    if (i % 64 === 0) await run.pause();
    for (const fault of checker.check(i)) objectFinding(fault);
  }
  if (unread > 0) {
    const message = `The hash of ${unread} DATA objects was not checked, because their content can’t be read: ${whyUnread}.`;
    judge.add({ kind: 'UNPROTECTED_FIELD', message });
  }

  // The tags.
  const { spans } = spansOf(bytes, objects);
  const hasTags = spans.length > 0;
  const isSealed = header.isSealed || hasTags;
  if (!header.isSealed && hasTags)
    headerFault('There are tags, but the header says that the journal is not sealed.', 8);
  const sealing = await checkSeals(bytes, header, objects, spans, run.keys, run.made, run.pause);
  const fits = sealing.key !== null;
  const knownBad = (span: CheckedSpan): readonly number[] | null => {
    const rows: number[] = [];
    let isKnown = false;
    for (const [object, users] of badRows) {
      if (object < span.first || object > span.tag) continue;
      isKnown = true;
      rows.push(...users);
    }
    const from = objects.at(span.first);
    const to = objects.at(span.tag);
    if (damages.some((damage) => damage.at >= from - 8 && damage.at <= to)) isKnown = true;
    return isKnown ? [...new Set(rows)].toSorted((a, b) => a - b) : null;
  };
  if (sealing.key !== null && sealing.keys !== null) {
    const { key, keys } = sealing;
    const context = { bytes, header, objects, table, spans: sealing.spans, key, keys, knownBad };
    for (const finding of sealFindings({ ...context, budget: new TraceBudget() })) judge.add(finding);
  }
  const isGood = new Uint8Array(entries);
  if (fits) for (const span of sealing.spans) if (span.state !== 'bad') isGood.fill(1, span.from, span.to);
  const lastSealed = spans.at(-1)?.to ?? 0;

  // Order, references, counts.
  const order = checkOrder(bytes, objects, table, (row) => isGood[row] === 1);
  for (const finding of order.findings) judge.add(finding);
  const xor = new XorCheck(bytes, header, objects, table, checker);
  const explained = new Set([...badRows.values()].flat());
  for (let row = 0; row < entries; row += 1) {
    if (row % 10_000 === 0) await run.pause();
    if (isGood[row] === 1 || xor.isRight(row)) continue;
    const object = table.entryObjects[row] as number;
    if (explained.has(row)) continue;
    judge.add({
      kind: 'EVENT_HASH_MISMATCH',
      verdict: 'TAMPERED',
      index: row,
      byteOffset: objects.at(object),
      message: `The hash over the fields of entry ${row} is not that of the fields that it lists: a field was exchanged, added or left out. ${ALTERED}`,
    });
  }
  const references = new ReferenceChecker(bytes, header, objects, table, run.pause);
  await references.check();
  const isHoled = isTruncated || damages.length > 0;
  let dangling = 0;
  for (const fault of references.faults) {
    const isUnlisted = fault.why === UNLISTED;
    if (isHoled && (fault.isDangling || isUnlisted || fault.entries.length === 0)) {
      dangling += 1;
      continue;
    }
    const isLastOnly = fault.entries.length > 0 && fault.entries.every((row) => row === entries - 1);
    const isBenign = isOnline && (isLastOnly || fault.isDangling);
    judge.addRuns(
      {
        kind: isUnlisted || fault.entries.length > 0 ? 'LINK_BREAK' : 'MALFORMED',
        ...(isBenign ? {} : { verdict: 'TAMPERED' as const }),
        ...(fault.at === null ? {} : { byteOffset: fault.at }),
        message: `In the index of the journal, ${fault.why}. ${isBenign ? 'The file was not closed, and then its end may not be linked yet.' : ALTERED}`,
      },
      fault.entries,
    );
  }
  if (references.omitted > 0) {
    const message = `${references.omitted} more references of the index are wrong; they are not listed one by one.`;
    judge.add({ kind: 'MALFORMED', verdict: 'TAMPERED', message });
  }
  if (dangling > 0) {
    const message = `${dangling} references of the index lead into the part of the file that is missing or damaged.`;
    judge.add({ kind: 'MALFORMED', message });
  }
  if (!isHoled) for (const finding of checkHeader(bytes, header, objects, table)) judge.add(finding);

  // What is missing at the end.
  const goodSpans = sealing.spans.filter((span) => fits && span.state !== 'bad');
  let provenTag = 0;
  for (const span of sealing.spans) {
    if (!fits || span.state === 'bad') break;
    provenTag = span.number;
  }
  const tagEnd = (span: CheckedSpan | undefined): number | null =>
    span === undefined || sealing.key === null
      ? null
      : sealing.key.start + (span.epoch + 1) * sealing.key.interval;
  const validatedTo = tagEnd(goodSpans.at(-1));
  if (isTruncated) {
    const lost = Math.max(0, header.entries - entries);
    const until = provenTag > 0 ? sealing.spans[provenTag - 1] : undefined;
    const end = tagEnd(until);
    const validated =
      until === undefined || end === null
        ? ''
        : ` It is validated up to tag ${until.number} (${until.to} entries, sealed before ${timeText(end)}).`;
    judge.add({
      kind: 'TRUNCATED',
      verdict: 'GAP',
      byteOffset: bytes.length,
      between: [entries === 0 ? 'the header' : `entry ${entries - 1}`, 'the end'],
      expected: `${expectedEnd} bytes, ${header.entries} entries, ${header.tags ?? 0} tags`,
      actual: `${bytes.length} bytes, ${entries} entries, ${spans.length} tags`,
      message: `The file is cut off at byte ${bytes.length}${trouble === null ? '' : ` (${trouble})`}; its header says ${expectedEnd}. By the header ${lost} of ${header.entries} entries are missing.${validated}`,
    });
  } else if (isShort) {
    const message = `The file is ${expectedEnd - bytes.length} bytes shorter than its header says; only empty room is missing.`;
    judge.add({ kind: 'TRUNCATED', byteOffset: bytes.length, message });
  }

  // What follows from sealing and keys.
  let base: Verdict = 'NOT_TAMPER_EVIDENT';
  let seal: SealFacts | null = null;
  const weaknesses: string[] = [];
  if (isSealed) {
    const unsealed = entries - lastSealed;
    const facts = { tags: spans.length, provenTag, validatedTo, unsealed };
    seal = { keyName: sealing.key?.name ?? null, goodTags: goodSpans.length, ...facts };
    base = fits ? (unsealed > 0 ? 'INTACT_BUT_UNANCHORED' : 'INTACT') : 'UNVERIFIABLE';
    if (run.keys.length === 0) {
      const message =
        'The journal is sealed, but no verification key was given: only its unkeyed hashes were checked, which anyone can make. The key is the text that journalctl --setup-keys printed (xxxxxx-xxxxxx-xxxxxx-xxxxxx/start-interval).';
      judge.add({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', message });
    } else if (!fits && hasTags) {
      const message = `Not one of the ${spans.length} tags is right with ${run.keys.length === 1 ? 'the key' : 'any of the keys'} given, the first one included: this is the key of another machine or of another setup, or else the whole file was sealed anew with another key. Nothing sealed could be checked.`;
      judge.add({ kind: 'SIGNATURE_INVALID', verdict: 'UNVERIFIABLE', message });
      judge.add({
        kind: 'KEY_MISSING',
        verdict: 'UNVERIFIABLE',
        message: 'A verification key that fits this journal is missing.',
      });
    } else if (!hasTags && entries > 0 && !isTruncated) {
      headerFault(
        'The header says that the journal is sealed, but there is no tag before its first entry.',
        8,
      );
    }
    if (hasTags && table.entryObjects[0] !== undefined && table.entryObjects[0] < (spans[0]?.tag ?? 0)) {
      headerFault('An entry stands before the first tag.', objects.at(table.entryObjects[0]));
    }
    if (fits && unsealed > 0) {
      judge.add({
        kind: 'UNPROTECTED_RECORD',
        index: lastSealed,
        count: unsealed,
        message: `${unsealed} entries from entry ${lastSealed} on come after the last tag: they are not sealed yet, and nothing shows whether they are genuine or complete.`,
      });
      judge.marks.push({ index: lastSealed, count: unsealed, state: 'unanchored' });
    }
    if (!fits && entries > 0) judge.marks.push({ index: 0, count: entries, state: 'uncovered' });
    if (!header.isContinuous)
      weaknesses.push(
        'Sealed by a version of journald (before 255) that does not promise a tag for every epoch: a cut at a tag leaves no gap in the epochs.',
      );
  } else if (entries > 0) judge.marks.push({ index: 0, count: entries, state: 'attention' });
  if (isOnline) {
    const message =
      'The journal was not closed: it was copied while it was written, or the machine stopped at once.';
    judge.add({ kind: 'REPAIRED', message });
  }

  const headOf = (row: number): ReturnType<typeof entryHead> | null => {
    const object = table.entryObjects[row];
    return object === undefined ? null : entryHead(bytes, objects.at(object));
  };
  const lastGood = goodSpans.at(-1);
  return {
    header,
    entries,
    findings: judge.findings,
    marks: judge.marks,
    base,
    seal,
    head: lastGood === undefined ? null : bytes.hex(objects.at(lastGood.tag) + 32, 32),
    weaknesses,
    firstSeqnum: headOf(0)?.seqnum ?? 0,
    lastSeqnum: headOf(entries - 1)?.seqnum ?? 0,
    firstTime: headOf(0)?.realtime ?? 0,
    lastTime: headOf(entries - 1)?.realtime ?? 0,
    seqnumGaps: order.gaps,
    isTruncated,
  };
};
