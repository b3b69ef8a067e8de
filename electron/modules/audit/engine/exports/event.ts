// What every export says of an event, whatever its vendor calls it.
import type { EventTime } from './event-time.ts';

export interface NormalisedEvent {
  readonly time: EventTime | null;
  /** What the source promises to be unique; null when the record names none. */
  readonly id: string | null;
  /** A number that counts up by one inside its stream; null when the record carries none. */
  readonly sequence: { readonly value: number; readonly stream: string } | null;
  /** Where the clock that wrote the time runs (a host, a channel); '' where there is only one. */
  readonly clock: string;
  readonly actor: string | null;
  readonly action: string | null;
  readonly target: string | null;
  readonly result: string | null;
  readonly sourceIp: string | null;
}

export const EMPTY_EVENT: NormalisedEvent = {
  time: null,
  id: null,
  sequence: null,
  clock: '',
  actor: null,
  action: null,
  target: null,
  result: null,
  sourceIp: null,
};

/** What stands around a record: the columns of a CSV file. */
export interface RecordContext {
  /** Names of the columns; null where the file is no CSV. */
  readonly header: readonly string[] | null;
  readonly delimiter: string;
}

/** Reads one record; a text says why it is none. Never throws. */
export type RecordReader = (text: string, context: RecordContext) => NormalisedEvent | string;
