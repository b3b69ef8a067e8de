// What an engine reads: a file or a folder of files, wherever the bytes are (disk, or an encrypted blob).

import type { SourceSpec } from '../jobs/job-kinds.ts';

export interface SourceFile {
  /** Path inside the source with '/' between parts; for a single file its own name. */
  readonly name: string;
  readonly bytes: number;
  /**
   * Streams the stored bytes of [start, end), by default all, in chunks of at most 1 MiB. Throws AppError(file.*) on
   * trouble. `isLent`: the reader is done with a chunk when it asks for the next, so that both may share their memory.
   */
  open(options?: {
    readonly start?: number;
    readonly end?: number;
    readonly isLent?: boolean;
  }): AsyncIterable<Uint8Array>;
}

export interface Source {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Sorted by name (code units). */
  readonly files: readonly SourceFile[];
  /** Names of links, sockets and devices inside a folder: never followed, never read. Absent = none. */
  readonly skipped?: readonly string[];
  /** How another thread opens the same source. Absent = it can't. */
  readonly spec?: SourceSpec;
}
