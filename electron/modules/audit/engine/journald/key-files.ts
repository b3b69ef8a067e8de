// The small files that may hold a key: given as keys, or as data where a person did not tell the two apart.
import type { KeyFile, VerifyOptions } from '../format.ts';
import { readSmall } from '../merkle/small-file.ts';

/** Keys and MAC files of host logs are below 100 bytes; texts around them may be longer. */
const MAX_BYTES = 64 * 1024;
const MAX_FILES = 256;

/** Each content once. Throws what the sources throw. */
export const keyFilesOf = async (options: VerifyOptions, format: string): Promise<readonly KeyFile[]> => {
  const unique = new Map<string, KeyFile>();
  const add = (file: KeyFile): void => {
    const id = Buffer.from(file.bytes).toString('latin1');
    if (!unique.has(id)) unique.set(id, file);
  };
  for (const file of options.keys) if (file.bytes.length <= MAX_BYTES) add(file);
  const small = (options.data ?? []).flatMap(({ files }) =>
    files.filter(({ bytes }) => bytes > 0 && bytes <= MAX_BYTES),
  );
  for (const file of small.slice(0, MAX_FILES))
    add({ name: file.name, bytes: await readSmall(file, format) });
  return [...unique.values()];
};
