// The members of a tar archive as a source: held in memory up to a limit.
import { createTarDecoder } from 'modern-tar';
import { AppError } from '../../shared/errors/app-error.ts';
import { safeNames } from './archive-names.ts';
import { inflated } from './inflate.ts';
import type { Source, SourceFile } from './source.ts';
import { IN_MEMORY_BYTES, memoryFile } from './zstd-source.ts';

const BLOCK = 512;
const MOST_MEMBERS = 1_000_000;

/** Whether a file that begins like this is a tar archive: its first header carries a right checksum. */
export const looksLikeTar = (beginning: Buffer): boolean => {
  if (beginning.length < BLOCK) return false;
  const stored = Number.parseInt(beginning.toString('latin1', 148, 156).replaceAll(/[\0 ]+/gu, ''), 8);
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) if (at < 148 || at >= 156) sum += beginning[at] as number;
  return stored === sum && beginning[0] !== 0;
};

const webStream = (chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  ReadableStream.from(chunks) as ReadableStream<Uint8Array>;

interface Members {
  readonly files: SourceFile[];
  readonly skipped: string[];
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

const readBody = async (body: ReadableStream<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of body) parts.push(chunk);
  return Buffer.concat(parts);
};

const readMembers = async (archive: string, chunks: AsyncIterable<Uint8Array>): Promise<Members> => {
  const files: SourceFile[] = [];
  const skipped: string[] = [];
  let total = 0;
  const reader = webStream(chunks).pipeThrough(createTarDecoder({ strict: true }));
  for await (const { header, body } of reader) {
    const name = header.name.replace(/^(?:\.\/)+/u, '');
    total += header.size ?? 0;
    if (total > IN_MEMORY_BYTES || files.length + skipped.length > MOST_MEMBERS)
      throw new AppError('archive.too_large', { name: archive });
    if (header.type === 'directory') await body.cancel();
    else if (header.type === 'file' || header.type === undefined)
      files.push(memoryFile(name, await readBody(body)));
    else {
      skipped.push(name);
      await body.cancel();
    }
  }
  return { files, skipped };
};

/**
 * Links and devices are named in `skipped`, never followed.
 * @throws AppError('archive.unsafe' | 'archive.damaged' | 'archive.truncated' | 'archive.too_large')
 */
export const openTar = async (
  name: string,
  file: SourceFile,
  compression: 'gzip' | 'zstd' | null,
): Promise<Source> => {
  const chunks = compression === null ? file.open() : inflated(file.open(), compression, name);
  const { files, skipped } = await readMembers(name, chunks).catch((error: unknown) => {
    throw error instanceof AppError ? error : new AppError('archive.damaged', { name });
  });
  safeNames(name, [...files.map((each) => each.name), ...skipped]);
  return { name, kind: 'folder', files: files.toSorted(byName), skipped: skipped.toSorted() };
};
