// What a pack looks like from outside: a set of named files in an archive or a folder, and what is wrong with its form.
import { collisionKey } from '../names.ts';

/** One thing at fault: a sentence without a full stop, and the file it is about where there is one. */
export interface Problem {
  readonly text: string;
  readonly item?: string;
}

export interface PackFile {
  /** As the container names it, '/' between parts. */
  readonly path: string;
  /** Uncompressed, as announced. */
  readonly bytes: number;
  /**
   * Streams the content. Throws {@link UnsoundFile} when it is not what the container announced, as late as possible:
   * a wrong checksum only after the last byte, so that the content can be compared with the manifests all the same.
   */
  read(): AsyncIterable<Uint8Array>;
}

/** The content of a file can't be had, or is not what its container says. */
export class UnsoundFile extends Error {}

export interface Container {
  readonly kind: 'zip' | 'folder';
  readonly name: string;
  /** Size of the archive, or of all files of the folder. */
  readonly bytes: number;
  /** Of the archive; null for a folder. */
  readonly sha256: string | null;
  readonly files: readonly PackFile[];
  readonly problems: readonly Problem[];
  close(): Promise<void>;
}

/** Names that are equal, or that some file system would take for equal, so that one file would replace another. */
export const collisions = (paths: readonly string[]): Problem[] => {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const key = collisionKey(path);
    const before = seen.get(key);
    if (before === path) problems.push({ text: 'a name occurs twice', item: path });
    else if (before !== undefined)
      problems.push({ text: 'two names differ only in case or in the form of a letter', item: path });
    seen.set(key, before ?? path);
  }
  return problems;
};

/** Names used both as a file and as a folder. */
export const shadowed = (paths: readonly string[]): Problem[] => {
  const files = new Set(paths);
  return paths.flatMap((path) => {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (files.has(path.slice(0, at)))
        return [{ text: 'a name is both a file and a folder', item: path.slice(0, at) }];
    }
    return [];
  });
};
