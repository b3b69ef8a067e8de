// Whether times go one way: steps back against the direction of the file, changes of the written offset, the longest silence.
import type { EventTime } from '../event-time.ts';
import type { Spot } from './numbers.ts';

/** One place where a clock does not go on as it should. */
export interface ClockStep {
  readonly at: Spot;
  readonly before: Spot;
  readonly from: EventTime;
  readonly to: EventTime;
}

const MAX_KEPT = 5_000;
const MAX_CLOCKS = 50_000;
const DAY = 86_400_000;
const LEAP_YEAR = 366 * DAY;

/** Milliseconds from one time to the next. Times without year may pass the turn of one. */
const stepOf = (from: EventTime, to: EventTime): number => {
  const step = to.milliseconds - from.milliseconds;
  if (from.hasYear || to.hasYear) return step;
  const half = LEAP_YEAR / 2;
  return ((((step + half) % LEAP_YEAR) + LEAP_YEAR) % LEAP_YEAR) - half;
};

class Steps {
  readonly kept: ClockStep[] = [];
  count = 0;

  add(step: ClockStep): void {
    this.count += 1;
    if (this.kept.length < MAX_KEPT) this.kept.push(step);
  }
}

export interface Silence {
  readonly milliseconds: number;
  readonly from: EventTime;
  readonly to: EventTime;
}

export class ClockCheck {
  readonly #tolerance: number;
  readonly #last = new Map<string, { readonly time: EventTime; readonly at: Spot }>();
  readonly #down = new Steps();
  readonly #up = new Steps();
  readonly #jumps = new Steps();
  #previous: EventTime | null = null;
  /** Steps of any length: they say which way the file runs. */
  #forward = 0;
  #backward = 0;
  first: EventTime | null = null;
  last: EventTime | null = null;
  timed = 0;
  yearless = 0;
  zoneless = 0;
  silence: Silence | null = null;

  /** Steps back up to `tolerance` milliseconds are no finding. */
  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  /** Times of one clock are compared with one another, in the order of the file. */
  add(clock: string, time: EventTime, at: Spot): void {
    this.timed += 1;
    if (!time.hasYear) this.yearless += 1;
    if (time.offsetMinutes === null) this.zoneless += 1;
    this.#span(time);
    const before = this.#last.get(clock);
    if (before === undefined && this.#last.size >= MAX_CLOCKS) return;
    this.#last.set(clock, { time, at });
    if (before === undefined) return;
    const step = { at, before: before.at, from: before.time, to: time };
    const length = stepOf(before.time, time);
    if (length > 0) this.#forward += 1;
    else if (length < 0) this.#backward += 1;
    if (length < -this.#tolerance) this.#down.add(step);
    else if (length > this.#tolerance) this.#up.add(step);
    if (before.time.offsetMinutes !== time.offsetMinutes) this.#jumps.add(step);
  }

  #span(time: EventTime): void {
    if (this.first === null || time.milliseconds < this.first.milliseconds) this.first = time;
    if (this.last === null || time.milliseconds > this.last.milliseconds) this.last = time;
    const previous = this.#previous;
    this.#previous = time;
    if (previous === null) return;
    const milliseconds = Math.abs(stepOf(previous, time));
    if (milliseconds <= (this.silence?.milliseconds ?? 0)) return;
    const [from, to] = stepOf(previous, time) < 0 ? [time, previous] : [previous, time];
    this.silence = { milliseconds, from, to };
  }

  /** A new file: nothing is said of the step from the one before. */
  startFile(): void {
    this.#last.clear();
    this.#previous = null;
  }

  get isNewestFirst(): boolean {
    return this.#backward > this.#forward;
  }

  /** Steps against the direction in which most steps go; `isScattered` when there are too many to be exceptions. */
  regressions(): {
    readonly steps: readonly ClockStep[];
    readonly count: number;
    readonly isScattered: boolean;
  } {
    const { kept, count } = this.isNewestFirst ? this.#up : this.#down;
    return { steps: kept, count, isScattered: isThroughout(count, this.#forward + this.#backward) };
  }

  zoneJumps(): {
    readonly steps: readonly ClockStep[];
    readonly count: number;
    readonly isScattered: boolean;
  } {
    const { kept, count } = this.#jumps;
    return { steps: kept, count, isScattered: isThroughout(count, this.timed) };
  }
}

/** More than a few, and more than one in fifty: no exceptions any more, but how the file is. */
const isThroughout = (count: number, all: number): boolean => count > Math.max(10, all / 50);
