// What a row shows of a record, and its fields: by the format's own reading of it, else by the names that logs use.
import { csvObject } from '../engine/exports/csv-row.ts';
import { type NormalisedEvent, normaliserOf } from '../engine/exports/normalise.ts';
import { isObject, type JsonObject } from '../engine/exports/record-values.ts';

/** The columns of a table; null for records that name their fields themselves. */
export interface Columns {
  readonly names: readonly string[];
  readonly delimiter: string;
}

export interface Summary {
  /** Milliseconds since 1970; null when the record names no time. */
  readonly time: number | null;
  readonly actor: string | null;
  readonly action: string | null;
  readonly target: string | null;
  readonly result: string | null;
  readonly ip: string | null;
  /** false: the text could not be read as a record. */
  readonly isReadable: boolean;
}

export const UNREADABLE: Summary = {
  time: null,
  actor: null,
  action: null,
  target: null,
  result: null,
  ip: null,
  isReadable: false,
};

const summaryOf = (event: NormalisedEvent): Summary => ({
  time: event.time?.milliseconds ?? null,
  actor: event.actor,
  action: event.action,
  target: event.target,
  result: event.result,
  ip: event.sourceIp,
  isReadable: true,
});

/** Reads one record's text. Never throws. */
export type Summarise = (text: string, columns: Columns | null) => Summary;

export const summariserOf = (format: string | null): Summarise => {
  const read = normaliserOf(format);
  return (text, columns) => {
    const event = read(text, columns?.names ?? null, columns?.delimiter);
    return event === null ? UNREADABLE : summaryOf(event);
  };
};

/** The fields of a record that is JSON or a row of a table; null for any other text. */
export const recordFields = (text: string, columns: Columns | null): JsonObject | null => {
  if (columns !== null) {
    const row = csvObject(text, { header: columns.names, delimiter: columns.delimiter });
    return typeof row === 'string' ? null : row;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
};
