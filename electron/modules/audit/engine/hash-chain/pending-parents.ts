// Records whose parent wasn't found before them, where the previous hash isn't stored: it may still come after them.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Notes } from './notes.ts';
import { reproduced } from './reproduce.ts';
import type { ReadRecord } from './preimage.ts';
import type { Hit } from './search.ts';

interface Pending {
  /** What holds when no parent turns up. */
  readonly finding: Finding;
  readonly record: ReadRecord;
  readonly own: string;
  readonly hit: Hit;
  readonly index: number;
}

/** So many records after it a parent is looked for. */
const REACH = 64;
const MAX_PENDING = 256;

export class PendingParents {
  readonly #notes: Notes;
  #pending: Pending[] = [];

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  add(pending: Pending): void {
    if (this.#pending.length >= MAX_PENDING) this.#notes.report(pending.finding);
    else this.#pending.push(pending);
  }

  /** A record with this own hash stands at `index`. */
  seen(own: string, index: number): void {
    if (this.#pending.length === 0) return;
    this.#pending = this.#pending.filter((pending) => {
      if (reproduced(pending.hit, pending.record, own) === pending.own) {
        const count = index - pending.index + 1;
        this.#notes.report({
          kind: 'REORDERED',
          verdict: 'REORDERED',
          ...this.#notes.at(pending.index),
          ...(count === 2 ? { count } : {}),
          message: `This record was hashed with the hash of record ${index}, which stands after it: lines were moved.`,
        });
        return false;
      }
      if (index - pending.index < REACH) return true;
      this.#notes.report(pending.finding);
      return false;
    });
  }

  finish(): void {
    for (const { finding } of this.#pending) this.#notes.report(finding);
    this.#pending = [];
  }
}
