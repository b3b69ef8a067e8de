// Reads a bag out of its container in one pass: tag files are kept, everything is hashed, nothing is judged yet.
import { createHash, hash } from 'node:crypto';
import { UnsoundFile, type Container, type PackFile, type Problem } from './container.ts';
import { decodeTag } from './tag-text.ts';
import { DIGEST_LENGTH } from './manifest.ts';

export interface FileFacts {
  /** Bytes that were really read. */
  readonly bytes: number;
  /** Lower-case hex by algorithm, of the bytes that were read. */
  readonly digests: Readonly<Record<string, string>>;
  /** Why the content is not what the container announced, or null. */
  readonly fault: string | null;
}

export interface Bag {
  /** All files by their path in the bag. */
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Content of the tag files that checks read, but for the very large. */
  readonly tags: ReadonlyMap<string, Uint8Array>;
  /** Files of the container that lie outside the bag's folder, and other faults of its form. */
  readonly problems: readonly Problem[];
}

/** Names that only a bag has: one of them is enough to treat a container as a (damaged) pack. */
const MARKER = /^(?:bagit\.txt|bag-info\.txt|(?:tag)?manifest-[a-z0-9]+\.txt|signatures\/.+)$/u;
const topOf = (path: string): string => path.slice(0, path.indexOf('/') + 1);

/** The folder that holds the bag, with its trailing '/', '' for the container itself, or null when there is no bag. */
export const bagRoot = (paths: readonly string[]): string | null => {
  const withMarkers = (root: string) =>
    paths.filter((path) => path.startsWith(root) && MARKER.test(path.slice(root.length))).length;
  const tops = [...new Set(paths.map(topOf))].toSorted();
  const [best] = tops
    .map((root) => ({ root, declared: paths.includes(`${root}bagit.txt`), markers: withMarkers(root) }))
    .filter(({ markers }) => markers > 0)
    .toSorted((a, b) => Number(b.declared) - Number(a.declared) || b.markers - a.markers);
  return best?.root ?? null;
};

const MIB = 1024 * 1024;
/** All tag files together that are kept: a pack must not be able to fill the memory. */
const MOST_KEPT = 384 * MIB;
/** How much of a tag file is kept at most; 0 for files that no check reads. A manifest of 300,000 long names fits. */
const largest = (path: string): number => {
  if (/^(?:tag)?manifest-[a-z0-9]+\.txt$/u.test(path)) return 128 * MIB;
  if (/^(?:bagit|bag-info|fetch)\.txt$/u.test(path)) return 8 * MIB;
  return /^signatures\/[^/]+\.(?:p7s|jws|tsr|pem)$/u.test(path) ? MIB : 0;
};

/** The algorithms of the manifests that are there, and always SHA-256. */
const algorithmsOf = (paths: readonly string[]): readonly string[] =>
  [
    ...new Set([
      'sha256',
      ...paths.flatMap((path) => /^(?:tag)?manifest-([a-z0-9]+)\.txt$/u.exec(path)?.[1] ?? []),
    ]),
  ].filter((algorithm) => Object.hasOwn(DIGEST_LENGTH, algorithm));

/** Files up to this size are hashed in one call: a pack may hold 100,000 of them, and each hash object costs. */
const SMALL = MIB;

/** Digests of what passes: chunk by chunk, or of the collected bytes where there are few. */
const hasher = (algorithms: readonly string[], small: boolean) => {
  const running = small ? [] : algorithms.map((algorithm) => ({ algorithm, sum: createHash(algorithm) }));
  return {
    update: (chunk: Uint8Array) => {
      for (const { sum } of running) sum.update(chunk);
    },
    digests: (whole: Uint8Array): Record<string, string> =>
      small
        ? Object.fromEntries(algorithms.map((algorithm) => [algorithm, hash(algorithm, whole, 'hex')]))
        : Object.fromEntries(running.map(({ algorithm, sum }) => [algorithm, sum.digest('hex')])),
  };
};

const readFile = async (
  file: PackFile,
  algorithms: readonly string[],
  keep: number,
  passed: (bytes: number) => void,
) => {
  // Announced sizes are upheld by the containers: nothing longer than announced ever comes out of them.
  const small = file.bytes <= SMALL;
  const sums = hasher(algorithms, small);
  const kept: Uint8Array[] = [];
  let bytes = 0;
  let fault: string | null = null;
  try {
    for await (const chunk of file.read()) {
      bytes += chunk.length;
      sums.update(chunk);
      if (small || bytes <= keep) kept.push(Uint8Array.from(chunk));
      else kept.length = 0;
      passed(chunk.length);
    }
  } catch (error) {
    if (!(error instanceof UnsoundFile)) throw error;
    fault = error.message;
  }
  const whole = Buffer.concat(kept);
  return { facts: { bytes, digests: sums.digests(whole), fault }, content: bytes <= keep ? whole : null };
};

/** @param passed is told the bytes read; it may throw to stop. */
export const readBag = async (
  container: Container,
  root: string,
  passed: (bytes: number) => void,
): Promise<Bag> => {
  const problems: Problem[] = [];
  const files = new Map<string, FileFacts>();
  const tags = new Map<string, Uint8Array>();
  const inside: { readonly path: string; readonly file: PackFile }[] = [];
  for (const file of container.files) {
    if (file.path.startsWith(root)) inside.push({ path: file.path.slice(root.length), file });
    else
      problems.push({ text: `a file lies beside the pack's folder ${root.slice(0, -1)}`, item: file.path });
  }
  const algorithms = algorithmsOf(inside.map(({ path }) => path));
  let budget = MOST_KEPT;
  for (const { path, file } of inside) {
    const wanted = largest(path);
    const { facts, content } = await readFile(file, algorithms, Math.min(wanted, budget), passed);
    if (facts.fault !== null)
      problems.push({ text: `a file can not be trusted: ${facts.fault}`, item: path });
    if (wanted > 0 && content === null)
      problems.push({ text: 'a tag file is too large to be read', item: path });
    // Of two entries with one name, which is a problem already, the first counts.
    if (files.has(path)) continue;
    files.set(path, facts);
    if (wanted > 0 && content !== null) {
      tags.set(path, content);
      budget -= content.length;
    }
  }
  return { files, tags, problems };
};

/** A tag file as text, or null when it is absent or not valid in the encoding. */
export const tagText = (bag: Bag, path: string, encoding: string): string | null => {
  const bytes = bag.tags.get(path);
  return bytes === undefined ? null : decodeTag(bytes, encoding);
};
