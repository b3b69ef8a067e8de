// What the command line gives beside a log: trusted heads, keys and companions, recipes.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { headsOfFile, type KeyFile, parseTrustedHeads, readSmallFile } from '../modules/audit/public.ts';

/** A head is 64 hex digits, or a file that holds them: text, or a picture of a QR code. */
export const readHeads = async (given: readonly string[]): Promise<string[]> => {
  const heads: string[] = [];
  for (const each of given) {
    const isFile = await stat(each).then(
      (found) => found.isFile(),
      () => false,
    );
    const file = isFile ? await readSmallFile(resolve(each)) : null;
    heads.push(...(file === null ? parseTrustedHeads(each) : headsOfFile(file.name, file.bytes)));
  }
  return heads;
};

/** Keys that are short texts by nature may be given as such, where no file has that name. */
const KEY_TEXT =
  /^(?:[0-9a-f]{6}(?:-[0-9a-f]{6}){3}\/[0-9a-f]+-[0-9a-f]+|[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)$/u;
/** A companion larger than this is data to be streamed, e.g. block headers, and no key. */
const KEY_BYTES = 4_194_304;

/** `--key`: key files, key texts, and large companions by their paths. @throws AppError file.* */
export const readCompanions = async (
  given: readonly string[],
): Promise<{ keys: KeyFile[]; large: string[] }> => {
  const keys: KeyFile[] = [];
  const large: string[] = [];
  for (const each of given) {
    const size = await stat(each).then(
      (found) => found.size,
      () => null,
    );
    if (size === null && KEY_TEXT.test(each)) keys.push({ name: 'key given', bytes: Buffer.from(each) });
    else if (size !== null && size > KEY_BYTES) large.push(each);
    else keys.push(await readSmallFile(resolve(each)));
  }
  return { keys, large };
};

export const readText = async (path: string): Promise<string> =>
  Buffer.from((await readSmallFile(resolve(path))).bytes).toString('utf8');
