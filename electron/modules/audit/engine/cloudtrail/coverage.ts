// Which time the valid digests cover, where the holes are, and whether a log file's time lies in one.
import { instantText } from './object-names.ts';
import { chainTitle, isRead, stands } from './trail-model.ts';
import type { Chain, FindingList, LogItem, ReadDigest } from './trail-model.ts';

/** Log names tell no trail: account and region is all that they share with the digests. */
const placeKey = (place: { readonly account: string; readonly region: string }): string =>
  `${place.account}|${place.region}`;

/** [from, to), seconds since 1970. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** CloudTrail delivers one digest an hour. */
const DIGEST_SECONDS = 3600;
/** A log's name says its delivery time to the nearest minutes only, so close to an edge it may belong to either side. */
const EDGE_SECONDS = 15 * 60;

/** Standard and backfill digests of one trail, account and region: together they cover its time. */
export interface CoveredArea {
  readonly chains: readonly Chain[];
  readonly title: string;
  /** See {@link placeKey}. */
  readonly key: string;
  /** Folders in which this trail's objects stand, up to the account. */
  readonly folders: ReadonlySet<string>;
  /** From the first to the last digest in the folder. */
  readonly span: Interval;
  readonly holes: readonly Interval[];
  readonly failed: boolean;
}

export const mergeIntervals = (intervals: readonly Interval[]): Interval[] => {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
};

/** What of `span` is in none of `covered`. */
export const holesIn = (span: Interval, covered: readonly Interval[]): Interval[] => {
  const holes: Interval[] = [];
  let at = span.from;
  for (const { from, to } of mergeIntervals(covered)) {
    if (from > at) holes.push({ from: at, to: Math.min(from, span.to) });
    at = Math.max(at, to);
  }
  if (at < span.to) holes.push({ from: at, to: span.to });
  return holes.filter((hole) => hole.from < hole.to);
};

/** True when valid digests of the chain's trail cover all of [from, to). */
export const isCovered = (areas: readonly CoveredArea[], chain: Chain, from: number, to: number): boolean =>
  areas.some(
    (area) => area.chains.includes(chain) && !area.holes.some((hole) => hole.from < to && hole.to > from),
  );

const intervalOf = (item: ReadDigest): Interval => ({
  from: item.file.document.start,
  to: item.file.document.end,
});

/** The folder above `CloudTrail/` or `CloudTrail-Digest/`; without these, the file's own folder. */
export const trailFolder = (path: string): string => {
  const parts = path.split('/').slice(0, -1);
  const at = parts.findIndex((part) => /^CloudTrail(?:-[A-Za-z]+)?$/u.test(part));
  return (at < 0 ? parts : parts.slice(0, at)).join('/');
};

export const areasOf = (chains: readonly Chain[]): CoveredArea[] => {
  const groups = Map.groupBy(chains, ({ name }) =>
    [name.account, name.region, name.trail, name.homeRegion, name.organisation].join('|'),
  );
  return [...groups.values()].flatMap((group): CoveredArea[] => {
    const read = group.flatMap((chain) => chain.items.filter(isRead));
    const [chain] = group.toSorted((a, b) => Number(a.name.backfill) - Number(b.name.backfill));
    if (chain === undefined || read.length === 0) return [];
    const items = group.flatMap(({ items: all }) => all);
    const span = {
      from: read.reduce((min, item) => Math.min(min, item.file.document.start), Number.MAX_SAFE_INTEGER),
      to: items.reduce((max, item) => Math.max(max, item.end), 0),
    };
    return [
      {
        chains: group,
        title: chainTitle(chain),
        key: placeKey(chain.name),
        folders: new Set(items.flatMap((item) => (item.file === null ? [] : [trailFolder(item.path)]))),
        span,
        holes: holesIn(span, read.filter(stands).map(intervalOf)),
        failed: items.some((item) => item.failed),
      },
    ];
  });
};

export type AreaIndex = ReadonlyMap<string, readonly CoveredArea[]>;
export const indexAreas = (areas: readonly CoveredArea[]): AreaIndex =>
  Map.groupBy(areas, (area) => area.key);

/** Where a log file that no digest names stands in time. */
export const coveredAt = (item: LogItem, areas: AreaIndex): 'covered' | 'hole' | 'outside' | 'no-digests' => {
  const own = (areas.get(placeKey(item)) ?? []).filter((area) => area.folders.has(trailFolder(item.path)));
  if (own.length === 0) return 'no-digests';
  const { time } = item;
  if (time === null) return 'covered';
  if (own.some(({ span }) => time >= span.from + EDGE_SECONDS && time <= span.to - EDGE_SECONDS)) {
    const nearHole = own.some(({ holes }) =>
      holes.some(({ from, to }) => time > from - EDGE_SECONDS && time < to + EDGE_SECONDS),
    );
    return nearHole ? 'hole' : 'covered';
  }
  return own.some(({ holes }) =>
    holes.some(({ from, to }) => time > from - EDGE_SECONDS && time < to + EDGE_SECONDS),
  )
    ? 'hole'
    : 'outside';
};

const duration = (seconds: number): string => {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  return [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', rest > 0 ? `${rest} s` : '']
    .filter((part) => part !== '')
    .join(' ');
};

/** Time beyond the digests in the folder that something else says there was: their metadata, or log files. */
const outsideTimes = (
  area: CoveredArea,
  loose: readonly LogItem[],
): (Interval & { reason: string; count: number })[] => {
  const named = area.chains.flatMap((chain) => chain.outside);
  const later = named.filter(({ end }) => end > area.span.to);
  const earlier = named.filter(({ end }) => end <= area.span.from);
  const times = loose.flatMap((log) =>
    log.time === null || !area.folders.has(trailFolder(log.path)) ? [] : [log.time],
  );
  const lastNamed = later.reduce((max, { end }) => Math.max(max, end), 0);
  const lastLog = times.reduce((max, time) => Math.max(max, time), 0);
  const firstNamed = earlier.reduce(
    (min, { end }) => Math.min(min, end - DIGEST_SECONDS),
    Number.MAX_SAFE_INTEGER,
  );
  const firstLog = times.reduce((min, time) => Math.min(min, time), Number.MAX_SAFE_INTEGER);
  const reasonFor = (objects: readonly { object: string }[]): string =>
    objects.length > 0
      ? `S3 metadata names ${objects.length} digest${objects.length === 1 ? '' : 's'} of that time that ${objects.length === 1 ? 'is' : 'are'} not in the folder`
      : 'log files of that time are in the folder, without a digest';
  const after = {
    from: area.span.to,
    to: Math.max(lastNamed, lastLog),
    reason: reasonFor(later),
    count: later.length,
  };
  const before = {
    from: Math.min(firstNamed, firstLog),
    to: area.span.from,
    reason: reasonFor(earlier),
    count: earlier.length,
  };
  return [before, after].filter(({ from, to }) => from < to);
};

/** Reports every hole, and returns all uncovered time, in order, each once. */
export const reportUncovered = (
  areas: readonly CoveredArea[],
  logs: readonly LogItem[],
  findings: FindingList,
): Interval[] => {
  const uncovered: Interval[] = [];
  const stopped = findings.verdicts().has('GAP');
  const loose = Map.groupBy(
    logs.filter((log) => log.named.length === 0 && log.copyOf === null),
    placeKey,
  );
  const add = (
    hole: Interval,
    verdict: 'PARTIAL_INTACT' | undefined,
    message: string,
    count?: number,
  ): void => {
    uncovered.push({ from: hole.from, to: hole.to });
    findings.add({
      kind: 'UNCOVERED_TIME',
      verdict,
      at: hole.from,
      count,
      between: [instantText(hole.from), instantText(hole.to)],
      message,
    });
  };
  for (const area of areas) {
    for (const hole of area.holes) {
      // Where another finding already tells why, the hole is a remark.
      add(
        hole,
        area.failed || stopped ? undefined : 'PARTIAL_INTACT',
        `No valid digest of ${area.title} covers ${instantText(hole.from)} to ${instantText(hole.to)} (${duration(hole.to - hole.from)}).`,
      );
    }
    for (const time of outsideTimes(area, loose.get(area.key) ?? [])) {
      add(
        time,
        'PARTIAL_INTACT',
        `No digest of ${area.title} covers ${instantText(time.from)} to ${instantText(time.to)} (${duration(time.to - time.from)}): ${time.reason}.`,
        time.count > 0 ? time.count : undefined,
      );
    }
  }
  const seen = new Set<string>();
  return uncovered
    .toSorted((a, b) => a.from - b.from || a.to - b.to)
    .filter(({ from, to }) => {
      const key = `${from} ${to}`;
      return seen.has(key) ? false : seen.add(key) !== undefined;
    });
};
