// The second look at records that may stand twice: reads them again, and says what is the same and what is not.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { MAX_FINDINGS } from '../lines/finding-list.ts';
import type { RecordHandler } from '../lines/record-stream.ts';
import type { ExportAdapter } from './adapter.ts';
import type { RecordContext, RecordReader } from './event.ts';
import { Seal } from './seal.ts';

interface Seen {
  readonly id: string | null;
  readonly leaf: string;
  readonly line: number;
  readonly offset: number;
  readonly path: string | null;
}

/** Collects the records of given rows on a second reading. */
export class SecondLook implements RecordHandler {
  readonly #wanted: ReadonlySet<number>;
  readonly #seen = new Map<number, Seen>();
  readonly #seal = new Seal();
  #read: RecordReader | null = null;
  #context: RecordContext = { header: null, delimiter: ',' };
  #path: string | null = null;
  base = 0;

  constructor(groups: readonly (readonly number[])[]) {
    this.#wanted = new Set(groups.flat());
  }

  startFile(path: string | null, read: RecordReader, context: RecordContext): void {
    this.#path = path;
    this.#read = read;
    this.#context = context;
  }

  record(
    bytes: Buffer,
    start: number,
    end: number,
    place: { index: number; line: number; offset: number },
  ): void {
    const row = this.base + place.index;
    if (!this.#wanted.has(row)) return;
    const event = this.#read?.(bytes.toString('utf8', start, end), this.#context);
    if (event === undefined || typeof event === 'string') return;
    const leaf = this.#seal.leafOf(bytes, start, end).toString('hex');
    this.#seen.set(row, { id: event.id, leaf, line: place.line, offset: place.offset, path: this.#path });
  }

  tooLong(): void {
    // Never wanted: it has no fingerprint.
  }

  get isDone(): boolean {
    return this.#seen.size === this.#wanted.size;
  }

  /** One finding for each record that repeats an earlier one. */
  *findings(groups: readonly (readonly number[])[], adapter: ExportAdapter): Generator<Finding> {
    for (const group of groups) {
      const firsts: { readonly row: number; readonly seen: Seen }[] = [];
      for (const row of group) {
        const seen = this.#seen.get(row);
        if (seen === undefined) continue;
        const first = firsts.find((each) =>
          seen.id === null ? each.seen.leaf === seen.leaf : each.seen.id === seen.id,
        );
        if (first === undefined) firsts.push({ row, seen });
        else yield repeated(row, seen, first.row, first.seen, adapter);
      }
    }
  }
}

const repeated = (row: number, seen: Seen, ofIndex: number, of: Seen, adapter: ExportAdapter): Finding => {
  const where = `record ${ofIndex}${of.path === seen.path || of.path === null ? '' : ` (in ${of.path})`}`;
  const isSame = seen.leaf === of.leaf;
  const message = isSame
    ? `This record stands in the export a second time, byte for byte as at ${where}.`
    : `This record carries the ${adapter.idName ?? 'id'} of ${where}, but is not the same: the source gave an id twice, or one of the two was altered or inserted.`;
  // Logs without ids may well say the same twice in one second.
  const isTelling = seen.id !== null || adapter.idName !== null;
  return {
    kind: 'DUPLICATE',
    ...(isTelling ? { verdict: 'DUPLICATE' as const } : {}),
    index: row,
    ofIndex,
    line: seen.line,
    byteOffset: seen.offset,
    ...(seen.path === null ? {} : { path: seen.path }),
    message,
  };
};

/** More rows than these are counted, not looked at. */
export const MAX_LOOKED_AT = 2 * MAX_FINDINGS;
