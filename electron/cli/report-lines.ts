// A verification's answer in plain text, for a terminal.
import { VERDICT_TEXT } from '../../shared/model/verdict-text.ts';
import type { Finding, VerificationReport } from '../../shared/model/verdict.ts';

/** Findings that the plain text lists; --json has them all. */
const LISTED = 50;

const whereOf = (finding: Finding): string =>
  [
    finding.path,
    finding.index === undefined
      ? undefined
      : `record ${finding.index}${finding.count === undefined || finding.count === 1 ? '' : `–${finding.index + finding.count - 1}`}`,
    finding.line === undefined ? undefined : `line ${finding.line}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

/** The answer in plain text. */
export const reportLines = (report: VerificationReport): string[] => {
  const { verdict, findings } = report;
  const rest = findings.length - LISTED + report.findingsOmitted;
  return [
    `${verdict}: ${VERDICT_TEXT[verdict].meaning}`,
    `format ${report.format}, ${report.records} records, ${report.source.bytes} bytes, SHA-256 ${report.source.sha256}`,
    ...(report.head === null
      ? []
      : [`head ${report.head} (${report.anchored ? 'anchored' : 'not anchored'})`]),
    ...findings
      .slice(0, LISTED)
      .map((finding) => `  ${finding.kind} at ${whereOf(finding) || 'the log'}: ${finding.message}`),
    ...(rest > 0 ? [`  and ${rest} more findings (--json lists them)`] : []),
    ...(report.recipe === undefined ? [] : [`hashed as: ${report.recipe.words}`]),
    ...(report.coverage.weaknesses ?? []).map((weakness) => `weakness: ${weakness}`),
    ...(report.seal === undefined
      ? []
      : [`sealed: Merkle root ${report.seal.root} over ${report.seal.leaves} records`]),
    ...(report.anchors ?? []).map(
      ({ name, outcome, time, adds }) =>
        `anchor ${name}: ${outcome}${time === null ? '' : `, ${time}`}. ${adds}`,
    ),
    ...report.proves.map((sentence) => `proves: ${sentence}`),
    ...report.doesNotProve.map((sentence) => `does not prove: ${sentence}`),
  ];
};
