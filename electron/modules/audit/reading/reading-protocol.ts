// What the main process asks of the host that keeps a log open, and what it answers.
import type { WireError } from '../../../../shared/errors/app-error.ts';
import type {
  Facet,
  FacetColumn,
  LogRow,
  ReadingInfo,
  RowDetail,
  RowFilter,
  RowOrder,
  Timeline,
} from '../../../../shared/model/reading.ts';
import type { LogSpec } from './open-log.ts';

/** A filter and an order; `key` tells one from another, `found` are the bits of the search that the filter names. */
export interface ViewSpec {
  readonly key: string;
  readonly filter: RowFilter;
  readonly order: RowOrder;
  readonly found: Uint8Array | null;
}

export interface ReadingCalls {
  info: { input: Readonly<Record<never, never>>; output: Omit<ReadingInfo, 'importId'> };
  values: {
    input: { readonly column: FacetColumn; readonly text: string; readonly limit: number };
    output: Facet[];
  };
  view: {
    input: { readonly view: ViewSpec; readonly buckets: number };
    output: { readonly total: number; readonly timeline: Timeline };
  };
  rows: {
    input: { readonly view: ViewSpec; readonly offset: number; readonly limit: number };
    output: { readonly total: number; readonly rows: LogRow[] };
  };
  find: { input: { readonly view: ViewSpec; readonly row: number }; output: number | null };
  row: { input: { readonly row: number }; output: RowDetail };
}
export type ReadingCallName = keyof ReadingCalls;

/** Every question carries where the log is, so that a host that was started anew can answer it. */
export interface ToReader {
  readonly type: 'read';
  readonly id: number;
  readonly log: { readonly key: string; readonly spec: LogSpec };
  readonly name: ReadingCallName;
  readonly input: unknown;
}

export interface FromReader {
  readonly type: 'read';
  readonly id: number;
  readonly answer:
    | { readonly ok: true; readonly value: unknown }
    /** `error` null: a bug, with its text for the local log. */
    | { readonly ok: false; readonly error: WireError | null; readonly unexpected: string | null };
}
