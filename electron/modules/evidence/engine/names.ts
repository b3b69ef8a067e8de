// Names inside a pack: which are allowed, and what a log file is called there.

/** Files that a pack may hold: more are neither built nor read, because their lists alone would fill the memory. */
export const MOST_FILES = 300_000;

/** Content of one quoted record, the only payload that a copy of a pack may lack. */
const OPENING = /^data\/(?:verifications\/\d{1,3}\/)?records\/(\d{1,15})\.json$/u;

/** The index of the record that a file of the pack shows, null where it is no such file. */
export const openingIndex = (path: string): number | null => {
  const digits = OPENING.exec(path)?.[1];
  return digits === undefined ? null : Number(digits);
};

const PAYLOAD_NAME = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/u;
/** Windows opens a device instead of a file under these names, whatever the extension. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/iu;

/**
 * Whether `name` may be used below `data/`: only [A-Za-z0-9._-] and '/', so that `sha256sum`, BagIt and every file
 * system read it alike; no empty part, no part that ends in a dot, no Windows device name.
 */
export const isPayloadName = (name: string): boolean =>
  name.length <= 200 &&
  PAYLOAD_NAME.test(name) &&
  name.split('/').every((part) => !part.endsWith('.') && !DEVICE_NAME.test(part));

/** One key for names that some file system would take for the same file (case, Unicode normal form). */
export const collisionKey = (name: string): string => name.normalize('NFC').toLowerCase().normalize('NFC');

/**
 * The extension under which a file goes into the pack: lower case, `gz` and the like together with what they wrap
 * (`json.gz`), `bin` where the name offers none that is safe.
 */
const packedExtension = (originalName: string): string => {
  const base = originalName.slice(originalName.lastIndexOf('/') + 1).toLowerCase();
  return /\.((?:[a-z0-9]{1,12}\.)?(?:gz|zst|xz|bz2)|[a-z0-9]{1,12})$/u.exec(base)?.[1] ?? 'bin';
};

/**
 * Path in the pack of a log file: `data/evidence/<sha256>.<ext>`. The caller's index uses the same function to tie it
 * to the original name, which may hold characters that a pack must not.
 */
export const packedLogPath = (sha256: string, originalName: string): string =>
  `data/evidence/${sha256}.${packedExtension(originalName)}`;
