// One record of an export under the lens: its text, what it says in common terms, its own fields, and its leaf in the seal.
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { Verified } from '../format.ts';
import { requireRecord } from '../lines/locator.ts';
import { cutText, findingsOf, VIEW_LIMIT } from '../lines/record-fields.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import type { ExportAdapter } from './adapter.ts';
import { csvObject } from './csv-row.ts';
import { encodingOf } from './cut/plain-text.ts';
import type { NormalisedEvent, RecordContext } from './event.ts';
import { timeText } from './export-findings.ts';
import { contextOf } from './open-export.ts';
import { readExport, readFrom } from './read-export.ts';
import { jsonObject, textOf } from './record-values.ts';
import { Seal } from './seal.ts';
import { partsOf } from './verify-export.ts';
import type { ExportPart } from './verify-export.ts';

interface Found {
  readonly part: ExportPart;
  readonly place: Place;
  /** null for a record too long to be read. */
  readonly bytes: Buffer | null;
}

/** Goes through a file until the record has come; answers how many records it has otherwise. */
const findIn = async (
  part: ExportPart,
  index: number,
  locator: Verified['locator'],
): Promise<{ readonly found: Found | null; readonly records: number }> => {
  const state: { found: Found | null; records: number } = { found: null, records: 0 };
  const handler: RecordHandler = {
    record: (bytes, start, end, place) => {
      state.records = place.index + 1;
      if (place.index === index)
        state.found = { part, place, bytes: Buffer.from(bytes.subarray(start, end)) };
    },
    tooLong: (place) => {
      state.records = place.index + 1;
      if (place.index === index) state.found = { part, place, bytes: null };
    },
  };
  const row = Math.min(Math.floor(index / locator.every), locator.offsets.length - 1);
  const offset = locator.offsets[row];
  const { file, layout } = part;
  const from =
    row > 0 && offset !== undefined
      ? { index: row * locator.every, offset, line: locator.lines?.[row] ?? 0 }
      : null;
  const head: Buffer[] = [];
  for await (const chunk of file.open({ start: 0, end: Math.min(4, file.bytes) }))
    head.push(Buffer.from(chunk));
  const magic = Buffer.concat(head);
  const isPlain = encodingOf(magic) === 'utf-8' && !(magic[0] === 0x1f && magic[1] === 0x8b);
  const isDone = (): boolean => state.found !== null;
  if (from === null)
    await readExport(file, layout, handler, {
      signal: new AbortController().signal,
      advanced: () => !isDone(),
    });
  else await readFrom(file, layout, handler, from, isPlain, isDone);
  return { found: state.found, records: state.records };
};

const summaryOf = (event: NormalisedEvent, sequenceName: string): RecordView['fields'] =>
  [
    ['time', event.time === null ? null : timeText(event.time)],
    ['id', event.id],
    [sequenceName, event.sequence === null ? null : String(event.sequence.value)],
    ['actor', event.actor],
    ['action', event.action],
    ['target', event.target],
    ['result', event.result],
    ['source address', event.sourceIp],
  ].flatMap(([name, value]) =>
    typeof value === 'string' && typeof name === 'string' ? [{ name, value: cutText(value) }] : [],
  );

const ownFields = (text: string, context: RecordContext): RecordView['fields'] => {
  const record = context.header === null ? jsonObject(text) : csvObject(text, context);
  if (typeof record === 'string') return [];
  return Object.entries(record).map(([name, value]) => ({
    name: `“${name}”`,
    value: cutText(valueText(value)),
  }));
};

const valueText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Nested too deeply to be written again.
    return textOf(value) ?? '';
  }
};

/** Throws AppError('audit.no_such_record'), and what the source throws. */
export const exportRecord = async (
  adapter: ExportAdapter,
  source: Source,
  verified: Verified,
  index: number,
): Promise<RecordView> => {
  requireRecord(verified, index);
  const findings = findingsOf(verified.report, index);
  let before = 0;
  for (const part of await partsOf(adapter, source)) {
    const { found, records } = await findIn(part, index - before, verified.locator);
    if (found !== null) return viewOf(adapter, found, index, findings);
    before += records;
  }
  return {
    index,
    line: null,
    byteOffset: null,
    path: null,
    raw: '',
    rawTruncated: false,
    fields: [],
    checks: [],
    findings,
  };
};

const viewOf = (
  adapter: ExportAdapter,
  found: Found,
  index: number,
  findings: RecordView['findings'],
): RecordView => {
  const { part, place, bytes } = found;
  const common = { index, line: place.line || null, byteOffset: place.offset, path: part.path, findings };
  if (bytes === null) return { ...common, raw: '', rawTruncated: true, fields: [], checks: [] };
  const text = bytes.toString('utf8');
  const context = contextOf(part.layout);
  const event = part.read(text, context);
  const leaf = new Seal().leafOf(bytes, 0, bytes.length).toString('hex');
  return {
    ...common,
    raw: bytes.subarray(0, VIEW_LIMIT).toString('utf8'),
    rawTruncated: bytes.length > VIEW_LIMIT,
    fields: [
      ...(typeof event === 'string' ? [] : summaryOf(event, adapter.sequenceName)),
      ...ownFields(text, context),
    ],
    checks: [{ name: 'leaf of the seal', stored: null, recomputed: leaf, ok: true, hashed: null }],
  };
};
