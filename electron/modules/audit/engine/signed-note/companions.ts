// Small files that come with a proof: given as keys or data, or lying beside it in the folder. Content says what they are.
import type { Source } from '../../../../ports/source.ts';
import type { KeyFile, VerifyOptions } from '../format.ts';
import { readSmall } from '../merkle/small-file.ts';
import { readKeys } from './keys.ts';
import type { KeyRing } from './keys.ts';
import { MAX_NOTE_BYTES } from './note.ts';

export interface Companions {
  /** Handed over apart from the log. */
  readonly given: readonly KeyFile[];
  /** Lying in the folder with the log. */
  readonly beside: readonly KeyFile[];
}

/** A folder may hold a whole log; companions are few and small. */
const MAX_FILES = 2000;

const smallFilesOf = async (
  source: Source,
  format: string,
  wanted: (name: string) => boolean,
): Promise<readonly KeyFile[]> => {
  const files = source.files.filter((file) => file.bytes <= MAX_NOTE_BYTES && wanted(file.name));
  const read: KeyFile[] = [];
  for (const file of files.slice(0, MAX_FILES))
    read.push({ name: file.name, bytes: await readSmall(file, format) });
  return read;
};

/** `isBeside` says which files of a folder may be companions (never asked for a single file). */
export const readCompanions = async (
  source: Source,
  options: VerifyOptions,
  format: string,
  isBeside: (name: string) => boolean,
): Promise<Companions> => {
  const given = [...options.keys];
  for (const data of options.data ?? [])
    given.push(...(await smallFilesOf(data, format, (name) => !/(?:^|\/)tile\//u.test(name))));
  const beside = source.kind === 'folder' ? await smallFilesOf(source, format, isBeside) : [];
  return { given, beside };
};

export interface Keys extends KeyRing {
  /** No key was given: all came with the log. */
  readonly onlyBeside: boolean;
}

/** Keys that were given, and those in files of the folder whose names speak of keys. */
export const keysOf = ({ given, beside }: Companions): Keys => {
  const outside = readKeys(given);
  const inside = readKeys(beside.filter(({ name }) => /key|\.pem$|\.pub$|policy/iu.test(name)));
  return {
    keys: [...outside.keys, ...inside.keys],
    unusable: [...outside.unusable, ...inside.unusable],
    onlyBeside: outside.keys.length === 0 && inside.keys.length > 0,
  };
};

/** The caveat for {@link Keys.onlyBeside}. */
export const KEYS_BESIDE =
  'That the keys are the right ones: they lay in the same folder as the log, so whoever made up the log could have made up the keys. Give the keys that you have from elsewhere to settle this.';
