// Decrypts every line with the key of its number, and carries the aggregated MAC along in the order of the numbers.
import { createDecipheriv } from 'node:crypto';
import { aggregate, encryptionKey } from './key-chain.ts';
import type { KeyChain, MacFile } from './key-chain.ts';
import { NO_NUMBER } from './counters.ts';
import type { CounterPlan } from './counters.ts';
import { IV_BYTES, TAG_BYTES } from './line.ts';
import type { SlogLine } from './line.ts';

/** How a line fared. renumbered = genuine, but its number was altered; moot = there is no key for it. */
export type LineState = 'good' | 'bad' | 'renumbered' | 'copy' | 'rival' | 'moot';

/** AES-256-GCM without associated data (slog.c, sLogDecrypt); null when the tag does not fit. */
export const decryptBody = (key: Buffer, body: Buffer): Buffer | null => {
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey(key), body.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(body.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(body.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
};

/** Bodies that wait for an earlier one, in bytes. */
const MAX_WAITING = 64 * 1024 * 1024;

export class SlogPass {
  readonly states: LineState[] = [];
  /** The number that each line has, by its key where it has one; NO_NUMBER for none. */
  readonly numbers: number[] = [];
  /** For a copy or a rival, the line that had the number first. */
  readonly ofLine = new Map<number, number>();
  /** The MAC files that the log comes to, with the number of the entry after which. */
  readonly covers = new Map<MacFile, number>();
  /** Every entry so far is there and genuine, so that MACs can be carried on. */
  isWhole = true;
  readonly #plan: CounterPlan;
  readonly #chain: KeyChain;
  readonly #macs: readonly MacFile[];
  readonly #seen = new Map<number, { readonly line: number; readonly tag: string }>();
  readonly #waiting = new Map<number, { readonly key: Buffer; readonly body: Buffer }>();
  #waitingBytes = 0;
  #next: number;
  /** MACs over the entries in the order of their numbers, one for each MAC that the log may continue. */
  readonly #running: { readonly start: MacFile | null; mac: Buffer | null }[];

  /** A log that does not begin with entry 0 continues one of the `macs`. */
  constructor(plan: CounterPlan, chain: KeyChain, macs: readonly MacFile[]) {
    this.#plan = plan;
    this.#chain = chain;
    this.#macs = macs;
    this.#next = plan.first;
    this.#running =
      plan.first === 0 ? [{ start: null, mac: null }] : macs.map((start) => ({ start, mac: start.mac }));
  }

  /** The MAC after the last entry in hex, for a log that begins with entry 0 and is whole; else null. */
  get head(): string | null {
    const [only] = this.#running;
    return this.isWhole && this.#plan.first === 0 ? (only?.mac?.toString('hex') ?? null) : null;
  }

  line(index: number, line: SlogLine): void {
    const number = this.#plan.numbers[index] ?? NO_NUMBER;
    const instead = this.#plan.instead[index] ?? NO_NUMBER;
    const opened = this.#open(number, line.body);
    if (opened !== null) {
      this.#take(index, number, opened, line.body, 'good');
      return;
    }
    const other = this.#open(instead, line.body);
    if (other !== null) {
      this.#take(index, instead, other, line.body, 'renumbered');
      return;
    }
    this.states[index] = number === NO_NUMBER && instead === NO_NUMBER ? 'moot' : 'bad';
    this.numbers[index] = instead === NO_NUMBER ? number : instead;
    this.isWhole = false;
  }

  /** A line that is no secure log line. */
  skip(index: number): void {
    this.states[index] = 'moot';
    this.numbers[index] = NO_NUMBER;
  }

  #open(number: number, body: Buffer): Buffer | null {
    if (number === NO_NUMBER) return null;
    const key = this.#chain.at(number);
    return key === null || decryptBody(key, body) === null ? null : key;
  }

  #take(index: number, number: number, key: Buffer, body: Buffer, state: LineState): void {
    this.numbers[index] = number;
    const tag = body.toString('latin1', 0, IV_BYTES + TAG_BYTES);
    const isRepeated = this.#plan.repeated.has(number);
    const first = isRepeated ? this.#seen.get(number) : undefined;
    if (first !== undefined) {
      this.states[index] = first.tag === tag ? 'copy' : 'rival';
      this.ofLine.set(index, first.line);
      return;
    }
    if (isRepeated) this.#seen.set(number, { line: index, tag });
    this.states[index] = state;
    if (!this.isWhole) return;
    if (number !== this.#next) {
      this.#waiting.set(number, { key: Buffer.from(key), body });
      this.#waitingBytes += body.length;
      if (this.#waitingBytes > MAX_WAITING) this.#giveUp();
      return;
    }
    this.#add(key, body);
    for (let next = this.#waiting.get(this.#next); next !== undefined; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      this.#waitingBytes -= next.body.length;
      this.#add(next.key, next.body);
    }
  }

  #giveUp(): void {
    this.isWhole = false;
    this.#waiting.clear();
  }

  #add(key: Buffer, body: Buffer): void {
    for (const running of this.#running) {
      running.mac = aggregate(key, running.mac, body);
      for (const file of this.#macs)
        if (file !== running.start && file.mac.equals(running.mac)) this.covers.set(file, this.#next);
    }
    this.#next += 1;
  }

  /** After the last line: entries that still wait have one missing before them. */
  end(): void {
    if (this.#waiting.size > 0) this.#giveUp();
  }
}
