// What one vendor's export must say of itself: a few facts and a reader; everything else is shared.
import type { RecordReader } from './event.ts';

/** How a text is cut into records; `text` is neither JSON nor XML: rows of CSV or lines, as the adapter has it. */
export type Layout = 'json' | 'xml' | 'text' | 'octet-counted';

/** The first records of a file. */
export interface ExportSample {
  readonly layout: Layout;
  /** Whole records; of CSV without the line that names the columns. */
  readonly records: readonly string[];
  /** The columns and delimiter, where the text could be CSV; null otherwise. */
  readonly csv: {
    readonly header: readonly string[];
    readonly delimiter: string;
    readonly rows: readonly string[];
  } | null;
}

export interface Recognition {
  /** 0..1, as in Detection. */
  readonly confidence: number;
  /** Plain words, the end of "…": what in the data says so. */
  readonly reason: string;
}

export interface ExportAdapter {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** How `text` is cut: rows of CSV, lines, or not at all. */
  readonly text: 'csv' | 'lines' | null;
  /** null = not this vendor's. Never throws. */
  recognise(sample: ExportSample): Recognition | null;
  /** A reader that may have learned from the first records; without a sample by the names alone. */
  reader(sample: ExportSample | null): RecordReader;
  /** What the vendor calls the number that counts up, for messages. */
  readonly sequenceName: string;
  /** What the vendor calls the id, for messages; null where records have none. */
  readonly idName: string | null;
  /** Steps back in time up to this many milliseconds are usual. */
  readonly clockTolerance: number;
  /** Sentences about the export as such: what the vendor doesn't promise. */
  readonly notes: readonly string[];
}

/** The share of a sample that fits; 0 for none. */
export const shareOf = <T>(items: readonly T[], fits: (item: T) => boolean): number =>
  items.length === 0 ? 0 : items.filter(fits).length / items.length;
