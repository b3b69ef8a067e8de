// What the reader has chosen to see: filters and order, their words, and the filter that they make.
import type { RowSetId } from '../../../../shared/model/ids.ts';
import {
  FACET_COLUMNS,
  type FacetColumn,
  type RowFilter,
  type RowOrder,
  type SavedView,
} from '../../../../shared/model/reading.ts';
import { formatInstant } from '../../../ui/format.ts';
import { READING_TEXT } from './text.ts';

export interface Found {
  readonly id: RowSetId;
  readonly text: string;
  readonly rows: number;
}

export interface Choice {
  /** RFC 3339, or null. */
  readonly from: string | null;
  readonly to: string | null;
  readonly actor: readonly (string | null)[];
  readonly action: readonly (string | null)[];
  readonly result: readonly (string | null)[];
  readonly found: Found | null;
  readonly only: 'all' | 'bookmarks' | 'findings';
  readonly order: RowOrder;
}

export const EVERYTHING: Choice = {
  from: null,
  to: null,
  actor: [],
  action: [],
  result: [],
  found: null,
  only: 'all',
  order: { by: 'position', direction: 'ascending' },
};

/** Rows beside a filter that only the page knows. */
export interface KnownRows {
  readonly bookmarks: readonly number[];
  readonly findings: readonly number[];
}

/** The operation takes no more rows by number. */
const MOST_ROWS = 20_000;

export const filterOf = (choice: Choice, known: KnownRows): RowFilter => {
  const rows = choice.only === 'all' ? null : known[choice.only].slice(0, MOST_ROWS);
  const filter: RowFilter = {
    ...(choice.from === null ? {} : { from: choice.from }),
    ...(choice.to === null ? {} : { to: choice.to }),
    ...(choice.found === null ? {} : { found: choice.found.id }),
    ...(rows === null ? {} : { rows }),
  };
  for (const column of FACET_COLUMNS) if (choice[column].length > 0) filter[column] = [...choice[column]];
  return filter;
};

/** What a saved view says; its search runs anew. */
export const choiceOf = (view: SavedView): Choice => ({
  ...EVERYTHING,
  from: view.filter.from ?? null,
  to: view.filter.to ?? null,
  actor: view.filter.actor ?? [],
  action: view.filter.action ?? [],
  result: view.filter.result ?? [],
  order: view.order,
});

const DAY = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?Z?$/u;

/** A time as people type it, in UTC: `2026-01-31`, `2026-01-31 09:00`, RFC 3339. null for nothing, undefined for no time. */
export const readInstant = (text: string): string | null | undefined => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const parts = DAY.exec(trimmed);
  if (parts === null) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '0'] =
    parts;
  const wanted = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}Z`;
  const time = Date.parse(wanted);
  // Date.parse moves 31 February into March; a date that doesn't come back unchanged is none.
  return Number.isNaN(time) || new Date(time).toISOString() !== wanted ? undefined : wanted;
};

/** How a chosen time stands in its field. */
export const instantText = (instant: string | null): string =>
  instant === null
    ? ''
    : instant
        .replace('T', ' ')
        .replace(/(?:\.000)?Z$/u, '')
        .replace(/:00$/u, '');

export type ChipId = 'from' | 'to' | 'found' | FacetColumn;

export const valueText = (value: string | null): string => value ?? READING_TEXT.noValue;

/** Each filter in use, as a few words. */
export const chipsOf = (choice: Choice): readonly { readonly id: ChipId; readonly label: string }[] => [
  ...(choice.from === null
    ? []
    : [{ id: 'from' as const, label: READING_TEXT.chipFrom(formatInstant(choice.from)) }]),
  ...(choice.to === null
    ? []
    : [{ id: 'to' as const, label: READING_TEXT.chipTo(formatInstant(choice.to)) }]),
  ...FACET_COLUMNS.filter((column) => choice[column].length > 0).map((column) => ({
    id: column,
    label: `${READING_TEXT.facets[column]}: ${
      choice[column].length > 2
        ? READING_TEXT.chosen(choice[column].length)
        : choice[column].map(valueText).join(', ')
    }`,
  })),
  ...(choice.found === null
    ? []
    : [{ id: 'found' as const, label: READING_TEXT.chipSearch(choice.found.text) }]),
];

export const withoutChip = (choice: Choice, id: ChipId): Choice => ({ ...choice, [id]: EVERYTHING[id] });
