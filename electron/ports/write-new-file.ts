// Writes a file that must not exist yet: temporary name, fsync, then a link to the final name that never overwrites.
import { createHash, randomBytes } from 'node:crypto';
import { link, open, unlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';

export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

const failure = (error: unknown, name: string): AppError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'EEXIST') return new AppError('file.exists', { name });
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'no permission to write there',
    EPERM: 'no permission to write there',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    ENOENT: 'its folder does not exist',
    ENOTDIR: 'its folder does not exist',
  };
  return new AppError('file.cannot_write', { name, reason: reasons[code] ?? code });
};

/** @throws AppError file.exists | file.cannot_write; whatever `content` throws passes through, and nothing is left behind. */
export const writeNewFile = async (
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<WrittenFile> => {
  const name = basename(path);
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  const file = await open(partial, 'wx', 0o600).catch((error: unknown) => {
    throw failure(error, name);
  });
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk).catch((error: unknown) => {
        throw failure(error, name);
      });
    }
    await file.sync();
    await file.close();
    await link(partial, path).catch((error: unknown) => {
      throw failure(error, name);
    });
  } finally {
    await file.close().catch(() => {});
    await unlink(partial).catch(() => {});
  }
  return { name, bytes, sha256: hash.digest('hex') };
};
