// Acra's cryptographically protected audit log: each line carries a value that builds on all lines of its chain.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Detection } from '../../../../../shared/model/audit.ts';
import type { RecordView, Verdict } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { keyFilesOf } from '../journald/key-files.ts';
import { PlaceColumn } from '../lines/columns.ts';
import { FindingList } from '../lines/finding-list.ts';
import { formFindings } from '../lines/form-findings.ts';
import { findRecords, locatorOf, requireRecord } from '../lines/locator.ts';
import { onlyFile, readLog } from '../lines/read-log.ts';
import { cutText, findingsOf, rawOf } from '../lines/record-fields.ts';
import { pump, RecordStream } from '../lines/record-stream.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import { sampleOf } from '../lines/sample.ts';
import { Strip } from '../lines/strip.ts';
import { TextStream } from '../lines/text-stream.ts';
import { ChainState, readAcraKeys } from './chain-key.ts';
import type { AcraKey } from './chain-key.ts';
import { ChainWalk } from './chain-walk.ts';
import { ACRA_METHOD } from './method.ts';
import { parseEntry } from './entry.ts';
import type { AcraEntry } from './entry.ts';

const ID = 'acra-audit-log';
const TITLE = 'Acra audit log';
const SAMPLE = 8;
const STARTS = 32;

const detect = async (source: Source): Promise<Detection | null> => {
  const sample = await sampleOf(source, SAMPLE);
  if (sample === null) return null;
  const entries = sample.records.map((record) => parseEntry(record.subarray(0, -1)));
  const found = entries.filter((entry) => entry !== null);
  const [first] = found;
  if (first === undefined) return null;
  const isAcra =
    found.some(({ isNew, isEnd }) => isNew || isEnd) ||
    /cossacklabs|acra-/u.test(sample.text.toString('latin1'));
  // JSON with a field of that name alone may be something else.
  const confidence = isAcra ? 0.96 : first.form === 'json' ? 0.4 : 0.75;
  const reason = `${found.length} of the first ${entries.length} lines carry an integrity value${isAcra ? ' and marks of Acra (chain=new, its product names)' : ''}; written as ${first.form}.`;
  return { format: ID, title: TITLE, confidence, reason };
};

/** First reading: where lines are, which are no entries, and where chains begin. */
class Survey implements RecordHandler {
  readonly places = new PlaceColumn();
  readonly starts: AcraEntry[] = [];
  readonly forms = new Set<string>();
  readonly unsigned: { readonly index: number; count: number }[] = [];
  entries = 0;
  partial = -1;

  record(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): void {
    this.places.push(place.offset, place.line);
    const entry = parseEntry(bytes.subarray(start, end));
    if (entry === null) {
      if (complete) this.#without(place.index);
      else this.partial = place.index;
      return;
    }
    this.entries += 1;
    this.forms.add(entry.form);
    if (entry.isNew && this.starts.length < STARTS)
      this.starts.push({ ...entry, raw: entry.raw.map((raw) => Buffer.from(raw)) });
  }

  tooLong(place: Place): void {
    this.places.push(place.offset, place.line);
    this.#without(place.index);
  }

  #without(index: number): void {
    const last = this.unsigned.at(-1);
    if (last !== undefined && last.index + last.count === index) last.count += 1;
    else this.unsigned.push({ index, count: 1 });
  }
}

const fittingKey = (starts: readonly AcraEntry[], keys: readonly AcraKey[]): AcraKey | null =>
  keys.find((key) => {
    const state = new ChainState(key);
    return starts.some(({ raw, integrity }) => raw.some((bytes) => state.try(bytes).integrity === integrity));
  }) ?? null;

const walkAgain = async (source: Source, walk: ChainWalk, run: EngineRun): Promise<void> => {
  const file = onlyFile(source, ID);
  const records = new RecordStream({
    record: (bytes, start, end, place) => {
      const entry = parseEntry(bytes.subarray(start, end));
      if (entry === null) return;
      // The bytes are valid during the call only, and the walk looks back at some lines.
      const raw = entry.raw.map((part) => Buffer.from(part));
      walk.push({ ...entry, raw, index: place.index, line: place.line, offset: place.offset });
    },
    tooLong: () => undefined,
  });
  await pump(new TextStream(file), records, {
    signal: run.signal,
    advanced: (done, count) =>
      run.progress({
        step: 'verifying',
        done: file.bytes + done,
        total: 2 * file.bytes,
        unit: 'bytes',
        records: count,
      }),
  });
  walk.end();
};

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const file = onlyFile(source, ID);
  const survey = new Survey();
  const first: EngineRun = {
    signal: run.signal,
    progress: (p) => run.progress({ ...p, total: 2 * file.bytes }),
  };
  const reading = await readLog(source, ID, options, first, survey);
  const { places } = survey;
  if (survey.entries === 0) {
    const reason = 'no line carries an integrity value';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const findings = new FindingList();
  const strip = new Strip();
  const placeAt = (index: number): { index: number; line: number; byteOffset: number } => ({
    index,
    line: places.line(index),
    byteOffset: places.offset(index),
  });
  for (const finding of formFindings(reading, survey.partial < 0 ? null : survey.partial))
    findings.add(finding);
  if (survey.partial >= 0) {
    strip.mark(survey.partial, 1, 'uncovered');
    const message = 'The file ends in the middle of this line: it is cut off here.';
    findings.add({ kind: 'TRUNCATED', verdict: 'GAP', ...placeAt(survey.partial), message });
  }
  for (const { index, count } of survey.unsigned) {
    strip.mark(index, count, 'uncovered');
    const message = `${count === 1 ? 'This line carries' : `${count} lines carry`} no integrity value: no chain holds them, so anyone may have put them there or changed them.`;
    findings.add({ kind: 'UNPROTECTED_RECORD', verdict: 'UNVERIFIABLE', ...placeAt(index), count, message });
  }
  const keys = readAcraKeys(await keyFilesOf(options, ID));
  const key = fittingKey(survey.starts, keys);
  const walk = new ChainWalk(key === null ? null : new ChainState(key), findings, strip);
  await walkAgain(source, walk, run);
  let base: Verdict = walk.isEnded ? 'INTACT' : 'INTACT_BUT_UNANCHORED';
  if (key === null) {
    base = 'UNVERIFIABLE';
    strip.mark(0, reading.records, 'uncovered');
    if (keys.length > 0) {
      const message =
        survey.starts.length === 0
          ? 'No chain begins in this file, so the key can not be tried: the file that the chain begins in is needed.'
          : 'With the key given not one chain begins rightly: it is the key of another installation, or is still encrypted, or the first lines were altered.';
      findings.add({ kind: 'SIGNATURE_INVALID', verdict: 'UNVERIFIABLE', message });
    }
    const message =
      'The key of the audit log (audit_log_symmetric_key, decrypted: raw, hex or base64) is missing; without it no integrity value can be made again.';
    findings.add({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', message });
  }
  if (!walk.isEnded) {
    const message =
      'The last chain has no end line: the service was still running, or it stopped without closing the chain, or lines were removed at the end.';
    findings.add({ kind: 'TRUNCATED', message });
  }
  for (const trusted of options.trustedHeads) {
    if (trusted === walk.head) continue;
    const message = 'The trusted head is not the integrity value of the last line that fits its chain.';
    findings.add({ kind: 'HEAD_MISMATCH', verdict: 'TAMPERED', expected: trusted, message });
  }
  const hasTrusted = walk.head !== null && options.trustedHeads.includes(walk.head);
  const { findings: listed, omitted } = findings.listed();
  return {
    locator: locatorOf(places),
    report: {
      verdict: findings.verdict(hasTrusted ? 'INTACT' : base),
      format: ID,
      dialect: `written as ${[...survey.forms].join(' and ')}`,
      records: reading.records,
      anchored: hasTrusted || (key !== null && walk.isEnded && base === 'INTACT'),
      findings: [...listed],
      findingsOmitted: omitted,
      coverage: {
        unprotectedFields: ['the mark chain=new'],
        uncovered: [],
        unreferenced: [],
      },
      head: walk.head,
      startsAfter: null,
      proves:
        key === null
          ? [
              'Nothing about the content. Beginnings and ends of chains were read, which the key would have to confirm.',
            ]
          : [
              `${walk.proven} lines in ${walk.chains} chains have the integrity value that the key gives, each building on the one before: none of them was altered, inserted, moved or removed, but for what the findings say.`,
              ...(walk.ended > 0
                ? [`${walk.ended} chains are closed by an end line, so that none of their lines is missing.`]
                : []),
            ],
      doesNotProve: [
        'That no whole chain is missing: nothing links one chain to the next, so chains at the end, or between two others, can be removed without a trace.',
        'That lines written after the host was taken over are genuine: who holds the key of a line can write all later ones of its chain.',
        'That what the lines say is true, or that everything that happened was logged.',
      ],
      source: { name: source.name, kind: source.kind, bytes: reading.bytes, sha256: reading.sha256 },
      strip: strip.build(reading.records, null),
      throughput: {
        records: reading.records,
        bytes: reading.bytes,
        seconds: (performance.now() - began) / 1000,
      },
    },
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
  const entry = found.bytes === null ? null : parseEntry(found.bytes.subarray(0, -1));
  const hashed = entry?.raw[0]?.toString('utf8') ?? null;
  return {
    index,
    line: found.place.line || null,
    byteOffset: found.place.offset,
    path: null,
    ...(await rawOf(file, found)),
    fields:
      entry === null
        ? []
        : [
            { name: 'form', value: entry.form },
            { name: 'chain', value: entry.isNew ? 'begins here' : entry.isEnd ? 'ends here' : 'goes on' },
          ],
    checks:
      entry === null
        ? []
        : [
            {
              name: 'integrity',
              stored: entry.integrity,
              // It builds on every line before it, so that it is known from the verification only.
              recomputed: null,
              ok:
                findings.every(({ verdict }) => verdict === undefined || verdict === 'SEGMENTED') &&
                verified.report.head !== null,
              hashed: hashed === null ? null : cutText(hashed),
            },
          ],
    findings,
  };
};

/** Acra's audit log (logging/audit_log.go of cossacklabs/acra; design/audit.md 3.10). `index` counts lines. */
export const acraAuditLog: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'Acra audit logs (text, CEF, JSON): every line’s integrity value along its chain, lost chain ends, and lines without one.',
  method: ACRA_METHOD,
  detect,
  verify,
  record,
};
