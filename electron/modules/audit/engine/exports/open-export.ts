// One exported file, opened: its layout, its first records, and whether an adapter knows them.
import type { SourceFile } from '../../../../ports/source.ts';
import type { RecordHandler } from '../lines/record-stream.ts';
import type { ExportAdapter, ExportSample, Recognition } from './adapter.ts';
import { layoutFor, layoutOfText } from './cut/layout.ts';
import type { TextLayout } from './cut/layout.ts';
import { beginningOfText, encodingOf } from './cut/plain-text.ts';
import { RecordCutter } from './cut/record-cutter.ts';
import type { RecordContext } from './event.ts';

const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_RECORDS = 64;

export interface Opening {
  readonly layout: TextLayout;
  readonly beginning: Buffer;
  /** The beginning is the whole text. */
  readonly isWhole: boolean;
}

export const openExport = async (file: SourceFile): Promise<Opening> => {
  const beginning = await beginningOfText(file, SAMPLE_BYTES);
  return { layout: layoutOfText(beginning), beginning, isWhole: beginning.length < SAMPLE_BYTES };
};

/** The first whole records; where only a beginning was read, not the one that it cuts off. */
const firstRecords = (opening: Opening, layout: TextLayout): string[] => {
  const records: string[] = [];
  const handler: RecordHandler = {
    record: (bytes, start, end, _place, complete) => {
      if (records.length < SAMPLE_RECORDS && (complete || opening.isWhole))
        records.push(bytes.toString('utf8', start, end));
    },
    tooLong: () => undefined,
  };
  const cutter = new RecordCutter(layout, handler);
  cutter.push(opening.beginning);
  cutter.end();
  return records;
};

/** As an adapter looks at it. */
export const sampleOfExport = (opening: Opening): ExportSample => {
  const { layout } = opening;
  const asLines = layoutFor(layout, 'lines');
  const asRows = layoutFor(layout, 'csv');
  const rows = asRows.cut === 'csv' ? firstRecords(opening, asRows) : [];
  return {
    layout: layout.layout,
    records: firstRecords(opening, asLines),
    csv: asRows.csv === null || rows.length === 0 ? null : { ...asRows.csv, rows },
  };
};

export const contextOf = (layout: TextLayout): RecordContext => ({
  header: layout.csv?.header ?? null,
  delimiter: layout.csv?.delimiter ?? ',',
});

/** For a log that looks as if it had hashes: any format that verifies them is surer. */
export const HASHED_CONFIDENCE = 0.05;

/** Fields that belong to formats with hashes: such a log is theirs, however damaged. */
const HASH_FIELDS =
  /["',;\s]?(?:prev(?:ious)?_?(?:hash|digest)|prevHash|previousHash|chain_?(?:hash|prev)|event_hash|entry_hash|row_hash|record_hash|integrity_hash|curr(?:ent)?_?hash|prev_record_hash|parent_hash)["',;\s:=]/iu;

export const looksHashed = (sample: ExportSample): boolean =>
  HASH_FIELDS.test(` ${sample.csv?.header.join(' ') ?? ''} `) ||
  (sample.layout === 'json' && HASH_FIELDS.test((sample.records[0] ?? '').slice(0, SAMPLE_BYTES)));

/** null = not this adapter's. */
export const recogniseExport = (adapter: ExportAdapter, sample: ExportSample): Recognition | null => {
  const found = adapter.recognise(sample);
  if (found === null || !looksHashed(sample)) return found;
  return { ...found, confidence: Math.min(found.confidence, HASHED_CONFIDENCE) };
};

const CUTS: Readonly<Record<TextLayout['cut'], string>> = {
  lines: 'lines',
  array: 'JSON array',
  objects: 'JSON objects over several lines',
  csv: 'CSV',
  xml: 'XML',
  octets: 'octet-counted messages',
};

/** For people: how the records are written. */
export const describeLayout = (layout: TextLayout, encoding: ReturnType<typeof encodingOf>): string => {
  const words = layout.layout === 'json' && layout.cut === 'lines' ? 'JSON lines' : CUTS[layout.cut];
  const delimiter =
    layout.csv === null || layout.csv.delimiter === ','
      ? ''
      : layout.csv.delimiter === '\t'
        ? ', tab'
        : `, “${layout.csv.delimiter}”`;
  return `${words}${delimiter}${encoding === 'utf-8' ? '' : `, ${encoding.toUpperCase()}`}`;
};
