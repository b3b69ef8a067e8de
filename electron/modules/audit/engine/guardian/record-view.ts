// One Guardian record under the lens: each stored hash beside the recomputed one, with the text that was hashed.
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { Verified } from '../format.ts';
import { findRecords, requireRecord } from '../lines/locator.ts';
import type { FoundRecord } from '../lines/locator.ts';
import { onlyFile } from '../lines/read-log.ts';
import { cutText, fieldsOf, findingsOf, rawOf } from '../lines/record-fields.ts';
import { GUARDIAN_SHAPE } from './guardian-pass.ts';
import { HashedRecordReader } from './hashed-record.ts';
import { chainHashOf, storedHashes } from './record-check.ts';

type Check = RecordView['checks'][number];

/** Throws AppError('audit.no_such_record') and what the source throws. */
export const guardianRecordView = async (
  source: Source,
  verified: Verified,
  index: number,
  format: string,
): Promise<RecordView> => {
  requireRecord(verified, index);
  const file = onlyFile(source, format);
  const found = await findRecords(file, verified.locator, Math.max(0, index - 1), index);
  const record = found.find(({ place }) => place.index === index);
  const findings = findingsOf(verified.report, index);
  if (record === undefined) {
    const nothing = { raw: '', rawTruncated: false, fields: [], checks: [] };
    return { index, line: null, byteOffset: null, path: null, ...nothing, findings };
  }
  const reader = new HashedRecordReader(GUARDIAN_SHAPE);
  const isRead = read(reader, record);
  return {
    index,
    line: record.place.line || null,
    byteOffset: record.place.offset,
    path: null,
    ...(await rawOf(file, record)),
    fields: isRead ? fieldsOf(reader.tree()) : [],
    checks: isRead ? checksOf(reader, found[0], index, findings) : [],
    findings,
  };
};

const read = (reader: HashedRecordReader, record: FoundRecord): boolean =>
  record.bytes !== null && reader.read(record.bytes, 0, record.bytes.length - 1) === null;

const checksOf = (
  reader: HashedRecordReader,
  before: FoundRecord | undefined,
  index: number,
  findings: RecordView['findings'],
): Check[] => {
  const stored = storedHashes(reader);
  const chain = chainHashOf(stored.parent, stored.event);
  return [
    {
      name: 'event_hash',
      stored: stored.event,
      recomputed: reader.recomputed,
      ok: stored.event === reader.recomputed,
      hashed: cutText(reader.body()),
    },
    {
      name: 'chain_hash',
      stored: stored.chain,
      recomputed: chain,
      ok: stored.chain === chain,
      // A first record's chain hash is its event hash: nothing is hashed for it.
      hashed: stored.parent === null ? null : cutText(stored.parent + stored.event),
    },
    previousCheck(stored.parent, index === 0 ? undefined : before, findings),
  ];
};

/** The chain hash of the record before in the file, unless the chain is known to go elsewhere. */
const previousCheck = (
  stored: string | null,
  before: FoundRecord | undefined,
  findings: RecordView['findings'],
): Check => {
  const reader = new HashedRecordReader(GUARDIAN_SHAPE);
  const previous = before !== undefined && read(reader, before) ? storedHashes(reader).chain : null;
  const isBroken = findings.some(({ kind }) => kind === 'LINK_BREAK' || kind === 'GAP');
  const follows = stored === previous;
  // Where nothing is broken, the named parent stands elsewhere in the log, or before its first record.
  const recomputed = follows || isBroken ? previous : stored;
  return { name: 'previous_hash', stored, recomputed, ok: follows || !isBroken, hashed: null };
};
