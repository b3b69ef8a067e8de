// The rows of the log list: each log with its latest verification, filtered and sorted.
import type { ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import { VERDICTS } from '../../../shared/model/verdict.ts';
import { VERDICT_TEXT } from '../../../shared/model/verdict-text.ts';

export interface LogRow {
  readonly log: ImportedLog;
  readonly latest: VerificationSummary | undefined;
}

export const newestFirst = (a: VerificationSummary, b: VerificationSummary): number =>
  Date.parse(b.finishedAt) - Date.parse(a.finishedAt);

export const logRows = (
  logs: readonly ImportedLog[],
  verifications: readonly VerificationSummary[],
): readonly LogRow[] => {
  const latest = new Map<string, VerificationSummary>();
  for (const verification of verifications.toSorted(newestFirst)) {
    if (!latest.has(verification.importId)) latest.set(verification.importId, verification);
  }
  return logs.map((log) => ({ log, latest: latest.get(log.id) }));
};

/** Every word must be in the name, the digest, the format or the verdict. */
export const filterLogs = (rows: readonly LogRow[], filter: string): readonly LogRow[] => {
  const words = filter
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return rows;
  return rows.filter(({ log, latest }) => {
    const verdict = latest === undefined ? '' : `${latest.verdict} ${VERDICT_TEXT[latest.verdict].word}`;
    const text = `${log.name} ${log.sha256} ${log.format ?? ''} ${verdict}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
};

export interface LogSort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/** Verdicts ascend from the worst to the best; a log that was never verified comes last either way. */
export const sortLogs = (rows: readonly LogRow[], sort: LogSort): readonly LogRow[] => {
  const sign = sort.direction === 'ascending' ? 1 : -1;
  const rank = (row: LogRow): number =>
    row.latest === undefined ? sign * VERDICTS.length : VERDICTS.indexOf(row.latest.verdict);
  return rows.toSorted((a, b) => {
    const order =
      sort.column === 'name'
        ? a.log.name.localeCompare(b.log.name, 'en', { numeric: true })
        : sort.column === 'verdict'
          ? rank(a) - rank(b)
          : Date.parse(a.log.importedAt) - Date.parse(b.log.importedAt);
    return order * sign || (a.log.id < b.log.id ? -1 : 1);
  });
};
