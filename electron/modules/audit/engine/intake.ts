// Taking evidence in: its size and SHA-256 are recorded before anything else looks at the content.
import { createHash } from 'node:crypto';
import type { SourceEntry } from '../../../../shared/model/audit.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { mapPool } from '../../../ports/map-pool.ts';
import type { Source, SourceFile } from '../../../ports/source.ts';
import { throwIfCancelled } from './cancel.ts';
import type { EngineRun } from './format.ts';
import { sourceDigest } from '../../../ports/listing.ts';

/** Files read at once: hides the latency of small files, keeps at most this many MiB in memory. */
const READ_POOL = 4;

export interface Intake {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** All files together. */
  readonly bytes: number;
  /** A file: SHA-256 of its bytes. A folder: SHA-256 of its `sha256sum` listing, sorted by name (code units). */
  readonly sha256: string;
  readonly entries: readonly SourceEntry[];
  /** Links, sockets and devices that were left out. */
  readonly skipped: readonly string[];
}

/**
 * Reads every byte once. Progress step `hashing`, in bytes.
 * @throws AppError('file.empty') for no bytes at all, AppError(file.*) from the source, AppError('job.cancelled').
 */
export const takeIn = async (source: Source, run: EngineRun): Promise<Intake> => {
  const total = source.files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  let files = 0;
  const entryOf = async (file: SourceFile): Promise<SourceEntry> => {
    const digest = createHash('sha256');
    let bytes = 0;
    for await (const piece of file.open()) {
      throwIfCancelled(run.signal);
      digest.update(piece);
      bytes += piece.length;
      done += piece.length;
      run.progress({ step: 'hashing', done, total, unit: 'bytes', records: files });
    }
    files += 1;
    return { name: file.name, bytes, sha256: digest.digest('hex') };
  };
  if (total === 0) throw new AppError('file.empty', { name: source.name });
  const entries = await mapPool(source.files, READ_POOL, entryOf);
  throwIfCancelled(run.signal);
  return {
    name: source.name,
    kind: source.kind,
    bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0),
    sha256: sourceDigest(source.kind, entries),
    entries,
    skipped: source.skipped ?? [],
  };
};
