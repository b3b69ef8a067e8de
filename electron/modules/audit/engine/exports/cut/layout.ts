// What a text is made of, told by its beginning, and the splitter that cuts it into records.
import { ArraySplitter } from '../../lines/array-splitter.ts';
import { LineSplitter } from '../../lines/line-splitter.ts';
import type { PieceSink, Splitter } from '../../lines/splitter.ts';
import type { Layout } from '../adapter.ts';
import { delimiterOf, csvFields } from '../csv-row.ts';
import { CsvSplitter } from './csv-splitter.ts';
import { jsonStart } from './json-start.ts';
import { ObjectSplitter } from './object-splitter.ts';
import { OctetSplitter } from './octet-splitter.ts';
import { XmlSplitter } from './xml-splitter.ts';

export type Cut = 'lines' | 'array' | 'objects' | 'csv' | 'xml' | 'octets';

export interface TextLayout {
  readonly layout: Layout;
  readonly cut: Cut;
  /** Bytes of a byte order mark at the beginning. */
  readonly mark: 0 | 3;
  /** Offset of the first element, for an array inside a document; 0 otherwise. */
  readonly start: number;
  /** Line that `start` is in, from 1. */
  readonly startLine: number;
  /** Name of the elements that are events, for XML. */
  readonly item: string;
  /** For CSV; of any text that could be one. */
  readonly csv: { readonly header: readonly string[]; readonly delimiter: string } | null;
}

const XML = /^\s*<(?:\?xml|!--|!DOCTYPE|(?:[\w.-]+:)?(?:Events?|Objs)[\s/>])/u;
const OCTETS = /^\s*\d{1,6} <\d{1,3}>/u;
const HEAD = 4_096;
const MAX_HEADER = 16_384;
const MAX_COLUMNS = 1_000;

/** Lines that stand before the columns: PowerShell's type, Excel's delimiter. */
export const isPreamble = (line: string): boolean => line.startsWith('#TYPE ') || /^sep=.$/iu.test(line);

/** The columns of a text whose first line could name some: two at least, none empty, none twice, none a number. */
const csvOf = (text: string): TextLayout['csv'] => {
  const lines = text.split(/\r?\n/u, 32).filter((line) => line !== '' && !isPreamble(line));
  const [first] = lines;
  if (first === undefined || first.length > MAX_HEADER) return null;
  const delimiter = delimiterOf(lines.slice(0, 8));
  const header = csvFields(first, delimiter);
  if (typeof header === 'string' || header.length < 2 || header.length > MAX_COLUMNS) return null;
  const names = header.map((name) => name.trim());
  const isNamed = names.every((name) => name !== '' && name.length <= 128 && !/^[\d.:+-]+$/u.test(name));
  return isNamed && new Set(names).size === names.length ? { header: names, delimiter } : null;
};

/** `beginning`: the first 64 KiB of the plain text. */
export const layoutOfText = (beginning: Buffer): TextLayout => {
  const mark = beginning[0] === 0xef && beginning[1] === 0xbb && beginning[2] === 0xbf ? 3 : 0;
  const common = { mark, start: 0, startLine: 1, item: 'Event', csv: null } as const;
  const json = jsonStart(beginning, mark);
  if (json !== null) {
    const startLine = beginning.toString('latin1', 0, json.start).split('\n').length;
    return { ...common, layout: 'json', ...json, startLine };
  }
  const head = beginning.toString('latin1', mark, mark + HEAD);
  if (XML.test(head)) {
    const item = /<(?:[\w.-]+:)?Objs[\s>]/u.test(head) ? 'Obj' : 'Event';
    return { ...common, layout: 'xml', cut: 'xml', item };
  }
  if (OCTETS.test(head)) return { ...common, layout: 'octet-counted', cut: 'octets' };
  return { ...common, layout: 'text', cut: 'lines', csv: csvOf(beginning.toString('utf8', mark)) };
};

/** The layout as an adapter wants it: a text may be rows or lines. */
export const layoutFor = (layout: TextLayout, text: 'csv' | 'lines' | null): TextLayout =>
  layout.layout === 'text' && text === 'csv' && layout.csv !== null
    ? { ...layout, cut: 'csv' }
    : { ...layout, csv: null };

/** A splitter that begins at `offset` and `line`: at the beginning of the text, or at a record. */
export const splitterFor = (
  { cut, item, csv }: TextLayout,
  sink: PieceSink,
  at: { readonly offset: number; readonly line: number },
  isInside: boolean,
  trailing: (offset: number, bytes: number) => void,
): Splitter => {
  switch (cut) {
    case 'array':
      return new ArraySplitter(sink, isInside ? at : null, trailing);
    case 'objects':
      return new ObjectSplitter(sink, at.offset, at.line);
    case 'csv':
      return new CsvSplitter(sink, csv?.delimiter ?? ',', at.offset, at.line);
    case 'xml':
      return new XmlSplitter(sink, item, at.offset, at.line);
    case 'octets':
      return new OctetSplitter(sink, at.offset, at.line);
    case 'lines':
      return new LineSplitter(sink, at.offset, at.line);
  }
};
