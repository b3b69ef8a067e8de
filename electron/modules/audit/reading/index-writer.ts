// Collects rows and gives out the bytes of the stored index, segment by segment, without keeping them.
import { AppError } from '../../../../shared/errors/app-error.ts';
import { Dictionary } from './dictionary.ts';
import {
  columnList,
  FACT_BYTES,
  FLAG_UNREADABLE,
  footerBytes,
  INDEX_VERSION,
  type IndexFooter,
  makeColumns,
  MAX_ROWS,
  NO_TIME,
  PLACE_BYTES,
  SEGMENT_ROWS,
  storedTime,
} from './index-format.ts';

/** The facts of one row, as the index keeps them. */
export interface RowFacts {
  /** Milliseconds since 1970. */
  readonly time: number | null;
  readonly actor: string | null;
  readonly action: string | null;
  readonly result: string | null;
  readonly isReadable: boolean;
}

const WIDE = { values: 262_144, characters: 16_777_216 } as const;
const NARROW = { values: 65_535, characters: 4_194_304 } as const;

export class IndexWriter {
  readonly #columns = makeColumns(SEGMENT_ROWS);
  readonly #places = Buffer.alloc(SEGMENT_ROWS * PLACE_BYTES);
  readonly #ready: Buffer[] = [];
  readonly #actor = new Dictionary(WIDE);
  readonly #action = new Dictionary(NARROW);
  readonly #result = new Dictionary(NARROW);
  readonly #files: { name: string; firstRow: number }[] = [];
  #filled = 0;
  #unreadable = 0;
  #withoutTime = 0;
  #firstTime = NO_TIME;
  #lastTime = -1;
  #previousTime = -1;
  #isOrdered = true;
  rows = 0;

  /** The rows that follow come from this file. */
  startFile(name: string): void {
    const last = this.#files.at(-1);
    if (last?.firstRow === this.rows) this.#files.pop();
    this.#files.push({ name, firstRow: this.rows });
  }

  /** @throws AppError reading.too_many_rows */
  add(facts: RowFacts, offset: number, length: number): void {
    if (this.rows >= MAX_ROWS) throw new AppError('reading.too_many_rows', { most: MAX_ROWS });
    const at = this.#filled;
    const columns = this.#columns;
    const time = storedTime(facts.time);
    columns.timeLow[at] = time % 2 ** 32;
    columns.timeHigh[at] = Math.floor(time / 2 ** 32);
    columns.actor[at] = this.#actor.add(facts.actor);
    columns.action[at] = this.#action.add(facts.action);
    columns.result[at] = this.#result.add(facts.result);
    columns.flags[at] = facts.isReadable ? 0 : FLAG_UNREADABLE;
    this.#places.writeUIntLE(offset, at * PLACE_BYTES, 5);
    this.#places.writeUInt32LE(Math.min(length, 0xff_ff_ff_ff), at * PLACE_BYTES + 5);
    if (!facts.isReadable) this.#unreadable += 1;
    this.#note(time);
    this.rows += 1;
    this.#filled += 1;
    if (this.#filled === SEGMENT_ROWS) this.#flush();
  }

  #note(time: number): void {
    if (time === NO_TIME) {
      this.#withoutTime += 1;
      return;
    }
    if (time < this.#firstTime) this.#firstTime = time;
    if (time > this.#lastTime) this.#lastTime = time;
    if (time < this.#previousTime) this.#isOrdered = false;
    this.#previousTime = time;
  }

  #flush(): void {
    const rows = this.#filled;
    const segment = Buffer.allocUnsafe(rows * (FACT_BYTES + PLACE_BYTES));
    let at = 0;
    for (const column of columnList(this.#columns)) {
      const bytes = rows * column.BYTES_PER_ELEMENT;
      segment.set(new Uint8Array(column.buffer, 0, bytes), at);
      at += bytes;
    }
    this.#places.copy(segment, at, 0, rows * PLACE_BYTES);
    this.#ready.push(segment);
    this.#filled = 0;
  }

  /** Segments that are complete. */
  take(): Buffer[] {
    return this.#ready.splice(0);
  }

  /** What is left, with the footer; call once. */
  finish(extra: Pick<IndexFooter, 'format' | 'hasText' | 'blocks' | 'columns'>): {
    readonly last: Buffer[];
    readonly footer: IndexFooter;
  } {
    if (this.#filled > 0) this.#flush();
    const hasTime = this.#lastTime >= 0;
    const dictionary = ({ values, counts }: Dictionary) => ({ values: [...values], counts: [...counts] });
    const footer: IndexFooter = {
      version: INDEX_VERSION,
      ...extra,
      rows: this.rows,
      unreadable: this.#unreadable,
      withoutTime: this.#withoutTime,
      firstTime: hasTime ? this.#firstTime : null,
      lastTime: hasTime ? this.#lastTime : null,
      isOrdered: this.#isOrdered,
      actor: dictionary(this.#actor),
      action: dictionary(this.#action),
      result: dictionary(this.#result),
      files: this.#files.filter((file) => file.firstRow < this.rows),
    };
    return { last: [...this.take(), footerBytes(footer)], footer };
  }
}
