// Wrong passphrases while the journal is locked: counted beside the vault, told to the journal at the next opening.
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const fileIn = (folder: string): string => join(folder, 'failed-unlocks.txt');

/** One line, the time. A folder that can't be written still refuses the passphrase. */
export const noteFailedUnlock = async (folder: string, at: string): Promise<void> => {
  await appendFile(fileIn(folder), `${at}\n`, { mode: 0o600 }).catch(() => {});
};

/** How many there were since the last opening, and forgets them. */
export const takeFailedUnlocks = async (folder: string): Promise<number> => {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => '');
  await rm(fileIn(folder), { force: true }).catch(() => {});
  return text.split('\n').filter((line) => line !== '').length;
};
