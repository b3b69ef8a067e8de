// Makes one report of the reports of several logs: findings with their file, the worst verdict, what holds for each.
import {
  type Finding,
  type Stretch,
  verdictClass,
  verdictOf,
  type Verdict,
  type VerificationReport,
  worse,
} from '../../../../../shared/model/verdict.ts';
import type { Verified } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';

export interface PartReport {
  readonly path: string;
  /** null where the file could not be read as the log that it looked like. */
  readonly verified: Verified | null;
  /** Why not, in words. */
  readonly failure: string | null;
}

interface Joining {
  readonly id: string;
  readonly source: VerificationReport['source'];
  readonly parts: readonly PartReport[];
  /** Files that were not verified themselves. */
  readonly companions: readonly string[];
  /** Trusted heads that none of the logs holds. */
  readonly unmatched: readonly string[];
  readonly seconds: number;
}

const STATES = { pass: 'verified', attention: 'attention', fail: 'failed' } as const;

const moved = (finding: Finding, path: string, first: number): Finding => ({
  ...finding,
  path: finding.path === undefined || finding.path === path ? path : `${path}: ${finding.path}`,
  ...(finding.index === undefined ? {} : { index: finding.index + first }),
  ...(finding.ofIndex === undefined ? {} : { ofIndex: finding.ofIndex + first }),
});

/** A log's own strip, moved to where its records begin; one in another unit is drawn as one piece. */
const stretchesOf = ({ path, verified }: PartReport, first: number): Stretch[] => {
  if (verified === null) return [];
  const { strip, verdict, records } = verified.report;
  if (strip.unit === 'record')
    return strip.stretches.map((each) => ({
      ...each,
      from: each.from + first,
      to: each.to + first,
      label: each.label === undefined ? path : `${path}: ${each.label}`,
    }));
  const state = verdict === 'INTACT_BUT_UNANCHORED' ? 'unanchored' : STATES[verdictClass(verdict)];
  return records === 0 ? [] : [{ from: first, to: first + records, state, label: path }];
};

/** Names of more files than this are not spelled out. */
const NAMED = 3;

const namesOf = (paths: readonly string[]): string =>
  paths.length <= NAMED
    ? paths.join(', ')
    : `${paths.slice(0, NAMED).join(', ')} and ${paths.length - NAMED} more`;

/** What several logs have in common is said once. */
const sentencesOf = (parts: readonly PartReport[], pick: 'proves' | 'doesNotProve'): string[] => {
  const bySentence = new Map<string, string[]>();
  for (const { path, verified } of parts) {
    for (const sentence of verified?.report[pick] ?? [])
      bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), path]);
  }
  return [...bySentence].map(([sentence, paths]) =>
    paths.length === parts.length ? sentence : `${namesOf(paths)}: ${sentence}`,
  );
};

const verdictLines = (parts: readonly PartReport[]): string[] =>
  parts.flatMap(({ path, verified }) =>
    verified === null
      ? []
      : [
          `${path}: ${verified.report.verdict} (${verified.report.format}, ${verified.report.records} records).`,
        ],
  );

export const joinReports = ({ id, source, parts, companions, unmatched, seconds }: Joining): Verified => {
  const findings = new FindingList();
  for (const head of unmatched) {
    const message =
      'None of the logs in the folder holds the trusted head: the log that it was taken from is not there, or is no longer what it was.';
    findings.add({ kind: 'HEAD_MISMATCH', verdict: 'TAMPERED', expected: head, message });
  }
  const stretches: Stretch[] = [];
  let records = 0;
  let omitted = 0;
  let base: Verdict = 'INTACT';
  for (const { path, verified, failure } of parts) {
    if (verified === null) {
      const message = `This file looks like a log, but could not be verified: ${failure ?? 'it is not readable'}.`;
      findings.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', path, message });
      continue;
    }
    const { report } = verified;
    for (const finding of report.findings) findings.add(moved(finding, path, records));
    for (const stretch of stretchesOf({ path, verified, failure }, records)) stretches.push(stretch);
    base = worse(base, report.verdict);
    records += report.records;
    omitted += report.findingsOmitted;
  }
  const listed = findings.listed();
  const reports = parts.flatMap(({ verified }) => (verified === null ? [] : [verified.report]));
  return {
    report: {
      verdict: verdictOf(findings.verdict(base), listed.findings),
      format: id,
      records,
      anchored: reports.length > 0 && reports.every(({ anchored }) => anchored),
      findings: [...listed.findings],
      findingsOmitted: listed.omitted + omitted,
      coverage: {
        unprotectedFields: [...new Set(reports.flatMap(({ coverage }) => coverage.unprotectedFields))],
        uncovered: reports.flatMap(({ coverage }) => coverage.uncovered),
        unreferenced: [...companions],
        weaknesses: [...new Set(reports.flatMap(({ coverage }) => coverage.weaknesses ?? []))],
      },
      head: null,
      startsAfter: null,
      proves: [...verdictLines(parts), ...sentencesOf(parts, 'proves')],
      doesNotProve: [
        'That the folder is complete: a log that was taken out as a whole leaves no trace here.',
        'Keys and proofs that lay beside the logs came from the same hands as the logs.',
        ...sentencesOf(parts, 'doesNotProve'),
      ],
      source,
      strip: {
        unit: 'record',
        length: records,
        origin: null,
        stretches,
      },
      throughput: { records, bytes: source.bytes, seconds },
    },
    locator: { every: 1, offsets: [] },
    parts: parts.flatMap(({ path, verified }) => (verified === null ? [] : [{ path, verified }])),
  };
};
