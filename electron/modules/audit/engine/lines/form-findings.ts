// What the form of a file gives to report: remarks on what changes no hash, findings on what is cut off or appended.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { LogReading } from './read-log.ts';

/** Remarks and findings about the file as a whole. `partialIndex`: the record that its end cuts off, if any. */
export const formFindings = (reading: LogReading, partialIndex: number | null): Finding[] => {
  const { form } = reading;
  const findings: Finding[] = [];
  const remark = (message: string): void => void findings.push({ kind: 'REPAIRED', message });
  if (form.byteOrderMarks > 0) {
    remark(
      'The file begins with a byte order mark (or holds one at a line start); it was left out and changes no hash.',
    );
  }
  if (form.crlfLines > 0) {
    remark(`${form.crlfLines} lines end in CR LF instead of LF; that changes no hash.`);
  }
  if (form.blankLines > 0) {
    findings.push({
      kind: 'REPAIRED',
      line: form.firstBlankLine,
      message: `${form.blankLines} blank lines were passed over, the first at line ${form.firstBlankLine}; they hold nothing to verify.`,
    });
  }
  if (!form.endsWithNewline && partialIndex === null && reading.troubles.length === 0) {
    const message = 'The last line has no line feed; its record is complete.';
    findings.push({ kind: 'TRUNCATED', message });
  }
  if (!form.isClosed && partialIndex === null) {
    const message = 'The JSON array is not closed: the file is cut off after a complete record.';
    findings.push({ kind: 'TRUNCATED', verdict: 'GAP', message });
  }
  if (form.trailing !== null) {
    const { offset, bytes } = form.trailing;
    findings.push({
      kind: 'TRAILING_DATA',
      verdict: 'UNVERIFIABLE',
      byteOffset: offset,
      message: `${bytes} bytes follow the end of the JSON array; nothing vouches for them.`,
    });
  }
  return [...findings, ...gzipFindings(reading, partialIndex)];
};

const gzipFindings = (reading: LogReading, partialIndex: number | null): Finding[] =>
  reading.troubles.map(({ kind, at, bytes }): Finding => {
    switch (kind) {
      case 'truncated':
        return {
          kind: 'TRUNCATED',
          verdict: 'GAP',
          ...(partialIndex === null ? {} : { index: partialIndex }),
          message: `The compressed file ends before its data does, at its byte ${at}: what follows is missing. Everything before was verified.`,
        };
      case 'damaged':
        return {
          kind: 'MALFORMED',
          verdict: 'UNVERIFIABLE',
          message: `The compressed file is damaged at or shortly before its byte ${at}: its checksum differs or it can't be inflated further. What was inflated before was verified.`,
        };
      case 'trailing':
        return {
          kind: 'TRAILING_DATA',
          verdict: 'UNVERIFIABLE',
          message: `${bytes} bytes that are no gzip data follow the compressed log, from byte ${at} of the file on; nothing vouches for them.`,
        };
      case 'padding':
        return {
          kind: 'TRAILING_DATA',
          message: `${bytes} zero bytes follow the compressed log, from byte ${at} of the file on (padding).`,
        };
    }
  });
