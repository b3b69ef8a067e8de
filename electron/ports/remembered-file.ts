// A file whose beginning is read once, however many formats look at it.
import type { SourceFile } from './source.ts';

/** What every format may look at when it is asked whether a file is its own. */
export const BEGINNING_BYTES = 64 * 1024;

/** The same file; reads that stay within its first {@link BEGINNING_BYTES} are answered from memory after the first. */
export const rememberedFile = (file: SourceFile): SourceFile => {
  const held = Math.min(BEGINNING_BYTES, file.bytes);
  let beginning: Promise<Buffer> | null = null;
  const read = async (): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of file.open({ start: 0, end: held })) parts.push(part);
    return Buffer.concat(parts);
  };
  return {
    name: file.name,
    bytes: file.bytes,
    open: (options = {}) => {
      const end = Math.min(options.end ?? file.bytes, file.bytes);
      if (end > held) return file.open(options);
      return (async function* remembered() {
        beginning ??= read();
        const part = (await beginning).subarray(options.start ?? 0, end);
        // A copy: readers may keep what they get, and write into it.
        if (part.length > 0) yield Uint8Array.from(part);
      })();
    },
  };
};
