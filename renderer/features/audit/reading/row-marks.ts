// Which records of a log the findings of its latest verification speak of.
import type { VerificationReport } from '../../../../shared/model/verdict.ts';
import { type Finding, verdictClass } from '../../../../shared/model/verdict.ts';

export type MarkTone = 'pass' | 'attention' | 'fail';

export interface RowMark {
  readonly tone: MarkTone;
  readonly kinds: readonly Finding['kind'][];
}

const RANK: readonly MarkTone[] = ['fail', 'attention', 'pass'];
const toneOf = (finding: Finding): MarkTone =>
  finding.verdict === undefined ? 'attention' : verdictClass(finding.verdict);

/** A finding over very many records marks its first ones; the strip of the verification shows the rest. */
const MOST_PER_FINDING = 1_000;

/** Marks by record index. Formats whose findings count files, not records, mark none. */
export const marksOf = (report: VerificationReport): ReadonlyMap<number, RowMark> => {
  const marks = new Map<number, RowMark>();
  if (report.strip.unit !== 'record') return marks;
  for (const finding of report.findings) {
    if (finding.index === undefined) continue;
    const count = Math.min(finding.count ?? 1, MOST_PER_FINDING);
    for (let row = finding.index; row < finding.index + count; row += 1) {
      const before = marks.get(row);
      const tones = [toneOf(finding), ...(before === undefined ? [] : [before.tone])];
      const kinds = before?.kinds ?? [];
      marks.set(row, {
        tone: RANK.find((tone) => tones.includes(tone)) ?? 'attention',
        kinds: kinds.includes(finding.kind) ? kinds : [...kinds, finding.kind],
      });
    }
  }
  return marks;
};
