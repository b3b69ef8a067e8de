// journal-head.json beside the database: the sealed ends of the last two commits, one slot written after every commit.
import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { readHead } from './head.ts';
import type { ReadHead } from './head.ts';

export const HEAD_FILE = 'journal-head.json';

// Two lines of fixed length in a JSON list. A commit overwrites the older of them in place, which costs a third of
// replacing the file, and no interruption can take both.
const SLOT_BYTES = 320;
const BEFORE = '[\n';
const BETWEEN = ',\n';
const AFTER = '\n]\n';
const FILE_BYTES = BEFORE.length + SLOT_BYTES + BETWEEN.length + SLOT_BYTES + AFTER.length;
const EMPTY = 'null';

const offsetOf = (slot: 0 | 1): number => BEFORE.length + slot * (SLOT_BYTES + BETWEEN.length);

const slotText = (text: string): string => {
  if (text.length > SLOT_BYTES) throw new RangeError(`a sealed head has at most ${SLOT_BYTES} characters`);
  return text.padEnd(SLOT_BYTES);
};

/** Never throws for what the file holds: it is absent, two sealed heads (of which the later counts), or not to be trusted. */
export const readHeadFile = (folder: string, key: Uint8Array, workspace: string): ReadHead => {
  const path = join(folder, HEAD_FILE);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { state: 'absent' };
  if (!found.isFile() || found.size !== FILE_BYTES) return { state: 'unreadable' };
  const text = readFileSync(path, 'latin1');
  let latest: ReadHead = { state: 'unreadable' };
  for (const slot of [0, 1] as const) {
    const content = text.slice(offsetOf(slot), offsetOf(slot) + SLOT_BYTES).trimEnd();
    if (content === EMPTY) continue;
    const read = readHead(key, workspace, content);
    // One slot that was meddled with spoils the file: else the later head could be blotted out to hide a loss.
    if (read.state !== 'sealed') return read;
    if (latest.state !== 'sealed' || read.head.seq > latest.head.seq) latest = read;
  }
  return latest;
};

/** Replaces the whole file in one step. */
const replaceHeadFile = (folder: string, seq: number, text: string): void => {
  const slots = seq % 2 === 0 ? [text, EMPTY] : [EMPTY, text];
  const path = join(folder, HEAD_FILE);
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, BEFORE + slots.map(slotText).join(BETWEEN) + AFTER);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
};

/** The file while its workspace is open for writing. */
export class HeadFile {
  readonly #folder: string;
  #file: number | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts the sealed head of entry `seq` onto the disk. The first time it replaces the file, whatever was in it. */
  write(seq: number, text: string): void {
    if (this.#file === null) {
      replaceHeadFile(this.#folder, seq, text);
      this.#file = openSync(join(this.#folder, HEAD_FILE), constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
      return;
    }
    writeSync(this.#file, slotText(text), offsetOf(seq % 2 === 0 ? 0 : 1), 'latin1');
    fdatasyncSync(this.#file);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
