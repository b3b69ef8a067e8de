// The first records of a log, JSON or CSV: what its recipe is inferred from.
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { RecordStream } from '../lines/record-stream.ts';
import { TextStream } from '../lines/text-stream.ts';
import { csvHead, CsvSplitter, rowEnd } from './csv-stream.ts';
import type { CsvHead } from './csv-stream.ts';
import type { ReadRecord } from './preimage.ts';
import { JSON_LAYOUT, readRecord } from './record-reader.ts';
import type { Layout } from './record-reader.ts';

export interface Beginning {
  readonly layout: Layout;
  readonly records: readonly ReadRecord[];
  /** Lines that are no records. */
  readonly unread: number;
}

const MAX_RECORDS = 200;

/** null when the source is not one file, or begins with neither JSON records nor a CSV table. */
export const beginningOf = async (source: Source, maxBytes: number): Promise<Beginning | null> => {
  const [file, ...others] = source.files;
  if (file === undefined || others.length > 0 || file.bytes === 0) return null;
  const { text, isWhole } = await textOf(file, maxBytes);
  const start = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? text.subarray(3) : text;
  const first = start.subarray(0, 4096).toString('latin1').trimStart();
  if (first.startsWith('{') || first.startsWith('[')) return jsonBeginning(text, isWhole);
  return csvBeginning(start, isWhole);
};

const jsonBeginning = (text: Buffer, isWhole: boolean): Beginning => {
  const records: ReadRecord[] = [];
  let unread = 0;
  const stream = new RecordStream({
    record: (bytes, from, to, _place, complete) => {
      if (records.length >= MAX_RECORDS || (!complete && !isWhole)) return;
      const read = readRecord(Buffer.from(bytes.subarray(from, to)), JSON_LAYOUT);
      if (typeof read === 'string') unread += 1;
      else records.push(read);
    },
    tooLong: () => {
      unread += 1;
    },
  });
  stream.push(text);
  stream.end();
  return { layout: JSON_LAYOUT, records, unread };
};

const csvBeginning = (text: Buffer, isWhole: boolean): Beginning | null => {
  const rows: Buffer[] = [];
  const splitter = new CsvSplitter({
    piece: (bytes, from, to, _offset, _line, complete) => {
      const end = rowEnd(bytes, from, to);
      const isUsable = rows.length <= MAX_RECORDS && (complete || isWhole) && end > from;
      if (isUsable) rows.push(Buffer.from(bytes.subarray(from, end)));
    },
    tooLong: () => undefined,
  });
  splitter.push(text);
  splitter.end();
  const [heading, ...lines] = rows;
  const csv: CsvHead | null = heading === undefined ? null : csvHead(heading.toString('utf8'));
  if (csv === null) return null;
  const layout: Layout = { csv, cells: 'text' };
  const read = lines.map((line) => readRecord(line, layout));
  const records = read.filter((record) => typeof record !== 'string');
  return { layout, records, unread: read.length - records.length };
};

const textOf = async (
  file: SourceFile,
  maxBytes: number,
): Promise<{ readonly text: Buffer; readonly isWhole: boolean }> => {
  const parts: Buffer[] = [];
  let size = 0;
  const end = Math.min(file.bytes, maxBytes);
  const head: SourceFile = { name: file.name, bytes: end, open: () => file.open({ start: 0, end }) };
  for await (const chunk of new TextStream(head).chunks()) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return {
    text: Buffer.concat(parts).subarray(0, maxBytes),
    isWhole: file.bytes <= maxBytes && size < maxBytes,
  };
};
