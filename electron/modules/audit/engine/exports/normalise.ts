// Any record of any format as a normalised event: by its vendor's adapter, else by the names that logs use.
import { csvObject } from './csv-row.ts';
import type { NormalisedEvent, RecordReader } from './event.ts';
import { EXPORT_ADAPTERS } from './export-adapters.ts';
import { genericEvent } from './generic-event.ts';
import { jsonObject } from './record-values.ts';

export type { NormalisedEvent } from './event.ts';
export type { EventTime } from './event-time.ts';

/**
 * `text`: one record as it stands in the log. `header`: the columns of a CSV log, else null. null when the text is no
 * record. Never throws.
 */
export type Normaliser = (
  text: string,
  header: readonly string[] | null,
  delimiter?: string,
) => NormalisedEvent | null;

const generic: RecordReader = (text, context) => {
  const record = context.header === null ? jsonObject(text) : csvObject(text, context);
  return typeof record === 'string' ? record : genericEvent(record, null);
};

/** `format`: an AuditFormat's id; null or one without vendor (guardian-chain, cloudtrail, …) reads by names. */
export const normaliserOf = (format: string | null): Normaliser => {
  const read = EXPORT_ADAPTERS.find(({ id }) => id === format)?.reader(null) ?? generic;
  return (text, header, delimiter = ',') => {
    const event = read(text, { header, delimiter });
    return typeof event === 'string' ? null : event;
  };
};
