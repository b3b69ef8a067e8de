// Agno's AuditTrailManager: each record carries a keyless hash of itself and nothing links them.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { HashedRecordReader } from '../guardian/hashed-record.ts';
import type { RecordShape } from '../guardian/hashed-record.ts';
import { LogNotes } from '../guardian/log-notes.ts';
import { recognise } from '../guardian/recognise.ts';
import type { RepairShape } from '../guardian/repair-variants.ts';
import { findRecords, locatorOf, requireRecord } from '../lines/locator.ts';
import { onlyFile, readLog } from '../lines/read-log.ts';
import { cutText, fieldsOf, findingsOf, rawOf } from '../lines/record-fields.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import { AGNO_METHOD } from './method.ts';

const ID = 'agno-integrity';
const TITLE = 'Agno integrity hashes (JSONL)';

const SHAPE: RecordShape = {
  hashFields: ['integrity_hash'],
  required: ['integrity_hash'],
  idField: 'event_id',
};

const REPAIR: RepairShape = {
  fields: ['event_id', 'timestamp', 'event_type', 'event_data', 'security_context', 'system_context'],
  dictField: 'security_context',
  timestampField: 'timestamp',
};

class AgnoPass implements RecordHandler {
  readonly notes = new LogNotes(SHAPE, REPAIR);

  get isHopeless(): boolean {
    return this.notes.isHopeless;
  }

  record(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): void {
    if (!this.notes.read(bytes, start, end, place, complete)) return;
    const { reader } = this.notes;
    const stored = reader.stored(0) ?? '';
    if (reader.recomputed !== stored) this.notes.judge(place, stored);
  }

  tooLong(place: Place, length: number): void {
    this.notes.tooLong(place, length);
  }
}

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const pass = new AgnoPass();
  const { places, findings, strip } = pass.notes;
  const reading = await readLog(source, ID, options, run, pass);
  const { verified } = pass.notes;
  if (verified === 0) {
    const reason = 'no line holds a record with integrity_hash';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  pass.notes.finish(reading);
  for (const head of options.trustedHeads) {
    const message = 'The trusted head can not be compared with anything: these records form no chain.';
    findings.add({ kind: 'HEAD_MISMATCH', expected: head, message });
  }
  const { findings: listed, omitted } = findings.listed();
  return {
    report: {
      verdict: findings.verdict('NOT_TAMPER_EVIDENT'),
      format: ID,
      records: reading.records,
      anchored: false,
      findings: [...listed],
      findingsOmitted: omitted,
      coverage: { unprotectedFields: [], uncovered: [], unreferenced: [] },
      head: null,
      startsAfter: null,
      proves: [
        `Each of the ${verified} records that could be read was checked against its own integrity_hash. A record without a finding is self-consistent: it was not edited carelessly, that is without re-computing its hash.`,
      ],
      doesNotProve: [
        'That no record was deleted, inserted or moved: the records are not linked, so none of this leaves a trace.',
        'That no record was edited: the hash needs no key, so whoever edits a record can re-compute it.',
        'That the log is complete: nothing marks its beginning or its end.',
        'That what the records say is true, or that everything that happened was logged.',
      ],
      source: { name: source.name, kind: source.kind, bytes: reading.bytes, sha256: reading.sha256 },
      strip: strip.build(reading.records, null),
      throughput: {
        records: reading.records,
        bytes: reading.bytes,
        seconds: (performance.now() - began) / 1000,
      },
    },
    locator: locatorOf(places),
  };
};

const record = async (source: Source, verified: Verified, index: number): Promise<RecordView> => {
  requireRecord(verified, index);
  const file = onlyFile(source, ID);
  const [found] = await findRecords(file, verified.locator, index, index);
  const findings = findingsOf(verified.report, index);
  if (found === undefined) {
    const nothing = { raw: '', rawTruncated: false, fields: [], checks: [] };
    return { index, line: null, byteOffset: null, path: null, ...nothing, findings };
  }
  const reader = new HashedRecordReader(SHAPE);
  const isRead = found.bytes !== null && reader.read(found.bytes, 0, found.bytes.length - 1) === null;
  const stored = isRead ? (reader.stored(0) ?? null) : null;
  const { recomputed } = reader;
  return {
    index,
    line: found.place.line || null,
    byteOffset: found.place.offset,
    path: null,
    ...(await rawOf(file, found)),
    fields: isRead ? fieldsOf(reader.tree()) : [],
    checks: isRead
      ? [
          {
            name: 'integrity_hash',
            stored,
            recomputed,
            ok: stored === recomputed,
            hashed: cutText(reader.body()),
          },
        ]
      : [],
    findings,
  };
};

/** Agno AuditTrailManager exports: JSON lines (or a JSON array), plain or gzip. Format: design/audit.md section 1.2. */
export const agnoIntegrity: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'One JSON record per line with an integrity_hash of its own: self-consistent at best, not tamper-evident.',
  method: AGNO_METHOD,
  detect: (source) =>
    recognise(source, {
      id: ID,
      title: TITLE,
      shape: SHAPE,
      repair: REPAIR,
      marks: ['event_data', 'security_context', 'system_context'],
      names: 'an integrity_hash of their own and the fields of Agno’s audit trail',
    }),
  verify,
  record,
};
