// What the tags of a sealed journal prove, tag by tag, and which entries each bad tag leaves unproven.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { EntryTable } from './entries.ts';
import { entryHead, runsOf } from './entries.ts';
import { ALTERED, timeText } from './file-report.ts';
import type { SealKeys } from './fsprg.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import type { ObjectList } from './object-walk.ts';
import { traceAlteration, traceTagEpoch } from './seal-trace.ts';
import type { TraceBudget } from './seal-trace.ts';
import type { CheckedSpan } from './seal.ts';
import type { VerificationKey } from './verification-key.ts';

export interface SealContext {
  readonly bytes: JournalBytes;
  readonly header: JournalHeader;
  readonly objects: ObjectList;
  readonly table: EntryTable;
  readonly spans: readonly CheckedSpan[];
  readonly key: VerificationKey;
  readonly keys: SealKeys;
  /** Entries and byte ranges that are known to be damaged by other checks: they explain a bad tag. */
  readonly knownBad: (span: CheckedSpan) => readonly number[] | null;
  readonly budget: TraceBudget;
}

const covered = (span: CheckedSpan): string =>
  span.to === span.from
    ? 'no entries'
    : span.to - span.from === 1
      ? `entry ${span.from}`
      : `entries ${span.from} to ${span.to - 1}`;

const placeOf = (span: CheckedSpan): Pick<Finding, 'index' | 'count'> =>
  span.to === span.from ? {} : { index: span.from, count: span.to - span.from };

const ownEpoch = (context: SealContext, span: CheckedSpan): number | null => {
  if (context.budget.left <= 0) return null;
  const near = [context.spans[span.number - 2], context.spans[span.number]].filter(
    (other) => other?.state === 'good',
  );
  const epochs = new Set(
    near.flatMap((other) => (other === undefined ? [] : [other.epoch - 1, other.epoch, other.epoch + 1])),
  );
  epochs.add(span.epoch);
  const wanted = [...epochs].filter((epoch) => epoch >= 0);
  context.budget.left -= wanted.length * 1024 * 1024;
  const { bytes, header, objects, keys } = context;
  return traceTagEpoch(bytes, header, objects, span, wanted, (epoch) => keys.keyOf(BigInt(epoch)));
};

const badTag = (context: SealContext, span: CheckedSpan): Finding[] => {
  const { bytes, header, objects, table, keys, budget } = context;
  const byteOffset = objects.at(span.tag);
  const tag = `Tag ${span.number} (epoch ${span.epoch})`;
  const bear = { kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', byteOffset } as const;
  const known = context.knownBad(span);
  if (known !== null) {
    const message = `${tag} does not fit: what it seals was altered where other findings show it. It leaves ${covered(span)} unproven.`;
    if (known.length === 0) return [{ ...bear, ...placeOf(span), message }];
    return runsOf(known).map(({ index, count }) => ({ ...bear, index, count, message }));
  }
  const epoch = ownEpoch(context, span);
  if (epoch !== null) {
    const message = `Tag ${span.number} itself was altered: it says number ${span.seqnum} and epoch ${span.epoch}, and was made as number ${span.number} in epoch ${epoch}. With that undone it is right, so what it seals (${covered(span)}) is as it was written.`;
    return [
      {
        ...bear,
        ...placeOf(span),
        expected: `${span.number}, ${epoch}`,
        actual: `${span.seqnum}, ${span.epoch}`,
        message,
      },
    ];
  }
  const traced = traceAlteration(
    bytes,
    header,
    objects,
    table,
    span,
    () => keys.keyOf(BigInt(span.epoch)),
    budget,
  );
  if (traced === null) {
    const what =
      span.number === 1
        ? 'the header (ids, flags, tables) or one of the first objects'
        : 'the tag itself, or something that it seals';
    const message = `${tag} is not the one that the key gives: ${what} was altered. It leaves ${covered(span)} unproven; which of them was altered can't be told.`;
    return [{ ...bear, ...placeOf(span), message }];
  }
  const at = { byteOffset: traced.at, expected: traced.sealed, actual: traced.stored };
  const what = traced.entry === null ? `the object at 0x${traced.at.toString(16)}` : `entry ${traced.entry}`;
  const message = `${tag} fails because ${what} was altered: ${traced.what} is ${traced.stored}, and was ${traced.sealed} when it was sealed. With that undone the tag is right, which proves it; the other objects under this tag are unaltered.`;
  return [{ ...bear, ...at, ...(traced.entry === null ? placeOf(span) : { index: traced.entry }), message }];
};

/** Tags must count on by one, and their epochs too, or at least not fall. */
const sequence = (context: SealContext): Finding[] => {
  const { header, objects, spans } = context;
  const findings: Finding[] = [];
  const left: string[] = [];
  let last: CheckedSpan | null = null;
  for (const span of spans) {
    if (span.state === 'bad') {
      last = null;
      continue;
    }
    const place = { ...(span.to > span.from ? { index: span.from } : {}), byteOffset: objects.at(span.tag) };
    const expected = last === null ? span.number : last.seqnum + (span.number - last.number);
    if (span.seqnum !== expected) {
      findings.push({
        kind: 'GAP',
        verdict: 'TAMPERED',
        ...place,
        expected: String(expected),
        actual: String(span.seqnum),
        between: [`tag ${expected - 1}`, `tag ${span.seqnum}`],
        message: `Tag ${span.seqnum} stands where tag ${expected} should: the tags between them, and the entries that they sealed, were removed.`,
      });
    }
    if (last !== null && span.number === last.number + 1) {
      const step = span.epoch - last.epoch;
      const isFirstPair = last.seqnum === 1 && step === 0;
      if (step < 0 || (header.isContinuous && step !== 1 && !isFirstPair)) {
        findings.push({
          kind: step < 0 ? 'CLOCK_REGRESSION' : 'GAP',
          verdict: 'TAMPERED',
          ...place,
          expected: String(last.epoch + 1),
          actual: String(span.epoch),
          between: [`epoch ${last.epoch}`, `epoch ${span.epoch}`],
          message: `Tag ${span.number} is of epoch ${span.epoch} after epoch ${last.epoch}. This journal seals every epoch in turn: a stretch was cut out and sealed over.`,
        });
      } else if (step > 1) {
        left.push(`${last.epoch + 1}${step > 2 ? ` to ${span.epoch - 1}` : ''}`);
      }
    }
    last = span;
  }
  if (left.length > 0) {
    const some = left.slice(0, 20).join(', ');
    findings.push({
      kind: 'UNCOVERED_TIME',
      message: `No tag stands for the epochs ${some}${left.length > 20 ? ` and ${left.length - 20} more stretches` : ''}. Versions of journald before 255 leave epochs without entries out, so this proves no removal.`,
    });
  }
  return findings;
};

/** An entry's clock must lie in the epoch that its tag was made in; else it was written later or earlier than it says. */
const times = (context: SealContext): Finding[] => {
  const { bytes, objects, table, spans, key } = context;
  const out: { readonly row: number; readonly message: string }[] = [];
  let looked = 0;
  for (const span of spans) {
    if (span.state === 'bad') continue;
    const from = key.start + span.epoch * key.interval;
    const to = from + key.interval;
    for (let row = span.from; row < span.to; row += 1) {
      looked += 1;
      const { realtime } = entryHead(bytes, objects.at(table.entryObjects[row] as number));
      if (realtime >= from && realtime < to) continue;
      const message = `Entry ${row} says ${timeText(realtime)}, but it was sealed with the key for ${timeText(from)} to ${timeText(to)}: its time is not when it was written.`;
      out.push({ row, message });
    }
  }
  if (looked > 0 && out.length === looked) {
    const message = `The tags are right, but not one entry lies in the time that its tag stands for: start and interval in the key text of ${key.name} are not those of this machine.`;
    return [{ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', message }];
  }
  return out.map(({ row, message }) => ({
    kind: 'CLOCK_REGRESSION',
    verdict: 'TAMPERED',
    index: row,
    message,
  }));
};

export const sealFindings = (context: SealContext): Finding[] => {
  const findings: Finding[] = [];
  for (const span of context.spans) {
    if (span.state === 'altered') {
      findings.push({
        kind: 'SIGNATURE_INVALID',
        verdict: 'TAMPERED',
        byteOffset: context.objects.at(span.tag),
        ...placeOf(span),
        message: `Tag ${span.number} (epoch ${span.epoch}) itself was altered, in ${span.bits} of its 256 bits. It is too near to the right one to be chance: what it seals (${covered(span)}) is as it was written. ${ALTERED}`,
      });
    } else if (span.state === 'bad') findings.push(...badTag(context, span));
  }
  return [...findings, ...sequence(context), ...times(context)];
};
