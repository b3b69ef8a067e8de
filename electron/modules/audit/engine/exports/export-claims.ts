// What an export without hashes shows and does not show, in sentences for its report.
import type { ExportAdapter } from './adapter.ts';
import type { ClockCheck } from './check/clocks.ts';
import { spanText, timeText } from './export-findings.ts';
import type { NumberAnswer } from './export-findings.ts';

export interface ClaimFacts {
  readonly adapter: ExportAdapter;
  readonly records: number;
  readonly events: number;
  readonly withId: number;
  readonly repeated: number;
  readonly numbers: NumberAnswer;
  readonly clocks: ClockCheck;
  readonly root: string;
  /** The head that equals the file's digest or the seal; null for none. */
  readonly anchor: { readonly hex: string; readonly what: 'file' | 'seal' } | null;
  readonly ignoredFiles: number;
  /** Some field is named like a hash of a chain. */
  readonly looksHashed: boolean;
}

const LONG_SILENCE = 60_000;

const sealedSentence = (facts: ClaimFacts): string => {
  const { anchor, records, root } = facts;
  if (anchor === null)
    return `From now on the ${records} records are sealed: the root of the RFC 6962 tree over them, as they stand, is ${root}. Whoever keeps it (or the digest of the file) can show later that nothing was changed since.`;
  const what =
    anchor.what === 'file' ? 'SHA-256 of the export' : 'root of the RFC 6962 tree over its records';
  return `Nothing was changed, added or removed since ${anchor.hex} was recorded: this digest, known from outside the export, is the ${what}.`;
};

export const provesOf = (facts: ClaimFacts): string[] => {
  const { clocks, events, withId, repeated, numbers, adapter } = facts;
  const proves = [sealedSentence(facts)];
  if (clocks.first !== null && clocks.last !== null)
    proves.push(
      `The records run from ${timeText(clocks.first)} to ${timeText(clocks.last)}, by their own times.`,
    );
  if (withId > 0 && repeated === 0)
    proves.push(`No ${adapter.idName ?? 'id'} stands twice among the ${withId} records that carry one.`);
  proves.push(...numbers.complete);
  if (events < facts.records) proves.push(`${events} of ${facts.records} records could be read.`);
  return proves;
};

export const doesNotProveOf = (facts: ClaimFacts): string[] => {
  const { clocks, anchor, numbers, adapter, events } = facts;
  const before = anchor === null ? 'before it was sealed here' : 'before that digest was recorded';
  const reason = facts.looksHashed
    ? 'some of its fields are named like hashes of a chain, but they were not verified, as no way is known in which they were made. If you know it, give it as a recipe.'
    : 'it carries no hash and no signature, so nothing in it can show that. Whoever edits a record leaves no trace.';
  const sentences = [`That the export was not edited ${before}: ${reason}`];
  sentences.push(...numbers.open);
  const { silence } = clocks;
  if (silence !== null && silence.milliseconds >= LONG_SILENCE)
    sentences.push(
      `That nothing happened in the longest time without a record: ${spanText(silence.milliseconds)}, from ${timeText(silence.from)} to ${timeText(silence.to)}.`,
    );
  if (clocks.timed < events)
    sentences.push(
      `When ${events - clocks.timed} of the records were made: they carry no time that could be read.`,
    );
  if (clocks.yearless > 0) sentences.push('In which year: the times name neither year nor zone (RFC 3164).');
  else if (clocks.zoneless > 0)
    sentences.push(`In which time zone: ${clocks.zoneless} times name none, and are taken as UTC here.`);
  if (facts.ignoredFiles > 0)
    sentences.push(
      `Anything about ${facts.ignoredFiles} other files in the folder, which are listed as unreferenced.`,
    );
  sentences.push(
    ...adapter.notes,
    'That what the records say is true, or that everything that happened was logged.',
  );
  return sentences;
};
