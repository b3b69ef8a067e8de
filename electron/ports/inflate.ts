// Inflates a stream of stored bytes, gzip or zstd, with errors that name the file.
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AppError } from '../../shared/errors/app-error.ts';

/** Chunk that a reader gets, in bytes. */
const CHUNK_BYTES = 256 * 1024;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** @throws AppError('archive.truncated' | 'archive.damaged'), and what the source throws. */
export async function* inflated(
  stored: AsyncIterable<Uint8Array>,
  method: 'gzip' | 'zstd',
  name: string,
): AsyncGenerator<Buffer, void, undefined> {
  const input = Readable.from(stored, { objectMode: false });
  const inflater =
    method === 'gzip'
      ? createGunzip({ chunkSize: CHUNK_BYTES })
      : createZstdDecompress({ chunkSize: CHUNK_BYTES });
  let sourceError: unknown = null;
  input.on('error', (error: unknown) => {
    sourceError = error;
    inflater.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const chunk of input.pipe(inflater)) yield chunk as Buffer;
  } catch (error) {
    if (sourceError !== null) throw sourceError;
    const isCut = codeOf(error) === 'Z_BUF_ERROR' || codeOf(error) === 'ZSTD_error_srcSize_wrong';
    throw new AppError(isCut ? 'archive.truncated' : 'archive.damaged', { name });
  } finally {
    inflater.destroy();
    input.destroy();
  }
}
