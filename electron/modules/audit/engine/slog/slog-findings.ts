// What the numbers and keys of a secure log say: altered, missing, moved and doubled entries, all of them, in one list.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { PlaceColumn } from '../lines/columns.ts';
import type { FindingList } from '../lines/finding-list.ts';
import type { Strip } from '../lines/strip.ts';
import { NO_NUMBER } from './counters.ts';
import type { LineState } from './slog-pass.ts';

export interface Numbered {
  readonly states: readonly LineState[];
  readonly numbers: readonly number[];
  readonly ofLine: ReadonlyMap<number, number>;
}

const at = (places: PlaceColumn, index: number): Pick<Finding, 'index' | 'line' | 'byteOffset'> => ({
  index,
  line: places.line(index),
  byteOffset: places.offset(index),
});

/** Lines that hold an entry of their own, by number. */
const entriesOf = ({ states, numbers }: Numbered): { readonly line: number; readonly number: number }[] =>
  numbers
    .map((number, line) => ({ line, number }))
    .filter(({ line, number }) => number !== NO_NUMBER && states[line] !== 'copy' && states[line] !== 'rival')
    .toSorted((a, b) => a.number - b.number || a.line - b.line);

export const reportLines = (
  pass: Numbered,
  places: PlaceColumn,
  findings: FindingList,
  strip: Strip,
): void => {
  for (const [index, state] of pass.states.entries()) {
    const number = pass.numbers[index] ?? NO_NUMBER;
    const of = pass.ofLine.get(index);
    const first = of === undefined ? {} : { ofIndex: of };
    const place = at(places, index);
    const say = (finding: Pick<Finding, 'kind' | 'verdict' | 'message'>): void => {
      strip.mark(
        index,
        1,
        finding.verdict === 'TAMPERED' || finding.verdict === 'FORK' ? 'failed' : 'attention',
      );
      findings.add({ ...finding, ...place, ...first });
    };
    if (state === 'bad') {
      const message = `Entry ${number} (line ${index + 1}) is not what was written: it does not decrypt with the key of its number.`;
      say({ kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED', message });
    } else if (state === 'renumbered') {
      const message = `The number of this entry was altered: with the key of entry ${number} it decrypts, so its content is genuine.`;
      say({ kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED', message });
    } else if (state === 'copy') {
      const message = `This line is a copy of entry ${number} on line ${(of ?? 0) + 1}.`;
      say({ kind: 'DUPLICATE', verdict: 'DUPLICATE', message });
    } else if (state === 'rival') {
      const message = `Entry ${number} stands on line ${(of ?? 0) + 1} too, with other content, and both decrypt with its key: the logger was started a second time from an old key, or someone who has that key wrote one of them.`;
      say({ kind: 'FORK', verdict: 'FORK', message });
    }
  }
};

/** Runs of lines that do not stand where their number puts them among the lines that are there. */
export const reportOrder = (
  pass: Numbered,
  places: PlaceColumn,
  findings: FindingList,
  strip: Strip,
): boolean => {
  const sorted = entriesOf(pass);
  const lines = sorted.map(({ line }) => line).toSorted((a, b) => a - b);
  const moved: number[] = [];
  for (const [rank, line] of lines.entries()) if (sorted[rank]?.line !== line) moved.push(line);
  for (let i = 0; i < moved.length;) {
    const from = moved[i] as number;
    let to = i;
    while (moved[to + 1] === (moved[to] as number) + 1) to += 1;
    const count = to - i + 1;
    strip.mark(from, count, 'attention');
    findings.add({
      kind: 'REORDERED',
      verdict: 'REORDERED',
      ...at(places, from),
      count,
      message: `Lines ${from + 1} to ${from + count} do not stand in the order of their numbers (line ${from + 1} is entry ${pass.numbers[from] ?? 0}); the right order is known from them.`,
    });
    i = to + 1;
  }
  return moved.length > 0;
};

/** Numbers that no line has, between the first and the last. Their neighbours prove that they were written. */
export const reportGaps = (pass: Numbered, places: PlaceColumn, findings: FindingList): number => {
  let missing = 0;
  let before: { readonly line: number; readonly number: number } | null = null;
  for (const entry of entriesOf(pass)) {
    if (before !== null && entry.number > before.number + 1) {
      const count = entry.number - before.number - 1;
      missing += count;
      const which =
        count === 1
          ? `Entry ${before.number + 1} is`
          : `Entries ${before.number + 1} to ${entry.number - 1} are`;
      findings.add({
        kind: 'GAP',
        verdict: 'TAMPERED',
        ...at(places, entry.line),
        between: [`entry ${before.number}`, `entry ${entry.number}`],
        message: `${which} missing: the numbers count every entry that was written.`,
      });
    }
    before = entry;
  }
  return missing;
};
