// A folder of journal files: their order in time, and the sequence numbers that none of them holds.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { FileReport } from './file-report.ts';

export interface NamedReport {
  readonly name: string;
  readonly report: FileReport;
}

/** By sequence, then by first sequence number, then by name: the order in which the machine wrote them. */
export const inOrder = <T extends NamedReport>(files: readonly T[]): T[] => {
  const began = new Map<string, number>();
  for (const { report } of files) {
    const id = report.header.seqnumId;
    began.set(id, Math.min(began.get(id) ?? Number.POSITIVE_INFINITY, report.firstTime));
  }
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return files.toSorted(
    (a, b) =>
      (began.get(a.report.header.seqnumId) ?? 0) - (began.get(b.report.header.seqnumId) ?? 0) ||
      compare(a.report.header.seqnumId, b.report.header.seqnumId) ||
      a.report.firstSeqnum - b.report.firstSeqnum ||
      compare(a.name, b.name),
  );
};

interface Stretch {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Stretches of numbers that one file holds without a hole. */
const stretchesOf = ({ name, report }: NamedReport): Stretch[] => {
  if (report.entries === 0 || report.lastSeqnum < report.firstSeqnum) return [];
  const stretches: Stretch[] = [];
  let from = report.firstSeqnum;
  for (const [last, next] of report.seqnumGaps) {
    stretches.push({ name, from, to: last });
    from = next;
  }
  stretches.push({ name, from, to: report.lastSeqnum });
  return stretches;
};

/** The last number that each file holds, or is known to have held. */
const missingBetween = (files: readonly NamedReport[]): Finding[] => {
  const stretches = files.flatMap(stretchesOf).toSorted((a, b) => a.from - b.from || a.to - b.to);
  const findings: Finding[] = [];
  let last: Stretch | null = null;
  for (const stretch of stretches) {
    if (last !== null && stretch.from > last.to + 1) {
      const count = stretch.from - last.to - 1;
      const isInside = last.name === stretch.name;
      const numbers = `${count} sequence numbers, ${last.to + 1} to ${stretch.from - 1}, are in none of the files`;
      findings.push({
        kind: 'GAP',
        // A number that is missing inside one file went to a file of another user, or to none.
        ...(isInside ? {} : { verdict: 'GAP' as const }),
        path: stretch.name,
        between: [`${last.name} (${last.to})`, `${stretch.name} (${stretch.from})`],
        message: isInside
          ? `${numbers}, inside ${stretch.name}: they went to another journal (of a user, or in memory) that is not here, which is normal.`
          : `${numbers}: at least one journal file between ${last.name} and ${stretch.name} is missing.`,
      });
    }
    if (last === null || stretch.to > last.to) last = stretch;
  }
  return findings;
};

/** Numbers missing from each sequence, and numbers that two files of one sequence hold both. */
export const checkRotation = (files: readonly NamedReport[]): Finding[] => {
  const groups = new Map<string, NamedReport[]>();
  for (const file of files) {
    const group = groups.get(file.report.header.seqnumId) ?? [];
    group.push(file);
    groups.set(file.report.header.seqnumId, group);
  }
  const findings: Finding[] = [];
  for (const group of groups.values()) {
    findings.push(...missingBetween(group));
    const byId = new Map<string, string>();
    for (const { name, report } of group) {
      const first = byId.get(report.header.fileId);
      if (first === undefined) byId.set(report.header.fileId, name);
      else {
        const message = `${name} and ${first} have the same file id: one is a copy of the other, or a state of it at another time.`;
        findings.push({ kind: 'DUPLICATE', verdict: 'DUPLICATE', path: name, message });
      }
    }
  }
  return findings;
};
