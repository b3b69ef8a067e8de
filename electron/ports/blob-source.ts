// Evidence in the vault: encrypted blobs, opened with their tickets, read like files on disk.
import type { SourceSpec } from '../jobs/job-kinds.ts';
import { readBlobFile } from '../store/blob-codec.ts';
import type { Source, SourceFile } from './source.ts';

/**
 * No check is made before the first read.
 * @throws (while reading) AppError('record.altered') when a blob is not what was stored.
 */
export const openBlobSource = (spec: Extract<SourceSpec, { at: 'blobs' }>): Source => {
  const files = spec.files.map(({ name, ticket }): SourceFile => {
    const key = Buffer.from(ticket.keyHex, 'hex');
    return {
      name,
      bytes: ticket.bytes,
      open: (options = {}) =>
        readBlobFile(ticket.path, key, {
          start: options.start,
          end: options.end,
          expectedBytes: ticket.bytes,
        }),
    };
  });
  return {
    name: spec.name,
    kind: spec.kind,
    skipped: spec.skipped ?? [],
    files: files.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  };
};
