// Opens what a job was told to read, wherever the bytes are.
import type { SourceSpec } from '../jobs/job-kinds.ts';
import { openBlobSource } from './blob-source.ts';
import { openDiskSource } from './disk-source.ts';
import type { Source } from './source.ts';

/** @throws AppError(file.*) for a path that can't be read. */
export const openSourceSpec = async (spec: SourceSpec): Promise<Source> => ({
  ...(spec.at === 'path' ? await openDiskSource(spec.path) : openBlobSource(spec)),
  spec,
});
