// A single file compressed with zstd, inflated into memory so that formats may jump about in it.
import { AppError } from '../../shared/errors/app-error.ts';
import { inflated } from './inflate.ts';
import type { Source, SourceFile } from './source.ts';

/** What compressed archives may take of the memory, in bytes. */
export const IN_MEMORY_BYTES = 256 * 1024 * 1024;

/** A file whose bytes are in memory. */
export const memoryFile = (name: string, bytes: Buffer): SourceFile => ({
  name,
  bytes: bytes.length,
  open: async function* open(options = {}) {
    const end = Math.min(options.end ?? bytes.length, bytes.length);
    for (let at = options.start ?? 0; at < end; at += 1024 * 1024)
      yield bytes.subarray(at, Math.min(end, at + 1024 * 1024));
  },
});

/** @throws AppError('archive.too_large') beyond {@link IN_MEMORY_BYTES}, and what {@link inflated} throws. */
export const openZstd = async (name: string, file: SourceFile): Promise<Source> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of inflated(file.open(), 'zstd', name)) {
    parts.push(chunk);
    size += chunk.length;
    if (size > IN_MEMORY_BYTES) throw new AppError('archive.too_large', { name });
  }
  const inner = name.replace(/\.(?:zst|zstd)$/iu, '');
  return { name: inner, kind: 'file', files: [memoryFile(inner, Buffer.concat(parts))], skipped: [] };
};
