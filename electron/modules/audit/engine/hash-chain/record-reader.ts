// Reads one record, JSON or CSV, into the form that all recipes work on.
import { parsePythonJson, PythonJsonError } from '../../../../../shared/chain/python-json.ts';
import type { PyDict, PyNode } from '../../../../../shared/chain/python-json.ts';
import type { Recipe } from '../../../../../shared/chain/recipe.ts';
import { isDict } from '../guardian/hashed-record.ts';
import { cellsOf } from './csv-stream.ts';
import type { CsvHead } from './csv-stream.ts';
import type { ReadRecord } from './preimage.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** How the records of a log stand in it. */
export interface Layout {
  /** null for JSON. */
  readonly csv: CsvHead | null;
  readonly cells: Recipe['cells'];
}

export const JSON_LAYOUT: Layout = { csv: null, cells: 'text' };

/** The record, or why it is none, as a clause for a message and without content. */
export const readRecord = (bytes: Buffer, layout: Layout): ReadRecord | string => {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return 'not valid UTF-8';
  }
  const dict = layout.csv === null ? jsonRecord(text) : csvRecord(text, layout.csv, layout.cells);
  return typeof dict === 'string' ? dict : { dict, line: bytes };
};

const jsonRecord = (text: string): PyDict | string => {
  try {
    const node = parsePythonJson(text);
    return isDict(node) ? node : 'not an object';
  } catch (error) {
    if (!(error instanceof PythonJsonError)) throw error;
    return `no valid JSON: ${error.message}`;
  }
};

const csvRecord = (text: string, head: CsvHead, kind: Recipe['cells']): PyDict | string => {
  const cells = cellsOf(text, head.delimiter);
  if (cells === null) return 'its quotes do not match';
  if (cells.length !== head.names.length)
    return `it has ${cells.length} cells under ${head.names.length} headings`;
  const members = new Map<string, PyNode>();
  for (const [i, name] of head.names.entries()) {
    const cell = cells[i] ?? '';
    members.set(name, kind === 'text' ? cell : typedCell(cell));
  }
  return { type: 'dict', members };
};

const JSON_LIKE = /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null|[[{].*)$/s;
const WORDS: ReadonlyMap<string, PyNode> = new Map<string, PyNode>([
  ['', null],
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** A cell as the value that a database or data frame wrote into it. */
const typedCell = (cell: string): PyNode => {
  const word = WORDS.get(cell);
  if (word !== undefined) return word;
  if (!JSON_LIKE.test(cell)) return cell;
  try {
    return parsePythonJson(cell);
  } catch {
    return cell;
  }
};
