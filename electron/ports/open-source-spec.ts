// Opens what a job was told to read, wherever the bytes are.
import type { SourceSpec } from '../jobs/job-kinds.ts';
import { openBlobSource } from './blob-source.ts';
import { openDiskSource } from './disk-source.ts';
import type { Source } from './source.ts';

/** @throws AppError(file.*) for a path that can't be read. */
export const openSourceSpec = (spec: SourceSpec): Promise<Source> =>
  spec.at === 'path' ? openDiskSource(spec.path) : Promise.resolve(openBlobSource(spec));
