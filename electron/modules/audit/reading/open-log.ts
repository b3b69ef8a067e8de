// A log that is open for reading: its columns in memory, its records read from disk as they are asked for.
import { AppError } from '../../../../shared/errors/app-error.ts';
import type {
  Facet,
  FacetColumn,
  LogRow,
  ReadingInfo,
  RowDetail,
  Timeline,
} from '../../../../shared/model/reading.ts';
import { FACET_COLUMNS } from '../../../../shared/model/reading.ts';
import type { BlobTicket } from '../../../store/vault.ts';
import type { SourceSpec } from '../../../jobs/job-kinds.ts';
import { openSourceSpec } from '../../../ports/open-source-spec.ts';
import { type Facts, filterRows, orderRows, placeOf, rowAt, type RowList, timeAt } from './filter-rows.ts';
import { BLOCK_BYTES, FLAG_UNREADABLE, type IndexFooter, PLACE_BYTES, placeOffset } from './index-format.ts';
import { BLOB_PAGE, PagedFile } from './paged-file.ts';
import type { ViewSpec } from './reading-protocol.ts';
import { recordFields, type Summarise, summariserOf, type Summary } from './row-reader.ts';
import { isObject, type JsonObject } from '../engine/exports/record-values.ts';
import { type Place, placeIn, readColumns, readIndexFooter, readTicket } from './stored-index.ts';
import { instantOf, timelineOf } from './timeline.ts';
import { recordFiles } from './walk-records.ts';

/** Where an open log's bytes are. */
export interface LogSpec {
  readonly source: SourceSpec;
  readonly index: BlobTicket;
  readonly text: BlobTicket | null;
}

const FACETS = 200;
const RAW_LIMIT = 65_536;
/** Bytes of a record that are read for a row of the grid; a longer one shows what the index knows. */
const GLANCE = 262_144;
/** Longer records are shown without their fields. */
const WHOLE = 16_777_216;
const VIEWS_KEPT = 3;

const pagedBlob = (ticket: BlobTicket): PagedFile =>
  new PagedFile({
    bytes: ticket.bytes,
    pageBytes: BLOB_PAGE,
    open: (start, end) => readTicket(ticket, start, end),
    digests: null,
    name: 'stored file',
  });

const openText = async (spec: LogSpec, footer: IndexFooter): Promise<PagedFile> => {
  if (spec.text !== null) return pagedBlob(spec.text);
  const source = await openSourceSpec(spec.source);
  const [file] = recordFiles(source);
  if (file === undefined) throw new AppError('file.not_found', { name: source.name });
  if (footer.blocks !== null && footer.blocks.bytes !== file.bytes)
    throw new AppError('file.digest_differs', { name: file.name });
  return new PagedFile({
    bytes: file.bytes,
    pageBytes: footer.blocks === null ? BLOB_PAGE : BLOCK_BYTES,
    open: (start, end) => file.open({ start, end }),
    digests: footer.blocks === null ? null : Buffer.from(footer.blocks.digests, 'base64'),
    name: file.name,
  });
};

const topFacets = ({ values, counts }: IndexFooter[FacetColumn], text: string, limit: number): Facet[] => {
  const wanted = text.toLowerCase();
  return values
    .map((value, id) => ({ value, count: counts[id] ?? 0 }))
    .filter(
      ({ value, count }) => count > 0 && (wanted === '' || (value ?? '').toLowerCase().includes(wanted)),
    )
    .toSorted((a, b) => b.count - a.count)
    .slice(0, limit);
};

const fieldText = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, RAW_LIMIT);

const flatten = (record: JsonObject, prefix: string, depth: number): RowDetail['fields'] =>
  Object.entries(record).flatMap(([name, value]) =>
    isObject(value) && depth < 3 && Object.keys(value).length > 0
      ? flatten(value, `${prefix}${name}.`, depth + 1)
      : [{ name: prefix + name, value: fieldText(value) }],
  );

const FIELD_LIMIT = 2_000;

export class OpenLog {
  readonly #facts: Facts;
  readonly #footer: IndexFooter;
  readonly #places: PagedFile;
  readonly #text: PagedFile;
  readonly #summarise: Summarise;
  readonly #lists = new Map<string, { readonly list: RowList; readonly filtered: Uint32Array | null }>();

  private constructor(footer: IndexFooter, facts: Facts, places: PagedFile, text: PagedFile) {
    this.#footer = footer;
    this.#facts = facts;
    this.#places = places;
    this.#text = text;
    this.#summarise = summariserOf(footer.format);
  }

  /** @throws AppError record.altered | file.digest_differs | file.* */
  static async open(spec: LogSpec): Promise<OpenLog> {
    const footer = await readIndexFooter(spec.index);
    const text = await openText(spec, footer);
    const columns = await readColumns(spec.index, footer);
    return new OpenLog(footer, { footer, columns }, pagedBlob(spec.index), text);
  }

  info(): Omit<ReadingInfo, 'importId'> {
    const footer = this.#footer;
    const facet = (column: FacetColumn): ReadingInfo['facets'][FacetColumn] => ({
      distinct: footer[column].values.filter((value) => value !== null).length,
      top: topFacets(footer[column], '', FACETS),
    });
    const [actor, action, result] = FACET_COLUMNS.map(facet);
    if (actor === undefined || action === undefined || result === undefined) throw new Error('three columns');
    return {
      format: footer.format,
      rows: footer.rows,
      unreadable: footer.unreadable,
      from: footer.firstTime === null ? null : instantOf(footer.firstTime),
      to: footer.lastTime === null ? null : instantOf(footer.lastTime),
      isOrdered: footer.isOrdered,
      facets: { actor, action, result },
    };
  }

  values(column: FacetColumn, text: string, limit: number): Facet[] {
    return topFacets(this.#footer[column], text, limit);
  }

  #list(view: ViewSpec): { readonly list: RowList; readonly filtered: Uint32Array | null } {
    const known = this.#lists.get(view.key);
    if (known !== undefined) return known;
    const filtered = filterRows(this.#facts, view.filter, view.found);
    const made = { filtered, list: orderRows(this.#facts, filtered, view.order) };
    this.#lists.set(view.key, made);
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > VIEWS_KEPT && oldest !== undefined) this.#lists.delete(oldest);
    return made;
  }

  view(view: ViewSpec, buckets: number): { total: number; timeline: Timeline } {
    const { list, filtered } = this.#list(view);
    return { total: list.total, timeline: timelineOf(this.#facts, filtered, buckets) };
  }

  find(view: ViewSpec, row: number): number | null {
    return placeOf(this.#list(view).list, row);
  }

  async rows(view: ViewSpec, offset: number, limit: number): Promise<{ total: number; rows: LogRow[] }> {
    const { list } = this.#list(view);
    const count = Math.max(0, Math.min(limit, list.total - offset));
    const rows: LogRow[] = [];
    for (let at = 0; at < count; at += 1) {
      const row = rowAt(list, offset + at);
      rows.push(await this.#glance(row));
    }
    return { total: list.total, rows };
  }

  /** @throws AppError reading.no_such_row */
  async row(row: number): Promise<RowDetail> {
    if (row >= this.#footer.rows)
      throw new AppError('reading.no_such_row', { row: row + 1, last: this.#footer.rows });
    const place = await this.#place(row);
    const whole = await this.#record(row, WHOLE);
    const record = whole === null ? null : recordFields(whole, this.#footer.columns);
    const bytes = await this.#text.read(place.offset, place.offset + Math.min(place.length, RAW_LIMIT));
    return {
      row,
      file: this.#fileOf(row),
      byteOffset: this.#footer.hasText ? null : place.offset,
      bytes: place.length,
      summary: await this.#glance(row),
      raw: bytes.toString('utf8'),
      rawTruncated: place.length > RAW_LIMIT,
      fields: record === null ? [] : flatten(record, '', 0).slice(0, FIELD_LIMIT),
    };
  }

  async #place(row: number): Promise<Place> {
    const at = placeOffset(row, this.#footer.rows);
    return placeIn(await this.#places.read(at, at + PLACE_BYTES), 0);
  }

  /** The text of a record; null when it is longer than `limit` bytes. */
  async #record(row: number, limit: number): Promise<string | null> {
    const place = await this.#place(row);
    if (place.length > limit) return null;
    return (await this.#text.read(place.offset, place.offset + place.length)).toString('utf8');
  }

  async #glance(row: number): Promise<LogRow> {
    const text = await this.#record(row, GLANCE);
    return this.#logRow(row, text === null ? null : this.#summarise(text, this.#footer.columns));
  }

  #fileOf(row: number): string | null {
    const { files } = this.#footer;
    if (files.length < 2) return null;
    let [low, high] = [0, files.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((files[middle]?.firstRow ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return files[low - 1]?.name ?? null;
  }

  #logRow(row: number, read: Summary | null): LogRow {
    const { columns } = this.#facts;
    const of = (column: FacetColumn): string | null =>
      this.#footer[column].values[columns[column][row] ?? 0] ?? null;
    return {
      row,
      time: instantOf(timeAt(columns, row)),
      actor: of('actor'),
      action: of('action'),
      target: read?.target ?? null,
      result: of('result'),
      ip: read?.ip ?? null,
      file: this.#fileOf(row),
      isReadable: ((columns.flags[row] ?? 0) & FLAG_UNREADABLE) === 0,
    };
  }
}
