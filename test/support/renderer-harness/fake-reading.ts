// Answers of the reading screen: a log of ten million records that are made when they are asked for.
import * as v from 'valibot';
import { BookmarkId, RowSetId, SavedViewId, ViewId } from '../../../shared/model/ids.ts';
import type {
  Bookmark,
  LogRow,
  ReadingInfo,
  RowFilter,
  RowOrder,
  SavedView,
  Timeline,
} from '../../../shared/model/reading.ts';
import type { Answers, FakeOptions } from './fake-bridge.ts';
import type { StartJob } from './fake-audit.ts';
import { IMPORTS } from './fake-data.ts';

const ROWS = 10_000_000;
const START = Date.UTC(2026, 2, 1, 6);
const STEP = 260;
const ACTORS = [
  'm.okafor',
  'j.lindqvist',
  'svc-billing',
  'a.ferreira',
  'backup-agent',
  'r.tanaka',
  's.nwosu',
  null,
];
const ACTIONS = ['record.view', 'record.export', 'login', 'permission.change', 'record.erase'];
const hex = (n: number): string => n.toString(16).padStart(32, '0');

const rowOf = (row: number): LogRow => ({
  row,
  time: new Date(START + row * STEP).toISOString(),
  actor: ACTORS[(row * 13 + (row >> 4)) % ACTORS.length] ?? null,
  action: ACTIONS[(row * 7 + (row >> 3)) % ACTIONS.length] ?? null,
  target: `patient/${100_000 + ((row * 37) % 8_999)}/chart`,
  result: row % 19 === 0 ? 'denied' : 'success',
  ip: `10.20.${(row >> 5) % 256}.${row % 256}`,
  file: null,
  isReadable: row !== 78_415,
});

const counts = (values: readonly (string | null)[]) => ({
  distinct: values.filter((value) => value !== null).length,
  top: values.map((value, at) => ({ value, count: Math.floor(ROWS / (at + 3)) })),
});

const isNarrow = (filter: RowFilter): boolean => Object.keys(filter).length > 0;

/** Every 97th row of a filtered view, so that row and place differ. */
const STRIDE = 97;

const timelineOf = (filter: RowFilter): Timeline => {
  const from = filter.from === undefined ? START : Date.parse(filter.from);
  const to = filter.to === undefined ? START + ROWS * STEP : Date.parse(filter.to);
  const width = Math.max(60_000, Math.ceil((to - from) / 120 / 60_000) * 60_000);
  return {
    from: new Date(from).toISOString(),
    bucketSeconds: width / 1_000,
    counts: Array.from({ length: Math.max(1, Math.ceil((to - from) / width)) }, (_, at) =>
      at > 70 && at < 76
        ? 0
        : Math.round(((Math.sin(at / 3.2) + 1.25) * width) / STEP / 2) * (at === 92 ? 3 : 1),
    ),
    withoutTime: isNarrow(filter) ? 0 : 12,
  };
};

export const readingAnswers = (options: FakeOptions, startJob: StartJob): Answers => {
  const views = new Map<
    string,
    { readonly filter: RowFilter; readonly order: RowOrder; readonly total: number }
  >();
  const found = new Map<string, string>();
  const bookmarks: Bookmark[] = [];
  const saved: SavedView[] = [];
  const isIndexed = new Set<string>(IMPORTS.slice(0, 1).map(({ id }) => id as string));
  let serial = 1;
  const now = '2026-11-20T10:00:00.000Z';
  const next = (): string => {
    serial += 1;
    return hex(serial);
  };
  const info = (importId: ReadingInfo['importId']): ReadingInfo => ({
    importId,
    format: 'guardian-chain',
    rows: ROWS,
    unreadable: 1,
    from: rowOf(0).time,
    to: rowOf(ROWS - 1).time,
    isOrdered: true,
    facets: { actor: counts(ACTORS), action: counts(ACTIONS), result: counts(['success', 'denied']) },
  });
  const bookmarkAt = (row: number, note: string, importId: ReadingInfo['importId']): Bookmark => ({
    id: v.parse(BookmarkId, `bm_${next()}`),
    importId,
    row,
    createdAt: now,
    updatedAt: now,
    note,
  });
  const [first] = IMPORTS;
  if (first !== undefined && !options.isEmpty)
    bookmarks.push(
      bookmarkAt(
        78_412,
        'Edited: the amount differs from the paper file. Asked M. Okafor on the phone, 14 November.',
        first.id,
      ),
      bookmarkAt(1_204_333, '', first.id),
    );
  const rowAt = (
    view: { readonly filter: RowFilter; readonly order: RowOrder; readonly total: number },
    place: number,
  ): number => {
    const at = view.order.direction === 'descending' ? view.total - 1 - place : place;
    if (view.filter.rows !== undefined) return view.filter.rows[at] ?? 0;
    return isNarrow(view.filter) ? at * STRIDE : at;
  };
  return {
    'reading.open': ({ importId }) =>
      isIndexed.has(importId) ? { state: 'ready', info: info(importId) } : { state: 'absent', jobId: null },
    'reading.index': ({ importId }) => {
      isIndexed.add(importId);
      const log = IMPORTS.find(({ id }) => id === importId);
      return {
        jobId: startJob({
          kind: 'audit.index',
          title: log?.name ?? 'log',
          ticks: 25,
          result: importId,
          caseId: log?.caseId ?? null,
        }),
      };
    },
    'reading.view': ({ filter, order }) => {
      const id = v.parse(ViewId, `view_${next()}`);
      const nothing =
        filter.actor?.length === 1 && filter.actor[0] === 'backup-agent' && filter.result?.length === 1;
      const total = nothing
        ? 0
        : (filter.rows?.length ?? (isNarrow(filter) ? Math.floor(ROWS / STRIDE) : ROWS));
      views.set(id, { filter, order, total });
      return {
        id,
        total,
        timeline: nothing ? { from: null, bucketSeconds: 1, counts: [], withoutTime: 0 } : timelineOf(filter),
      };
    },
    'reading.rows': ({ view, offset, limit }) => {
      const open = views.get(view) ?? {
        filter: {},
        order: { by: 'position', direction: 'ascending' } as const,
        total: ROWS,
      };
      const count = Math.max(0, Math.min(limit, open.total - offset));
      return {
        total: open.total,
        rows: Array.from({ length: count }, (_, at) => rowOf(rowAt(open, offset + at))),
      };
    },
    'reading.find': ({ view, row }) => {
      const open = views.get(view);
      if (open === undefined) return { position: null };
      const place =
        open.filter.rows !== undefined
          ? open.filter.rows.indexOf(row)
          : isNarrow(open.filter)
            ? row / STRIDE
            : row;
      if (!Number.isInteger(place) || place < 0 || place >= open.total) return { position: null };
      return { position: open.order.direction === 'descending' ? open.total - 1 - place : place };
    },
    'reading.values': ({ column, text }) =>
      (column === 'actor' ? counts(ACTORS) : counts(ACTIONS)).top.filter(({ value }) =>
        (value ?? '').includes(text),
      ),
    'reading.search': ({ importId, text }) => {
      const id = v.parse(RowSetId, `set_${next()}`);
      found.set(id, text);
      const log = IMPORTS.find((each) => each.id === importId);
      return {
        jobId: startJob({
          kind: 'audit.search',
          title: log?.name ?? 'log',
          ticks: 12,
          result: id,
          caseId: log?.caseId ?? null,
        }),
      };
    },
    'reading.found': ({ id }) => ({
      importId: first?.id ?? info(IMPORTS[0]?.id as never).importId,
      text: found.get(id) ?? '',
      rows: Math.floor(ROWS / STRIDE),
    }),
    'reading.row': ({ row }) => {
      const summary = rowOf(row);
      const record = {
        event_id: `evt-${String(row).padStart(8, '0')}`,
        timestamp: summary.time,
        principal_id: summary.actor,
        action: summary.action,
        target: summary.target,
        result: summary.result,
        ip: summary.ip,
        session: `s-${(row * 7919) % 99_991}`,
        event_hash: hex(row * 982_451_653).repeat(2),
      };
      const raw = JSON.stringify(record);
      return {
        row,
        file: null,
        byteOffset: row * 412,
        bytes: raw.length,
        summary,
        raw,
        rawTruncated: false,
        fields: Object.entries(record).map(([name, value]) => ({ name, value: String(value) })),
      };
    },
    'reading.bookmarks': ({ importId }) => bookmarks.filter((each) => each.importId === importId),
    'reading.bookmark': ({ importId, row }) => {
      const made = bookmarkAt(row, '', importId);
      bookmarks.push(made);
      return made;
    },
    'reading.note': ({ id, text }) => {
      const at = bookmarks.findIndex((each) => each.id === id);
      const before = bookmarks[at];
      if (before === undefined) throw new Error('no such bookmark');
      bookmarks[at] = { ...before, note: text };
      return bookmarks[at];
    },
    'reading.deleteBookmark': ({ id }) => {
      bookmarks.splice(
        bookmarks.findIndex((each) => each.id === id),
        1,
      );
      return { id };
    },
    'reading.views': () => [...saved],
    'reading.saveView': ({ id, ...view }) => {
      const made: SavedView = { ...view, id: id ?? v.parse(SavedViewId, `sview_${next()}`), savedAt: now };
      saved.push(made);
      return made;
    },
    'reading.deleteView': ({ id }) => ({ id }),
  };
};
