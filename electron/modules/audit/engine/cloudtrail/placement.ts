// Whether a digest stands where it says it stands, however much of the bucket was copied and into which folder.
import { baseName, objectBaseName } from './object-names.ts';

export interface Placed {
  /** Path in the folder. */
  readonly path: string;
  /** `bucket/key` as the digest itself says. */
  readonly object: string;
}

interface Fit {
  /** Parts that path and object share, counted from the end. */
  readonly shared: number;
  readonly local: readonly string[];
  readonly remote: readonly string[];
  /** Same for all files that one copy command brought. */
  readonly pair: string;
}

const fitOf = ({ path, object }: Placed): Fit => {
  const local = path.split('/');
  const remote = object.split('/');
  let shared = 0;
  if (objectBaseName(path) === objectBaseName(object)) {
    shared = 1;
    while (
      shared < local.length &&
      shared < remote.length &&
      local.at(-1 - shared) === remote.at(-1 - shared)
    )
      shared += 1;
  }
  const localRest = local.slice(0, local.length - shared);
  const remoteRest = remote.slice(0, remote.length - shared);
  return {
    shared,
    local: localRest,
    remote: remoteRest,
    pair: `${localRest.join('/')}\n${remoteRest.join('/')}`,
  };
};

/** The (local folder, left-out part of the key) pair of most digests; of the longer match when two are equally common. */
const commonestFit = (fits: readonly Fit[]): Fit | undefined => {
  const groups = Map.groupBy(
    fits.filter((fit) => fit.shared > 0),
    (fit) => fit.pair,
  );
  const ranked = [...groups.values()].toSorted(
    (a, b) => b.length - a.length || (b[0]?.shared ?? 0) - (a[0]?.shared ?? 0),
  );
  return ranked[0]?.[0];
};

const isBelow = (folder: readonly string[], top: readonly string[]): boolean =>
  folder.length > top.length && top.every((part, at) => folder[at] === part);

/**
 * True for each digest whose place contradicts its own `digestS3Bucket`/`digestS3Object`. A digest that was copied with
 * its folders is in place; one whose folders were all dropped (a flat folder) can't be judged by its folder, only by its
 * name.
 */
export const movedDigests = (digests: readonly Placed[]): readonly boolean[] => {
  const fits = digests.map(fitOf);
  const commonest = commonestFit(fits);
  const flat = fits.every((fit) => fit.shared <= 1);
  return fits.map((fit, at) => {
    if (fit.shared === 0) return true;
    if (commonest === undefined || fit.pair === commonest.pair || fit.remote.length === 0) return false;
    if (flat) return false;
    const placed = digests[at];
    const key = placed?.object.split('/').slice(1) ?? [];
    const fromDigestFolder = key.length - key.lastIndexOf('CloudTrail-Digest');
    if (fit.shared < fromDigestFolder) return true;
    // Its own folders fit, so only what stands before them can be wrong: another account's folder, or another bucket's.
    const otherAccount = fit.local.includes('AWSLogs') && fit.shared < key.length;
    const otherBucket = commonest.remote.length === 0 && isBelow(fit.local, commonest.local);
    return otherAccount || otherBucket;
  });
};

/** How well a path fits an object: shared parts from the end, 0 for another name. Chooses among copies of one object. */
export const placementScore = (path: string, object: string): number => fitOf({ path, object }).shared;

/** True when the digests' folders were all dropped, so that no place can be compared. */
export const isFlat = (digests: readonly Placed[]): boolean =>
  digests.length > 1 &&
  new Set(digests.map(({ object }) => object.slice(0, -baseName(object).length))).size > 1 &&
  digests.every((each) => fitOf(each).shared <= 1);
