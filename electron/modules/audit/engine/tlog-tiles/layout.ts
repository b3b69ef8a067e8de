// Which files of a folder are tiles and entry bundles of which log (c2sp.org/tlog-tiles), by their paths.
import type { Source, SourceFile } from '../../../../ports/source.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const WIDTH = 256;

export interface TileFile {
  readonly file: SourceFile;
  /** WIDTH, or fewer for a partial tile. */
  readonly width: number;
}

/** How a kind of log names its files and packs its entries. */
export interface TileStyle {
  readonly format: string;
  /** Less the log's prefix. */
  readonly pathOf: (level: number | 'entries', index: number, width: number) => string;
  readonly readEntries: (bundle: TileFile, index: number) => Promise<Leaves>;
}

/** The leaf hashes of a bundle, or the hashes of a tile. */
export interface Leaves {
  readonly path: string;
  readonly hashes: readonly Buffer[];
  /** What is wrong with the file's form; null when nothing. */
  readonly problem: { readonly kind: 'TRUNCATED' | 'TRAILING_DATA'; readonly words: string } | null;
}

export interface TileLog {
  readonly style: TileStyle;
  /** Folder of the log inside the source, '' or ending with a slash. */
  readonly prefix: string;
  /** For each level the tiles by their number; several where partial ones are kept. */
  readonly tiles: readonly ReadonlyMap<number, readonly TileFile[]>[];
  readonly entries: ReadonlyMap<number, readonly TileFile[]>;
  /** What is no tile: checkpoints, keys, and anything else. */
  readonly others: readonly SourceFile[];
}

/** Groups: folder of the log, level or the word for entries, number, width of a partial tile. */
export const TILE_PATH = /^(.*\/)?tile\/(\d{1,2}|entries)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/u;
/** Level 6 would be reached at 2^48 entries. */
const MAX_LEVEL = 6;

const numberOf = (path: string): number => Number(path.replaceAll(/[x/]/gu, ''));

/** `x001/x234/067` for 1234067. */
export const tileNumber = (index: number): string => {
  let rest = Math.floor(index / 1000);
  let path = String(index % 1000).padStart(3, '0');
  while (rest > 0) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
    rest = Math.floor(rest / 1000);
  }
  return path;
};

/** The path of a tile or bundle of `width`, less the log's prefix. */
export const tilePath = (level: number | 'entries', index: number, width: number): string =>
  `tile/${level}/${tileNumber(index)}${width < WIDTH ? `.p/${width}` : ''}`;

interface Mutable {
  readonly tiles: Map<number, TileFile[]>[];
  readonly entries: Map<number, TileFile[]>;
}

const place = (log: Mutable, match: RegExpExecArray, file: SourceFile): boolean => {
  const [, , kind = '', number = '', partial] = match;
  const index = numberOf(number);
  const isEntries = !/^\d/u.test(kind);
  const width = partial === undefined ? WIDTH : Number(partial);
  if (width < 1 || width > WIDTH || (partial !== undefined && width === WIDTH)) return false;
  if (!Number.isSafeInteger(index * WIDTH) || tileNumber(index) !== number) return false;
  const level = isEntries ? -1 : Number(kind);
  if (level > MAX_LEVEL) return false;
  const map = level < 0 ? log.entries : (log.tiles[level] ??= new Map());
  map.set(index, [...(map.get(index) ?? []), { file, width }]);
  return true;
};

/** The logs of a source, by folder. [] where there is no tile. */
export const tileLogs = (source: Source, style: TileStyle, pattern = TILE_PATH): readonly TileLog[] => {
  const logs = new Map<string, Mutable>();
  const rest: SourceFile[] = [];
  for (const file of source.files) {
    const match = pattern.exec(file.name);
    const prefix = match?.[1] ?? '';
    const log = logs.get(prefix) ?? { tiles: [], entries: new Map<number, TileFile[]>() };
    if (match !== null && place(log, match, file)) logs.set(prefix, log);
    else rest.push(file);
  }
  const prefixes = [...logs.keys()].toSorted((a, b) => b.length - a.length);
  const owner = (name: string): string | undefined => prefixes.find((prefix) => name.startsWith(prefix));
  return [...logs].map(([prefix, { tiles, entries }]) => ({
    style,
    prefix,
    tiles: Array.from(tiles, (tile) => tile ?? new Map<number, readonly TileFile[]>()),
    entries,
    // Files above all logs (keys, say) belong to each.
    others: rest.filter(({ name }) => (owner(name) ?? prefix) === prefix),
  }));
};

/** How many leaves the files themselves speak of, for a log without a checkpoint. */
export const leavesOf = ({ tiles, entries }: TileLog): number => {
  let leaves = 0;
  for (const map of [tiles[0], entries])
    for (const [index, files] of map ?? [])
      leaves = Math.max(leaves, index * WIDTH + Math.max(...files.map(({ width }) => width)));
  return leaves;
};

/** The file that serves `need` leaves of a tile best: the narrowest that is wide enough, else the widest. */
export const bestOf = (files: readonly TileFile[] | undefined, need: number): TileFile | null => {
  const sorted = [...(files ?? [])].toSorted((a, b) => a.width - b.width);
  return sorted.find(({ width }) => width >= need) ?? sorted.at(-1) ?? null;
};
