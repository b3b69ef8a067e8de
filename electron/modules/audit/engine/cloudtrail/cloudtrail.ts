// The AWS CloudTrail format: verifies a folder of log and digest files, offline, whatever part of the bucket it holds.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Detection } from '../../../../../shared/model/audit.ts';
import { worse } from '../../../../../shared/model/verdict.ts';
import type { Verdict } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { sourceDigest } from '../../../../ports/listing.ts';
import { buildChains } from './chain.ts';
import { checkLogs, reportMissingLogs, reportUnnamedLogs } from './check-logs.ts';
import { areasOf, isCovered, reportUncovered } from './coverage.ts';
import { gatherKeys } from './keyring.ts';
import { linkChains } from './links.ts';
import { buildListing } from './log-listing.ts';
import { instantText, parseDigestName, parseLogName } from './object-names.ts';
import { locatorOf, viewRecord } from './record-view.ts';
import { reportRestarts } from './restarts.ts';
import { ReadLog, scan } from './scan.ts';
import { dialectText, doesNotProveSentences, provesSentences } from './sentences.ts';
import type { Outcome } from './sentences.ts';
import { proveDigests } from './signatures.ts';
import { buildStrip } from './strip.ts';
import { FindingList, isProven, isRead } from './trail-model.ts';
import { CLOUDTRAIL_METHOD } from './method.ts';

const ID = 'aws-cloudtrail';
const TITLE = 'AWS CloudTrail';

const detect = (source: Source): Promise<Detection | null> => {
  let digests = 0;
  let logs = 0;
  for (const { name } of source.files) {
    if (parseDigestName(name) !== null) digests += 1;
    else if (parseLogName(name) !== null) logs += 1;
  }
  if (digests + logs === 0) return Promise.resolve(null);
  const found = { format: ID, title: TITLE };
  return Promise.resolve(
    digests > 0
      ? {
          ...found,
          confidence: 0.99,
          reason: `${digests} CloudTrail digest files and ${logs} log files, by their names.`,
        }
      : {
          ...found,
          confidence: 0.7,
          reason: `${logs} CloudTrail log files by their names, but no digest file: they can't be proven without.`,
        },
  );
};

/** The verdict that holds when no finding says worse. */
const baseVerdict = ({ chains, keyring }: Outcome): Verdict => {
  const read = chains.flatMap((chain) => chain.items.filter(isRead));
  const open = read.filter((item) => !isProven(item.proof));
  if (read.length === 0) return 'UNVERIFIABLE';
  if (open.length === 0) return 'INTACT';
  const noKey = keyring.byFingerprint.size === 0 || open.some((item) => item.proof === 'no-key');
  return noKey ? 'UNVERIFIABLE' : 'INTACT_BUT_UNANCHORED';
};

/** Anchored = the newest digest of every chain is proven from outside: by AWS's signature or a trusted head. */
const isAnchored = ({ chains }: Outcome): boolean => {
  const newest = chains.map((chain) => chain.items.filter(isRead).at(-1));
  return newest.length > 0 && newest.every((item) => item !== undefined && isProven(item.proof));
};

const newestHash = ({ chains }: Outcome): string | null =>
  chains
    .flatMap((chain) => chain.items.filter(isRead))
    .reduce<{ end: number; hash: string | null }>(
      (best, item) => (item.end > best.end ? { end: item.end, hash: item.file.sha256 } : best),
      { end: -1, hash: null },
    ).hash;

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const started = performance.now();
  const log = new ReadLog(source, run);
  const findings = new FindingList();
  const scanned = await scan(source, log);
  if (scanned.digests.length === 0 && scanned.logs.length === 0) {
    throw new AppError('audit.format_mismatch', {
      name: source.name,
      format: ID,
      reason: 'it holds no CloudTrail digest or log file',
    });
  }
  const keyring = gatherKeys(scanned, options.keys, options.keysGiven);
  const index = buildChains(scanned.digests, findings);
  const restarts = linkChains(index, scanned.metadata, findings);
  const chains = index.all();
  const unknown = proveDigests(chains, scanned.metadata, keyring, options, findings);
  const areas = areasOf(chains);
  reportRestarts(restarts, (chain, from, to) => isCovered(areas, chain, from, to), findings);
  const { logs, digests } = buildListing(source, scanned.logs, chains);
  const records = await checkLogs(logs, log, findings);
  reportMissingLogs(logs, findings);
  reportUnnamedLogs(logs, areas, findings);
  const uncovered = reportUncovered(areas, logs, findings);

  const entries = source.files.map(({ name }, at) => ({ name, sha256: log.stored[at] ?? '' }));
  const sha256 = sourceDigest(source.kind, entries);
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256)
    throw new AppError('file.changed', { name: source.name });
  const outcome: Outcome = {
    scanned,
    chains,
    logs,
    keyring,
    unknown,
    uncovered,
    records,
    skipped: source.skipped ?? [],
  };
  const verdict = [...findings.verdicts()].reduce(worse, baseVerdict(outcome));
  return {
    locator: locatorOf([...logs, ...digests]),
    report: {
      verdict,
      format: ID,
      dialect: dialectText(outcome),
      records,
      anchored: isAnchored(outcome),
      findings: findings.list(),
      findingsOmitted: findings.omitted,
      coverage: {
        unprotectedFields: [],
        uncovered: uncovered.map(({ from, to }) => ({ from: instantText(from), to: instantText(to) })),
        unreferenced: logs.filter((item) => item.named.length === 0).map((item) => item.path),
      },
      head: newestHash(outcome),
      startsAfter: chains.find((chain) => chain.startsAfter !== null)?.startsAfter ?? null,
      proves: provesSentences(outcome),
      doesNotProve: doesNotProveSentences(outcome),
      source: {
        name: source.name,
        kind: source.kind,
        bytes: source.files.reduce((sum, file) => sum + file.bytes, 0),
        sha256,
      },
      strip: buildStrip(chains, logs, uncovered),
      throughput: { records, bytes: log.bytes, seconds: (performance.now() - started) / 1000 },
    },
  };
};

/**
 * AWS CloudTrail log file integrity validation, without AWS. Positions (`Finding.index`, `record`) count the log files
 * in order of time from 0, then the digest files, absent ones included. `records` counts the events in verified logs.
 */
export const cloudtrail: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'A folder of CloudTrail logs and digests: every digest signature, every log hash, missing hours and planted files.',
  method: CLOUDTRAIL_METHOD,
  detect,
  verify,
  record: viewRecord,
};
