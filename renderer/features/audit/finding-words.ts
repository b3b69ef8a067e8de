// A finding in words: its tone, and where it is.
import { verdictClass, type Finding, type VerificationReport } from '../../../shared/model/verdict.ts';
import { formatCount, truncateMiddle } from '../../ui/format.ts';
import type { Tone } from '../../ui/tone.ts';

export type StripUnit = VerificationReport['strip']['unit'];

/** A finding without a verdict is a remark. */
export const findingTone = (finding: Finding): Exclude<Tone, 'info'> =>
  finding.verdict === undefined ? 'neutral' : verdictClass(finding.verdict);

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What is counted: records of a chain, files of a trail. */
export const itemWord = (unit: StripUnit): string => (unit === 'record' ? 'Record' : 'File');

/** `Record 79 · line 80`, `Records 40 to 59`, a file's name, or empty when the finding is about the whole log. */
export const placeOf = (finding: Finding, unit: StripUnit): string => {
  const parts: string[] = [];
  const count = finding.count ?? 1;
  if (finding.path !== undefined) parts.push(baseName(finding.path));
  else if (finding.index !== undefined) {
    const first = formatCount(finding.index);
    parts.push(
      count > 1
        ? `${itemWord(unit)}s ${first} to ${formatCount(finding.index + count - 1)}`
        : `${itemWord(unit)} ${first}`,
    );
  }
  if (finding.line !== undefined) parts.push(`line ${formatCount(finding.line)}`);
  else if (parts.length === 0 && finding.byteOffset !== undefined)
    parts.push(`byte ${formatCount(finding.byteOffset)}`);
  return parts.join(' · ');
};

/** The first part of the place; of a file name both ends, because the files of a trail differ at the end. */
export const shortPlaceOf = (finding: Finding, unit: StripUnit): string => {
  const [first = ''] = placeOf(finding, unit).split(' · ');
  return finding.path === undefined ? first : truncateMiddle(first, 4, 22);
};

/** Findings of a summary, in all. */
export const countFindings = (findings: readonly { readonly count: number }[]): number =>
  findings.reduce((sum, { count }) => sum + count, 0);

/** The finding that names the same file as a stretch of the strip. */
export const findingOfLabel = (
  findings: readonly Finding[],
  label: string | undefined,
): Finding | undefined =>
  label === undefined
    ? undefined
    : findings.find(
        ({ path, index }) => index !== undefined && path !== undefined && baseName(path) === label,
      );
