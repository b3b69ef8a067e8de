// Walks the lines of an Acra audit log along their chains: altered, inserted, moved and doubled lines, and lost ends.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { FindingList } from '../lines/finding-list.ts';
import type { Strip } from '../lines/strip.ts';
import type { ChainState } from './chain-key.ts';
import type { AcraEntry } from './entry.ts';

interface Line extends AcraEntry {
  readonly index: number;
  readonly line: number;
  readonly offset: number;
}

/** Lines that are looked at ahead of a line that does not fit. */
const AHEAD = 64;
/** Lines out of place that are kept, to see whether they fit later on. */
const ASIDE = 64;
/** Lines that a copy is recognised of. */
const RECENT = 1024;

type State = 'before' | 'good' | 'broken';

export class ChainWalk {
  readonly #state: ChainState | null;
  readonly #findings: FindingList;
  readonly #strip: Strip;
  #waiting: Line[] = [];
  #aside: Line[] = [];
  #chain: State = 'before';
  /** The last line that verified, or without a key the last line at all. */
  #last: Line | null = null;
  readonly #recent = new Map<string, Line>();
  #unproven: { from: Line; count: number } | null = null;
  /** Lines proven so far, chains begun, chains ended by their end line. */
  proven = 0;
  chains = 0;
  ended = 0;
  head: string | null = null;

  /** `state` null: there is no key, so only beginnings and ends of chains are looked at. */
  constructor(state: ChainState | null, findings: FindingList, strip: Strip) {
    this.#state = state;
    this.#findings = findings;
    this.#strip = strip;
  }

  get isEnded(): boolean {
    return this.#last?.isEnd === true;
  }

  push(line: Line): void {
    this.#waiting.push(line);
    if (this.#waiting.length > AHEAD) this.#work();
  }

  end(): void {
    while (this.#waiting.length > 0) this.#work();
    this.#dropAside();
    this.#closeUnproven();
  }

  #work(): void {
    const line = this.#waiting.shift();
    if (line === undefined) return;
    if (this.#state === null) {
      this.#withoutKey(line);
      return;
    }
    const fits = this.#chain === 'good' && this.#fits(line);
    if (fits && !line.isNew) {
      this.#take(line);
      this.#fromAside();
    } else if (this.#fits(line, this.#state.fresh())) {
      this.#begin(line, this.#state);
    } else if (fits) {
      this.#mark(line, 'The mark chain=new was added to this line: it continues the chain before it.');
      this.#take(line);
    } else if (this.#chain === 'good') this.#misfit(line);
    else this.#addUnproven(line);
  }

  #begin(line: Line, state: ChainState): void {
    this.#dropAside();
    this.#closeUnproven();
    if (this.#last !== null && !this.#last.isEnd) this.#lostEnd(this.#last, line);
    if (!line.isNew)
      this.#mark(line, 'The mark chain=new was removed from this line: a chain begins with it.');
    state.reset();
    this.#chain = 'good';
    this.chains += 1;
    if (this.chains > 1) {
      const message = 'A new chain begins here: the service was started again, or its log was closed.';
      this.#findings.add({ kind: 'SEGMENT_START', verdict: 'SEGMENTED', ...place(line), message });
    }
    this.#take(line);
  }

  #mark(line: Line, message: string): void {
    this.#strip.mark(line.index, 1, 'failed');
    this.#findings.add({ kind: 'CHAIN_HASH_MISMATCH', verdict: 'TAMPERED', ...place(line), message });
  }

  #lostEnd(last: Line, next: Line): void {
    this.#findings.add({
      kind: 'TRUNCATED',
      verdict: 'GAP',
      ...place(last),
      between: [`line ${last.line}`, `line ${next.line}`],
      message: `The chain that ends here has no end line: the service stopped without closing it, or lines were removed before line ${next.line}.`,
    });
  }

  #fits(line: Line, state: ChainState | null = this.#state): boolean {
    return state !== null && line.raw.some((raw) => state.try(raw).integrity === line.integrity);
  }

  #take(line: Line): void {
    for (const raw of line.raw) {
      const tried = this.#state?.try(raw);
      if (tried?.integrity !== line.integrity) continue;
      tried.take();
      break;
    }
    this.proven += 1;
    this.#last = line;
    this.#recent.set(line.integrity, line);
    if (this.#recent.size > RECENT) this.#recent.delete(this.#recent.keys().next().value ?? '');
    this.head = line.integrity;
    if (line.isEnd) this.ended += 1;
  }

  /** Lines that stood too early may fit now. */
  #fromAside(): void {
    for (;;) {
      const found = this.#aside.findIndex((line) => this.#fits(line));
      if (found < 0) return;
      const [line] = this.#aside.splice(found, 1);
      if (line === undefined) return;
      this.#take(line);
      this.#strip.mark(line.index, 1, 'attention');
      const message = 'This line stands too early: it follows from lines further down, and is genuine.';
      this.#findings.add({ kind: 'REORDERED', verdict: 'REORDERED', ...place(line), message });
    }
  }

  #misfit(line: Line): void {
    if (this.#isCopy(line)) return;
    // The line that fits here may stand a little further down.
    if (this.#waiting.some((other) => this.#fits(other))) {
      if (this.#aside.length === ASIDE) this.#foreign(this.#aside.shift() ?? line);
      this.#aside.push(line);
      return;
    }
    this.#dropAside();
    this.#chain = 'broken';
    this.#strip.mark(line.index, 1, 'failed');
    this.#findings.add({
      kind: 'CHAIN_HASH_MISMATCH',
      verdict: 'TAMPERED',
      ...place(line),
      actual: line.integrity,
      message:
        'This line does not follow from the lines before it: it was altered, or lines directly before it were removed.',
    });
  }

  #isCopy(line: Line): boolean {
    const first = this.#recent.get(line.integrity);
    if (first === undefined || !same(first, line)) return false;
    this.#strip.mark(line.index, 1, 'attention');
    const message = `This line is a copy of line ${first.line}.`;
    this.#findings.add({
      kind: 'DUPLICATE',
      verdict: 'DUPLICATE',
      ...place(line),
      ofIndex: first.index,
      message,
    });
    return true;
  }

  #foreign(line: Line): void {
    this.#strip.mark(line.index, 1, 'failed');
    const message = 'This line has no place in the chain, and the chain goes on without it: it was inserted.';
    this.#findings.add({
      kind: 'CHAIN_HASH_MISMATCH',
      verdict: 'TAMPERED',
      ...place(line),
      actual: line.integrity,
      message,
    });
  }

  #dropAside(): void {
    for (const line of this.#aside) this.#foreign(line);
    this.#aside = [];
  }

  /** After a break nothing in the chain can be verified: each MAC builds on the one before, which is not stored. */
  #addUnproven(line: Line): void {
    this.#strip.mark(line.index, 1, 'uncovered');
    if (this.#unproven === null) this.#unproven = { from: line, count: 1 };
    else this.#unproven.count = line.index - this.#unproven.from.index + 1;
    this.#last = line;
  }

  #closeUnproven(): void {
    if (this.#unproven === null) return;
    const { from, count } = this.#unproven;
    const why =
      this.#chain === 'before'
        ? 'the chain that they belong to begins before this file'
        : 'the chain is broken before them, and each value builds on the one before';
    this.#findings.add({
      kind: 'UNPROTECTED_RECORD',
      verdict: 'UNVERIFIABLE',
      ...place(from),
      count,
      message: `${count === 1 ? 'This line' : `${count} lines from here on`} can not be verified: ${why}.`,
    });
    this.#unproven = null;
  }

  #withoutKey(line: Line): void {
    if (line.isNew) {
      if (this.#last !== null && !this.#last.isEnd) this.#lostEnd(this.#last, line);
      this.chains += 1;
    }
    if (line.isEnd) this.ended += 1;
    this.#last = line;
  }
}

const place = (line: Line): Pick<Finding, 'index' | 'line' | 'byteOffset'> => ({
  index: line.index,
  line: line.line,
  byteOffset: line.offset,
});

const same = (a: Line, b: Line): boolean => {
  const [x] = a.raw;
  const [y] = b.raw;
  return x !== undefined && y !== undefined && x.equals(y);
};
