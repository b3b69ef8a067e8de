// Which numbers of a counting source are there: runs of consecutive ones for each stream, whatever order they come in.
import type { Place } from '../../lines/record-stream.ts';

export type Spot = Pick<Place, 'index' | 'line' | 'offset'> & { readonly path: string | null };

interface Run {
  low: number;
  high: number;
  lowAt: Spot;
  highAt: Spot;
}

/** Beyond this many runs in all, numbers are too scattered to be kept: it is a selection, not a log with holes. */
const MAX_RUNS = 100_000;
const MAX_STREAMS = 50_000;
const MAX_REPEATED = 1_000;
/** So many neighbours say which way a file counts. */
const MIN_RUN = 3;

/** One count from its beginning to its end (a sender that starts anew begins another). */
class Epoch {
  readonly #byLow = new Map<number, Run>();
  readonly #byHigh = new Map<number, Run>();
  #current: Run | null = null;
  min = Number.MAX_SAFE_INTEGER;
  max = -1;

  get runs(): number {
    return this.#byLow.size + (this.#current === null ? 0 : 1);
  }

  get hasRun(): boolean {
    return this.max - this.min >= MIN_RUN;
  }

  /** false when the number stands in the run at hand already. */
  add(value: number, at: Spot): boolean {
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const current = this.#current;
    if (current !== null) {
      if (value === current.high + 1) {
        current.high = value;
        current.highAt = at;
        return true;
      }
      if (value === current.low - 1) {
        current.low = value;
        current.lowAt = at;
        return true;
      }
      if (value >= current.low && value <= current.high) return false;
      this.#keep(current);
    }
    const left = this.#byHigh.get(value - 1);
    const right = left === undefined ? this.#byLow.get(value + 1) : undefined;
    const run = left ?? right ?? { low: value, high: value, lowAt: at, highAt: at };
    this.#drop(run);
    if (left !== undefined) [run.high, run.highAt] = [value, at];
    else if (right !== undefined) [run.low, run.lowAt] = [value, at];
    this.#current = run;
    return true;
  }

  #keep(run: Run): void {
    const left = this.#byHigh.get(run.low - 1);
    const right = this.#byLow.get(run.high + 1);
    if (left !== undefined) {
      this.#drop(left);
      [run.low, run.lowAt] = [left.low, left.lowAt];
    }
    if (right !== undefined) {
      this.#drop(right);
      [run.high, run.highAt] = [right.high, right.highAt];
    }
    const sameLow = this.#byLow.get(run.low);
    const sameHigh = this.#byHigh.get(run.high);
    // Numbers that stand twice make no run of their own.
    if ((sameLow?.high ?? -1) >= run.high || (sameHigh !== undefined && sameHigh.low <= run.low)) return;
    if (sameLow !== undefined) this.#drop(sameLow);
    if (sameHigh !== undefined) this.#drop(sameHigh);
    this.#byLow.set(run.low, run);
    this.#byHigh.set(run.high, run);
  }

  #drop(run: Run): void {
    if (this.#byLow.get(run.low) === run) this.#byLow.delete(run.low);
    if (this.#byHigh.get(run.high) === run) this.#byHigh.delete(run.high);
  }

  /** Forgets all but the span. */
  scatter(): void {
    this.#byLow.clear();
    this.#byHigh.clear();
    this.#current = null;
  }

  /** In ascending order, none touching another. */
  sorted(): readonly Readonly<Run>[] {
    if (this.#current !== null) this.#keep(this.#current);
    this.#current = null;
    const merged: Run[] = [];
    for (const run of [...this.#byLow.values()].toSorted((a, b) => a.low - b.low)) {
      const last = merged.at(-1);
      if (last === undefined || run.low > last.high + 1) merged.push({ ...run });
      else if (run.high > last.high) [last.high, last.highAt] = [run.high, run.highAt];
    }
    return merged;
  }
}

export interface Hole {
  readonly stream: string;
  /** The first and last number that are missing. */
  readonly from: number;
  readonly to: number;
  /** The records beside the hole. */
  readonly below: Spot;
  readonly above: Spot;
}

export interface NumberedStream {
  readonly stream: string;
  readonly first: number;
  readonly last: number;
  /** null when the numbers are so scattered that no holes are told. */
  readonly holes: readonly Hole[] | null;
  /** Numbers that are there; null like holes. */
  readonly present: number | null;
  /** Where the count begins anew, for all but the first. */
  readonly restartsAt: Spot | null;
}

interface Stream {
  readonly name: string;
  readonly epochs: { readonly epoch: Epoch; readonly at: Spot }[];
  before: number;
  /** A count that may begin anew: known once the next number goes on from it. */
  pending: { readonly value: number; readonly at: Spot } | null;
  scattered: boolean;
}

export class NumberCheck {
  readonly #streams = new Map<string, Stream>();
  #runs = 0;
  /** Numbers that stood in their run already; the first of them, and how many there are. */
  readonly repeated: { readonly stream: string; readonly value: number; readonly at: Spot }[] = [];
  repeatedCount = 0;
  /** Records with a number, and those whose stream came after too many others. */
  counted = 0;
  passedOver = 0;

  add(name: string, value: number, at: Spot): void {
    this.counted += 1;
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      if (this.#streams.size >= MAX_STREAMS) {
        this.passedOver += 1;
        return;
      }
      stream = { name, epochs: [{ epoch: new Epoch(), at }], before: value, pending: null, scattered: false };
      this.#streams.set(name, stream);
    }
    this.#place(stream, value, at);
    stream.before = value;
  }

  #place(stream: Stream, value: number, at: Spot): void {
    const last = stream.epochs.at(-1);
    if (last === undefined) return;
    const { pending } = stream;
    stream.pending = null;
    if (pending !== null) {
      // Upwards a new count goes 1, 2; downwards it comes after 1 and goes on from its top.
      const goesOn = pending.value <= 1 ? value === pending.value + 1 : value === pending.value - 1;
      if (goesOn) {
        const epoch = new Epoch();
        epoch.add(pending.value, pending.at);
        epoch.add(value, at);
        stream.epochs.push({ epoch, at: pending.at });
        return;
      }
      this.#add(stream, last.epoch, pending.value, pending.at);
    }
    const { epoch } = last;
    const upAnew = value <= 1 && stream.before > value + 1;
    const downAnew = stream.before <= 1 && value > stream.before + 1;
    if ((upAnew || downAnew) && epoch.hasRun) stream.pending = { value, at };
    else this.#add(stream, epoch, value, at);
  }

  #add(stream: Stream, epoch: Epoch, value: number, at: Spot): void {
    if (stream.scattered) {
      epoch.min = Math.min(epoch.min, value);
      epoch.max = Math.max(epoch.max, value);
      return;
    }
    const before = epoch.runs;
    if (!epoch.add(value, at)) {
      this.repeatedCount += 1;
      if (this.repeated.length < MAX_REPEATED) this.repeated.push({ stream: stream.name, value, at });
    }
    this.#runs += epoch.runs - before;
    if (this.#runs <= MAX_RUNS) return;
    stream.scattered = true;
    for (const each of stream.epochs) {
      this.#runs -= each.epoch.runs;
      each.epoch.scatter();
    }
  }

  *results(): Generator<NumberedStream> {
    for (const [name, stream] of this.#streams) {
      const last = stream.epochs.at(-1);
      if (stream.pending !== null && last !== undefined)
        this.#add(stream, last.epoch, stream.pending.value, stream.pending.at);
      stream.pending = null;
      for (const [i, { epoch, at }] of stream.epochs.entries()) {
        const restartsAt = i === 0 ? null : at;
        const span = { stream: name, first: epoch.min, last: epoch.max, restartsAt };
        if (stream.scattered) yield { ...span, holes: null, present: null };
        else yield { ...span, ...holesIn(name, epoch.sorted()) };
      }
    }
  }
}

const holesIn = (
  stream: string,
  runs: readonly Readonly<Run>[],
): { readonly holes: readonly Hole[]; readonly present: number } => {
  const holes: Hole[] = [];
  let present = 0;
  for (const [i, run] of runs.entries()) {
    present += run.high - run.low + 1;
    const below = runs[i - 1];
    if (below === undefined) continue;
    holes.push({ stream, from: below.high + 1, to: run.low - 1, below: below.highAt, above: run.lowAt });
  }
  return { holes, present };
};

/** Many holes throughout: the export is a selection, and the missing numbers say nothing. */
export const isSelection = (holes: number, present: number): boolean =>
  holes > Math.max(20, present / 200) || (holes >= 4 && holes > (present - 1) / 3);
