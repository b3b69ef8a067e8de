// The Guardian chain: verifies AuditLogger exports record by record and link by link, in one streaming pass.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { findRecords, locatorOf } from '../lines/locator.ts';
import { onlyFile, readLog } from '../lines/read-log.ts';
import { chainFindings } from './chain-findings.ts';
import { shapeOf } from './chain-shape.ts';
import { guardianClaims } from './claims.ts';
import { GUARDIAN_REPAIR, GUARDIAN_SHAPE, GuardianPass } from './guardian-pass.ts';
import { HashedRecordReader } from './hashed-record.ts';
import { isDigest } from './link-tracker.ts';
import { storedHashes } from './record-check.ts';
import { guardianRecordView } from './record-view.ts';
import { recognise } from './recognise.ts';
import { compareHeads } from './trusted-heads.ts';
import { GUARDIAN_METHOD } from './method.ts';

const ID = 'guardian-chain';
const TITLE = 'Guardian hash chain (JSONL)';

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const pass = new GuardianPass();
  const { links, notes } = pass;
  const { places, findings, strip } = notes;
  const reading = await readLog(source, ID, options, run, pass);
  if (notes.verified === 0) {
    const reason = 'no line holds a record with event_hash and chain_hash';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  notes.finish(reading);

  const shape = shapeOf(links, options.trustedHeads);
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
  const heads = compareHeads(links, shape, options.trustedHeads);
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
  const locator = locatorOf(places);
  const { findings: listed, omitted } = findings.listed();
  return {
    report: {
      verdict,
      format: ID,
      records: reading.records,
      anchored: heads.anchored,
      findings: [...listed],
      findingsOmitted: omitted,
      coverage: { unprotectedFields: [], uncovered: [], unreferenced: [] },
      head: digestOrNull(
        shape.head === pass.lastIndex ? links.lastChain : await headAt(source, locator, shape.head),
      ),
      startsAfter: shape.window === null ? null : digestOrNull(await parentAt(source, locator, shape.window)),
      ...claims,
      source: { name: source.name, kind: source.kind, bytes: reading.bytes, sha256: reading.sha256 },
      strip: strip.build(reading.records, heads.coveredTo === null ? null : heads.coveredTo + 1),
      throughput: {
        records: reading.records,
        bytes: reading.bytes,
        seconds: (performance.now() - began) / 1000,
      },
    },
    locator,
  };
};

type Locator = Verified['locator'];

/** What stands in a damaged log where a digest should be is nothing to pass on as one. */
const digestOrNull = (stored: string | null): string | null =>
  stored !== null && isDigest(stored) ? stored : null;

/** The stored hashes of one record, read again. */
const hashesAt = async (
  source: Source,
  locator: Locator,
  index: number,
): Promise<{ readonly chain: string; readonly parent: string | null } | null> => {
  const [found] = await findRecords(onlyFile(source, ID), locator, index, index);
  const reader = new HashedRecordReader(GUARDIAN_SHAPE);
  const bytes = found?.bytes ?? null;
  return bytes !== null && reader.read(bytes, 0, bytes.length - 1) === null ? storedHashes(reader) : null;
};

const headAt = async (source: Source, locator: Locator, index: number): Promise<string | null> =>
  (await hashesAt(source, locator, index))?.chain ?? null;

const parentAt = async (
  source: Source,
  locator: Locator,
  window: { readonly start: number; readonly parentHex: string },
): Promise<string | null> =>
  window.parentHex === ''
    ? ((await hashesAt(source, locator, window.start))?.parent ?? null)
    : window.parentHex;

/** Guardian AuditLogger exports: JSON lines (or a JSON array), plain or gzip. Format: design/audit.md section 1.1. */
export const guardianChain: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'One JSON record per line with event_hash, chain_hash and previous_hash, as Guardian’s AuditLogger writes them.',
  method: GUARDIAN_METHOD,
  detect: (source) =>
    recognise(source, {
      id: ID,
      title: TITLE,
      shape: GUARDIAN_SHAPE,
      repair: GUARDIAN_REPAIR,
      marks: ['previous_hash', 'event_id'],
      names: 'event_hash, chain_hash and previous_hash',
    }),
  verify,
  record: (source, verified, index) => guardianRecordView(source, verified, index, ID),
};
