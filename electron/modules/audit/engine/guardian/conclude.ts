// What a whole Guardian log amounts to once all its records were seen, in one go or part by part: the report.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Verified } from '../format.ts';
import { locatorOf } from '../lines/locator.ts';
import type { LogReading } from '../lines/read-log.ts';
import { chainFindings } from './chain-findings.ts';
import { shapeOf } from './chain-shape.ts';
import { guardianClaims } from './claims.ts';
import type { GuardianPass } from './guardian-pass.ts';
import { isDigest } from './link-tracker.ts';
import { compareHeads } from './trusted-heads.ts';

export const GUARDIAN_ID = 'guardian-chain';

export interface LogFacts {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Milliseconds of `performance.now()` when the verification began. */
  readonly began: number;
}

/** @throws AppError('audit.format_mismatch') when no line holds a record of the format. */
export const conclude = (
  pass: GuardianPass,
  reading: LogReading,
  trustedHeads: readonly string[],
  { name, kind, began }: LogFacts,
): Verified => {
  const { links, notes } = pass;
  const { places, findings, strip } = notes;
  if (notes.verified === 0) {
    const reason = 'no line holds a record with event_hash and chain_hash';
    throw new AppError('audit.format_mismatch', { name, format: GUARDIAN_ID, reason });
  }
  notes.finish(reading);

  const shape = shapeOf(links, trustedHeads);
  const at = (index: number): Pick<Finding, 'index' | 'line' | 'byteOffset'> => ({
    index,
    line: places.line(index),
    byteOffset: places.offset(index),
  });
  for (const finding of chainFindings(shape, at)) notes.report(finding);
  // The altered record is named by the break behind it.
  for (const { ofIndex, cause } of shape.breaks) {
    if (ofIndex !== null && cause !== 'removed')
      strip.mark(ofIndex, 1, cause === 'unread' ? 'uncovered' : 'failed');
  }
  const heads = compareHeads(links, shape, trustedHeads);
  for (const finding of heads.findings) {
    findings.add(finding.index === undefined ? finding : { ...finding, ...at(finding.index) });
  }

  const intact = heads.anchored ? 'INTACT' : 'INTACT_BUT_UNANCHORED';
  const verdict = findings.verdict(shape.window === null ? intact : 'PARTIAL_INTACT');
  const claims = guardianClaims({
    verdict,
    anchored: heads.anchored,
    coveredTo: heads.coveredTo,
    isWindow: shape.window !== null,
    verified: notes.verified,
    unread: reading.records - notes.verified,
  });
  const { findings: listed, omitted } = findings.listed();
  return {
    report: {
      verdict,
      format: GUARDIAN_ID,
      records: reading.records,
      anchored: heads.anchored,
      findings: [...listed],
      findingsOmitted: omitted,
      coverage: { unprotectedFields: [], uncovered: [], unreferenced: [] },
      head: links.chainHexAt(shape.head),
      // What stands in a damaged log where a digest should be is nothing to pass on as one.
      startsAfter: shape.window !== null && isDigest(shape.window.parentHex) ? shape.window.parentHex : null,
      ...claims,
      source: { name, kind, bytes: reading.bytes, sha256: reading.sha256 },
      strip: strip.build(reading.records, heads.coveredTo === null ? null : heads.coveredTo + 1),
      throughput: {
        records: reading.records,
        bytes: reading.bytes,
        seconds: (performance.now() - began) / 1000,
      },
    },
    locator: locatorOf(places),
  };
};
