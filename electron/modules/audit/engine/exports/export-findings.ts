// Says in findings what the numbers and clocks of an export amount to.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { ExportAdapter } from './adapter.ts';
import type { ClockCheck, ClockStep } from './check/clocks.ts';
import { isSelection } from './check/numbers.ts';
import type { Hole, NumberCheck, NumberedStream, Spot } from './check/numbers.ts';
import { instantOf } from './event-time.ts';
import type { EventTime } from './event-time.ts';

export const placedAt = ({
  index,
  line,
  offset,
  path,
}: Spot): Pick<Finding, 'index' | 'line' | 'byteOffset' | 'path'> => ({
  index,
  line,
  byteOffset: offset,
  ...(path === null ? {} : { path }),
});

const named = (stream: string): string => {
  const text = stream.replaceAll('\u001F', ' ').trim();
  return text === '' || text === 'on' ? '' : ` of ${text}`;
};

export interface NumberAnswer {
  readonly findings: readonly Finding[];
  /** Streams without a hole, in plain words. */
  readonly complete: readonly string[];
  /** Streams whose numbers say nothing, or not all. */
  readonly open: readonly string[];
}

const holeFinding = (hole: Hole, name: string): Finding => {
  const { from, to, below, above, stream } = hole;
  const missing = to - from + 1;
  const range = missing === 1 ? `${name} ${from}` : `${name} ${from} to ${to}`;
  return {
    kind: 'GAP',
    verdict: 'GAP',
    ...placedAt(below.index > above.index ? below : above),
    between: [`${name} ${from - 1}`, `${name} ${to + 1}`],
    message: `${missing === 1 ? 'A record is' : `${missing} records are`} missing: ${range}${named(stream)} ${missing === 1 ? 'is' : 'are'} not in this export, although the numbers around count on by one. What stood there can not be said.`,
  };
};

/** Numbers that stand twice, for records that are not already said to stand twice. */
export const repeatedNumbers = (
  numbers: NumberCheck,
  adapter: ExportAdapter,
  isKnown: (index: number) => boolean,
): Finding[] => {
  const open = numbers.repeated.filter(({ at }) => !isKnown(at.index));
  const [first] = open;
  if (first === undefined) return [];
  const name = adapter.sequenceName;
  if (numbers.repeatedCount > Math.max(20, numbers.counted / 100)) {
    const message = `${numbers.repeatedCount} numbers stand more than once, ${name} ${first.value}${named(first.stream)} here for the first time: this number does not name a record.`;
    return [{ kind: 'DUPLICATE', ...placedAt(first.at), message }];
  }
  return open.map(({ stream, value, at }) => ({
    kind: 'DUPLICATE',
    verdict: 'DUPLICATE',
    ...placedAt(at),
    message: `${name} ${value}${named(stream)} stands here a second time, in a record that is not the same: the source gave a number twice, or one of the two was altered or inserted.`,
  }));
};

const MAX_SENTENCES = 20;

const judgeStream = (
  stream: NumberedStream,
  name: string,
  into: Finding[],
  complete: string[],
  open: string[],
): void => {
  const { first, last, holes, present, restartsAt } = stream;
  const of = named(stream.stream);
  if (restartsAt !== null) {
    const message = `The count${of} begins anew here, at ${name} ${first}, as after a restart of what wrote it. Whether records are missing between the two counts can not be said.`;
    into.push({ kind: 'SEGMENT_START', ...placedAt(restartsAt), message });
  }
  if (holes === null || present === null || isSelection(holes.length, present)) {
    open.push(
      `That the numbers${of} are complete: between ${name} ${first} and ${last} many are missing throughout, as in a selection (a filter, a search) or in an excerpt that was thinned out. Ask how it was made.`,
    );
    return;
  }
  for (const hole of holes) into.push(holeFinding(hole, name));
  if (holes.length === 0 && present > 1)
    complete.push(`${name} ${first} to ${last}${of}: none is missing between them.`);
  if (present > 1)
    open.push(
      `That nothing is missing before ${name} ${first}${of} or after ${last}: nothing marks the beginning or the end.`,
    );
};

export const numberFindings = (numbers: NumberCheck, adapter: ExportAdapter): NumberAnswer => {
  const findings: Finding[] = [];
  const complete: string[] = [];
  const open: string[] = [];
  for (const stream of numbers.results()) judgeStream(stream, adapter.sequenceName, findings, complete, open);
  if (numbers.passedOver > 0)
    open.push(`${numbers.passedOver} numbers: they belong to more streams than are kept apart.`);
  return { findings, complete: shortened(complete), open: shortened(open) };
};

const shortened = (sentences: readonly string[]): readonly string[] =>
  sentences.length <= MAX_SENTENCES
    ? sentences
    : [
        ...sentences.slice(0, MAX_SENTENCES),
        `… and ${sentences.length - MAX_SENTENCES} streams more, of which the same is to be said.`,
      ];

/** A length of time in the two largest units. */
export const spanText = (milliseconds: number): string => {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1_000],
  ] as const;
  const at = units.findIndex(([, size]) => milliseconds >= size);
  if (at < 0) return `${Math.round(milliseconds)} milliseconds`;
  let rest = milliseconds;
  const parts: string[] = [];
  for (const [name, size] of units.slice(at, at + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
};

export const timeText = (time: EventTime): string =>
  time.hasYear ? instantOf(time.milliseconds) : time.written;

const zoneText = (offset: number | null): string => {
  if (offset === null) return 'no zone';
  if (offset === 0) return 'UTC';
  const minutes = Math.abs(offset);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};

const HOUR = 3_600_000;

const regressionFinding = (step: ClockStep, isNewestFirst: boolean): Finding => {
  const { from, to, at, before } = step;
  const length = Math.abs(to.milliseconds - from.milliseconds);
  const direction = isNewestFirst
    ? 'goes forward, although the export runs from the newest to the oldest'
    : 'goes back';
  const isHour = from.offsetMinutes === null && Math.abs(length - HOUR) < HOUR / 12;
  const hint = isHour ? ' The times name no zone: the end of summer time looks just like this.' : '';
  return {
    kind: 'CLOCK_REGRESSION',
    ...placedAt(at),
    ofIndex: before.index,
    expected: `${isNewestFirst ? 'at or before' : 'at or after'} ${from.written}`,
    actual: to.written,
    message: `The clock ${direction}: this record is ${spanText(length)} ${isNewestFirst ? 'later' : 'earlier'} than record ${before.index} before it. The clock was set, the record was moved or inserted, or its time was altered.${hint}`,
  };
};

const zoneFinding = ({ from, to, at, before }: ClockStep): Finding => ({
  kind: 'ZONE_JUMP',
  ...placedAt(at),
  ofIndex: before.index,
  expected: zoneText(from.offsetMinutes),
  actual: zoneText(to.offsetMinutes),
  message: `The time is written with another offset than before: ${zoneText(to.offsetMinutes)} after ${zoneText(from.offsetMinutes)}. Summer time begins or ends, the machine was moved, or the record comes from elsewhere.`,
});

export const clockFindings = (clocks: ClockCheck): Finding[] => {
  const findings: Finding[] = [];
  const { isNewestFirst } = clocks;
  const back = clocks.regressions();
  const first = back.steps[0];
  if (back.isScattered && first !== undefined) {
    const message = `The export is not in the order of time: ${back.count} records are ${isNewestFirst ? 'later' : 'earlier'} than the one before them, the first one here. Nothing can be told from single ones.`;
    findings.push({ kind: 'CLOCK_REGRESSION', ...placedAt(first.at), message });
  } else for (const step of back.steps) findings.push(regressionFinding(step, isNewestFirst));
  const jumps = clocks.zoneJumps();
  const jump = jumps.steps[0];
  if (jumps.isScattered && jump !== undefined) {
    const message = `The offsets of the times change throughout, ${jumps.count} times, first here: the export mixes sources that write their times differently.`;
    findings.push({ kind: 'ZONE_JUMP', ...placedAt(jump.at), message });
  } else for (const step of jumps.steps) findings.push(zoneFinding(step));
  return findings;
};
