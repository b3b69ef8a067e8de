// Answers of a Go checksum database: `<id>\n<record>\n\n<signed note>`, and the records in its data tiles.
import { leafHash } from '../../../../../shared/chain/merkle.ts';
import { readSmall } from '../merkle/small-file.ts';
import { sha256 } from '../merkle/sha256.ts';
import { tileNumber, WIDTH } from '../tlog-tiles/layout.ts';
import type { Leaves, TileFile, TileStyle } from '../tlog-tiles/layout.ts';

export interface Lookup {
  readonly id: number;
  /** With its final line feed: what is hashed. */
  readonly record: Buffer;
  readonly note: Buffer;
}

const HEAD = /^(0|[1-9]\d{0,15})\n(?=\S+ v\S+ h1:)/u;

/** Whether the beginning of a file is that of an answer. */
export const looksLikeLookup = (beginning: Buffer): boolean =>
  HEAD.test(beginning.toString('latin1', 0, 4096));

/** null where the bytes are no answer. */
export const parseLookup = (bytes: Buffer): Lookup | null => {
  const [head, digits] = HEAD.exec(bytes.toString('latin1', 0, 4096)) ?? [];
  const end = bytes.indexOf('\n\n');
  const id = Number(digits);
  if (head === undefined || end < 0 || !Number.isSafeInteger(id)) return null;
  return { id, record: bytes.subarray(head.length, end + 1), note: bytes.subarray(end + 2) };
};

/** Records have some hundred bytes. */
const DATA_BYTES = 16 * 1024 * 1024;

/** The bytes of each record of a data tile, up to where the form or the numbering breaks. */
const recordsOf = (
  data: Buffer,
  first: number,
): { readonly records: readonly Buffer[]; readonly isWhole: boolean } => {
  const records: Buffer[] = [];
  let at = 0;
  while (at < data.length) {
    const start = data.indexOf('\n', at) + 1;
    const end = start === 0 ? -1 : data.indexOf('\n\n', start);
    if (end < 0 || data.toString('latin1', at, start - 1) !== String(first + records.length)) break;
    records.push(data.subarray(start, end + 1));
    at = end + 2;
  }
  return { records, isWhole: at >= data.length };
};

const readData = async ({ file, width }: TileFile, index: number): Promise<Leaves> => {
  const bytes = await readSmall(file, 'go-sumdb', DATA_BYTES);
  const { records, isWhole } = recordsOf(bytes, index * WIDTH);
  const hashes = records.map((record) => Buffer.from(leafHash(sha256, record)));
  const words = `it holds ${hashes.length} well-formed records in order${isWhole ? '' : ' and something after them'}, and its name says ${width}`;
  const problem =
    hashes.length === width && isWhole
      ? null
      : ({ kind: hashes.length < width ? 'TRUNCATED' : 'TRAILING_DATA', words } as const);
  return { path: file.name, hashes, problem };
};

/** Groups as in the C2SP layout; the height of the tiles is always 8. */
export const SUMDB_PATH = /^(.*\/)?tile\/8\/(\d{1,2}|data)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/u;

/** The layout that tlog-tiles grew out of: `tile/8/<level>/<number>`, data in `tile/8/data/`. */
export const SUMDB_TILES: TileStyle = {
  format: 'go-sumdb',
  pathOf: (level, index, width) =>
    `tile/8/${level === 'entries' ? 'data' : level}/${tileNumber(index)}${width < WIDTH ? `.p/${width}` : ''}`,
  readEntries: readData,
};
