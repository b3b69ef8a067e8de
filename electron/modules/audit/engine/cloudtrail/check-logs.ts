// Hashes every log file and compares it with what the digests name; then judges the files that no digest names.
import { mapPool } from '../../../../ports/map-pool.ts';
import { RecordCounter } from './count-records.ts';
import { coveredAt, indexAreas } from './coverage.ts';
import type { CoveredArea } from './coverage.ts';
import { inflateObject } from './gzip-member.ts';
import type { Inflated } from './gzip-member.ts';
import { baseName } from './object-names.ts';
import { PROBLEM_TEXT, READ_POOL } from './scan.ts';
import type { ReadLog } from './scan.ts';
import { stands } from './trail-model.ts';
import type { FindingList, LogItem } from './trail-model.ts';

/** A log file of CloudTrail has some MiB; this is far beyond any, and takes a second to inflate. */
export const MAX_LOG_BYTES = 512 * 1024 * 1024;

const atOf = (item: LogItem): number => item.time ?? item.named[0]?.digest.end ?? 0;

const checkNamed = (item: LogItem, inflated: Inflated, records: number, findings: FindingList): number => {
  const common = { item, at: atOf(item) };
  const namedBy = item.named.map(({ digest }) => baseName(digest.path)).join(', ');
  if (inflated.trailing > 0) {
    findings.add({
      ...common,
      kind: 'TRAILING_DATA',
      verdict: 'TAMPERED',
      message: `${inflated.trailing} bytes stand after the end of the compressed log; other tools read them as further events.`,
    });
  }
  if (inflated.problem !== null) {
    const kind = inflated.problem === 'truncated' ? 'TRUNCATED' : 'MALFORMED';
    findings.add({
      ...common,
      kind,
      verdict: 'TAMPERED',
      message: `The log file can not be read: ${PROBLEM_TEXT[inflated.problem]}. The digest ${namedBy} names it.`,
    });
    return 0;
  }
  const odd = item.named.find(({ entry }) => entry.hashAlgorithm !== 'SHA-256');
  if (odd !== undefined) {
    findings.add({
      ...common,
      kind: 'MALFORMED',
      verdict: 'UNVERIFIABLE',
      message: `The digest names this log by ${odd.entry.hashAlgorithm}, which can not be checked here.`,
    });
    return 0;
  }
  const wrong = item.named.find(({ entry }) => entry.hash !== inflated.sha256);
  if (wrong !== undefined) {
    findings.add({
      ...common,
      kind: 'LOG_HASH_MISMATCH',
      verdict: 'TAMPERED',
      expected: wrong.entry.hash,
      actual: inflated.sha256 ?? '',
      message: `The log file is not what CloudTrail delivered: its SHA-256 is not the one that the digest ${baseName(wrong.digest.path)} names.`,
    });
    return 0;
  }
  item.verified = !item.failed && item.named.some(({ digest }) => stands(digest));
  return item.verified ? records : 0;
};

/** Reads every log once. Returns the number of events in those that fit their digests. */
export const checkLogs = async (
  logs: readonly LogItem[],
  log: ReadLog,
  findings: FindingList,
): Promise<number> => {
  const counts = await mapPool(logs, READ_POOL, async (item) => {
    if (item.file === null || item.fileIndex === null) return 0;
    const counter = new RecordCounter();
    const inflated = await inflateObject(item.file, {
      maxBytes: MAX_LOG_BYTES,
      signal: log.run.signal,
      onRead: log.onRead,
      onData: (piece) => counter.push(piece),
    });
    log.finish(item.fileIndex, inflated.storedSha256);
    item.sha256 = inflated.sha256;
    return item.named.length === 0 ? 0 : checkNamed(item, inflated, counter.count, findings);
  });
  return counts.reduce((sum, count) => sum + count, 0);
};

/** Reports logs that are named but absent. None at all in the folder means that they were left out of the export. */
export const reportMissingLogs = (logs: readonly LogItem[], findings: FindingList): void => {
  const missing = logs.filter((item) => item.file === null);
  const [first] = missing;
  if (first === undefined) return;
  if (missing.length > 1 && logs.every((item) => item.file === null)) {
    findings.add({
      kind: 'LOG_MISSING',
      verdict: 'UNVERIFIABLE',
      item: first,
      count: missing.length,
      at: atOf(first),
      message: `The folder holds digests only: none of the ${missing.length} log files that they name is here.`,
    });
    return;
  }
  const renamed = new Map(
    logs.flatMap((item) =>
      item.named.length === 0 && item.sha256 !== null ? [[item.sha256, item] as const] : [],
    ),
  );
  for (const item of missing) {
    const [by] = item.named;
    const other = renamed.get(by?.entry.hash ?? '');
    findings.add({
      kind: 'LOG_MISSING',
      verdict: 'TAMPERED',
      item,
      expected: by?.entry.hash,
      at: atOf(item),
      message: `The log file is missing: the digest ${baseName(by?.digest.path ?? '')} names it.${other === undefined ? '' : ` Its content stands under the name ${baseName(other.path)}.`}`,
    });
  }
};

/** Reports files that no digest names: copies, planted files, and files of time that no digest covers. */
export const reportUnnamedLogs = (
  logs: readonly LogItem[],
  areas: readonly CoveredArea[],
  findings: FindingList,
): void => {
  const index = indexAreas(areas);
  for (const item of logs) {
    if (item.named.length > 0) continue;
    const common = { item, at: atOf(item) };
    if (item.copyOf !== null && item.sha256 !== null && item.sha256 === item.copyOf.sha256) {
      findings.add({
        ...common,
        kind: 'DUPLICATE',
        verdict: 'DUPLICATE',
        ofItem: item.copyOf,
        message: 'The same log file stands in the folder twice.',
      });
      continue;
    }
    if (item.copyOf !== null) {
      findings.add({
        ...common,
        kind: 'LOG_UNREFERENCED',
        verdict: 'TAMPERED',
        ofItem: item.copyOf,
        message: 'A second file has the name of a log file that CloudTrail delivered, with other content.',
      });
      continue;
    }
    const state = coveredAt(item, index);
    const [verdict, message] = UNNAMED[state];
    findings.add({ ...common, kind: 'LOG_UNREFERENCED', verdict, message });
  }
};

const UNNAMED = {
  covered: [
    'TAMPERED',
    'No digest names this log file, though digests cover its time and name every file that CloudTrail delivered: it was put there, or comes from a trail without validation.',
  ],
  hole: [
    undefined,
    'Orphaned: no digest names this log file, because the digest of its time is missing or not valid. Its content is not proven.',
  ],
  outside: [
    'PARTIAL_INTACT',
    'No digest names this log file: its time is before the first or after the last digest here. Its content is not proven.',
  ],
  'no-digests': [
    'UNVERIFIABLE',
    'There is no digest for the place that this log file comes from (account, region and folder): nothing proves its content.',
  ],
} as const;
