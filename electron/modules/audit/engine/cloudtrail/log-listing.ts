// The listing of a trail: every log file that is named or there, then every digest, each with its fixed position.
import type { Source } from '../../../../ports/source.ts';
import { objectBaseName, parseLogName } from './object-names.ts';
import { placementScore } from './placement.ts';
import { isRead } from './trail-model.ts';
import type { Chain, DigestItem, LogItem } from './trail-model.ts';

type Named = LogItem['named'][number];

const makeLog = (
  fields: Pick<LogItem, 'path' | 'file' | 'fileIndex' | 'named' | 'copyOf'>,
  account: string,
): LogItem => {
  const name = parseLogName(fields.path) ?? parseLogName(fields.named[0]?.entry.key ?? '');
  const [first] = fields.named;
  return {
    type: 'log',
    ...fields,
    account: name?.account ?? account,
    region: name?.region ?? first?.digest.chain.name.region ?? '',
    time: name?.time ?? first?.entry.newest ?? first?.digest.end ?? null,
    sha256: null,
    verified: false,
    failed: false,
    index: 0,
  };
};

const byPosition = (a: LogItem, b: LogItem): number =>
  compareText(a.account, b.account) ||
  compareText(a.region, b.region) ||
  (a.time ?? 0) - (b.time ?? 0) ||
  compareText(objectBaseName(a.path), objectBaseName(b.path)) ||
  compareText(a.path, b.path);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Log files in the folder by their name: copies in several folders are told apart by how well their path fits. */
const filesByName = (source: Source, logs: readonly number[]): Map<string, number[]> => {
  const byName = new Map<string, number[]>();
  for (const fileIndex of logs) {
    const name = objectBaseName(source.files[fileIndex]?.name ?? '');
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [fileIndex]);
    else known.push(fileIndex);
  }
  return byName;
};

const namedLogs = (chains: readonly Chain[]): Map<string, Named[]> => {
  const byObject = new Map<string, Named[]>();
  for (const digest of chains.flatMap((chain) => chain.items.filter(isRead))) {
    for (const [ordinal, entry] of digest.file.document.logs.entries()) {
      const object = `${entry.bucket}/${entry.key}`;
      const known = byObject.get(object);
      if (known === undefined) byObject.set(object, [{ digest, entry, ordinal }]);
      else known.push({ digest, entry, ordinal });
    }
  }
  return byObject;
};

/**
 * All logs by account, region, time and name, zero-based; then all digests by chain and time, counted on. This is the
 * numbering of findings and of the record view. Logs come first so that a log's number is its place in time among logs.
 */
export const buildListing = (
  source: Source,
  logFiles: readonly number[],
  chains: readonly Chain[],
): { logs: LogItem[]; digests: DigestItem[] } => {
  const files = filesByName(source, logFiles);
  const taken = new Set<number>();
  const logs: LogItem[] = [];
  for (const [object, named] of namedLogs(chains)) {
    const nameAt = (fileIndex: number): string => source.files[fileIndex]?.name ?? '';
    const [best, ...copies] = (files.get(objectBaseName(object)) ?? []).toSorted(
      (a, b) =>
        placementScore(nameAt(b), object) - placementScore(nameAt(a), object) ||
        nameAt(a).length - nameAt(b).length ||
        a - b,
    );
    const free = best !== undefined && !taken.has(best) ? best : null;
    const file = free === null ? null : (source.files[free] ?? null);
    const item = makeLog({ path: file?.name ?? object, file, fileIndex: free, named, copyOf: null }, '');
    logs.push(item);
    if (free !== null) taken.add(free);
    for (const copy of copies) {
      const copyFile = source.files[copy];
      if (taken.has(copy) || copyFile === undefined) continue;
      taken.add(copy);
      logs.push(
        makeLog({ path: copyFile.name, file: copyFile, fileIndex: copy, named: [], copyOf: item }, ''),
      );
    }
  }
  for (const fileIndex of logFiles) {
    const file = source.files[fileIndex];
    if (!taken.has(fileIndex) && file !== undefined)
      logs.push(makeLog({ path: file.name, file, fileIndex, named: [], copyOf: null }, ''));
  }
  logs.sort(byPosition);
  const digests = chains.flatMap((chain) => chain.items);
  for (const chain of chains) {
    let number = 0;
    for (const item of chain.items) {
      item.number = number;
      if (!item.extra) number += 1;
    }
  }
  for (const [index, item] of [...logs, ...digests].entries()) item.index = index;
  return { logs, digests };
};
